"""What a basket costs: offers, a voucher, and VAT for each rate.

The order is fixed: the best offer of each line, then the voucher on what remains, then VAT.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Optional, Protocol

from shop.catalogue import Product
from shop.money import VAT_RATES, ZERO, allocate, to_cents


@dataclass(frozen=True)
class Line:
    """So many pieces of one product."""

    product: Product
    quantity: int

    @property
    def net(self) -> Decimal:
        """The price of the line before any offer."""
        return self.product.price * self.quantity


class Offer(Protocol):
    """A price rule. It sees the whole basket, and says what one line is reduced by."""

    name: str

    def reduction(self, line: Line, basket: Sequence[Line]) -> Decimal:
        """The amount off ``line``; zero when the rule does not apply."""


@dataclass(frozen=True)
class MultiBuy:
    """Take so many of one article, pay for fewer: three for two."""

    name: str
    sku: str
    take: int
    pay: int

    def reduction(self, line: Line, basket: Sequence[Line]) -> Decimal:
        """The free pieces of each complete group."""
        if line.product.sku != self.sku:
            return ZERO
        free = line.quantity // self.take * (self.take - self.pay)
        return line.product.price * free


@dataclass(frozen=True)
class BulkDiscount:
    """A percentage off a category, once enough pieces of it lie in the basket."""

    name: str
    category: str
    minimum: int
    percent: Decimal

    def reduction(self, line: Line, basket: Sequence[Line]) -> Decimal:
        """The percentage of the line, rounded once for the line."""
        if line.product.category != self.category:
            return ZERO
        pieces = sum(other.quantity for other in basket if other.product.category == self.category)
        return to_cents(line.net * self.percent / 100) if pieces >= self.minimum else ZERO


@dataclass(frozen=True)
class Voucher:
    """A percentage off the whole basket, from a minimum value of goods on."""

    code: str
    percent: Decimal
    minimum: Decimal

    def reduction(self, goods: Decimal) -> Decimal:
        """The amount off ``goods``; zero below the minimum."""
        return to_cents(goods * self.percent / 100) if goods >= self.minimum else ZERO


@dataclass(frozen=True)
class QuotedLine:
    """A line with the offer that was best for the customer, if any was."""

    line: Line
    offer: Optional[str]
    reduction: Decimal

    @property
    def net(self) -> Decimal:
        """The price of the line after its offer."""
        return self.line.net - self.reduction

    def to_json(self) -> dict[str, object]:
        """The line as the API shows it."""
        return {
            "sku": self.line.product.sku,
            "name": self.line.product.name,
            "quantity": self.line.quantity,
            "price": str(self.line.product.price),
            "offer": self.offer,
            "reduction": str(self.reduction),
            "net": str(self.net),
        }


@dataclass(frozen=True)
class Quote:
    """The whole sum. ``vat`` holds the tax for each rate that occurs in the basket."""

    lines: tuple[QuotedLine, ...]
    goods: Decimal
    voucher: Decimal
    vat: dict[str, Decimal]

    @property
    def net(self) -> Decimal:
        """What the goods cost after offers and voucher, without VAT."""
        return self.goods - self.voucher

    @property
    def total(self) -> Decimal:
        """What the customer pays."""
        return self.net + sum(self.vat.values(), ZERO)

    def to_json(self) -> dict[str, object]:
        """The quote as the API shows it; amounts are text, so no reader makes floats of them."""
        return {
            "lines": [line.to_json() for line in self.lines],
            "goods": str(self.goods),
            "voucher": str(self.voucher),
            "net": str(self.net),
            "vat": {rate: str(amount) for rate, amount in self.vat.items()},
            "total": str(self.total),
        }


def quote(
    lines: Sequence[Line], offers: Sequence[Offer] = (), voucher: Optional[Voucher] = None
) -> Quote:
    """Price a basket."""
    quoted = tuple(_best_offer(line, lines, offers) for line in lines)
    goods = sum((line.net for line in quoted), ZERO)
    discount = voucher.reduction(goods) if voucher else ZERO
    return Quote(lines=quoted, goods=goods, voucher=discount, vat=_vat(quoted, discount))


def _best_offer(line: Line, basket: Sequence[Line], offers: Sequence[Offer]) -> QuotedLine:
    """Offers do not add up: the customer gets the best one."""
    best = max(offers, key=lambda offer: offer.reduction(line, basket), default=None)
    reduction = best.reduction(line, basket) if best else ZERO
    return QuotedLine(line, best.name if best and reduction else None, reduction)


def _vat(lines: Sequence[QuotedLine], discount: Decimal) -> dict[str, Decimal]:
    """Tax by rate. The voucher lowers each rate's share in proportion, to the cent."""
    net_by_rate: dict[str, Decimal] = {}
    for quoted in lines:
        rate = quoted.line.product.vat
        net_by_rate[rate] = net_by_rate.get(rate, ZERO) + quoted.net
    shares = allocate(discount, list(net_by_rate.values()))
    return {
        rate: to_cents((net - share) * VAT_RATES[rate])
        for (rate, net), share in zip(net_by_rate.items(), shares)
    }
