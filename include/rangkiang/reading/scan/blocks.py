"""Which parts of a scanned sheet go on under which, and what stands over their columns.

Heads come again on every page, and what is blurred on one is clear on another. But a head may be unreadable, so where a
block of columns ends is told by its rows: the next block begins with the form's first rows again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from statistics import fmean

import numpy as np
from rapidfuzz import fuzz

from rangkiang.forms import Form
from rangkiang.model import ColumnKind
from rangkiang.reading.figures import UNREADABLE
from rangkiang.reading.header import Column, folded, kinds
from rangkiang.reading.scan import words
from rangkiang.reading.scan.chain import Path, is_row
from rangkiang.reading.scan.names import counted_off, distinct, is_other, key, voted
from rangkiang.reading.scan.order import after, is_whole, rows_of
from rangkiang.reading.scan.totals import totalled
from rangkiang.reading.segments import Segment

DOUBT = "column_unsure"
"""What a number carries whose column nobody can name for sure."""
FULL = 0.5
"""Share of its lines that are rows of the form, from which a part is one of the sheet's."""
MORE, ALIKE = 2, 6
"""So many columns more may one of two heads have, if their other names are so much alike, in tenths."""


SCRAP, STUB = 8, 0.15
"""Rows of what is no block if nothing over it can be read: signatures. Were it one, its own would lack them. And where
a block does lack rows, the share of another's that a page of it has of which nothing can be made out."""
CRAMPED = 1.6
"""Widths of a column that two columns take at least; a stroke that parts the figures of one makes two of less."""
UNLIKE, EARLIER, AGAIN = 1.0, 5.0, 30.0
"""Powers of e against a part that goes on under other names, for each tenth, and under an earlier block; and against
one that begins a block anew over units that had one."""


@dataclass(slots=True)
class _Block:
    parts: list[Segment] = field(default_factory=list)
    path: Path | None = None  # through its last lines
    rows: set[int] = field(default_factory=set)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.parts[0].columns

    @property
    def heads(self) -> list[tuple[Column, ...]]:
        """What was read over its columns: a page without a head says nothing more."""
        return [part.columns for part in self.parts if not part.headless] or [self.columns]

    def fit(self, part: Segment) -> bool:
        """Has a part its columns, but for some that a stroke, a stamp or the sheet's back has made, or that have become
        one in one of both?"""
        return bool(_common(self.columns, part.columns) or _spread(part, self.columns) or self._wider(part))

    def _wider(self, part: Segment) -> list[Segment] | None:
        """Its parts over the columns of one that has more."""
        found = [spread for one in self.parts if (spread := _spread(one, part.columns))]
        return found if len(found) == len(self.parts) else None

    def is_over(self, part: Segment, form: Form) -> bool:
        """Is it about the units of a part? A sheet about one place has no others."""
        if form.area is form.unit:
            return True
        pairs = zip(self.columns, part.columns, strict=False)
        units = [(a, b) for a, b in pairs if ColumnKind.UNIT is a.kind is b.kind and a.sure and b.sure and a.label]
        return bool(units) and all(key(a) == key(b) for a, b in units)

    def has_one_of(self, names: Collection[str]) -> bool:
        """Does a name that is known stand over it?"""
        return any(folded(column.label) in names for part in self.parts for column in part.columns)

    def add(self, part: Segment, path: Path) -> None:
        common = _common(self.columns, part.columns) if self.parts else None
        if self.parts and not common:
            self.parts = self._wider(part) or self.parts
            part = _spread(part, self.columns) or part
        elif common:
            own, its = common
            self.parts = [_placed(one, own, part.columns) for one in self.parts]
            part = _placed(part, its, self.columns)
        self.parts.append(part)
        self.path = path


def blocks(parts: Iterable[Segment], form: Form) -> list[list[Segment]]:
    """Parts that continue each other downwards, with one name for each column: the one that was read most surely and
    most often. Figures whose column is not sure are in doubt."""
    found: list[_Block] = []
    for part in parts:
        if not any(one.label for one in part.columns):
            continue
        part = replace(part, columns=tuple(counted_off([part.columns])))
        ways: list[tuple[Path, _Block | None]] = [(after(part.lines, form, None), None)]
        ways += [(after(part.lines, form, one.path), one) for one in found if one.fit(part)]
        again = AGAIN * any(one.fit(part) and one.is_over(part, form) for one in found)
        path, block = max(ways, key=lambda way: way[0].log + (_weight(way[1], part, found) if way[1] else -again))
        rows = rows_of(path, form)
        if not rows or len(rows) < FULL * sum(is_row(line) for line in part.lines):
            continue
        if block is None:
            found.append(block := _Block())
        block.add(part, path)
        block.rows |= rows
    names = frozenset(map(folded, (*words.head_words(form), *words.unit_names(form)))) - {folded(form.printed_unit)}
    found = [block for block in found if block.has_one_of(names) or len(block.rows) > _scrap(block, found, form)]
    read = [voted(block.heads, names) for block in found]
    heads = distinct(totalled(read, [block.parts for block in found], form))
    columns = [tuple(map(_no_stub, kinds(head, form))) for head in heads]
    return [[_named(part, own) for part in block.parts] for block, own in zip(found, columns, strict=True)]


