"""A service on loopback that one reaches through somebody who is unwell: what is asked is passed on, or goes wrong."""

from __future__ import annotations

import http.client
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

Ill = Callable[["Handler"], None]

_HOP = {"connection", "transfer-encoding", "keep-alive", "date", "server"}


class Unwell:
    """Passes requests on to ``behind``. While ``ill`` is set, those that it asks for go wrong that way instead."""

    def __init__(self, behind: str) -> None:
        self.behind = urlsplit(behind).netloc
        self.ill: Ill | None = None
        self.asked = 0  # requests so far
        self.failed = 0  # of them, those that went wrong

    def falls_ill(self, how: Ill, after: int = 0, times: int = 10**9) -> None:
        """Requests go wrong, once so many have been passed on, so many times."""
        self.asked = self.failed = 0

        def some(handler: Handler) -> None:
            if self.asked > after and self.failed < times:
                self.failed += 1
                how(handler)
            else:
                handler.passed_on()

        self.ill = some

    def gets_well(self) -> None:
        self.ill = None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    unwell: Unwell

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, ValueError):  # a client that hung up, a socket that this server has closed
            self.close_connection = True

    def _any(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.unwell.asked += 1
        if self.unwell.ill:
            self.unwell.ill(self)
        else:
            self.passed_on()

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _any

    def passed_on(self, cut: int = 0) -> None:
        """The service's own answer; with ``cut``, without that many of its last bytes."""
        there = http.client.HTTPConnection(self.unwell.behind, timeout=60)
        there.request(self.command, self.path, self.body, dict(self.headers.items()))
        answer = there.getresponse()
        data = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in (*_HOP, "content-length"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(data[: len(data) - cut] if cut else data)
        if cut:
            self.close_connection = True
        there.close()

    def refused(self, status: int, code: str) -> None:
        """An answer of S3's own kind."""
        data = f"<Error><Code>{code}</Code><Message>not now</Message></Error>".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Type", "application/xml")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def reset(self) -> None:
        """The connection is gone, as where a machine is switched off behind a router."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def silent(self, seconds: float) -> None:
        time.sleep(seconds)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def unwell(behind: str) -> Iterator[tuple[Unwell, str]]:
    """The one who passes on, and their address."""
    told = Unwell(behind)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (Handler,), {"unwell": told}))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
