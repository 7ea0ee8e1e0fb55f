"""Which line of a sheet is which row of the form.

Labels alone do not tell I.A.1 from I.B.1, nor do numbers; order does. Lines and rows are aligned in order, sections
being part of the order, so that a page may begin and end anywhere in the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from rangkiang.catalogue import fold
from rangkiang.forms import Form, LeafRow, Section
from rangkiang.reading.segments import Line

LIKE_ENOUGH = 0.6
"""Labels below this are not taken for the row's, whatever the order says. 1 is equal."""

_MAX_LINES = 2000  # a workbook may go on for a million lines below its form


@dataclass(frozen=True, slots=True)
class _Target:
    """A section heading or a row, in the order of the sheet."""

    label: str
    number: str
    split: str
    leaf: LeafRow | None


def align(lines: Sequence[Line], form: Form) -> list[tuple[Line, LeafRow]]:
    """Lines with the row they are, from top to bottom; lines that are no row of the form are left out."""
    candidates = [line for line in _with_labels(lines) if line.label or line.number][:_MAX_LINES]
    targets = _targets(form)
    scores = np.array([[_score(line, target) for target in targets] for line in candidates])
    found = _best_path(scores) if candidates else []
    matched = ((candidates[i], targets[j].leaf) for i, j in found)
    return [(line, leaf) for line, leaf in matched if leaf is not None]


def _with_labels(lines: Sequence[Line]) -> list[Line]:
    """A label stands once over its sub-rows; where it is not a merged cell, or on the page before, it carries on."""
    full: list[Line] = []
    for line in lines:
        above = full[-1] if full else None
        if line.split and not line.label and above and above.split:
            line = replace(line, label=above.label, number=above.number)
        full.append(line)
    return full


def _targets(form: Form) -> list[_Target]:
    targets: list[_Target] = []
    opened: set[str] = set()
    for leaf in form.leaf_rows:
        for section in form.sections:
            if section.code not in opened and f"{leaf.parent.section}.".startswith(f"{section.code}."):
                opened.add(section.code)
                targets.append(_heading(section))
        targets.append(_Target(leaf.parent.label.id, leaf.parent.number, leaf.split, leaf))
    return targets


def _heading(section: Section) -> _Target:
    return _Target(section.label.id, section.code.rpartition(".")[2], "", None)


def _score(line: Line, target: _Target) -> float:
    """0 where the line cannot be the target, else how alike they are, up to 1."""
    if line.split != target.split or (target.leaf is None and any(c and c.text for c in line.cells)):
        return 0.0
    like = _likeness(line, target)
    return like if like >= LIKE_ENOUGH else 0.0


def _likeness(line: Line, target: _Target) -> float:
    same_number = _number(line.number) == _number(target.number)
    printed = fold(line.label)
    labels = (fold(target.label), fold(target.number + target.label))
    wholes = (printed, fold(line.number + line.label))
    ratio = max(fuzz.ratio(p, label) for p in wholes for label in labels) / 100
    words = fuzz.token_set_ratio(line.label.upper(), target.label.upper()) / 100
    return 0.65 * ratio + 0.2 * words + 0.15 * same_number


def _number(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper()).lstrip("0")


def _best_path(scores: np.ndarray) -> list[tuple[int, int]]:
    """Pairs (line, target), both growing, with the largest sum of scores."""
    lines, targets = scores.shape
    best = np.zeros((lines + 1, targets + 1))
    for i in range(lines):
        with_line = best[i, :-1] + scores[i]
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], with_line))
    path = []
    i, j = lines, targets
    while i and j:
        if best[i, j] == best[i, j - 1]:
            j -= 1
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            path.append((i, j))
    return path[::-1]
