"""Lines of text parted into columns, and wrapped lines put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rangkiang.reading.pdf.phrases import Line, Phrase, together
from rangkiang.reading.pdf.rivers import River, columns_of

TIGHT = 0.6
"""Of a line's height: what is wrapped follows closer than this, measured from edge to edge."""


@dataclass(frozen=True, slots=True)
class Place:
    """Text and the rows and columns that it stands in (first and last)."""

    row: int
    first: int
    last: int
    phrases: tuple[Phrase, ...]


Row = list[Place]


def parted(row: Line, columns: Sequence[River]) -> Row:
    found: Row = []
    for phrase in row:
        first, last = columns_of(phrase, columns)
        if found and first <= found[-1].last:
            before = found.pop()
            found.append(Place(0, before.first, max(last, before.last), (*before.phrases, phrase)))
        else:
            found.append(Place(0, first, last, (phrase,)))
    return found


def joined(rows: Sequence[Row], columns: Sequence[River]) -> list[Row]:
    """Lines that go on where the one above them had no room are put to it."""
    done: list[Row] = []
    last: Row = []
    for row in rows:
        if done and _goes_on(last, row, columns):
            done[-1] = _merged(done[-1], row)
        else:
            done.append(row)
        last = row
    return done


def _goes_on(above: Row, row: Row, columns: Sequence[River]) -> bool:
    lower, upper = _of(row), _of(above)
    if lower.y0 - upper.y1 > TIGHT * (lower.y1 - lower.y0):
        return False
    return all((over := _over(above, place)) is not None and _wraps(over, place, columns) for place in row)


def _over(above: Row, place: Place) -> Place | None:
    """What a line's text would go on with: what begins in the same column and is as wide."""
    return next((p for p in above if p.first == place.first and p.last >= place.last), None)


def _wraps(above: Place, below: Place, columns: Sequence[River]) -> bool:
    """Would the first word below not have found room above it?"""
    upper, lower = together(above.phrases), together(below.phrases)
    if upper.is_figure or lower.is_figure:
        return False
    room = columns[above.last][1] - columns[above.first][0] - (upper.x1 - upper.x0)
    first = len(lower.text.split()[0]) / len(lower.text) * (lower.x1 - lower.x0)
    return first > room


def _merged(whole: Row, row: Row) -> Row:
    more = {place.first: place.phrases for place in row}
    return [replace(place, phrases=(*place.phrases, *more.get(place.first, ()))) for place in whole]


def _of(row: Row) -> Phrase:
    return together([p for place in row for p in place.phrases])
