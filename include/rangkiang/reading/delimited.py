"""CSV, whatever its delimiter and encoding: one table on one page."""

from __future__ import annotations

import csv

from rangkiang.forms import flat
from rangkiang.model import Cell, Table
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.source import Source

ENGINE = "csv"


def source(data: bytes) -> Source:
    """The records of a text file; empty fields give no cell. Raises Unreadable('broken_file')."""
    try:
        records = list(flat.records(flat.decode(data)))
    except (ValueError, csv.Error) as error:
        raise Unreadable("broken_file", detail=str(error)) from error
    cells = tuple(
        Cell(row, col, text.strip())
        for row, record in enumerate(records)
        for col, text in enumerate(record)
        if text.strip()
    )
    return Source((Table(1, ENGINE, cells),) if cells else (), (), 1)
