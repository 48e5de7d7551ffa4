"""Amounts are exact to the cent."""

import unittest
from decimal import Decimal

from shop.errors import Invalid
from shop.money import allocate, parse, to_cents


class Rounding(unittest.TestCase):
    """Halves go away from zero."""

    def test_half_a_cent_is_rounded_up(self):
        self.assertEqual(to_cents(Decimal("2.675")), Decimal("2.68"))

    def test_even_halves_are_rounded_up_too(self):
        self.assertEqual(to_cents(Decimal("0.125")), Decimal("0.13"))


class Parsing(unittest.TestCase):
    """What is read is what was meant, or it is refused."""

    def test_whole_amounts_get_two_places(self):
        self.assertEqual(str(parse("12")), "12.00")

    def test_a_third_decimal_place_is_refused(self):
        with self.assertRaisesRegex(Invalid, "two decimal places"):
            parse("12.505")

    def test_what_is_no_amount_is_refused(self):
        for text in ("", "ten", "NaN", "Infinity", "-1", "1e9", 12.5, None):
            with self.subTest(text=text), self.assertRaises(Invalid):
                parse(text)


class Allocation(unittest.TestCase):
    """No cent appears or disappears when an amount is split."""

    def test_parts_add_up_to_the_whole(self):
        parts = allocate(Decimal("10.00"), [Decimal(1)] * 3)
        self.assertEqual(parts, [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")])

    def test_the_spare_cent_goes_to_the_part_that_lost_most(self):
        parts = allocate(Decimal("0.10"), [Decimal("1.00"), Decimal("5.60")])
        self.assertEqual(parts, [Decimal("0.02"), Decimal("0.08")])

    def test_nothing_can_be_split_over_nothing(self):
        self.assertEqual(allocate(Decimal("0.00"), [Decimal(0)]), [Decimal("0.00")])

    def test_something_cannot_be_split_over_nothing(self):
        with self.assertRaises(ValueError):
            allocate(Decimal("1.00"), [Decimal(0)])
