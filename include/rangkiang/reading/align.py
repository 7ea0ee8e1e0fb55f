"""Which line of a sheet is which row of the form.

Labels alone do not tell I.A.1 from I.B.1, nor the total of one party from that of the next, nor do numbers; order does.
Lines and rows are aligned in order, headings being part of the order, so that a page may begin and end anywhere in
the form. A candidate is known by the number alone: names are the sheet's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from rangkiang.forms import Form, LeafRow, Section
from rangkiang.reading.header import folded
from rangkiang.reading.segments import Line

LIKE_ENOUGH = 0.6
"""Labels below this are not taken for the row's, whatever the order says. 1 is equal."""

BY_NUMBER = 0.7
"""What the right number is worth to a candidate: less than a label, so that no other row passes for one."""

WITHOUT_VOTES = 0.65
"""And where no number of votes stands beside it: such lines are mostly candidates, and sometimes signatures."""

_LETTERS, _WORDS, _SAME_NUMBER = 0.65, 0.2, 0.15
SAME_LABEL = _LETTERS + _WORDS
_MAX_LINES = 2000  # a workbook may go on for a million lines below its form
_PREFIX = re.compile(r"([A-Z]\.\d|\d{1,3}|[A-Z]|[IVX]+)(?:\s*[.)]\s*|\s+)(?=\S)")

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Per line the row that it is, or None; and, by position, the lines with figures that are none."""

    rows: tuple[LeafRow | None, ...]
    unknown: tuple[int, ...]
    repeated: tuple[int, ...]  # those of them that have a row's label: it stands there twice
    unsure: tuple[int, ...] = ()  # lines that may be another row


@dataclass(frozen=True, slots=True)
class Target:
    """A heading or a row, in the order of the sheet."""

    labels: tuple[str, ...]  # none: any label will do
    number: str
    split: str
    leaf: LeafRow | None

    @property
    def free(self) -> bool:
        """A candidate, whose name is the sheet's own."""
        return not self.labels


@lru_cache(64)
def align(lines: tuple[Line, ...], form: Form) -> Aligned:
    """Lines with the row they are.

    What stands below the form's last row is nothing to mention: there sheets are signed.
    """
    whole = list(_with_labels(lines))
    places = [n for n, line in enumerate(whole) if line.label or line.number][:_MAX_LINES]
    like = _targets(form)
    scores = like.scores([whole[n] for n in places])
    rows: list[LeafRow | None] = [None] * len(lines)
    some = np.flatnonzero(scores.any(axis=1))
    for i, j in _best_path(scores[some]):
        rows[places[some[i]]] = like.all[j].leaf
    last = next((n for n, leaf in enumerate(rows) if leaf is form.leaf_rows[-1]), len(lines))
    likes = dict(zip(places, scores[:, like.labelled].max(axis=1, initial=0.0).tolist(), strict=True))
    left = [n for n, leaf in enumerate(rows) if leaf is None and lines[n].digits]
    repeated = tuple(n for n in left if likes.get(n, 0) >= SAME_LABEL)
    return Aligned(tuple(rows), tuple(n for n in left if n < last or n in repeated), repeated)


def name_of(line: Line) -> str:
    """The label without the number in front of it: '3. BUDI' is BUDI."""
    found = _PREFIX.match(line.label)
    numbered = found and found[1].isdigit() and digits_of(line.number) in ("", digits_of(found[1]))
    return line.label[found.end() :] if found and numbered else line.label


def _with_labels(lines: Iterable[Line]) -> Iterable[Line]:
    """A label stands once over its sub-rows; where it is not a merged cell, or on the page before, it carries on."""
    above: Line | None = None
    for line in lines:
        if line.split and not line.label and above and above.split:
            line = line._replace(label=above.label, number=above.number)
        above = line
        yield line


