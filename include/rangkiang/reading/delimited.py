"""CSV, whatever its delimiter and encoding: one table on one page.

A cell with bytes that cannot be decoded is shown as Windows would show it and is in doubt (``bytes_undecodable``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from rangkiang.forms import flat
from rangkiang.model import Cell, Table
from rangkiang.reading.collector import no_collector
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.source import Source

ENGINE = "csv"
IN_DOUBT = 0.5


def source(data: bytes) -> Source:
    """The records of a text file; empty fields give no cell. Raises Unreadable: broken_file, too_large."""
    try:
        with no_collector():
            cells = tuple(_cells(data))
    except flat.TooLong as error:
        raise Unreadable("too_large", actual=error.actual, limit=error.limit) from error
    except (ValueError, csv.Error) as error:
        raise Unreadable("broken_file", detail=str(error)[:160]) from error
    return Source((Table(1, ENGINE, cells),) if cells else (), (), 1)


def _cells(data: bytes) -> Iterator[Cell]:
    texts: dict[str, str] = {}  # a large file has few different numbers: each is kept once
    for row, record in enumerate(flat.records(flat.decode(data))):
        for col, field in enumerate(record):
            text = field.strip()
            if not text:
                continue
            if flat.doubtful(text):
                yield Cell(row, col, flat.readable(text), None, 1, 1, IN_DOUBT, "bytes_undecodable")
            else:
                yield Cell(row, col, texts.setdefault(text, text))
