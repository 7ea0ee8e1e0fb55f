"""Scans of which no form is known: whatever tables stand on them, each number with all that it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

import cv2
import numpy as np

from rangkiang.model import Cell, Guess, Status, Table
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.scan import twice
from rangkiang.reading.scan.edges import groups
from rangkiang.reading.scan.hardly import without_strays
from rangkiang.reading.scan.loose import frames, loose, outside
from rangkiang.reading.scan.prints import INK, LOWEST, ROOM, Print, lines, prints, without_rules
from rangkiang.reading.scan.sheet import ENGINE
from rangkiang.reading.scan.slots import Slot, slots
from rangkiang.reading.source import Decision, Source
from rangkiang.scans.cells import crop
from rangkiang.scans.counting import counts
from rangkiang.scans.digits import digits
from rangkiang.scans.errors import Unusable
from rangkiang.scans.lattice import lattices
from rangkiang.scans.leaf import Grey, Leaf
from rangkiang.scans.letters import ALPHABET, Text, letters
from rangkiang.scans.pictures import pictures
from rangkiang.scans.upright import upright

LIKELY = 0.5
"""A number so probable makes a cell one of numbers."""
WORDS = 0.9
"""A text every letter of which is read so surely, and which is no number, is none."""
BLANK = 0.95
"""How sure the reader of letters is that nothing stands where it sees no ink."""
SURE = 0.99
"""A number so probable is one beyond doubt."""
LEAST, MANY = 2, 0.3
"""Numbers that a table has at least; and their share of its cells, where no rules say that it is a table."""
EDGE = 1.5
"""Points from the edge of a cell in which remnants of its rules may be."""
BLACK = 110
"""Of 255: paper so dark is painted, and what stands on it is white."""
UNREAD = "?"
"""Stands for a number of which nothing can be made out."""
DOUBT = "reading_unsure"
"""Reason of a number that cannot be made out."""


class _Kind(Enum):
    WORDS = auto()
    NUMBER = auto()
    EMPTY = auto()


def survey(data: bytes, media_type: str, pages: Collection[int] | None = None) -> Source:
    """Every table with numbers on these pages, or on all. Raises Unreadable."""
    try:
        wanted = (picture for picture in pictures(data, media_type) if pages is None or picture.number in pages)
        read = {leaf.number: _page(leaf) for leaf in map(upright, wanted)}
    except Unusable as error:
        raise Unreadable(error.code, **error.params) from error
    decisions = tuple(Decision(n, ENGINE, "a picture") for n in read)
    tables = tuple(table for page in read.values() for table in page.tables)
    return Source(tables, tuple(page.text for page in read.values()), len(read), decisions)


@dataclass(frozen=True, slots=True)
class _Page:
    tables: tuple[Table, ...]
    text: str  # above the first table


def _page(leaf: Leaf) -> _Page:
    found = [without_strays(lattice) for lattice in lattices(leaf)]
    words = prints(leaf, found)
    empty = frames(found, words)
    found = [lattice for lattice in found if not any(lattice is one for one in empty)]
    ruled = (_read(leaf, slots(group, words, leaf.scale)) for group in groups(found, leaf.scale))
    others = (_read(without_rules(leaf), one) for one in loose(outside(found, words), leaf.scale))
    tables = [cells for cells in ruled if _numbers(cells) >= LEAST]
    tables += [cells for cells in others if _numbers(cells) >= max(LEAST, MANY * len(cells))]
    top = min((cell.box.y0 for cells in tables for cell in cells if cell.box), default=0.0) * leaf.scale
    title = _text(leaf, [word for word in words if word.bottom <= top])
    return _Page(tuple(Table(leaf.number, ENGINE, cells, title) for cells in tables), title)


def _text(leaf: Leaf, words: Sequence[Print]) -> str:
    """Lines of words that stand in no table, a tab between their parts."""
    rows = [[crop(leaf, word.corners(ROOM * leaf.scale)) for word in row] for row in lines(words)]
    return "\n".join("\t".join(text.text for text in letters().cells(row)) for row in rows)


def _numbers(cells: Sequence[Cell]) -> int:
    """How many cells hold a number beyond doubt."""
    firsts = (cell.guesses[0] for cell in cells if cell.guesses)
    return sum(guess.value is not None and guess.p >= SURE for guess in firsts)


def _read(leaf: Leaf, found: Sequence[Slot]) -> tuple[Cell, ...]:
    crops = [_dark_on_light(crop(leaf, slot.corners)) for slot in found]
    texts = letters().cells(crops)
    guesses = [twice.together(one, _counts(text)) for one, text in zip(digits().guesses(crops), texts, strict=True)]
    guesses = [() if _overlooked(one, cell, leaf.scale) else one for one, cell in zip(guesses, crops, strict=True)]
    kinds = [_kind(*one) for one in zip(texts, guesses, strict=True)]
    rows, columns = (_of_numbers(found, kinds, axis) for axis in (0, 1))
    among = [slot.region[0] in rows and slot.region[1] in columns for slot in found]
    plain = [kind or (_Kind.NUMBER if one else _Kind.WORDS) for kind, one in zip(kinds, among, strict=True)]
    return tuple(_cell(leaf, *one) for one in zip(found, texts, guesses, plain, strict=True))


def _dark_on_light(cell: Grey) -> Grey:
    return np.asarray(255 - cell, dtype=np.uint8) if np.median(cell) < BLACK else cell


def _counts(text: Text) -> tuple[Guess, ...]:
    return counts(text.frames, ALPHABET) if text.text.strip() else (Guess("", None, BLANK),)


def _overlooked(guesses: Sequence[Guess], cell: Grey, scale: float) -> bool:
    """Are there strokes, as of a 1 beside a rule, in a cell that is taken for empty?"""
    edge = round(EDGE * scale)
    inside = (cell[edge:-edge, edge:-edge] < INK).astype(np.uint8)
    if not guesses or guesses[0].value is not None or not inside.size:
        return False
    heights = cv2.connectedComponentsWithStats(inside)[2][1:, cv2.CC_STAT_HEIGHT]
    return bool((heights >= LOWEST * scale).any())


def _kind(text: Text, guesses: Sequence[Guess]) -> _Kind | None:
    """What a cell holds; None where that is not plain."""
    said = text.text.strip()
    if said.isdecimal() or (guesses and guesses[0].value is not None and guesses[0].p >= LIKELY):
        return _Kind.NUMBER
    if not said:
        return _Kind.EMPTY if guesses else None
    return _Kind.WORDS if min(text.certainty) >= WORDS else None


def _of_numbers(found: Sequence[Slot], kinds: Sequence[_Kind | None], axis: int) -> set[int]:
    """Rows (axis 0) or columns (1) that hold as many numbers as words."""
    count = Counter((slot.region[axis], kind) for slot, kind in zip(found, kinds, strict=True))
    return {line for line, kind in count if kind is _Kind.NUMBER and count[line, kind] >= count[line, _Kind.WORDS]}


def _cell(leaf: Leaf, slot: Slot, text: Text, guesses: tuple[Guess, ...], kind: _Kind) -> Cell:
    """Words with their text, else all that may stand there; where nothing can be made out, the cell is in doubt."""
    top, left, bottom, right = slot.region
    place = Cell(top, left, text.text, leaf.box(slot.corners), bottom - top, right - left, text.confidence)
    if kind is _Kind.WORDS:
        return place
    if not guesses:
        unread = kind is _Kind.NUMBER
        return replace(place, text=UNREAD, confidence=0.0, doubt=DOUBT, status=Status.FLAGGED) if unread else place
    return replace(place, text=guesses[0].text, confidence=guesses[0].p, guesses=guesses)
