"""The service: PUT /prices/SKU tells a price, GET /prices/SKU gives it."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json
import sys

from .prices import Prices, Unknown

PORT = 8001
PRICES = Prices()


class Handler(BaseHTTPRequestHandler):
    """Answers in JSON."""

    def do_GET(self):
        """A price, or 404."""
        try:
            self.answer(200, {"cents": PRICES.of(self.sku())})
        except Unknown:
            self.answer(404, {"error": "no such article"})

    def do_PUT(self):
        """Notes a price."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            PRICES.put(self.sku(), body["cents"])
        except (KeyError, ValueError) as error:
            return self.answer(422, {"error": str(error)})
        return self.answer(200, {"cents": body["cents"]})

    def sku(self):
        """The article that the path names."""
        return self.path.removeprefix("/prices/")

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
    server = ThreadingHTTPServer(("", PORT), Handler)
    sys.stdout.write(f"listening on {PORT}\n")
    sys.stdout.flush()
    server.serve_forever()
