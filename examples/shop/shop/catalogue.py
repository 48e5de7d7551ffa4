"""What the shop sells."""

import re
from dataclasses import dataclass
from decimal import Decimal

from shop import money
from shop.errors import Invalid

SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
FIELDS = {"name", "category", "price", "vat", "stock"}


@dataclass(frozen=True)
class Product:
    """One article. ``price`` is net of VAT; ``stock`` is how many are left to sell."""

    sku: str
    name: str
    category: str
    price: Decimal
    vat: str
    stock: int

    @classmethod
    def from_json(cls, sku: str, document: object) -> "Product":
        """Check a product as it came over the wire; unknown fields are errors too."""
        if not SKU.fullmatch(sku):
            raise Invalid(f"{sku!r} is not an article number")
        if not isinstance(document, dict) or set(document) != FIELDS:
            raise Invalid(f"a product has exactly the fields {', '.join(sorted(FIELDS))}")
        if document["vat"] not in money.VAT_RATES:
            raise Invalid(f"{document['vat']!r} is not a VAT rate: {', '.join(money.VAT_RATES)}")
        return cls(
            sku=sku,
            name=_text(document, "name"),
            category=_text(document, "category"),
            price=money.parse(document["price"]),
            vat=document["vat"],
            stock=count(document["stock"], "stock"),
        )

    def to_json(self) -> dict[str, object]:
        """The product as the API shows it."""
        return {
            "sku": self.sku,
            "name": self.name,
            "category": self.category,
            "price": str(self.price),
            "vat": self.vat,
            "stock": self.stock,
        }


def count(value: object, name: str) -> int:
    """Read a number of pieces: a whole number from 0 to 10000."""
    # JSON's true is an int to Python, so bool is refused by name.
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise Invalid(f"{name} is a whole number from 0 to 10000, not {value!r}")
    return value


def _text(document: dict, field: str) -> str:
    value = document[field]
    if not isinstance(value, str) or not value.strip():
        raise Invalid(f"{field} is a text that is not empty, not {value!r}")
    return value.strip()
