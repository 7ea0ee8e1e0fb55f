"""A webhook on loopback that keeps what is posted, and answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from helpers.posting import posted_to


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

    def take(path: str, headers: Message, body: bytes) -> int:
        said = json.loads(body)
        if kept.status == 204:
            kept.posted.append(said)
            kept.signed.append(headers.get("Authorization"))
        return kept.status

    with posted_to(take) as address:
        kept.url = f"http://{address}/kabar"
        yield kept
