"""What can go wrong in the shop, in words that its users know."""


class ShopError(Exception):
    """A request that the shop refuses; the message is meant for the caller."""


class Invalid(ShopError):
    """The request itself makes no sense: a value is missing or out of range."""


class NotFound(ShopError):
    """The product, basket, voucher or order does not exist."""


class Conflict(ShopError):
    """The request makes sense, but not now: sold out, or ordered already."""
