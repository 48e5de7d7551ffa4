"""What customers and staff can do. Each method is one transaction; it knows nothing of HTTP."""

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from decimal import Decimal

from shop import money
from shop.catalogue import Product, count
from shop.errors import Conflict, Invalid
from shop.offers import CURRENT_OFFERS
from shop.pricing import Offer, Voucher, quote
from shop.store import Store

Document = dict[str, object]


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Shop:
    """The shop over a store, with the offers that are on."""

    def __init__(
        self,
        store: Store,
        offers: Sequence[Offer] = CURRENT_OFFERS,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """``now`` gives the time of orders, in UTC."""
        self.store = store
        self._offers = offers
        self._now = now

    def put_product(self, sku: str, document: object) -> Document:
        """Add or replace a product."""
        product = Product.from_json(sku, document)
        self.store.put_product(product)
        return product.to_json()

    def open_voucher(self, code: str, percent: object, minimum: object) -> Document:
        """Make a voucher valid: a whole percentage, from a minimum value of goods on."""
        if isinstance(percent, bool) or not isinstance(percent, int) or not 1 <= percent <= 100:
            raise Invalid(f"percent is a whole number from 1 to 100, not {percent!r}")
        voucher = Voucher(code, Decimal(percent), money.parse(minimum))
        self.store.put_voucher(voucher)
        return {"code": code, "percent": percent, "minimum": str(voucher.minimum)}

    def create_basket(self) -> Document:
        """An empty basket."""
        return self.basket(self.store.create_basket())

    def basket(self, number: int) -> Document:
        """The basket, priced as of now."""
        with self.store.transaction():
            voucher = self.store.basket_voucher(number)
            return {
                "id": number,
                "voucher": voucher.code if voucher else None,
                "ordered": self.store.is_ordered(number),
                "quote": quote(self.store.lines(number), self._offers, voucher).to_json(),
            }

    def set_line(self, number: int, sku: str, quantity: object) -> Document:
        """Set how many of an article lie in the basket."""
        pieces = count(quantity, "quantity")
        with self.store.transaction():
            self._require_open(number)
            self.store.product(sku)
            self.store.set_line(number, sku, pieces)
        return self.basket(number)

    def use_voucher(self, number: int, code: object) -> Document:
        """Put a voucher into the basket."""
        if not isinstance(code, str):
            raise Invalid("code is the text on the voucher")
        with self.store.transaction():
            self._require_open(number)
            self.store.set_basket_voucher(number, self.store.voucher(code).code)
        return self.basket(number)

    def place_order(self, number: object) -> Document:
        """Turn a basket into an order: all of it is in stock, or nothing happens."""
        if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 2**63:
            raise Invalid(f"basket is the number of a basket, not {number!r}")
        with self.store.transaction():
            self._require_open(number)
            lines = self.store.lines(number)
            if not lines:
                raise Conflict(f"basket {number} is empty")
            for line in lines:
                self.store.take_from_stock(line.product.sku, line.quantity)
            priced = quote(lines, self._offers, self.store.basket_voucher(number))
            placed_at = self._now().isoformat(timespec="seconds")
            order = self.store.add_order(number, placed_at, priced.to_json())
            return self.store.order(order)

    def _require_open(self, number: int) -> None:
        self.store.basket_voucher(number)
        if self.store.is_ordered(number):
            raise Conflict(f"basket {number} has been ordered already")
