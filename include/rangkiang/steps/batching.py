"""Which documents one task reads: as many as fill about a minute, so that starting the task costs little beside them.

How long a document takes is estimated from what is known before it is opened again. An estimate that is off makes a
task longer or shorter, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from rangkiang.model import Document

MOST = 1000
"""Airflow maps a task over no more than 1024 things: where there would be more batches, they are larger."""

# Seconds on one core, of reading, proving and checking: bench/scale.py measures them.
_EACH, _PRINTED, _SCANNED = 0.25, 0.02, 2.5
_PICTURE = 40_000
"""Bytes of a page from which on it is taken for a picture; what is printed from a program rarely has half of that."""


def seconds(document: Document) -> float:
    """How long a document is likely to take."""
    pages = document.said.pages
    paper = document.media_type == "application/pdf" and document.size >= _PICTURE * pages
    return _EACH + pages * (_SCANNED if paper or document.media_type.startswith("image/") else _PRINTED)


def batches(documents: Iterable[Document], room: float) -> list[list[str]]:
    """Digests, in the order given: in each batch about ``room`` seconds of work, or one document that takes longer."""
    weighed = [(document.sha256, seconds(document)) for document in documents]
    room = max(room, sum(takes for _, takes in weighed) / MOST * 2)
    found: list[list[str]] = []
    left = 0.0
    for sha256, takes in weighed:
        if not found or takes > left:
            found.append([])
            left = room
        found[-1].append(sha256)
        left -= takes
    return found
