"""A server on loopback to which one posts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message

from helpers.loopback import Quiet, served

Taker = Callable[[str, Message, bytes], int]
"""Of a path, headers and a body: the status that is answered."""


@contextmanager
def posted_to(take: Taker) -> Iterator[str]:
    """The server's host and port."""

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(take(self.path, self.headers, body))
            self.end_headers()

    with served(Handler) as address:
        yield address
