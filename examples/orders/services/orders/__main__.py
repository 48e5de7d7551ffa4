"""The service: POST /orders takes an order, GET /orders/ID gives it back."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json
import os
import urllib.error
import urllib.request

import psycopg2

from .cache import Cache
from .order import Refused, lines_of, total

PORT = 8000
CACHE = Cache(os.environ["CACHE"])
CACHED_SECONDS = 60


def database():
    """A connection; the table is there."""
    connection = psycopg2.connect(os.environ["DATABASE"])
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS orders (id SERIAL PRIMARY KEY, lines TEXT, cents INT)"
        )
    return connection


def price(sku):
    """The price of an article: from the cache, or from whom it is told."""
    known = CACHE.get(f"price:{sku}")
    if known is not None:
        return int(known)
    try:
        with urllib.request.urlopen(f"{os.environ['PRICING']}/prices/{sku}", timeout=2) as answer:
            cents = json.load(answer)["cents"]
    except urllib.error.HTTPError as error:
        raise Refused(f"there is no article {sku}") from error
    CACHE.put(f"price:{sku}", str(cents), CACHED_SECONDS)
    return cents


class Handler(BaseHTTPRequestHandler):
    """Answers in JSON."""

    def do_GET(self):
        """An order, or whether the service can work."""
        connection = database()
        if self.path == "/health":
            return self.answer(200, {"status": "ok"})
        with connection, connection.cursor() as cursor:
            number = self.path.removeprefix("/orders/")
            cursor.execute("SELECT lines, cents FROM orders WHERE id::text = %s", (number,))
            row = cursor.fetchone()
        if row is None:
            return self.answer(404, {"error": "no such order"})
        return self.answer(200, {"id": int(number), "lines": json.loads(row[0]), "cents": row[1]})

    def do_POST(self):
        """Takes an order."""
        try:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            amounts = lines_of(body)
            cents = total(amounts, price)
        except (Refused, ValueError) as error:
            return self.answer(422, {"error": str(error)})
        connection = database()
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO orders (lines, cents) VALUES (%s, %s) RETURNING id",
                (json.dumps(amounts), cents),
            )
            number = cursor.fetchone()[0]
        return self.answer(201, {"id": number, "cents": cents})

    def answer(self, status, value):
        """Sends a value."""
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Nothing: the tests look at answers."""


if __name__ == "__main__":
    ThreadingHTTPServer(("", PORT), Handler).serve_forever()
