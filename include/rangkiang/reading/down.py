"""Flat tables: one line per unit, one column per row of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rangkiang.forms import Form, flat
from rangkiang.model import UNIT_SEPARATOR, Cell, ColumnKind, Level, Table
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.figures import Figures, packed
from rangkiang.reading.header import folded

_TOTALS = {"JUMLAH", "TOTAL", "JUMLAHAKHIR", "SUBTOTAL", "GRANDTOTAL"}

Grid = list[list[Cell | None]]
Unit = tuple[ColumnKind, str]  # and its label


def figures(tables: Iterable[Table], form: Form) -> Figures:
    """Every figure of the lines, line by line. A line that calls itself a total is one.

    Raises Unreadable: 'no_table', 'columns_missing' where no table has the required columns.
    """
    found, missing, used = Figures(), list[tuple[str, ...]](), 0
    for table in tables:
        grid = table.grid()
        top, columns = flat.header(form, [_texts(row) for row in grid[: flat.HEADER_WITHIN]])
        if columns.missing:
            missing.append(columns.missing)
        else:
            _add(table, grid[top + 1 :], columns, form, found)
            used += 1
    if not (used or missing):
        raise Unreadable("no_table")
    if not used:
        raise Unreadable("columns_missing", columns=", ".join(sorted(missing, key=len)[0]))
    return found


def _texts(row: Sequence[Cell | None]) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _add(table: Table, grid: Grid, columns: flat.FlatColumns, form: Form, found: Figures) -> None:
    leaves = [leaf for leaf in form.leaf_rows if leaf.code in columns.rows]
    places = [columns.rows[leaf.code] for leaf in leaves]
    lines = list(_lines(grid, columns, places, form))
    found.add(
        table.engine,
        table.page,
        [(leaf.code, leaf.label.id) for leaf in leaves],
        [unit for unit, _ in lines],
        packed([cell for _, cells in lines for cell in cells]),
        by_column=True,
    )


def _lines(
    grid: Grid, columns: flat.FlatColumns, places: Sequence[int], form: Form
) -> Iterator[tuple[Unit, list[Cell | None]]]:
    """Every line with something in it: what it is about, and its figures."""
    above: list[str] = [""] * len(form.keys)
    for line in grid:
        texts = _texts(line)
        parts = [texts[columns.keys[key.level]] for key in form.keys]
        if not any(parts) and not any(texts[n] for n in places):
            continue
        total = next((texts[n] for n in columns.keys.values() if _is_total(texts[n])), "")
        if parts[-1] and not total:
            # A name written once for the lines below it, as people do.
            parts = above = [part or before for part, before in zip(parts, above, strict=True)]
        kind = ColumnKind.TOTAL if total else ColumnKind.UNIT
        yield (kind, _label(parts, form) or total), [line[n] for n in places]


def _is_total(text: str) -> bool:
    return text[:1] in ("J", "T", "S", "G", "j", "t", "s", "g") and folded(text) in _TOTALS


def _label(parts: Sequence[str], form: Form) -> str:
    """'PANCUNG SOAL / INDERAPURA / TPS 1', whether the table says 1, 001 or TPS 01."""
    said = [_part(" ".join(part.split()), key.level) for part, key in zip(parts, form.keys, strict=True)]
    return UNIT_SEPARATOR.join(part for part in said if part)


def _part(text: str, level: Level) -> str:
    if level is not Level.TPS or not text or folded(text) in _TOTALS:
        return text
    number = text.upper().removeprefix("TPS").strip(" .:-")
    return f"TPS {number.lstrip('0') or number}"
