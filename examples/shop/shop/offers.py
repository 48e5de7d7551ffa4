"""The offers that are on at present."""

from decimal import Decimal

from shop.pricing import BulkDiscount, MultiBuy

CURRENT_OFFERS = (
    MultiBuy(name="three teas for two", sku="TEA-EARL-GREY", take=3, pay=2),
    BulkDiscount(name="a shelf of books", category="books", minimum=5, percent=Decimal("10")),
)
