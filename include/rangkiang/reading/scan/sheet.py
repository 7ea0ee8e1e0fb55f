"""From a ruled table on a leaf to a table of cells: which cells hold words, which hold numbers, and what they say.

Words are read first, and only where a form has words: the head, the labels, sections. Where the head stands says which
columns hold numbers; those cells are read by the reader of numbers, all of a page at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rangkiang.catalogue import fold
from rangkiang.model import Cell, Guess, Table
from rangkiang.reading.figures import UNREADABLE
from rangkiang.reading.scan.bands import parted, stub_parted
from rangkiang.reading.scan.drawn import Drawn
from rangkiang.reading.scan.eyes import Eyes
from rangkiang.reading.scan.heads import is_station
from rangkiang.reading.scan.layout import Layout
from rangkiang.reading.scan.said import Said
from rangkiang.reading.scan.strays import without_strays
from rangkiang.scans.engine import Engine
from rangkiang.scans.leaf import Grey
from rangkiang.spans import Region

ENGINE = "scan"

_TITLE = "URAIAN"
_NAMES = "NAMA"  # heads the table of names and signatures, which a pen may join to that of figures
_FIRST = 4  # rows from the top of a table within which its head begins
_STUB = 3  # columns within which the labels' head stands
_TALLEST = 0.25  # of the page's height: no head is taller
_LONG = 8  # rows: neither names nor signatures fill so many
_NAME = 3  # letters of the shortest name
_VAGUE = 0.5  # confidence in what is on no list
_ENOUGH = 2  # of its numbers that can be read
_COUNTS = 6  # signs of what numbers a column, with a stroke or two
_SPLITS_ASKED = 6  # cells of the column beside the labels that are looked at


Place = tuple[float, float, float, float]
"""The box of a cell: x0, y0, x1, y1."""


@dataclass(slots=True)
class _Marks:
    """What is found out about the cells of a table, by their numbers."""

    texts: dict[int, str] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    vague: set[int] = field(default_factory=set)  # cells of words that are on no list
    counted: dict[int, tuple[Guess, ...]] = field(default_factory=dict)  # what numbers in front of labels may be

    def note(self, n: int, said: Said) -> None:
        """What a cell says."""
        self.texts[n] = said.text
        self.vague |= set() if said.sure else {n}
        self.counted[n] = said.numbers


@dataclass(frozen=True, slots=True)
class Taken:
    """A table, how it lies, and the pictures of its numbers by the box of their cell."""

    table: Table
    layout: Layout
    crops: dict[Place, Grey]

    def under(self, before: Layout, there: NDArray[np.intp]) -> Taken:
        """The same as a part of a table before it, of whose edges these are there."""
        at = there.tolist()
        cells = (replace(c, col=at[c.col], col_span=at[c.col + c.col_span] - at[c.col]) for c in self.table.cells)
        return Taken(replace(self.table, cells=tuple(cells), goes_on=True), before, self.crops)


def take(table: Drawn, page: int, eyes: Eyes, numbers: Engine, before: Layout | None) -> Taken | None:
    """A table of figures, or None where it is none of this form's: names and signatures are not read."""
    drawn = table.of_this_side()
    if drawn is None:
        return None
    drawn = before.completed(drawn) if before else drawn
    title = _title(drawn, eyes)
    # Above a head may stand the last rows of the table before it.
    below = title is None or drawn.quads[title].region[0] > 0
    there = before.there(drawn) if before and below else None
    if before and there is not None:
        own, layout = before.on(drawn, there)
        if not _has_names(own, 0, layout.values, eyes):
            taken = _taken(parted(own, 0, layout.values), page, eyes, numbers, None, layout)
            return taken and taken.under(before, there)
    title = _untitled(drawn) if title is None else title
    if title is None:
        return None
    region = _whole(drawn, title, eyes)
    lattice, region = before.numbered_beside(drawn, region) if before else (drawn.lattice, region)
    tidy = without_strays(lattice, region, partial(_holds_splits, drawn, eyes))
    if tidy is not drawn.lattice:
        drawn = Drawn(drawn.leaf, tidy)
        title = next((n for n in (_title(drawn, eyes), _untitled(drawn)) if n is not None), None)
    if title is None:
        return None
    _, label, first, values = drawn.quads[title].region
    ruled = parted(stub_parted(drawn, first, values, label), first, values)
    return _taken(ruled, page, eyes, numbers, title, before)


