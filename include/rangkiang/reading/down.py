"""Flat tables: one line per unit, one column per row of the form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rangkiang.catalogue import fold
from rangkiang.forms import Form, LeafRow, flat
from rangkiang.model import UNIT_SEPARATOR, Cell, ColumnKind, Level, Table
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.frame import Figure

_TOTALS = {"JUMLAH", "TOTAL", "JUMLAHAKHIR", "SUBTOTAL", "GRANDTOTAL"}

Grid = list[list[Cell | None]]


def figures(tables: Sequence[Table], form: Form) -> list[Figure]:
    """Every figure of the lines, line by line. A line that calls itself a total is one.

    Raises Unreadable: 'no_table', 'columns_missing' where no table has the required columns.
    """
    if not tables:
        raise Unreadable("no_table")
    found: list[Figure] = []
    missing: list[tuple[str, ...]] = []
    for table in tables:
        grid = table.grid()
        top, columns = flat.header(form, [_texts(row) for row in grid])
        if columns.missing:
            missing.append(columns.missing)
        else:
            found += _lines(table, grid[top + 1 :], columns, form)
    if len(missing) == len(tables):
        raise Unreadable("columns_missing", columns=", ".join(sorted(missing, key=len)[0]))
    return found


def _texts(row: Sequence[Cell | None]) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _lines(table: Table, grid: Grid, columns: flat.FlatColumns, form: Form) -> Iterator[Figure]:
    leaves = [leaf for leaf in form.leaf_rows if leaf.code in columns.rows]
    above: list[str] = [""] * len(form.keys)
    for line in grid:
        texts = _texts(line)
        parts = [texts[columns.keys[key.level]] for key in form.keys]
        if not any(parts) and not any(texts[columns.rows[leaf.code]] for leaf in leaves):
            continue
        total = next((texts[n] for n in columns.keys.values() if fold(texts[n]) in _TOTALS), "")
        if parts[-1] and not total:
            # A name written once for the lines below it, as people do.
            parts = above = [part or before for part, before in zip(parts, above, strict=True)]
        kind = ColumnKind.TOTAL if total else ColumnKind.UNIT
        yield from _figures(table, line, leaves, columns, kind, _label(parts, form) or total)


def _figures(
    table: Table,
    line: Sequence[Cell | None],
    leaves: Sequence[LeafRow],
    columns: flat.FlatColumns,
    kind: ColumnKind,
    label: str,
) -> Iterator[Figure]:
    for leaf in leaves:
        cell = line[columns.rows[leaf.code]]
        yield Figure(table.page, table.engine, leaf.code, leaf.label.id, kind, label, cell)


def _label(parts: Sequence[str], form: Form) -> str:
    """'PANCUNG SOAL / INDERAPURA / TPS 1', whether the table says 1, 001 or TPS 01."""
    said = [_part(" ".join(part.split()), key.level) for part, key in zip(parts, form.keys, strict=True)]
    return UNIT_SEPARATOR.join(part for part in said if part)


def _part(text: str, level: Level) -> str:
    if level is not Level.TPS or not text or fold(text) in _TOTALS:
        return text
    number = text.upper().removeprefix("TPS").strip(" .:-")
    return f"TPS {number.lstrip('0') or number}"
