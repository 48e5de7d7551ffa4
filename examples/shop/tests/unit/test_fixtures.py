"""The sample catalogue and the way it is loaded."""

import json
import unittest

from shop.catalogue import Product
from shop.fixtures import SAMPLE, load
from shop.offers import CURRENT_OFFERS
from shop.pricing import MultiBuy


class Fixtures(unittest.TestCase):
    """What the integration tests build on."""

    def setUp(self):
        self.sample = json.loads(SAMPLE.read_text(encoding="utf-8"))

    def test_every_sample_product_is_valid(self):
        loaded = load(self.sample, Product.from_json)
        self.assertEqual(loaded, len(self.sample))

    def test_an_empty_catalogue_is_an_error_not_a_success(self):
        with self.assertRaisesRegex(ValueError, "empty"):
            load({}, Product.from_json)

    def test_offers_name_products_that_exist(self):
        named = {offer.sku for offer in CURRENT_OFFERS if isinstance(offer, MultiBuy)}
        self.assertLessEqual(named, set(self.sample))
