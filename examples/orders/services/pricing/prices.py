"""Prices in cents, by article."""


class Unknown(Exception):
    """Nobody told the price of this article."""


class Prices:
    """All prices that were told."""

    def __init__(self):
        self._cents = {}

    def put(self, sku, cents):
        """Notes a price; it has to be a positive whole number of cents."""
        if not isinstance(cents, int) or isinstance(cents, bool) or cents <= 0:
            raise ValueError("a price is a positive number of cents")
        self._cents[sku] = cents

    def of(self, sku):
        """The price of an article."""
        try:
            return self._cents[sku]
        except KeyError:
            raise Unknown(sku) from None