def _no_stub(column: Column) -> Column:
    """No figures stand below what is over the labels: under a stamp anything may be read so."""
    stub = {folded(name) for name in words.STUB}
    return replace(column, sure=False) if folded(column.label) in stub else column


def _scrap(block: _Block, found: Sequence[_Block], form: Form) -> float:
    """Rows of what is no block."""
    others = [one.rows for one in found if one is not block]
    lacking = any(not is_whole(rows, form) for rows in others)
    return max(SCRAP, STUB * max(map(len, others))) if lacking else SCRAP


def _weight(block: _Block, part: Segment, found: Sequence[_Block]) -> float:
    """How probable it is, as a logarithm, that a part goes on under a block, by its names and the order of pages."""
    return UNLIKE * (_likeness(block.columns, part.columns) - 10) - (0.0 if block is found[-1] else EARLIER)


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
    kept = max(ways, key=lambda way: _shared([one[n] for n in way], other))
    strange = [one[n] for n in range(len(one)) if n not in kept]
    if any(column.sure and column.label for column in strange) or _likeness([one[n] for n in kept], other) < ALIKE:
        return None
    return kept, range(len(other))


def _spread(part: Segment, columns: Sequence[Column]) -> Segment | None:
    """A part whose rules are lost between two columns or three, over all columns. None where it has others."""
    lost, width = len(columns) - len(part.columns), len(part.columns)
    if not 0 < lost <= MORE:
        return None
    ways = combinations(range(len(columns)), width)
    kept = max(ways, key=lambda way: _shared([columns[n] for n in way], part.columns))
    own = {n: m for m, n in enumerate(kept) if _is_same(columns[n], part.columns[m])}
    return _laid(part, [own.get(n) for n in range(len(columns))]) if 2 * len(own) > width else None


def _placed(part: Segment, kept: Sequence[int], columns: Sequence[Column]) -> Segment:
    """Some of its columns, in the place of these. Where others are dropped, one whose name is not theirs may be any."""
    if len(kept) == len(part.columns):
        return part
    part = _doubted(part, _cramped(part, set(range(len(part.columns))) - set(kept)))
    return _laid(part, [n if _is_same(part.columns[n], one) else None for n, one in zip(kept, columns, strict=True)])


def _laid(part: Segment, own: Sequence[int | None]) -> Segment:
    """Its columns in this order; where it is None, nobody can read what stands there, nor over it."""
    places = np.array([-1 if n is None else n for n in own])
    lines = np.arange(len(part.lines))[:, None] * len(part.columns)
    unread = Column(0, 0, UNREADABLE, sure=False)
    columns = tuple(unread if n is None else part.columns[n] for n in own)
    return replace(part, columns=columns, cells=part.cells.spread(np.where(places < 0, -1, lines + places).ravel()))


def _is_same(one: Column, other: Column) -> bool:
    """Is it beyond doubt the same name? Where rules are lost or strange, two names may stand in one cell."""
    return (one.sure or other.sure) and bool(one.label) and key(one) == key(other)


def _shared(one: Sequence[Column], other: Sequence[Column]) -> int:
    """Over how many columns two heads have names that are alike."""
    return sum(_likeness([a], [b]) for a, b in zip(one, other, strict=True))


def _likeness(one: Sequence[Column], other: Sequence[Column]) -> int:
    """How like each other two heads are, in tenths; polling places, which are numbered, are alike or not."""

    def like(a: str, b: str) -> float:
        return float(a == b) if any(map(str.isdigit, a + b)) else fuzz.ratio(a, b) / 100

    if len(one) != len(other):
        return 0
    return round(10 * fmean(like(a.label, b.label) for a, b in zip(one, other, strict=True)))


def _named(part: Segment, head: tuple[Column, ...]) -> Segment:
    pairs = enumerate(zip(part.columns, head, strict=True))
    unsure = {n for n, (own, one) in pairs if not one.sure or is_other(own, one)}
    columns = tuple(replace(own, label=one.label, kind=one.kind) for own, one in zip(part.columns, head, strict=True))
    return replace(_doubted(part, unsure | _cramped(part, unsure)), columns=columns)


def _cramped(part: Segment, strange: Collection[int]) -> set[int]:
    """The columns that have too little room beside strange ones: theirs may be the last or first digits of these."""
    sizes = (part.cells.box[:, 2] - part.cells.box[:, 0]).reshape(len(part.lines), -1)
    known = np.isfinite(sizes)
    if not strange or not known.any():
        return set()
    width = [np.median(own[there]) if there.any() else np.nan for own, there in zip(sizes.T, known.T, strict=True)]
    beside = {(n, other) for n in strange for other in (n - 1, n + 1) if 0 <= other < len(width)}
    return {other for n, other in beside if width[n] + width[other] < CRAMPED * np.nanmedian(width)}


def _doubted(part: Segment, columns: Collection[int]) -> Segment:
    """The part, nobody being certain of what these columns' figures stand under."""
    width = len(part.columns)
    known = {n for n, code, _ in part.cells.doubts if code == DOUBT}
    doubted = (line * width + n for line in range(len(part.lines)) for n in sorted(columns))
    return replace(part, cells=part.cells.doubted((n for n in doubted if n not in known), DOUBT))
