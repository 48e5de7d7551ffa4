"""The little of Redis that is needed: a text that lives for a while."""

import socket


class Cache:
    """A Redis server."""

    def __init__(self, address):
        host, port = address.split(":")
        self._address = (host, int(port))

    def get(self, key):
        """What is kept under a key, or nothing."""
        return self._ask("GET", key)

    def put(self, key, value, seconds):
        """Keeps a text for so many seconds."""
        self._ask("SET", key, value, "EX", str(seconds))

    def _ask(self, *words):
        parts = [f"*{len(words)}\r\n"] + [f"${len(word)}\r\n{word}\r\n" for word in words]
        with socket.create_connection(self._address, timeout=2) as connection:
            connection.sendall("".join(parts).encode())
            answer = connection.makefile("rb")
            head = answer.readline().decode().strip()
            if head.startswith("-"):
                raise OSError(head)
            if not head.startswith("$") or head == "$-1":
                return None
            return answer.read(int(head[1:])).decode()
