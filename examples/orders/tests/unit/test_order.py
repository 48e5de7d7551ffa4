"""What makes an order."""

import unittest

from orders.order import Refused, lines_of, total


class Lines(unittest.TestCase):
    """Lines of a request."""

    def test_each_article_counts_once(self):
        body = {"lines": [{"sku": "tea", "amount": 1}, {"sku": "tea", "amount": 2}]}
        self.assertEqual(lines_of(body), {"tea": 3})

    def test_an_order_without_lines_is_refused(self):
        for body in ({}, {"lines": []}, [], {"lines": "tea"}):
            with self.assertRaises(Refused):
                lines_of(body)

    def test_an_amount_is_a_positive_whole_number(self):
        for amount in (0, -1, 1.5, None):
            with self.assertRaises(Refused):
                lines_of({"lines": [{"sku": "tea", "amount": amount}]})

    def test_the_total_is_the_sum_of_all_lines(self):
        self.assertEqual(total({"tea": 2, "cup": 1}, {"tea": 450, "cup": 1290}.get), 2190)
