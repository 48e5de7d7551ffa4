"""Baskets and orders over a database in memory."""

import unittest
from datetime import datetime, timezone

from shop.errors import Conflict, Invalid, NotFound
from shop.service import Shop
from shop.store import Store

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
CUP = {"name": "Cup", "category": "kitchen", "price": "7.99", "vat": "standard", "stock": 5}
TEA = {"name": "Tea", "category": "tea", "price": "4.35", "vat": "zero", "stock": 1}


class ShopCase(unittest.TestCase):
    """A shop with two products and no offers."""

    def setUp(self):
        self.store = Store(":memory:")
        self.addCleanup(self.store.close)
        self.shop = Shop(self.store, offers=(), now=lambda: NOON)
        self.shop.put_product("CUP", CUP)
        self.shop.put_product("TEA", TEA)

    def basket(self, **lines):
        """A basket with so many of each article; returns its number."""
        number = self.shop.create_basket()["id"]
        for sku, quantity in lines.items():
            self.shop.set_line(number, sku, quantity)
        return number


class Catalogue(ShopCase):
    """Products come in checked."""

    def test_products_can_be_filtered_by_category(self):
        self.assertEqual([product.sku for product in self.store.products("tea")], ["TEA"])

    def test_an_unknown_field_is_refused(self):
        with self.assertRaisesRegex(Invalid, "exactly the fields"):
            self.shop.put_product("CUP", {**CUP, "colour": "white"})

    def test_an_unknown_vat_rate_is_refused(self):
        with self.assertRaisesRegex(Invalid, "not a VAT rate"):
            self.shop.put_product("CUP", {**CUP, "vat": "luxury"})


class Baskets(ShopCase):
    """What lies in a basket, and what it costs."""

    def test_setting_a_line_twice_keeps_the_last_quantity(self):
        number = self.basket(CUP=3)
        self.assertEqual(self.shop.set_line(number, "CUP", 2)["quote"]["total"], "19.18")

    def test_quantity_zero_takes_the_line_out(self):
        number = self.basket(CUP=3)
        self.assertEqual(self.shop.set_line(number, "CUP", 0)["quote"]["lines"], [])

    def test_true_is_not_a_quantity(self):
        with self.assertRaises(Invalid):
            self.basket(CUP=True)

    def test_a_voucher_that_ended_leaves_the_basket(self):
        self.shop.open_voucher("SPRING10", 10, "0.00")
        number = self.basket(CUP=1)
        self.shop.use_voucher(number, "SPRING10")
        self.store.remove_voucher("SPRING10")
        self.assertIsNone(self.shop.basket(number)["voucher"])


class Orders(ShopCase):
    """An order takes all of its goods from stock, or none."""

    def test_an_order_keeps_time_and_price(self):
        order = self.shop.place_order(self.basket(CUP=2))
        self.assertEqual(order["placed_at"], "2026-03-01T12:00:00+00:00")
        self.assertEqual(order["quote"]["total"], "19.18")

    def test_the_price_of_an_order_never_changes(self):
        order = self.shop.place_order(self.basket(CUP=1))
        self.shop.put_product("CUP", {**CUP, "price": "99.00"})
        self.assertEqual(self.store.order(order["id"])["quote"]["total"], "9.59")

    def test_a_refused_order_takes_nothing_from_stock(self):
        with self.assertRaises(Conflict):
            self.shop.place_order(self.basket(CUP=2, TEA=2))
        self.assertEqual(self.store.product("CUP").stock, 5)

    def test_a_basket_is_ordered_once(self):
        number = self.basket(CUP=1)
        self.shop.place_order(number)
        with self.assertRaisesRegex(Conflict, "ordered already"):
            self.shop.place_order(number)

    def test_an_empty_basket_cannot_be_ordered(self):
        with self.assertRaisesRegex(Conflict, "is empty"):
            self.shop.place_order(self.basket())

    def test_a_basket_that_does_not_exist_cannot_be_ordered(self):
        with self.assertRaises(NotFound):
            self.shop.place_order(4711)
