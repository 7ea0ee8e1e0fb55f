"""A webhook on loopback that keeps what is posted, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Webhook:
    """``posted`` are the bodies that it took, ``signed`` what came with them as authorization."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.signed: list[str | None] = []
        self.status = 204
        self.url = ""


@contextmanager
def webhook() -> Iterator[Webhook]:
    """One that is up."""
    kept = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if kept.status == 204:
                kept.posted.append(body)
                kept.signed.append(self.headers.get("Authorization"))
            self.send_response(kept.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.url = f"http://127.0.0.1:{server.server_port}/kabar"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