class _Targets:
    """The rows and headings of a form, and how like them lines are."""

    def __init__(self, form: Form) -> None:
        self.all = targets(form)
        self.heading = np.array([t.leaf is None for t in self.all])
        self.free = np.array([not t.labels for t in self.all])
        self.labelled = ~self.heading & ~self.free
        self._splits = {"": 0} | {split.code: n for n, split in enumerate(form.splits, 1)}
        self._split = np.array([self._splits[t.split] for t in self.all])
        self._numbers: dict[str, int] = {}
        self._number = np.array([self._numbers.setdefault(digits_of(t.number), len(self._numbers)) for t in self.all])
        spelled = [(spelling, n) for n, t in enumerate(self.all) for spelling in spellings(t)]
        self._choices = list(dict.fromkeys(spelling for spelling, _ in spelled))
        places = {choice: n for n, choice in enumerate(self._choices)}
        self._choice = np.array([places[spelling] for spelling, _ in spelled])
        self._owner = np.array([n for _, n in spelled])  # the target of each spelling, growing
        self._first = np.flatnonzero(np.diff(self._owner, prepend=-1))
        self._exact = {choice: self._owner[self._choice == n] for choice, n in places.items()}

    def scores(self, lines: Sequence[Line]) -> Scores:
        """(lines, targets): 0 where the line cannot be the target, else how alike they are, up to 1."""
        found = np.zeros((len(lines), len(self.all)))
        numbered = [self._numbers.get(digits_of(line.number or prefix(line.label)), -1) for line in lines]
        numbers = np.array(numbered, dtype=np.intp)
        same_number = numbers[:, None] == self._number
        candidate = (same_number & self.free).any(axis=1)
        rough: list[int] = []
        for n, line in enumerate(lines):
            same = [self._exact[spelling] for spelling in printed(line) if spelling in self._exact]
            for place in same:
                found[n, place] = _LETTERS + _WORDS
            if not same:
                rough.append(n)
        # What has a candidate's number is mostly a candidate; else words in common may help a label along.
        self._add_likeness(found, lines, [n for n in rough if candidate[n]], LIKE_ENOUGH)
        least = (LIKE_ENOUGH - _WORDS - _SAME_NUMBER) / _LETTERS
        self._add_likeness(found, lines, [n for n in rough if not candidate[n]], least)
        found[same_number & (found > 0)] += _SAME_NUMBER
        found[found < LIKE_ENOUGH] = 0
        digits = np.array([line.digits for line in lines], dtype=bool)
        by_number = np.where(digits, BY_NUMBER, WITHOUT_VOTES)[:, None]
        return self._possible(lines, np.where(same_number & self.free, by_number, found))

    def _possible(self, lines: Sequence[Line], found: Scores) -> Scores:
        split = np.array([self._splits[line.split] for line in lines], dtype=np.intp)[:, None] == self._split
        heading = np.array([not line.filled for line in lines], dtype=bool)[:, None] & self.heading
        row = np.array([not line.spans for line in lines], dtype=bool)[:, None] & ~self.heading
        possible: Scores = found * (split & (heading | row))
        return possible

    def _add_likeness(self, found: Scores, lines: Sequence[Line], places: Sequence[int], least: float) -> None:
        """Letters and words in common, for labels that are written in no known way."""
        if not places:
            return
        queries = [spelling for n in places for spelling in printed(lines[n])]
        ratio = process.cdist(
            queries, self._choices, scorer=fuzz.ratio, score_cutoff=100 * least, dtype=np.float32
        ).reshape(len(places), 2, -1)
        letters = np.maximum.reduceat(ratio.max(axis=1)[:, self._choice], self._first, axis=1) / 100
        for i, j in np.argwhere(letters).tolist():
            n, t = places[i], int(self._owner[self._first[j]])
            words = max(_in_common(lines[n].label, label) for label in self.all[t].labels)
            found[n, t] = _LETTERS * letters[i, j] + _WORDS * words


_targets = lru_cache(64)(_Targets)


def targets(form: Form) -> tuple[Target, ...]:
    """The rows and headings of a form in the order of its sheet."""
    return tuple(_of_form(form))


def _of_form(form: Form) -> Iterable[Target]:
    opened: set[str] = set()
    above: dict[str, list[Target]] = {}
    for heading in form.headings:
        above.setdefault(heading.before, []).append(Target((heading.printed,), heading.number, "", None))
    for leaf in form.leaf_rows:
        row = leaf.parent
        for section in form.sections:
            if section.code not in opened and f"{row.section}.".startswith(f"{section.code}."):
                opened.add(section.code)
                yield _section(section)
        if leaf.split in ("", form.splits[0].code):
            yield from above.get(row.code, ())
        yield Target(() if row.optional else (row.label.id, *row.printed), row.number, leaf.split, leaf)


def _section(section: Section) -> Target:
    return Target((section.label.id,), section.code.rpartition(".")[2], "", None)


def spellings(target: Target) -> list[str]:
    """With its number in front, as many sheets print it, and without."""
    return [folded(text) for label in target.labels for text in (label, target.number + label)]


def printed(line: Line) -> tuple[str, str]:
    return folded(line.label), folded(line.number + line.label)


@lru_cache(4096)
def _in_common(one: str, other: str) -> float:
    return fuzz.token_set_ratio(one.upper(), other.upper()) / 100


@lru_cache(4096)
def prefix(label: str) -> str:
    """The number in front of a label, in the same cell."""
    found = _PREFIX.match(label)
    return found[1] if found else ""


@lru_cache(4096)
def digits_of(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper()).lstrip("0")


def _best_path(scores: Scores) -> list[tuple[int, int]]:
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