def _taken(
    drawn: Drawn, page: int, eyes: Eyes, numbers: Engine, title: int | None, layout: Layout | None
) -> Taken | None:
    """The table, or None where no figures stand beside its labels."""
    marks = _Marks()
    layout = _words(drawn, title, eyes, marks, layout)
    if layout.values >= drawn.at.shape[1]:
        return None
    crops = [drawn.crop(n).copy() for n in marks.numbers]  # of the whole page nothing else is kept
    guesses = dict(zip(marks.numbers, numbers.guesses(crops), strict=True))
    cells = tuple(_cell(drawn, n, marks, guesses.get(n)) for n in range(len(drawn.quads)))
    kept = {_key(drawn, n): crop for n, crop in zip(marks.numbers, crops, strict=True)}
    return Taken(Table(page, ENGINE, cells), layout, kept)


def _key(drawn: Drawn, n: int) -> Place:
    box = drawn.box(n)
    return box.x0, box.y0, box.x1, box.y1


def _title(drawn: Drawn, eyes: Eyes) -> int | None:
    """The cell over the labels."""
    for n in dict.fromkeys(drawn.at[:_FIRST, :_STUB].ravel().tolist()):
        _, left, _, right = drawn.quads[n].region
        crop = drawn.crop(n)
        small = right - left < drawn.at.shape[1] and crop.shape[0] < _TALLEST * drawn.leaf.grey.shape[0]
        if small and eyes.is_title(crop):
            return n
    return None


def _whole(drawn: Drawn, title: int, eyes: Eyes) -> Region:
    """The cell over the labels down to the names of the columns: a stroke may part it, or a rule that goes on."""
    top, left, bottom, right = drawn.quads[title].region
    named = 2 * len(set(drawn.at[bottom - 1, right:].tolist())) > drawn.at.shape[1] - right
    below = not named and bottom < drawn.at.shape[0] and _has_names(drawn, bottom, right, eyes)
    return top, left, bottom + below, right


def _has_names(drawn: Drawn, row: int, values: int, eyes: Eyes) -> bool:
    """Do names stand in a row, or polling places one after the other, and no figures?"""
    crops = [drawn.crop(n) for n in _cells_of(drawn, row, row + 1) if drawn.quads[n].region[1] >= values]
    said = [text for text in (eyes.head(crop).text for crop in crops) if text]
    places = [int("".join(filter(str.isdigit, text))) for text in said if is_station(text)]
    in_order = sum(b - a == 1 for a, b in pairwise(places))
    return 2 * max(sum(sum(map(str.isalpha, text)) >= _NAME for text in said), in_order) > len(said)


def _untitled(drawn: Drawn) -> int | None:
    """The same where nobody can read it: labels stand in the widest of the first columns of a long table."""
    rows, columns = drawn.at.shape
    if rows < _LONG or columns < _STUB:
        return None
    n = int(drawn.at[0, np.diff(drawn.edges)[:_STUB].argmax()])
    _, left, _, right = drawn.quads[n].region
    return n if right - left < columns else None


def _words(drawn: Drawn, title: int | None, eyes: Eyes, marks: _Marks, before: Layout | None) -> Layout:
    """Read every word of the table, head by head, and note where numbers stand."""
    rows = drawn.at.shape[0]
    row, layout = 0, before
    while row < rows:
        if title is not None:
            row, layout = _head(drawn, title, eyes, marks, layout)
        assert layout is not None  # noqa: S101 - take() has made sure of one
        row, title = _body(drawn, row, layout, eyes, marks)
    assert layout is not None  # noqa: S101 - as above
    return layout


def _head(drawn: Drawn, title: int, eyes: Eyes, marks: _Marks, before: Layout | None) -> tuple[int, Layout]:
    """Read a head. The row below it, and where figures begin, which is where they do ``before`` in the same columns."""
    top, _, bottom, values = drawn.quads[title].region
    for n in _cells_of(drawn, top, bottom):
        row, left, _, _ = drawn.quads[n].region
        if row > top and left < values:
            said = Said("", True)  # what stands beside the title is as high: a stroke parts it
        else:
            said = Said(_TITLE, True) if n == title else eyes.head(drawn.crop(n))
        marks.note(n, said)
    beside = int(drawn.at[bottom - 1, values]) if values < drawn.at.shape[1] else title
    if before and before.like(drawn):
        values = before.values
    elif beside in marks.vague and _holds_splits(drawn, eyes, values, bottom):
        values = drawn.quads[beside].region[3]
    numbered = before is not None and before.numbered
    row = _numbering(drawn, bottom, values, eyes, marks, numbered)
    return row, Layout(values, drawn.edges, numbered or row > bottom, drawn.width)


