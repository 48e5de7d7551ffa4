"""A client of the service, for the tools and the tests."""

import http.client
import json
from typing import Any, Optional
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10


class Refused(Exception):
    """The service answered with an error."""

    def __init__(self, status: int, message: str) -> None:
        """``status`` is the HTTP status, ``message`` what the service said."""
        super().__init__(f"{status}: {message}")
        self.status = status


class Client:
    """One service by its address, such as ``http://127.0.0.1:8000``."""

    def __init__(self, url: str) -> None:
        """Nothing is connected yet: each call opens a connection of its own."""
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"not an address of the form http://host:port: {url!r}")
        self._host, self._port = parts.hostname, parts.port

    def call(self, method: str, path: str, body: Optional[dict] = None) -> Any:
        """Send a request; returns the JSON of the answer, or raises ``Refused``."""
        status, document = self.exchange(
            method, path, None if body is None else json.dumps(body).encode()
        )
        if status >= 400:
            raise Refused(status, (document or {}).get("error", "no reason given"))
        return document

    def exchange(self, method: str, path: str, body: Optional[bytes] = None) -> tuple[int, Any]:
        """Send raw bytes; returns the status and the JSON of the answer, errors too."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
            return response.status, json.loads(text) if text else None
        finally:
            connection.close()
