"""What makes an order, without any service."""


class Refused(Exception):
    """The order can't be taken; the text says why."""


def lines_of(body):
    """The articles and amounts of a request, each article once."""
    lines = body.get("lines") if isinstance(body, dict) else None
    if not isinstance(lines, list) or not lines:
        raise Refused("an order has at least one line")
    amounts = {}
    for line in lines:
        sku, amount = line.get("sku"), line.get("amount")
        if not sku or not isinstance(amount, int) or amount < 1:
            raise Refused("a line names an article and how many of it")
        amounts[sku] = amounts.get(sku, 0) + amount
    return amounts


def total(amounts, price):
    """What the articles cost together, in cents; `price` gives that of one."""
    return sum(price(sku) * amount for sku, amount in amounts.items())
