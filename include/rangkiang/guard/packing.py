"""Pieces of bytes as one, with a head that says what they are. JSON and plain bytes: opening them runs nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def pack(head: Any, pieces: Sequence[bytes]) -> bytes:
    """``head`` is anything that JSON can say."""
    return b"\n".join([json.dumps([head, [len(piece) for piece in pieces]]).encode(), b"".join(pieces)])


def unpack(packed: bytes) -> tuple[Any, list[bytes]]:
    """The head and the pieces again. Raises ValueError for what :func:`pack` has not packed."""
    said, _, rest = packed.partition(b"\n")
    head, sizes = json.loads(said)
    pieces, start = [], 0
    for size in map(int, sizes):
        pieces.append(rest[start : start + size])
        start += size
    return head, pieces
