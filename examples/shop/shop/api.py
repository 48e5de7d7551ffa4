"""The shop as a JSON service over HTTP. A new call is a row in ``ROUTES``."""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Optional
from urllib.parse import parse_qs, unquote, urlsplit

from shop import __version__
from shop.errors import Conflict, Invalid, NotFound, ShopError
from shop.service import Document, Shop

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024

STATUS_OF_ERROR = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
}


@dataclass(frozen=True)
class Request:
    """What a route needs to know of a request."""

    shop: Shop
    path: tuple[str, ...]
    query: dict[str, list[str]]
    body: Document

    @property
    def number(self) -> int:
        """The number in the path."""
        return int(self.path[0])


@dataclass(frozen=True)
class Route:
    """One call: its method, its path as a pattern, what it does, its status on success."""

    method: str
    path: str
    act: Callable[[Request], object]
    status: HTTPStatus = HTTPStatus.OK

    def match(self, path: str) -> Optional[tuple[str, ...]]:
        """The parts of the path that vary, or nothing when the path is another one."""
        found = re.fullmatch(self.path, path)
        return tuple(unquote(part) for part in found.groups()) if found else None


def _products(request: Request) -> list[Document]:
    category = request.query.get("category", [None])[0]
    return [product.to_json() for product in request.shop.store.products(category)]


def _open_voucher(request: Request) -> Document:
    terms = (request.body.get("percent"), request.body.get("minimum"))
    return request.shop.open_voucher(request.path[0], *terms)


NAME = r"([^/]{1,96})"
NUMBER = r"(\d{1,15})"

ROUTES = (
    Route("GET", "/health", lambda r: {"status": "ok", "version": __version__}),
    Route("GET", "/products", _products),
    Route("GET", f"/products/{NAME}", lambda r: r.shop.store.product(r.path[0]).to_json()),
    Route("PUT", f"/products/{NAME}", lambda r: r.shop.put_product(r.path[0], r.body)),
    Route("PUT", f"/vouchers/{NAME}", _open_voucher),
    Route(
        "DELETE",
        f"/vouchers/{NAME}",
        lambda r: r.shop.store.remove_voucher(r.path[0]),
        HTTPStatus.NO_CONTENT,
    ),
    Route("POST", "/baskets", lambda r: r.shop.create_basket(), HTTPStatus.CREATED),
    Route("GET", f"/baskets/{NUMBER}", lambda r: r.shop.basket(r.number)),
    Route(
        "PUT",
        f"/baskets/{NUMBER}/lines/{NAME}",
        lambda r: r.shop.set_line(r.number, r.path[1], r.body.get("quantity")),
    ),
    Route(
        "PUT",
        f"/baskets/{NUMBER}/voucher",
        lambda r: r.shop.use_voucher(r.number, r.body.get("code")),
    ),
    Route(
        "POST",
        "/orders",
        lambda r: r.shop.place_order(r.body.get("basket")),
        HTTPStatus.CREATED,
    ),
    Route("GET", f"/orders/{NUMBER}", lambda r: r.shop.store.order(r.number)),
)


class BadRequest(Exception):
    """A request that is refused before any route sees it."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        """``status`` is the answer's."""
        super().__init__(message)
        self.status = status


class Handler(BaseHTTPRequestHandler):
    """Reads a request, finds its route, writes the answer."""

    protocol_version = "HTTP/1.1"
    server: "Server"
    # Head and body leave in one segment: apart, they wait for the peer's delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    # A client that goes silent must not hold a thread for ever.
    timeout = 30

    def do_GET(self) -> None:  # noqa: N802 (the name is given by http.server)
        """Answer one request."""
        try:
            status, document = self._answer()
        except BadRequest as error:
            # How much of the body is still to come is not known, so the connection ends here.
            self.close_connection = True
            status, document = error.status, {"error": str(error)}
        except ShopError as error:
            status, document = STATUS_OF_ERROR[type(error)], {"error": str(error)}
        except Exception:
            log.exception("%s failed", self.requestline)
            status, document = HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "internal error"}
        self._send(status, document)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _answer(self) -> tuple[HTTPStatus, object]:
        body = self._body()
        target = urlsplit(self.path)
        matches = [
            (route, path) for route in ROUTES if (path := route.match(target.path)) is not None
        ]
        if not matches:
            return HTTPStatus.NOT_FOUND, {"error": f"there is no {target.path}"}
        for route, path in matches:
            if route.method == self.command:
                request = Request(self.server.shop, path, parse_qs(target.query), body)
                return route.status, route.act(request)
        allowed = ", ".join(sorted(route.method for route, _ in matches))
        return HTTPStatus.METHOD_NOT_ALLOWED, {"error": f"allowed here: {allowed}"}

    def _body(self) -> Document:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            raise BadRequest(HTTPStatus.LENGTH_REQUIRED, "a body comes with its Content-Length")
        if int(length) > LARGEST_BODY:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
        text = self.rfile.read(int(length))
        if not text:
            return {}
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise BadRequest(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
        if not isinstance(document, dict):
            raise BadRequest(HTTPStatus.BAD_REQUEST, "the body is not a JSON object")
        return document

    def _send(self, status: HTTPStatus, document: object) -> None:
        body = b"" if status is HTTPStatus.NO_CONTENT else json.dumps(document).encode()
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """One line for each request, through the logging of the program."""
        log.info(format, *arguments)


class Server(ThreadingHTTPServer):
    """The HTTP server of one shop; port 0 takes any free one."""

    # The default of 5 refuses connections under load.
    request_queue_size = 128

    def __init__(self, host: str, port: int, shop: Shop) -> None:
        """Listens as soon as it is made."""
        self.shop = shop
        super().__init__((host, port), Handler)
