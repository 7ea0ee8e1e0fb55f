"""Strict account of what a reader made of printed sheets: every printed cell, and every figure that is none of them.

A figure is known by its page, row, kind of column and, of a unit, the column's label, so one under a wrong label is a
figure that stands nowhere on the sheet. What a running total is called (JUMLAH, JUMLAH AKHIR) says no more than its
kind. What is not flagged and wrong, or nowhere, is a silent error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

import pandas as pd

from rangkiang.model import ColumnKind, Finding, Severity, Status
from samples.press import Truth
from samples.press.slips import Slip

EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999, 1.0)
"""Of the bins of the reliability table."""

BROKEN = ("identity_broken", "total_broken", "carry_broken")
"""Findings that say that a sheet does not add up."""

Place = tuple[int, str, str, str, int]  # page, row, kind of column, label, how many of these came before
_Key = tuple[int, str, str, str]
_Thing = TypeVar("_Thing")


class Outcome(StrEnum):
    """What became of a cell."""

    PROVED = "proved"  # the first three: right
    READ = "read"
    BLANK = "blank"  # said to be empty: nothing is printed, or a zero
    FLAGGED = "flagged"  # right, and flagged all the same
    FLAGGED_WRONG = "flagged wrong"  # or flagged without a value
    SILENT = "silent"  # not flagged, and not what is printed
    MISSING = "missing"  # nobody speaks of it
    STRAY = "stray"  # no cell, not flagged: silent as well
    STRAY_FLAGGED = "stray flagged"


RIGHT = (Outcome.PROVED, Outcome.READ, Outcome.BLANK, Outcome.FLAGGED)
_SURE = {Status.PROVED: Outcome.PROVED, Status.READ: Outcome.READ, Status.BLANK: Outcome.BLANK}


@dataclass(frozen=True, slots=True)
class Silent:
    """A silent error: what stands there and what was said. None: nothing."""

    file: str
    place: Place
    printed: str | None
    value: int | None
    status: str


@dataclass(slots=True)
class Score:
    """Counts over any number of sheets.

    ``numbers`` are cells in which something is printed and all strays, ``blanks`` the others. ``bins`` hold, of figures
    in cells where something is printed: how many, their confidence added up, how many of them right.
    """

    numbers: Counter[Outcome] = field(default_factory=Counter)
    blanks: Counter[Outcome] = field(default_factory=Counter)
    bins: list[list[float]] = field(default_factory=lambda: [[0, 0.0, 0] for _ in EDGES[1:]])
    silent: list[Silent] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.numbers.update(other.numbers)
        self.blanks.update(other.blanks)
        self.bins = [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(self.bins, other.bins, strict=True)]
        self.silent += other.silent

    def share(self, *outcomes: Outcome) -> float:
        """Of the cells in which something is printed."""
        cells = self.cells
        return sum(self.numbers[outcome] for outcome in outcomes) / cells if cells else 0.0

    @property
    def cells(self) -> int:
        """How many cells have something printed in them."""
        return sum(n for outcome, n in self.numbers.items() if outcome not in (Outcome.STRAY, Outcome.STRAY_FLAGGED))


def score(truth: Sequence[Truth], figures: pd.DataFrame | None) -> Score:
    """The account of one sheet; ``figures`` (FIGURE_COLUMNS) None: it was refused."""
    made = Score()
    said = {} if figures is None else dict(_said(figures))
    for place, cell in _placed((_key(t.page, t.row, t.column_kind, t.column_label), t) for t in truth):
        figure = said.pop(place, None)
        outcome = _outcome(cell, figure)
        (made.numbers if cell.printed else made.blanks)[outcome] += 1
        if figure and cell.printed:
            _into_bin(made.bins, figure.confidence, outcome in RIGHT)
        if figure and outcome is Outcome.SILENT:
            made.silent.append(Silent(figure.file, place, cell.printed, figure.value, figure.status))
    for place, figure in said.items():
        flagged = figure.status == Status.FLAGGED
        made.numbers[Outcome.STRAY_FLAGGED if flagged else Outcome.STRAY] += 1
        if not flagged:
            made.silent.append(Silent(figure.file, place, None, figure.value, figure.status))
    return made


@dataclass(frozen=True, slots=True)
class SlipScore:
    """``reported``: a finding says that a sum with this figure is broken. ``repaired``: it is given as it should have
    been, not as it is printed."""

    reported: bool
    repaired: bool


def score_slip(slip: Slip, truth: Sequence[Truth], figures: pd.DataFrame, findings: Iterable[Finding]) -> SlipScore:
    """How a sheet's slip was dealt with."""
    _, *where = _key(0, slip.row, slip.column_kind, slip.column_label)
    named = {
        _key(cell.page, cell.row, cell.column_kind, cell.column_label)
        for finding in findings
        if finding.code in BROKEN and finding.severity is Severity.ERROR
        for cell in finding.cells
        if cell.page is not None
    }
    own = ((_key(t.page, t.row, t.column_kind, t.column_label), t.value) for t in truth)
    places = {key for key, value in own if [*key[1:]] == where and value == slip.printed}
    said = [figure for place, figure in _said(figures) if place[:4] in places]
    repaired = any(figure.value == slip.right for figure in said)
    return SlipScore(not places.isdisjoint(named), repaired)


@dataclass(frozen=True, slots=True)
class _Figure:
    file: str
    value: int | None
    status: str
    confidence: float


def _said(figures: pd.DataFrame) -> Iterator[tuple[Place, _Figure]]:
    names = ["page", "row", "column_kind", "column_label", "file", "value", "status", "confidence"]
    lines = zip(*(figures[name].astype(object).to_list() for name in names), strict=True)
    yield from _placed(
        (_key(int(page), row, kind, label), _Figure(str(file), _whole(value), status, _known(confidence)))
        for page, row, kind, label, file, value, status, confidence in lines
    )


def _key(page: int, row: str, kind: str, label: str) -> _Key:
    return page, row, kind, label if kind == ColumnKind.UNIT else ""


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _known(confidence: float) -> float:
    return 0.0 if pd.isna(confidence) else float(confidence)


def _placed(things: Iterable[tuple[_Key, _Thing]]) -> Iterator[tuple[Place, _Thing]]:
    """Things by their place; of several that share one, each has its number."""
    seen: Counter[_Key] = Counter()
    for key, thing in things:
        yield (*key, seen[key]), thing
        seen[key] += 1


def _outcome(cell: Truth, figure: _Figure | None) -> Outcome:
    if figure is None:
        return Outcome.MISSING
    blank = figure.status == Status.BLANK and figure.value is None
    right = (0 if blank else figure.value) == cell.value
    if figure.status == Status.FLAGGED:
        return Outcome.FLAGGED if right else Outcome.FLAGGED_WRONG
    return _SURE[Status(figure.status)] if right else Outcome.SILENT


def _into_bin(bins: list[list[float]], confidence: float, right: bool) -> None:
    at = next(n for n, edge in enumerate(EDGES[1:]) if confidence <= edge or n == len(bins) - 1)
    bins[at][0] += 1
    bins[at][1] += confidence
    bins[at][2] += right
