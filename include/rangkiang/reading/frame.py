"""Figures as the frame everybody shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from rangkiang.model import FIGURE_COLUMNS, Cell, ColumnKind
from rangkiang.reading.numbers import parse


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure and what it stands for."""

    page: int
    engine: str
    row: str
    row_label: str
    kind: ColumnKind
    column: str
    cell: Cell | None  # None where the file has no cell: blank


def frame(figures: Iterable[Figure], file: str, sha256: str, form: str) -> pd.DataFrame:
    """A frame of FIGURE_COLUMNS, in the order given."""
    lines = [(file, sha256, f.page, form, f.row, f.row_label, f.kind.value, f.column, *_value(f)) for f in figures]
    columns = list(zip(*lines, strict=True)) or [()] * len(FIGURE_COLUMNS)
    typed = zip(FIGURE_COLUMNS.items(), columns, strict=True)
    return pd.DataFrame({name: pd.array(values, dtype=dtype) for (name, dtype), values in typed})  # type: ignore[call-overload]


def _value(figure: Figure) -> tuple[object, ...]:
    raw = figure.cell.text if figure.cell else ""
    value, status = parse(raw)
    confidence = figure.cell.confidence if figure.cell else 1.0
    box = figure.cell.box if figure.cell else None
    corners = (box.x0, box.y0, box.x1, box.y1) if box else (None, None, None, None)
    return value, raw, status.value, confidence, figure.engine, *corners