def _cells_of(drawn: Drawn, first: int, end: int) -> list[int]:
    return list(dict.fromkeys(drawn.at[first:end].ravel().tolist()))


def _holds_splits(drawn: Drawn, eyes: Eyes, column: int, first: int = 0) -> bool:
    """Is a column that of L, P, JML?"""
    if column >= drawn.at.shape[1] - 1:
        return False
    cells = dict.fromkeys(drawn.at[first:, column].tolist())
    own = [n for n in cells if drawn.quads[n].region[1] == column][:_SPLITS_ASKED]
    return sum(bool(eyes.split(drawn.crop(n)).text) for n in own) * 2 > len(own) > 0


def _numbering(drawn: Drawn, row: int, values: int, eyes: Eyes, marks: _Marks, expected: bool) -> int:
    """The first row of figures: below the row that numbers the columns, where there is one."""
    if row >= drawn.at.shape[0]:
        return row
    cells = _cells_of(drawn, row, row + 1)
    if any(drawn.quads[n].region[2] != row + 1 for n in cells):
        return row
    first = [n for n in cells if drawn.quads[n].region[1] < values]
    counted = [eyes.plain(drawn.crop(n)) for n in first]
    if not counted or max(map(len, counted)) > _COUNTS or (_right(counted) == 0 and not expected):
        return row
    if _right(counted) < len(first) and not expected:
        counted += [eyes.plain(drawn.crop(n)) for n in cells[len(first) :]]
    if _right(counted) < _ENOUGH and not expected:
        return row
    marks.texts.update({n: str(place) for place, n in enumerate(cells, 1)})
    return row + 1


def _right(counted: Sequence[str]) -> int:
    """How many cells of a row have the numbers 1, 2, 3, ..."""
    return sum(text.strip("()") == str(n) for n, text in enumerate(counted, 1))


def _body(drawn: Drawn, row: int, layout: Layout, eyes: Eyes, marks: _Marks) -> tuple[int, int | None]:
    """Read rows until the table, or what it has of figures, ends or another head begins: that row, and the cell of its
    title."""
    below = _cells_of(drawn, row, drawn.at.shape[0])
    first = [n for n in below if n not in marks.texts and _is_number(drawn, n, layout)]
    numbered = dict(zip(first, eyes.numbers([drawn.crop(n) for n in first]), strict=True))  # at once: it is quicker
    for r in range(row, drawn.at.shape[0]):
        fresh = [n for n in _cells_of(drawn, r, r + 1) if n not in marks.texts]
        stub = [n for n in fresh if drawn.quads[n].region[1] < layout.values]
        said = {n: numbered.get(n) or _stub(drawn, n, layout, eyes) for n in stub}
        title = next((n for n, s in said.items() if fold(s.text) == _TITLE), None)
        if title is not None:
            return r, title
        if _are_names([fold(one.text) for one in said.values()]):
            break
        for n, one in said.items():
            marks.note(n, one)
        numbers = [n for n in fresh if n not in said]
        marks.texts.update(dict.fromkeys(numbers, ""))
        marks.numbers += numbers
    return drawn.at.shape[0], None


def _are_names(stub: Sequence[str]) -> bool:
    """Do names and signatures follow? A stroke may stand beside what heads them."""
    return _NAMES in stub or ("NO" in stub and any(text.endswith(_NAMES) for text in stub))


def _is_number(drawn: Drawn, n: int, layout: Layout) -> bool:
    """Does a cell stand in front of a label?"""
    _, left, _, right = drawn.quads[n].region
    return left == 0 and right < layout.values


def _stub(drawn: Drawn, n: int, layout: Layout, eyes: Eyes) -> Said:
    """What stands left of the figures: a label, and L, P or JML in the last column."""
    _, left, _, right = drawn.quads[n].region
    crop = drawn.crop(n)
    if left == layout.values - 1 > 1 and right == layout.values:
        return eyes.split(crop)
    return eyes.label(crop)


def _cell(drawn: Drawn, n: int, marks: _Marks, guesses: tuple[Guess, ...] | None) -> Cell:
    top, left, bottom, right = drawn.quads[n].region
    text, p = marks.texts.get(n, ""), _VAGUE if n in marks.vague else 1.0
    if guesses is not None:
        text, p = (guesses[0].text, guesses[0].p) if guesses else (UNREADABLE, 0.0)
    counted = marks.counted.get(n, ())
    return Cell(top, left, text, drawn.box(n), bottom - top, right - left, p, guesses=guesses or counted)
