"""Products, baskets, vouchers and orders in one SQLite file."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Optional

from shop.catalogue import Product
from shop.errors import Conflict, NotFound
from shop.pricing import Line, Voucher

# Amounts are text: SQLite has no decimal type, and its REAL would lose cents.
SCHEMA = """
CREATE TABLE IF NOT EXISTS product (
    sku TEXT PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL,
    price TEXT NOT NULL, vat TEXT NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0));
CREATE TABLE IF NOT EXISTS voucher (
    code TEXT PRIMARY KEY, percent TEXT NOT NULL, minimum TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS basket (
    id INTEGER PRIMARY KEY, voucher TEXT REFERENCES voucher (code) ON DELETE SET NULL);
CREATE TABLE IF NOT EXISTS basket_line (
    basket INTEGER NOT NULL REFERENCES basket (id),
    sku TEXT NOT NULL REFERENCES product (sku),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (basket, sku));
CREATE TABLE IF NOT EXISTS placed_order (
    id INTEGER PRIMARY KEY, basket INTEGER NOT NULL UNIQUE REFERENCES basket (id),
    placed_at TEXT NOT NULL, quote TEXT NOT NULL);
"""


class Store:
    """One connection, used by one thread at a time."""

    def __init__(self, path: str) -> None:
        """Open the file at ``path``, or a private database for ``":memory:"``."""
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that happens inside is kept together, or, when it raises, not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def put_product(self, product: Product) -> None:
        """Add a product, or replace the one with the same article number."""
        self._write(
            "INSERT INTO product VALUES (:sku, :name, :category, :price, :vat, :stock)"
            " ON CONFLICT (sku) DO UPDATE SET name = :name, category = :category,"
            " price = :price, vat = :vat, stock = :stock",
            product.to_json(),
        )

    def product(self, sku: str) -> Product:
        """The product with this article number."""
        return _product(self._one("SELECT * FROM product WHERE sku = ?", (sku,), f"product {sku}"))

    def products(self, category: Optional[str] = None) -> list[Product]:
        """All products, or those of one category, by article number."""
        rows = self._all(
            "SELECT * FROM product WHERE ?1 IS NULL OR category = ?1 ORDER BY sku", (category,)
        )
        return [_product(row) for row in rows]

    def take_from_stock(self, sku: str, quantity: int) -> None:
        """Lower the stock, or refuse when too little is left."""
        changed = self._write(
            "UPDATE product SET stock = stock - ?2 WHERE sku = ?1 AND stock >= ?2", (sku, quantity)
        )
        if changed.rowcount == 0:
            raise Conflict(f"fewer than {quantity} of {sku} are left")

    def put_voucher(self, voucher: Voucher) -> None:
        """Make a voucher valid, or change its terms."""
        self._write(
            "INSERT INTO voucher VALUES (?1, ?2, ?3)"
            " ON CONFLICT (code) DO UPDATE SET percent = ?2, minimum = ?3",
            (voucher.code, str(voucher.percent), str(voucher.minimum)),
        )

    def voucher(self, code: str) -> Voucher:
        """The voucher with this code."""
        row = self._one("SELECT * FROM voucher WHERE code = ?", (code,), f"voucher {code}")
        return Voucher(row["code"], Decimal(row["percent"]), Decimal(row["minimum"]))

    def remove_voucher(self, code: str) -> None:
        """End a voucher; baskets that hold it lose it. Ending it twice is no error."""
        self._write("DELETE FROM voucher WHERE code = ?", (code,))

    def create_basket(self) -> int:
        """An empty basket; returns its number."""
        return self._write("INSERT INTO basket DEFAULT VALUES", ()).lastrowid

    def basket_voucher(self, basket: int) -> Optional[Voucher]:
        """The voucher that the basket holds."""
        row = self._one("SELECT voucher FROM basket WHERE id = ?", (basket,), f"basket {basket}")
        return self.voucher(row["voucher"]) if row["voucher"] else None

    def set_basket_voucher(self, basket: int, code: str) -> None:
        """Put a voucher into the basket, in place of any other."""
        self._write("UPDATE basket SET voucher = ? WHERE id = ?", (code, basket))

    def lines(self, basket: int) -> list[Line]:
        """What lies in the basket, by article number."""
        rows = self._all(
            "SELECT product.*, quantity FROM basket_line JOIN product USING (sku)"
            " WHERE basket = ? ORDER BY sku",
            (basket,),
        )
        return [Line(_product(row), row["quantity"]) for row in rows]

    def set_line(self, basket: int, sku: str, quantity: int) -> None:
        """Set how many of an article lie in the basket; zero takes it out."""
        if quantity == 0:
            self._write("DELETE FROM basket_line WHERE basket = ? AND sku = ?", (basket, sku))
            return
        self._write(
            "INSERT INTO basket_line VALUES (?1, ?2, ?3)"
            " ON CONFLICT (basket, sku) DO UPDATE SET quantity = ?3",
            (basket, sku, quantity),
        )

    def is_ordered(self, basket: int) -> bool:
        """Whether the basket has become an order."""
        return bool(self._all("SELECT 1 FROM placed_order WHERE basket = ?", (basket,)))

    def add_order(self, basket: int, placed_at: str, quote: dict[str, object]) -> int:
        """Keep the order with the quote as it was then; returns its number."""
        return self._write(
            "INSERT INTO placed_order (basket, placed_at, quote) VALUES (?, ?, ?)",
            (basket, placed_at, json.dumps(quote)),
        ).lastrowid

    def order(self, number: int) -> dict[str, object]:
        """The order with this number."""
        row = self._one("SELECT * FROM placed_order WHERE id = ?", (number,), f"order {number}")
        return {**dict(row), "quote": json.loads(row["quote"])}

    def _write(self, statement: str, values: object) -> sqlite3.Cursor:
        with self._lock:
            return self._connection.execute(statement, values)

    def _all(self, statement: str, values: tuple) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def _one(self, statement: str, values: tuple, what: str) -> sqlite3.Row:
        rows = self._all(statement, values)
        if not rows:
            raise NotFound(f"there is no {what}")
        return rows[0]


def _product(row: sqlite3.Row) -> Product:
    return Product(
        sku=row["sku"],
        name=row["name"],
        category=row["category"],
        price=Decimal(row["price"]),
        vat=row["vat"],
        stock=row["stock"],
    )
