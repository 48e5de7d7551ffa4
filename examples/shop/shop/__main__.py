"""Runs the service: ``python3 -m shop --port 8000``. SIGTERM and Ctrl-C end it cleanly."""

import argparse
import logging
import os
import signal
import sys
from typing import NoReturn

from shop.api import Server
from shop.service import Shop
from shop.store import Store

log = logging.getLogger("shop")


def main() -> int:
    """Serve until a signal comes."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    signal.signal(signal.SIGTERM, _stop)
    store = Store(options.database)
    try:
        with Server(options.host, options.port, Shop(store)) as server:
            log.info("listening on http://%s:%d", *server.server_address[:2])
            server.serve_forever()
    except KeyboardInterrupt:
        log.info("stopped")
    finally:
        store.close()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m shop", description="Serves the shop over HTTP."
    )
    parser.add_argument("--host", default="127.0.0.1")
    port = parser.add_mutually_exclusive_group()
    port.add_argument("--port", type=int, default=8000, help="0 takes any free port")
    port.add_argument(
        "--port-from", metavar="VARIABLE", help="environment variable that holds the port"
    )
    parser.add_argument(
        "--database", default=":memory:", help="SQLite file (default: in memory only)"
    )
    options = parser.parse_args()
    if options.port_from:
        value = os.environ.get(options.port_from, "")
        if not value.isdecimal():
            parser.error(f"{options.port_from} holds no port number: {value!r}")
        options.port = int(value)
    return options


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
