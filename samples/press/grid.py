"""The columns of a sheet: units, running totals, and how many of them go side by side on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from samples.press.figures import Figures, total
from samples.press.fonts import font, width, wrap
from samples.press.rows import Heading, Line
from samples.press.styles import Style

PAD = 2.0  # points between a text and the rule beside it
LEADING = 1.15  # sizes
CARRIED_IN = "JUMLAH PINDAHAN"
WIDEST = 96.0  # a column of figures, where there is room
_TALLEST = 92.0  # a turned name, before it is broken


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures. ``kind``: unit, carried_in, carried_out or total."""

    kind: str
    label: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Grid:
    """What all blocks of a sheet share: widths in points, and the size of the units' names."""

    number: float
    label: float
    split: float
    value: float
    head: float
    blocks: tuple[tuple[Column, ...], ...]

    @property
    def first(self) -> float:
        """Where figures begin, from the table's left edge."""
        return self.number + self.label + self.split


def tight(style: Style) -> float:
    """From a rule's axis to a number: 0.6 pt beyond the ink, wherever the ink may stray."""
    return PAD if not style.tight else 0.6 + 0.25 + {"exact": 0.0, "doubled": 0.25, "ragged": 0.35}[style.strokes]


def lay(units: Sequence[Column], lines: Sequence[Line], style: Style, room: float, at_most: int) -> Grid:
    """Columns as wide as their contents, as many side by side as the room takes, in ``at_most`` blocks.

    The names' size goes down where not even three columns would fit. ``at_most`` 0: one column and no sum.
    """
    plain, bold = font(style.font, False), font(style.font, True)
    size = style.size
    numbers = [line.number for line in lines if not isinstance(line, Heading) or style.sections == "number"]
    number = max(width(text, bold, size) for text in ("NO.", "(1)", "A.2", *numbers)) + 2 * PAD
    split = max(width("JML", plain, size), width("JML", bold, size)) + 2 * PAD
    words = {word for line in lines if not isinstance(line, Heading) for word in line.label.split()}
    least = max(width(word, plain, size) for word in words) + 2 * PAD
    label = max(least, min(250.0, 0.3 * room))
    figure = max(width(style.number(n), bold, size) for n in total(unit.figures for unit in units).values())
    for head in (size, min(size, 7.0), min(size, 6.0), min(size, 5.0)):
        value = max(figure + 2 * tight(style), _head_width(units, style, head, bold) + 2 * PAD)
        if (room - number - split - label) / value < 3:
            label = least
        side_by_side = int((room - number - split - label) / value)
        if side_by_side >= 3:
            break
    blocks = tuple(_blocks(units, style, side_by_side)) if at_most else (tuple(units),)
    if at_most and len(blocks) > at_most:
        kept = [column for block in blocks[:at_most] for column in block if column.kind == "unit"]
        return lay(kept[:-1], lines, style, room, at_most)
    most = max(map(len, blocks))
    value = max(value, min(WIDEST, (room - number - split - label) / most))
    return Grid(number, label, split, value, head, blocks)


def _head_width(units: Sequence[Column], style: Style, size: float, bold: str) -> float:
    """Running totals are broken into words whatever becomes of the units' names."""
    if style.head == "turned":
        return max(len(turned(unit.label, bold, size)) for unit in units) * size * LEADING
    names = [unit.label for unit in units]
    wide = names if style.head == "plain" else [word for name in names for word in name.split()]
    return max(width(text, bold, size) for text in (*wide, *f"{style.total} {style.carried_out} {CARRIED_IN}".split()))


def turned(label: str, bold: str, size: float) -> tuple[str, ...]:
    """The lines of a name that reads upwards."""
    return wrap(label, bold, size, _TALLEST)


def _blocks(units: Sequence[Column], style: Style, side_by_side: int) -> Iterator[tuple[Column, ...]]:
    """Blocks from left to right; none is without a unit."""
    rest = list(units)
    so_far: list[Column] = []
    carries = bool(style.carried_out)
    while True:
        before = [Column("carried_in", CARRIED_IN, _sum(so_far))] if carries and so_far else []
        room = side_by_side - len(before)
        if len(rest) + 1 <= room:
            yield (*before, *rest, Column("total", style.total, _sum(units)))
            return
        taken = min(room - carries, len(rest) - 1)
        so_far, here, rest = so_far + rest[:taken], rest[:taken], rest[taken:]
        after = [Column("carried_out", style.carried_out, _sum(so_far))] if carries else []
        yield (*before, *here, *after)


def _sum(units: Iterable[Column]) -> Figures:
    return total(unit.figures for unit in units)
