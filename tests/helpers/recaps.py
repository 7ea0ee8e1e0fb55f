"""Lines, tables and parts of recap sheets, as they are read off a scan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from rangkiang.forms import Form
from rangkiang.model import Cell, Guess, Table
from rangkiang.reading.align import Aligned, Target, targets
from rangkiang.reading.segments import Line, Segment, segments

VALUES = 3
"""Columns of numbers, labels, and L, P, JML: figures begin behind them."""

_VAGUE = 0.5  # confidence in what is not clearly read


def lines(form: Form, candidates: Collection[int] = ()) -> tuple[Line, ...]:
    """Everything that a sheet prints below its head, clearly read; of the candidates these numbers."""
    return tuple(map(_line, _there(form, candidates)))


def at(form: Form, code: str, candidates: Collection[int] = ()) -> int:
    """The place of a row among its lines."""
    return next(n for n, t in enumerate(_there(form, candidates)) if t.leaf and t.leaf.code == code)


def _there(form: Form, candidates: Collection[int]) -> list[Target]:
    return [t for t in targets(form) if not t.free or int(t.number) in candidates]


def _line(target: Target) -> Line:
    if target.leaf is None:
        return Line("", f"{target.number}. {target.labels[0]}", "", True, False, False)
    label = target.labels[0] if target.labels else f"CALON {target.number}"
    return numbered(Line("", label, target.split, False, True, True, target.free), target.number)


def numbered(line: Line, number: str) -> Line:
    """With this number in front, clearly read."""
    return line._replace(number=number, numbers=(Guess(number, None, 0.9995),))


def unnumbered(line: Line) -> Line:
    """The number in front cannot be read."""
    return line._replace(number="", numbers=())


def stamped(line: Line) -> Line:
    """Nothing of what it says of itself can be read."""
    return unnumbered(line)._replace(label="", split="", vague=True)


def changed(printed: Sequence[Line], place: int, *instead: Line) -> tuple[Line, ...]:
    """The lines with others in the place of one."""
    return (*printed[:place], *instead, *printed[place + 1 :])


def codes(aligned: Aligned) -> list[str | None]:
    """Row by row; None for headings and for what is no row."""
    return [leaf.code if leaf else None for leaf in aligned.rows]


def table(page: int, names: Sequence[str], below: Iterable[Line], unsure: Collection[int] = ()) -> Table:
    """A page with columns of these names; those in the places ``unsure`` are not clearly read."""
    heads = [Cell(0, 0, "NO."), Cell(0, 1, "URAIAN", col_span=2)]
    units = [Cell(0, VALUES + n, name, confidence=_sure(n not in unsure)) for n, name in enumerate(names)]
    return Table(page, "scan", (*heads, *units, *_body(page, 1, len(names), below)))


def headless(page: int, width: int, below: Iterable[Line]) -> Table:
    """A page without a head, with so many columns of figures."""
    return Table(page, "scan", tuple(_body(page, 0, width, below)), goes_on=True)


def part(page: int, names: Sequence[str], below: Iterable[Line], form: Form, unsure: Collection[int] = ()) -> Segment:
    """A table as a part of a form's sheet."""
    (found,) = segments([table(page, names, below, unsure)], form)
    return found


def _body(page: int, top: int, width: int, below: Iterable[Line]) -> Iterator[Cell]:
    for row, line in enumerate(below, top):
        sure = _sure(not line.vague)
        if line.spans:
            yield Cell(row, 0, line.label, col_span=VALUES + width, confidence=sure)
            continue
        yield Cell(row, 0, line.number, guesses=line.numbers)
        yield Cell(row, 1, line.label, col_span=1 if line.split else 2, confidence=sure)
        if line.split:
            yield Cell(row, 2, line.split)
        yield from (Cell(row, VALUES + n, figure(page, row - top, n)) for n in range(width))


def figure(page: int, line: int, column: int) -> str:
    """What is printed there: every place has a number of its own."""
    return f"{page}{line:02}{column:02}"


def _sure(sure: bool) -> float:
    return 1.0 if sure else _VAGUE
