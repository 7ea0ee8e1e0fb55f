"""A proxy between a publisher and a portal that lets one request of many go wrong, in the ways that networks do."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

CHUNK = 4096
_OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Exchange(BaseHTTPRequestHandler):
    """One request, of which nothing but the head has been read, and what becomes of it."""

    server: FaultProxy

    def do_GET(self) -> None:
        self.server.decide(self)()

    do_POST = do_HEAD = do_GET

    @property
    def length(self) -> int:
        """How many bytes of body the client has announced."""
        return int(self.headers.get("Content-Length", "0"))

    def pass_on(self) -> None:
        """Let the portal answer."""
        answer = self.ask()
        self.reply(*answer) if answer else self.reply(502, {}, b"<h1>Bad Gateway</h1>")

    def ask(self) -> tuple[int, dict[str, str], bytes] | None:
        """Have the portal carry the request out, and keep its answer from the client; None where it is not there."""
        upstream = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
        try:
            upstream.request(self.command, self.path, self.rfile.read(self.length), dict(self.headers))
            response = upstream.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            upstream.close()

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        with suppress(OSError):  # a client that waits no longer
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _OF_ONE_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    def reset(self, after: int) -> None:
        """Pass on that many bytes of the body, then break both connections off."""
        with socket.create_connection((self.server.host, self.server.port), timeout=60) as upstream:
            lines = [f"{self.command} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in self.headers.items())]
            upstream.sendall("\r\n".join([*lines, "", ""]).encode())
            while after > 0 and (part := self.rfile.read(min(CHUNK, after))):
                upstream.sendall(part)
                after -= len(part)
            _break_off(upstream)
        _break_off(self.connection)

    def log_message(self, format: str, *args: object) -> None:
        pass


Fault = Callable[[Exchange], None]
Chosen = Callable[[str], bool]
"""Whether a request counts, by its method, its path and the type of its body."""


def any_write(said: str) -> bool:
    """Requests that may change something: actions that are no questions."""
    method, path, _ = said.split(" ")
    return method == "POST" and not path.endswith(("_show", "_search", "_info", "_list"))


def an_upload(said: str) -> bool:
    """Requests that bring files."""
    return said.endswith(" multipart/form-data")


class FaultProxy(ThreadingHTTPServer):
    """Passes everything on to ``target``, but for the requests that the armed fault is meant for."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        split = urlsplit(target)
        self.host, self.port = str(split.hostname), int(split.port or 80)
        self.seen: list[str] = []
        self.struck = 0
        self._lock = threading.Lock()
        self._fault: Fault | None = None
        self._chosen: Chosen = any_write
        self._countdown = 0
        self._times = 0
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def writes(self) -> int:
        """How many requests since it was calm may have changed something."""
        return sum(map(any_write, self.seen))

    def arm(self, fault: Fault, nth: int, chosen: Chosen = any_write, times: int = 1) -> None:
        """Let ``times`` requests go wrong, beginning with the ``nth`` from now that counts (from 0)."""
        with self._lock:
            self._fault, self._chosen, self._countdown, self._times = fault, chosen, nth, times
            self.struck = 0

    def calm(self) -> None:
        """Let nothing more go wrong; begin a new list of what was ``seen``. What ``struck`` is still told."""
        with self._lock:
            self._fault = None
            self.seen = []

    def decide(self, exchange: Exchange) -> Callable[[], None]:
        """What becomes of a request."""
        kind = exchange.headers.get("Content-Type", "").partition(";")[0]
        said = f"{exchange.command} {exchange.path} {kind}"
        with self._lock:
            self.seen.append(said)
            if self._fault is None or not self._chosen(said):
                return exchange.pass_on
            self._countdown -= 1
            if self._countdown >= 0 or self.struck >= self._times:
                return exchange.pass_on
            self.struck += 1
            fault = self._fault
        return lambda: fault(exchange)

    def shutdown_request(self, request: object) -> None:
        self.close_request(request)  # type: ignore[arg-type]  # no farewell first: a reset is to look like one


def reset(share: float) -> Fault:
    """The connection breaks when this share of the request's body has come through."""
    return lambda exchange: exchange.reset(int(exchange.length * share))


def committed_500(exchange: Exchange) -> None:
    """The portal has done all that was asked, and its answer is an error."""
    exchange.ask()
    exchange.reply(500, {"Content-Type": "text/html"}, b"<h1>Internal Server Error</h1>")


def bad_gateway(exchange: Exchange) -> None:
    """A gateway before the portal does not reach it."""
    exchange.rfile.read(exchange.length)
    exchange.reply(502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>")


def stall(seconds: float, committed: bool) -> Fault:
    """Nothing comes back for a while, and then the connection is gone; the portal may have done what was asked."""

    def fault(exchange: Exchange) -> None:
        if committed:
            exchange.ask()
        time.sleep(seconds)
        _break_off(exchange.connection)

    return fault


def too_many(retry_after: str) -> Fault:
    """The portal asks for patience."""

    def fault(exchange: Exchange) -> None:
        exchange.rfile.read(exchange.length)
        exchange.reply(429, {"Retry-After": retry_after}, b"Too Many Requests")

    return fault


def refused(status: int, body: bytes = b"") -> Fault:
    """Somebody on the way says no."""

    def fault(exchange: Exchange) -> None:
        exchange.rfile.read(exchange.length)
        exchange.reply(status, {"Content-Type": "application/json"}, body)

    return fault


def meanwhile(act: Callable[[], object], then: Fault = Exchange.pass_on) -> Fault:
    """Something happens to the portal just before it gets the request."""

    def fault(exchange: Exchange) -> None:
        act()
        then(exchange)

    return fault


def _break_off(connection: socket.socket) -> None:
    """The next close says nothing but 'reset'."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
