"""Files as somebody might send them, by mistake or on purpose, each with what must become of it. Nothing is fetched."""

from __future__ import annotations

from samples.hostile import books, documents, others
from samples.hostile.bad import FILED, OFFICE, Bad, sheet, table

__all__ = ["FILED", "OFFICE", "Bad", "bad_files", "bad_names", "sheet", "table"]


def bad_files() -> list[Bad]:
    """Every kind of bad content. Made anew whenever asked for, always the same bytes."""
    return [*documents.files(), *books.files(), *others.files()]


def bad_names() -> list[Bad]:
    """Good sheets under bad names."""
    return list(others.names())
