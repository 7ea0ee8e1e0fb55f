"""Figures as the frame everybody shares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rangkiang.model import FIGURE_COLUMNS, Shared, Status
from rangkiang.reading.figures import Figures
from rangkiang.reading.numbers import parse

_STATUSES = list(Status)


def frame(figures: Figures, file: str, sha256: str, form: str) -> pd.DataFrame:
    """A frame of FIGURE_COLUMNS; ``figures`` is empty afterwards.

    Its ``attrs['doubts']`` say of every figure whose text is in doubt: its position, the reason, the second evidence;
    ``attrs['rows_unknown']`` are the lines that are no row of the form. ``attrs['guesses']`` say what a number on a
    scan may be: [position, [[text, value, probability], ...]], the most probable first.
    """
    doubts, guesses = figures.doubts(), figures.guesses()
    made = _frame(figures, [n for n, _, _ in doubts], file, sha256, form)
    if doubts:
        made.attrs["doubts"] = [list(doubt) for doubt in doubts]
    if guesses:
        made.attrs["guesses"] = Shared([at, [[g.text, g.value, g.p] for g in found]] for at, found in guesses)
    if figures.unknown:
        made.attrs["rows_unknown"] = list(dict.fromkeys(figures.unknown))
    return made


def _frame(figures: Figures, doubtful: list[int], file: str, sha256: str, form: str) -> pd.DataFrame:
    pieces = figures.pieces
    engine, page, row, column = np.concatenate([p.places for p in pieces] or [np.empty((4, 0), np.int32)], axis=1)
    box = np.concatenate([p.cells.box for p in pieces] or [np.empty((0, 4))])
    confidence = np.concatenate([p.cells.confidence for p in pieces] or [np.empty(0)])
    texts: dict[str, int] = {}
    raws = chain.from_iterable(p.cells.raw for p in pieces)
    text = np.fromiter((texts.setdefault(raw, len(texts)) for raw in raws), np.int32, len(page))
    pieces.clear()  # what they held is in the arrays now
    parsed = [parse(raw) for raw in texts]
    status = np.array([_STATUSES.index(status) for _, status in parsed], dtype=np.int32)[text]
    status[doubtful] = _STATUSES.index(Status.FLAGGED)
    once = np.zeros(len(page), dtype=np.int32)
    columns = {
        "file": _strings([file], once),
        "sha256": _strings([sha256], once),
        "page": pd.arrays.IntegerArray(page.copy(), once != 0),
        "form": _strings([form], once),
        "row": _strings([code for code, _ in figures.rows], row),
        "row_label": _strings([label for _, label in figures.rows], row),
        "column_kind": _strings([kind.value for kind, _ in figures.columns], column),
        "column_label": _strings([label for _, label in figures.columns], column),
        "value": _integers([value for value, _ in parsed], text),
        "raw": _strings(list(texts), text),
        "status": _strings([status.value for status in _STATUSES], status),
        "confidence": pd.arrays.FloatingArray(confidence, once != 0),
        "engine": _strings(list(figures.engines), engine),
        **{name: _floats(box[:, n]) for n, name in enumerate(("x0", "y0", "x1", "y1"))},
    }
    return pd.DataFrame({name: columns[name] for name in FIGURE_COLUMNS}, copy=False)


def _strings(values: Sequence[str], places: NDArray[np.int32]) -> Any:
    return pd.array(list(values), dtype="string").take(places)


def _integers(values: Sequence[int | None], places: NDArray[np.int32]) -> Any:
    missing = np.array([value is None for value in values], dtype=bool)
    return pd.arrays.IntegerArray(np.array([value or 0 for value in values], dtype=np.int64)[places], missing[places])


def _floats(values: NDArray[np.float64]) -> Any:
    return pd.arrays.FloatingArray(values.copy(), np.isnan(values))
