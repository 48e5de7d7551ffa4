"""Prices."""

import unittest

from pricing.prices import Prices, Unknown


class PricesTest(unittest.TestCase):
    """What an article costs."""

    def test_a_price_that_was_told_is_given(self):
        prices = Prices()
        prices.put("tea", 450)
        self.assertEqual(prices.of("tea"), 450)

    def test_an_article_that_nobody_told_of_is_unknown(self):
        with self.assertRaises(Unknown):
            Prices().of("tea")

    def test_a_price_is_a_positive_number_of_cents(self):
        for cents in (0, -1, 4.5, True, "450"):
            with self.assertRaises(ValueError):
                Prices().put("tea", cents)
