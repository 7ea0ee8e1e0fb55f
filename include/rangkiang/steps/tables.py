"""Whatever tables a file holds, as tidy CSV, with every cell, and checked: what ``rangkiang tables`` does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rangkiang.catalogue import DemandedColumn, Demands, DocType
from rangkiang.checks.generic import LINE, ODD, RAGGED, Facts, check_table, residual
from rangkiang.guard import Guard, oversize
from rangkiang.harmless import to_csv
from rangkiang.model import Cell, Check, Reason, Table
from rangkiang.reading import Unreadable, generic
from rangkiang.reading.generic import Tidy
from rangkiang.reading.numbers import parse
from rangkiang.reading.source import Decision
from rangkiang.settings import Settings
from rangkiang.steps.scanned import found_sums, marked

NO_MATTER = frozenset(
    {"unknown_document", "unknown_area", "wrong_office", "path_disagrees", "several_sheets", "no_sheet"}
)
"""Reasons for which intake refuses a file as a form; as a file with tables it is as good as any."""


@dataclass(frozen=True, slots=True)
class Found:
    """A table of a file and what is to be said of it."""

    table: Table
    tidy: Tidy
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """The tables of a file, and which reader its pages were given to."""

    found: tuple[Found, ...]
    decisions: tuple[Decision, ...]


def survey(path: Path, doctype: DocType | None = None, settings: Settings | None = None) -> Survey | Reason:
    """The tables of a file, checked against what every table must have and what the jenis dokumen demands.

    Demands are put to the tables that have the demanded columns, or to all where none has them: a file may hold other
    tables too. A Reason where the file cannot be used.
    """
    settings = settings or Settings()
    limits = settings.limits
    size = path.stat().st_size
    if size > limits.bytes:
        return oversize(size, limits).reason
    data = path.read_bytes()
    with Guard(limits) as guard:
        verdict = guard.inspect(data, path.name)
        if verdict.reason is not None and verdict.reason.code not in NO_MATTER:
            return verdict.reason
        try:
            source = guard.survey(data, verdict.media_type)
        except Unreadable as error:
            return error.reason
    if not source.tables and not _may_lack_tables(doctype):
        return verdict.reason if verdict.reason and verdict.reason.code == "no_sheet" else Reason("no_table")
    demands = doctype.demands if doctype else None
    tidied = [(table, generic.tidy(table)) for table in source.tables]
    answering = [not _missing(tidy, demands) for _, tidy in tidied] if demands else []
    found = [
        Found(table, tidy, (*check_table(_facts(tidy, asked), asked), *found_sums(table)))
        for n, (table, tidy) in enumerate(tidied)
        for asked in [demands if answering and (answering[n] or not any(answering)) else None]
    ]
    return Survey(tuple(found), source.decisions)


def _may_lack_tables(doctype: DocType | None) -> bool:
    """A decree need only have text, and a file without any is refused by intake."""
    return doctype is not None and doctype.form is None and doctype.demands is None


def write(survey: Survey, out: Path) -> None:
    """``table-001.csv`` … with the tidy tables, ``tables.json`` with every cell, check and decision."""
    out.mkdir(parents=True, exist_ok=True)
    for n, found in enumerate(survey.found, 1):
        (out / csv_name(n)).write_bytes(to_csv(_frame(found)))
    said = {
        "tables": [_as_json(n, found) for n, found in enumerate(survey.found, 1)],
        "decisions": [asdict(decision) for decision in survey.decisions],
    }
    text = json.dumps(said, ensure_ascii=False, indent=1)
    (out / "tables.json").write_text(text + "\n", encoding="utf-8", errors="replace")


def csv_name(number: int) -> str:
    return f"table-{number:03d}.csv"


def _as_json(number: int, found: Found) -> dict[str, Any]:
    table = found.table
    return {
        "file": csv_name(number),
        "page": table.page,
        "engine": table.engine,
        "title": table.title,
        "rows": table.n_rows,
        "columns": [{"name": c.name, "type": "number" if c.numbers else "text"} for c in found.tidy.columns],
        "totals": [record.row for record in found.tidy.records if record.is_total],
        "checks": [{**asdict(check), "severity": check.severity.value} for check in found.checks],
        "cells": [_cell(cell, table) for cell in table.cells],
    }


def _cell(cell: Cell, table: Table) -> dict[str, Any]:
    return {
        "row": cell.row,
        "col": cell.col,
        "row_span": cell.row_span,
        "col_span": cell.col_span,
        "text": cell.text,
        "box": asdict(cell.box) if cell.box else None,
        "page": table.page,
        "engine": table.engine,
        **(_settled(cell) if cell.status else {}),
    }


def _settled(cell: Cell) -> dict[str, Any]:
    """What there is to say of a number on a scan."""
    return {"status": cell.status, "confidence": round(cell.confidence, 6), "doubt": cell.doubt, "other": cell.other}


def _frame(found: Found) -> pd.DataFrame:
    """Texts as they are printed, a number in doubt with a question mark.

    A column without a heading is called by its number, a second one of a name counted.
    """
    tidy, grid = found.tidy, found.table.grid()
    names: list[str] = []
    for n, column in enumerate(tidy.columns, 1):
        name = column.name or f"kolom {n}"
        times = sum(c.name == column.name for c in tidy.columns[:n])
        names.append(name if times == 1 or not column.name else f"{name} ({times})")
    texts = [map(marked, record.texts, grid[record.row], range(len(names))) for record in tidy.records]
    frame = pd.DataFrame(texts, columns=range(len(names)), dtype="string")
    frame.columns = pd.Index(names)
    return frame


def _facts(tidy: Tidy, demands: Demands | None) -> Facts:
    lines = pd.DataFrame(
        {
            LINE: [_line(n, record.texts) for n, record in enumerate(tidy.records, 1)],
            RAGGED: [_listed(_under_no_heading(tidy, record.texts)) for record in tidy.records],
            ODD: [_listed(f"{n}: {text}" for n, text in generic.odd_texts(tidy, record)) for record in tidy.records],
        },
        dtype="string",
    )
    places = {column.name: _place(tidy, column) for column in demands.columns} if demands else {}
    for demanded in demands.sums if demands else ():
        if all(places[name] is not None for name in (demanded.total, *demanded.of)):
            total, *parts = (_values(tidy, places[name] or 0) for name in (demanded.total, *demanded.of))
            lines[residual(demanded)] = total - sum(parts)
    return Facts(tuple(column.name for column in tidy.columns), lines, _missing(tidy, demands))


def _missing(tidy: Tidy, demands: Demands | None) -> tuple[str, ...]:
    """Demanded columns that the table does not have, or not as numbers."""
    return tuple(column.name for column in demands.columns if _place(tidy, column) is None) if demands else ()


def _place(tidy: Tidy, column: DemandedColumn) -> int | None:
    at = generic.find_column(tidy, (column.name, *column.also))
    return None if at is None or (column.number and not tidy.columns[at].numbers) else at


def _values(tidy: Tidy, column: int) -> pd.Series[int]:
    return pd.Series([parse(record.texts[column])[0] for record in tidy.records], dtype="Int64")


def _under_no_heading(tidy: Tidy, texts: Sequence[str]) -> Iterator[str]:
    """Texts behind the last heading: the label's own column often has none, and that is no fault of the line."""
    last = max((n for n, column in enumerate(tidy.columns) if column.name), default=-1)
    yield from (text for text in texts[last + 1 :] if text)


def _line(number: int, texts: Sequence[str]) -> str:
    return f"baris {number} ({next((text for text in texts if text), '')[:40]})"


def _listed(texts: Iterator[str]) -> str | None:
    return "; ".join(texts) or None
