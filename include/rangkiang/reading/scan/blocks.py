"""Which parts of a scanned sheet go on under which, and what stands over their columns.

Heads come again on every page, and what is blurred on one is clear on another. But a head may be unreadable, so where a
block of columns ends is told by its rows: the next block begins with the form's first rows again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from statistics import fmean

import numpy as np
from rapidfuzz import fuzz

from rangkiang.forms import Form
from rangkiang.model import ColumnKind
from rangkiang.reading.figures import UNREADABLE
from rangkiang.reading.header import Column, folded, kinds
from rangkiang.reading.scan import words
from rangkiang.reading.scan.order import after, is_row
from rangkiang.reading.segments import Segment

DOUBT = "column_unsure"
"""What a number carries whose column nobody can name for sure."""
FULL = 0.5
"""Share of its lines that are rows of the form, from which a part is one of the sheet's."""
MORE, ALIKE = 2, 6
"""So many columns more may one of two heads have, if their other names are so much alike, in tenths."""
TWICE = 2
"""Pages on which a unit's name is read, from which it is believed: two pictures are seldom blurred into one name."""

_UNSURE = 0.3  # of a vote
_POLLING_PLACE = re.compile(r"(?:TPS)?(\d{1,3})")


@dataclass(slots=True)
class _Block:
    parts: list[Segment] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.parts[0].columns

    def fit(self, part: Segment) -> bool:
        """Has a part its columns, but for some that a stroke, a stamp or the sheet's back has made, or that have become
        one?"""
        return bool(_common(self.columns, part.columns) or _spread(part, self.columns))

    def add(self, part: Segment, rows: set[int]) -> None:
        common = _common(self.columns, part.columns) if self.parts else None
        if self.parts and not common:
            part = _spread(part, self.columns) or part
        elif common:
            own, its = common
            self.parts = [_only(one, own) for one in self.parts]
            part = _only(part, its)
        self.parts.append(part)
        self.rows |= rows


def blocks(parts: Iterable[Segment], form: Form) -> list[list[Segment]]:
    """Parts that continue each other downwards, with one name for each column: the one that was read most surely and
    most often. Figures whose column is not sure are in doubt."""
    found: list[_Block] = []
    for part in parts:
        if not any(one.label for one in part.columns):
            continue
        begins = (*after(part.lines, form, None), None)
        going = [(*after(part.lines, form, max(one.rows)), one) for one in found if one.fit(part)]
        _, rows, block = max([begins, *going], key=lambda way: (way[0], _place(way[2], part, found)))
        if not rows or len(rows) < FULL * sum(is_row(line) for line in part.lines):
            continue
        if block is None:
            found.append(block := _Block())
        block.add(part, rows)
    names = frozenset(map(folded, (*words.head_words(form), *words.unit_names(form))))
    heads = _distinct([_voted([part.columns for part in block.parts], names) for block in found])
    return [[_named(part, kinds(head, form)) for part in block.parts] for block, head in zip(found, heads, strict=True)]


def _place(block: _Block | None, part: Segment, found: Sequence[_Block]) -> tuple[int, int]:
    """Of blocks that a part may as well belong to, the one whose names it has, else the last."""
    return (_likeness(block.columns, part.columns), found.index(block)) if block else (-1, -1)


def _common(one: Sequence[Column], other: Sequence[Column]) -> tuple[Sequence[int], Sequence[int]] | None:
    """Which columns of two heads are the same; None where they are different heads."""
    if len(one) == len(other):
        return range(len(one)), range(len(other))
    if len(one) < len(other):
        found = _common(other, one)
        return found and found[::-1]
    if len(one) - len(other) > MORE:
        return None
    ways = combinations(range(len(one)), len(other))
    kept = max(ways, key=lambda way: _likeness([one[n] for n in way], other))
    strange = [one[n] for n in range(len(one)) if n not in kept]
    if any(column.sure and column.label for column in strange) or _likeness([one[n] for n in kept], other) < ALIKE:
        return None
    return kept, range(len(other))


def _spread(part: Segment, columns: Sequence[Column]) -> Segment | None:
    """A part whose rules are lost between two columns or three, over all columns: nobody can read what stands in those.
    None where it has others."""
    lost, width = len(columns) - len(part.columns), len(part.columns)
    if not 0 < lost <= MORE:
        return None
    ways = combinations(range(len(columns)), width)
    kept = max(ways, key=lambda way: _likeness([columns[n] for n in way], part.columns))
    its = {n: m for m, n in enumerate(kept) if _likeness([columns[n]], [part.columns[m]]) >= ALIKE}
    if len(its) < width - 1 or not its:
        return None
    places = np.array([its.get(n, -1) for n in range(len(columns))])
    lines = np.arange(len(part.lines))[:, None] * width
    cells = part.cells.spread(np.where(places < 0, -1, lines + places).ravel())
    named = tuple(part.columns[its[n]] if n in its else replace(one, sure=False) for n, one in enumerate(columns))
    return replace(part, columns=named, cells=cells)


def _only(part: Segment, kept: Sequence[int]) -> Segment:
    """Some of its columns."""
    width = len(part.columns)
    if len(kept) == width:
        return part
    cells = part.cells.take((np.arange(len(part.lines))[:, None] * width + np.array(kept)).ravel())
    return replace(part, columns=tuple(part.columns[n] for n in kept), cells=cells)


