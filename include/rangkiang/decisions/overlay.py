"""Corrections laid over a reading. The reading in the store stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from rangkiang.model import CellRef, Decision, Finding, Severity, Shared, Status

Position = Mapping[int, Decision]
"""The correction of the figure on a line of the frame."""


def expected(reading: pd.DataFrame, cells: Iterable[CellRef]) -> tuple[CellRef, ...]:
    """These cells, each once, with their values as read; without those that are not on the reading."""
    at = positions(reading, cells)
    return tuple(replace(cell, value=_value(reading, n)) for cell, n in at.items())


def holds(reading: pd.DataFrame, decision: Decision) -> bool:
    """Is what it was decided upon still what is read?"""
    own = [cell for cell in decision.expects if cell.sha256 == decision.sha256]
    return len(own) == len(decision.expects) and set(expected(reading, own)) == set(own)


def lay(reading: pd.DataFrame, corrections: Sequence[Decision]) -> pd.DataFrame:
    """The reading as if the corrected cells had been read as they were decided, for certain."""
    corrected = _corrected(reading, corrections)
    value, status = reading["value"].copy(), reading["status"].copy()
    for at, decision in corrected.items():
        value.iloc[at] = pd.NA if decision.value is None else decision.value
        status.iloc[at] = (Status.BLANK if decision.value is None else Status.READ).value
    laid = reading.assign(value=value, status=status)
    laid.attrs.update(_attrs(reading, corrected))
    return laid


def decide(figures: pd.DataFrame, corrections: Sequence[Decision]) -> pd.DataFrame:
    """Proved figures, the corrected among them decided where the sums do not prove them."""
    status = figures["status"].copy()
    for at in _corrected(figures, corrections):
        if status.iloc[at] != Status.PROVED.value:
            status.iloc[at] = Status.DECIDED.value
    return figures.assign(status=status)


def accept(
    figures: pd.DataFrame, sha256: str, findings: Collection[Finding], accepted: Collection[str]
) -> pd.DataFrame:
    """The figures of one document, those decided that are flagged for no other findings than ``accepted`` (ids)."""
    open_ones: set[tuple[str, str, str]] = set()
    closed: set[tuple[str, str, str]] = set()
    for finding in findings:
        if finding.severity in (Severity.CRITICAL, Severity.ERROR):
            places = {(c.row, c.column_kind, c.column_label) for c in finding.cells if c.sha256 == sha256}
            (closed if finding.id in accepted else open_ones).update(places)
    settled = closed - open_ones
    if not settled:
        return figures
    bound = [p in settled for p in zip(figures["row"], figures["column_kind"], figures["column_label"], strict=True)]
    here = pd.Series(bound, index=figures.index) & (figures["status"] == Status.FLAGGED.value)
    return figures.assign(status=figures["status"].mask(here, Status.DECIDED.value))


def _corrected(figures: pd.DataFrame, corrections: Sequence[Decision]) -> Position:
    by_place = {d.cell.place: d for d in corrections if d.cell}
    cells = [d.cell for d in by_place.values() if d.cell]
    return {at: by_place[cell.place] for cell, at in positions(figures, cells).items()}


def positions(figures: pd.DataFrame, cells: Iterable[CellRef]) -> dict[CellRef, int]:
    """The line (from 0) of each cell in the frame, of those that are there."""
    wanted: dict[object, list[int]] = {(c.row, c.column_kind, c.column_label, c.page): [] for c in cells}
    names = ["row", "column_kind", "column_label", "page"]
    for at, place in enumerate(zip(*(figures[name] for name in names), strict=True)):
        if place in wanted:
            wanted[place].append(at)
    found = {}
    for cell in cells:
        lines = wanted[cell.row, cell.column_kind, cell.column_label, cell.page]
        if cell.nth < len(lines):
            found[cell] = lines[cell.nth]
    return found


def _value(figures: pd.DataFrame, at: int) -> int | None:
    value: Any = figures["value"].iat[at]
    return None if pd.isna(value) else int(value)


def _attrs(reading: pd.DataFrame, corrected: Position) -> dict[str, Any]:
    """What reading says beside the figures: no other guess, and no doubt, about a cell that was looked at."""
    said: dict[str, Any] = {}
    if "doubts" in reading.attrs:
        said["doubts"] = Shared(doubt for doubt in reading.attrs["doubts"] if doubt[0] not in corrected)
    if "guesses" in reading.attrs:
        others = [guess for guess in reading.attrs["guesses"] if guess[0] not in corrected]
        sure = ([at, [[_text(decision.value), decision.value, 1.0]]] for at, decision in corrected.items())
        said["guesses"] = Shared([*others, *sure])
    return said


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
