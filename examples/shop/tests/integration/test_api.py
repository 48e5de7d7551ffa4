"""The running service, over HTTP. Needs the sample catalogue and the voucher SPRING10."""

import os
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor

from shop.client import Client, Refused


class ApiCase(unittest.TestCase):
    """A client of the service under test."""

    @classmethod
    def setUpClass(cls):
        url = os.environ.get("SHOP_URL")
        if not url:
            raise RuntimeError(
                "SHOP_URL is not set: it holds the address of the service under test"
            )
        cls.client = Client(url)

    def call(self, method, path, body=None):
        """Send one request; returns the JSON of the answer."""
        return self.client.call(method, path, body)

    def basket(self, lines):
        """A basket with so many of each article; returns its path and how it was answered last."""
        path = f"/baskets/{self.call('POST', '/baskets')['id']}"
        for sku, quantity in lines.items():
            basket = self.call("PUT", f"{path}/lines/{sku}", {"quantity": quantity})
        return path, basket

    def rare_product(self, stock):
        """A product that no other test knows, so that tests can't take each other's stock."""
        sku = f"RARE-{uuid.uuid4().hex[:12].upper()}"
        product = {
            "name": "Rare",
            "category": "test",
            "price": "1.00",
            "vat": "zero",
            "stock": stock,
        }
        self.call("PUT", f"/products/{sku}", product)
        return sku

    def assert_refused(self, status, method, path, body=None):
        """The service answers with this status."""
        with self.assertRaises(Refused) as refused:
            self.call(method, path, body)
        self.assertEqual(refused.exception.status, status)


class Reading(ApiCase):
    """What can be looked at."""

    def test_health_names_the_version(self):
        self.assertEqual(self.call("GET", "/health")["status"], "ok")

    def test_the_fixture_is_in_the_catalogue(self):
        teas = self.call("GET", "/products?category=tea")
        self.assertEqual([tea["sku"] for tea in teas], ["TEA-EARL-GREY", "TEA-SENCHA"])

    def test_what_does_not_exist_is_404(self):
        for path in ("/products/NONE", "/baskets/999999999", "/orders/999999999", "/nothing"):
            with self.subTest(path=path):
                self.assert_refused(404, "GET", path)


class Buying(ApiCase):
    """From the basket to the order."""

    def test_a_basket_is_priced_with_offers_voucher_and_vat(self):
        path, _ = self.basket({"TEA-EARL-GREY": 3, "POT-CAST-IRON": 1})
        quote = self.call("PUT", f"{path}/voucher", {"code": "SPRING10"})["quote"]
        self.assertEqual(quote["lines"][1]["offer"], "three teas for two")
        self.assertEqual((quote["goods"], quote["voucher"]), ("51.20", "5.12"))
        self.assertEqual(quote["vat"], {"standard": "7.65", "zero": "0.00"})
        self.assertEqual(quote["total"], "53.73")

    def test_an_order_can_be_read_again(self):
        _, basket = self.basket({self.rare_product(stock=3): 2})
        order = self.call("POST", "/orders", {"basket": basket["id"]})
        self.assertEqual(self.call("GET", f"/orders/{order['id']}"), order)

    def test_a_basket_cannot_be_ordered_twice_or_changed_afterwards(self):
        sku = self.rare_product(stock=9)
        path, basket = self.basket({sku: 1})
        self.call("POST", "/orders", {"basket": basket["id"]})
        self.assert_refused(409, "POST", "/orders", {"basket": basket["id"]})
        self.assert_refused(409, "PUT", f"{path}/lines/{sku}", {"quantity": 2})

    def test_the_last_piece_is_sold_once_however_many_want_it(self):
        sku = self.rare_product(stock=1)
        numbers = [self.basket({sku: 1})[1]["id"] for _ in range(8)]

        def order(number):
            return self.client.exchange("POST", "/orders", b'{"basket": %d}' % number)[0]

        with ThreadPoolExecutor(max_workers=8) as customers:
            statuses = list(customers.map(order, numbers))
        self.assertEqual(sorted(statuses), [201] + [409] * 7)
        self.assertEqual(self.call("GET", f"/products/{sku}")["stock"], 0)


class Refusing(ApiCase):
    """Requests that make no sense are answered, never dropped."""

    def test_bodies_that_are_no_json_object_are_400(self):
        for body in (b"{", b"[]", b"\xff", b"[" * 20_000):
            with self.subTest(body=body[:4]):
                self.assertEqual(self.client.exchange("POST", "/orders", body)[0], 400)

    def test_values_that_make_no_sense_are_422(self):
        path, _ = self.basket({"TEA-SENCHA": 1})
        for quantity in (-1, 1.5, "2", True, None, 10_001):
            with self.subTest(quantity=quantity):
                self.assert_refused(422, "PUT", f"{path}/lines/TEA-SENCHA", {"quantity": quantity})

    def test_a_wrong_method_is_405(self):
        self.assert_refused(405, "DELETE", "/products")