def _likeness(one: Sequence[Column], other: Sequence[Column]) -> int:
    """How like each other two heads are, in tenths; polling places, which are numbered, are alike or not."""

    def like(a: str, b: str) -> float:
        return float(a == b) if any(map(str.isdigit, a + b)) else fuzz.ratio(a, b) / 100

    if len(one) != len(other):
        return 0
    return round(10 * fmean(like(a.label, b.label) for a, b in zip(one, other, strict=True)))


def _voted(heads: Sequence[tuple[Column, ...]], names: Collection[str]) -> list[Column]:
    return [_best(column, names) for column in zip(*heads, strict=True)]


def _best(read: Sequence[Column], names: Collection[str]) -> Column:
    votes: dict[str, float] = defaultdict(float)
    for one in read:
        votes[_key(one)] += 1.0 if one.sure else _UNSURE
    best = max(votes, key=lambda text: (text not in ("", UNREADABLE), votes[text], text in names))
    alike = [one for one in read if _key(one) == best]
    known = best in names and len(alike) >= TWICE
    others = {_key(one) for one in read if one.sure and one.label} - {best}
    contested = any(votes[text] >= votes[best] for text in others)
    believed = best not in ("", UNREADABLE) and (known or any(one.sure for one in alike)) and not contested
    return replace(next((one for one in alike if one.sure), alike[0]), sure=believed)


def _key(column: Column) -> str:
    """What is the same in all ways to write a name: TPS 7 and 007 are one polling place."""
    place = _POLLING_PLACE.fullmatch(folded(column.label))
    return f"TPS {int(place[1])}" if place else folded(column.label)


def _distinct(heads: Sequence[list[Column]]) -> Iterator[tuple[Column, ...]]:
    """Heads in which no unit comes twice, and no name is missing."""
    units = _counted_off(heads)
    counts = Counter(_key(one) for one in units if one.kind is ColumnKind.UNIT)
    seen: set[str] = set()
    at = 0
    for head in heads:
        named: list[Column] = []
        for one in units[at : at + len(head)]:
            name = _key(one)
            nameless = name in ("", UNREADABLE)
            if one.kind is ColumnKind.UNIT and (counts[name] > 1 or nameless):
                again = name in seen or nameless
                one = replace(one, sure=False, label=f"{UNREADABLE}{at + len(named) + 1}" if again else one.label)
            seen.add(name)
            named.append(one)
        at += len(head)
        yield tuple(named)


def _counted_off(heads: Sequence[list[Column]]) -> list[Column]:
    """The columns of all heads, polling places among them by their numbers; running totals do not count."""
    every = [(n, one) for n, head in enumerate(heads) for one in head]
    places = [at for at, (_, one) in enumerate(every) if one.kind is ColumnKind.UNIT]
    found = [one for _, one in every]
    for at, one in zip(places, _pinned([every[at][1] for at in places], [every[at][0] for at in places]), strict=True):
        found[at] = one
    return found


def _pinned(units: Sequence[Column], head: Sequence[int]) -> list[Column]:
    """Polling places are numbered one after the other. A number is believed where one beside it agrees; between two
    of a ``head`` that do there may be as many others as there are columns, and then each has its number."""
    steps = {n: number - n for n, one in enumerate(units) if (number := _number(one)) is not None}
    order = sorted(steps)
    pairs = [(a, b) for a, b in pairwise(order) if steps[a] == steps[b]] if len(units) > 2 else []
    agreed = {n for pair in pairs for n in pair}
    lone = set(order) - agreed if len(order) > 1 else set()
    found = [replace(one, sure=False) if n in lone else one for n, one in enumerate(units)]
    for a, b in pairwise(sorted(agreed)):
        if steps[a] == steps[b] and head[a] == head[b]:
            for n in range(a + 1, b):
                found[n] = replace(units[n], label=_counted(units[a].label, n + steps[a]), sure=True)
    for n, one in enumerate(units):  # one that is not sure, and is what follows from those beside it
        beside = {steps[m] for m in (n - 1, n + 1) if m in agreed}
        if n not in agreed and len(beside) == 1 and _number(replace(one, sure=True)) == n + beside.pop():
            found[n] = replace(one, sure=True)
    return found


def _number(column: Column) -> int | None:
    place = _POLLING_PLACE.fullmatch(folded(column.label)) if column.sure else None
    return int(place[1]) if place else None


def _counted(pattern: str, number: int) -> str:
    """'TPS 007' after 'TPS 006'."""
    return re.sub(r"\d+", lambda digits: str(number).zfill(len(digits[0])), pattern)


def _named(part: Segment, head: tuple[Column, ...]) -> Segment:
    width = len(head)
    unsure = [n for n, one in enumerate(head) if not one.sure]
    doubted = [line * width + n for line in range(len(part.lines)) for n in unsure]
    columns = tuple(replace(own, label=one.label, kind=one.kind) for own, one in zip(part.columns, head, strict=True))
    return replace(part, columns=columns, cells=part.cells.doubted(doubted, DOUBT))
