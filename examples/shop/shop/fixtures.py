"""Loads a catalogue: into a running service with ``--url``, or into a file with ``--database``."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from shop.client import Client, Refused
from shop.errors import ShopError
from shop.service import Shop
from shop.store import Store

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "catalogue.json"

Put = Callable[[str, dict], object]


def load(catalogue: dict[str, dict], put: Put) -> int:
    """Hand each product to ``put``; returns how many there were. None at all is an error."""
    if not catalogue:
        raise ValueError("the catalogue is empty")
    for sku, product in catalogue.items():
        put(sku, product)
    return len(catalogue)


def into_service(url: str) -> Put:
    """Products go over HTTP, as a user of the API would send them."""
    client = Client(url)
    return lambda sku, product: client.call("PUT", f"/products/{sku}", product)


def main() -> int:
    """Load the catalogue; returns the exit status."""
    options = _options()
    try:
        catalogue = json.loads(options.file.read_text(encoding="utf-8"))
        if options.url:
            loaded = load(catalogue, into_service(options.url))
        else:
            loaded = _load_into_file(catalogue, options.database)
    except (OSError, ValueError, Refused, ShopError) as error:
        sys.stderr.write(f"the catalogue was not loaded: {error}\n")
        return 1
    sys.stdout.write(f"{loaded} products loaded\n")
    return 0


def _load_into_file(catalogue: dict[str, dict], path: str) -> int:
    store = Store(path)
    try:
        with store.transaction():
            return load(catalogue, Shop(store).put_product)
    finally:
        store.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m shop.fixtures", description="Loads a catalogue."
    )
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--url", help="address of a running service")
    target.add_argument("--database", help="SQLite file")
    parser.add_argument(
        "--file", type=Path, default=SAMPLE, help="JSON file of products by article number"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
