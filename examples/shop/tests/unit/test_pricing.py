"""Offers, vouchers and VAT."""

import unittest
from decimal import Decimal

from shop.catalogue import Product
from shop.pricing import BulkDiscount, Line, MultiBuy, Voucher, quote

THREE_FOR_TWO = MultiBuy("three for two", "TEA", take=3, pay=2)
SHELF = BulkDiscount("a shelf", "books", minimum=5, percent=Decimal("10"))
SPRING = Voucher("SPRING10", percent=Decimal("10"), minimum=Decimal("50.00"))


def line(quantity, price="10.00", sku="TEA", category="tea", vat="zero"):
    """Some pieces of a product that has only what the test is about."""
    return Line(Product(sku, sku.title(), category, Decimal(price), vat, stock=100), quantity)


class Offers(unittest.TestCase):
    """Price rules of single lines."""

    def test_three_for_two_needs_three(self):
        self.assertEqual(quote([line(2)], [THREE_FOR_TWO]).total, Decimal("20.00"))

    def test_every_complete_group_has_a_free_piece(self):
        self.assertEqual(quote([line(7)], [THREE_FOR_TWO]).total, Decimal("50.00"))

    def test_bulk_discount_counts_pieces_over_all_lines_of_the_category(self):
        books = [line(2, sku="A1", category="books"), line(3, sku="B2", category="books")]
        self.assertEqual(quote(books, [SHELF]).total, Decimal("45.00"))

    def test_other_categories_do_not_count_towards_the_bulk_discount(self):
        priced = quote([line(4, sku="A1", category="books"), line(1)], [SHELF])
        self.assertEqual(priced.total, Decimal("50.00"))

    def test_offers_do_not_add_up_and_the_best_one_wins(self):
        ten_percent = BulkDiscount("ten percent", "tea", minimum=1, percent=Decimal("10"))
        priced = quote([line(3)], [ten_percent, THREE_FOR_TWO])
        self.assertEqual(priced.lines[0].offer, "three for two")
        self.assertEqual(priced.total, Decimal("20.00"))

    def test_an_offer_that_takes_nothing_off_is_not_named(self):
        self.assertIsNone(quote([line(1)], [THREE_FOR_TWO]).lines[0].offer)


class Vouchers(unittest.TestCase):
    """A percentage off the basket."""

    def test_voucher_applies_from_its_minimum_on(self):
        self.assertEqual(quote([line(5)], voucher=SPRING).total, Decimal("45.00"))

    def test_voucher_below_its_minimum_takes_nothing_off(self):
        self.assertEqual(quote([line(4)], voucher=SPRING).voucher, Decimal("0.00"))

    def test_the_minimum_is_compared_after_offers(self):
        self.assertEqual(quote([line(6)], [THREE_FOR_TWO], SPRING).total, Decimal("40.00"))


class Vat(unittest.TestCase):
    """Tax by rate, rounded once for each rate."""

    def test_vat_is_rounded_once_for_the_rate_not_for_each_line(self):
        lines = [line(1, "0.99", sku=f"S{i}", vat="standard") for i in range(3)]
        self.assertEqual(quote(lines).vat, {"standard": Decimal("0.59")})

    def test_each_rate_has_its_own_sum(self):
        priced = quote(
            [line(1, "10.00", vat="standard"), line(1, "10.00", sku="R1", vat="reduced")]
        )
        self.assertEqual(priced.vat, {"standard": Decimal("2.00"), "reduced": Decimal("0.50")})

    def test_the_voucher_lowers_each_rate_in_proportion(self):
        priced = quote(
            [line(4, "10.00", vat="standard"), line(1, "20.00", sku="Z1")], voucher=SPRING
        )
        self.assertEqual(priced.vat, {"standard": Decimal("7.20"), "zero": Decimal("0.00")})
        self.assertEqual(priced.total, Decimal("61.20"))

    def test_an_empty_basket_costs_nothing(self):
        self.assertEqual(quote([], [THREE_FOR_TWO], SPRING).total, Decimal("0.00"))
