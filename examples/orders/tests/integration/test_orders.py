"""The services as a client sees them."""

import json
import os
import unittest
import urllib.error
import urllib.request


def call(method, url, body=None):
    """The status and the answer of a request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


class Orders(unittest.TestCase):
    """Taking orders and giving them back."""

    def order(self, **amounts):
        lines = [{"sku": sku, "amount": amount} for sku, amount in amounts.items()]
        return call("POST", f"{os.environ['ORDERS_URL']}/orders", {"lines": lines})

    def test_the_service_says_that_it_can_work(self):
        self.assertEqual(call("GET", f"{os.environ['ORDERS_URL']}/health")[0], 200)

    def test_an_order_is_priced(self):
        status, order = self.order(tea=2, cup=1)
        self.assertEqual((status, order["cents"]), (201, 2190))

    def test_an_order_is_given_back(self):
        _, order = self.order(pot=1)
        status, found = call("GET", f"{os.environ['ORDERS_URL']}/orders/{order['id']}")
        self.assertEqual((status, found["lines"], found["cents"]), (200, {"pot": 1}, 3990))

    def test_an_unknown_order_is_not_found(self):
        self.assertEqual(call("GET", f"{os.environ['ORDERS_URL']}/orders/999999")[0], 404)

    def test_an_order_of_an_unknown_article_is_refused(self):
        status, answer = self.order(coffee=1)
        self.assertEqual((status, answer["error"]), (422, "there is no article coffee"))

    def test_a_price_is_kept_in_the_cache_for_a_while(self):
        price = f"{os.environ['PRICING_URL']}/prices/saucer"
        call("PUT", price, {"cents": 300})
        first = self.order(saucer=1)[1]["cents"]
        call("PUT", price, {"cents": 900})
        self.assertEqual((first, self.order(saucer=1)[1]["cents"]), (300, 300))
