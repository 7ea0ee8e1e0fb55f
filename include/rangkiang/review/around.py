"""What stands around a figure on its sheet: for files that have no picture, a spreadsheet's or a table's."""

from __future__ import annotations

from dataclasses import dataclass

from rangkiang.review.sheet import Sheet

ROWS, COLUMNS = 4, 2
"""So many lines above and below, and columns to the left and to the right."""


@dataclass(frozen=True, slots=True)
class Around:
    """A piece of a table. ``rows`` are code, label and a text for each column; the figure stands at ``row``, ``column``
    of the piece."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    row: int
    column: int


def around(sheet: Sheet, line: int) -> Around:
    """The piece around a line."""
    codes, column = list(sheet.rows), sheet.column(line)
    row = codes.index(sheet.at(line, "row"))
    top, left = max(0, row - ROWS), max(0, column - COLUMNS)
    shown = range(left, min(left + 2 * COLUMNS + 1, len(sheet.rows[codes[row]])))
    lines = [(code, [sheet.rows[code][n] for n in shown]) for code in codes[top : top + 2 * ROWS + 1]]
    return Around(
        columns=tuple(str(sheet.at(n, "column_label")) for n in lines[0][1]),
        rows=tuple(
            (code, str(sheet.at(at[0], "row_label")), tuple(str(sheet.at(n, "raw") or "") for n in at))
            for code, at in lines
        ),
        row=row - top,
        column=column - left,
    )
