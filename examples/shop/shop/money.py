"""Amounts of money: decimals with two places, never floats."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation

from shop.errors import Invalid

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

VAT_RATES = {
    "standard": Decimal("0.20"),
    "reduced": Decimal("0.05"),
    "zero": Decimal("0.00"),
}


def to_cents(amount: Decimal) -> Decimal:
    """Round to whole cents, halves away from zero, as on a printed receipt."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def parse(text: object) -> Decimal:
    """Read an amount such as ``"12.50"``; more than two places are refused, not rounded."""
    # A JSON number would have been a float on its way here, so only text is exact.
    if not isinstance(text, str):
        raise Invalid(f'an amount is written as text, such as "12.50", not {text!r}')
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Invalid(f"{text!r} is not an amount") from None
    if not amount.is_finite() or amount < 0 or amount >= 1_000_000:
        raise Invalid(f"{text!r} is not an amount between 0 and 1000000")
    if amount != to_cents(amount):
        raise Invalid(f"{text!r} has more than two decimal places")
    return to_cents(amount)


def allocate(total: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Split ``total`` in proportion to ``weights`` so that the parts add up to it exactly.

    Each part is rounded down; the cents that remain go to the parts that lost most.
    """
    whole = sum(weights, ZERO)
    if whole == 0:
        if total == 0:
            return [ZERO for _ in weights]
        raise ValueError("an amount can't be split over weights that add up to nothing")
    exact = [total * weight / whole for weight in weights]
    parts = [amount.quantize(CENT, rounding=ROUND_DOWN) for amount in exact]
    cents_left = int((total - sum(parts, ZERO)) / CENT)
    by_loss = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in by_loss[:cents_left]:
        parts[index] += CENT
    return parts
