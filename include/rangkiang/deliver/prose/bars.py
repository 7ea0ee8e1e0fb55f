"""A chart of bars as shapes on a plane, so that it looks the same wherever it is drawn. It must print well in grey."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

FILLS = ("#24495E", "#A9C3D0", "#E4ECEF", "#6F94A6")
"""Of one hue and far apart in lightness; every bar has an outline too."""
INK, PALE, LINE = "#1A1A1A", "#FFFFFF", "#5A6B75"
_DARK = ("#24495E", "#6F94A6")

SIZE, STEP, BAR, GAP = 8.0, 15.0, 10.0, 6.0  # points: type, one bar to the next, its height, between parts
LABELS = 0.5
"""Most of the width that labels may take."""

Measure = Callable[[str, float], float]
"""The width of a text at a size."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its parts, and what is written into or behind each."""

    label: str
    parts: tuple[int, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars. ``whole`` is what a bar's full length stands for; None makes every bar as long as the plane.
    With a ``track`` one sees how much of the whole is missing."""

    title: str
    bars: tuple[Bar, ...]
    legend: tuple[str, ...] = ()
    whole: int | None = None
    track: bool = False

    @property
    def told(self) -> str:
        """The same in words, for those who do not see it."""
        return f"{self.title}. " + "; ".join(f"{bar.label}: {', '.join(filter(None, bar.texts))}" for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float  # of the upper edge, from the top
    width: float
    height: float
    fill: str


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float  # of the base line, from the top
    text: str
    colour: str
    side: Literal["left", "middle", "right"]  # of the text, at x
    size: float = SIZE


Shape = Box | Text


def height(chart: Bars, width: float, measure: Measure) -> float:
    """How high it is, in points."""
    return len(list(_legend(chart, width, measure))) * STEP + len(chart.bars) * STEP + GAP


def shapes(chart: Bars, width: float, measure: Measure) -> Iterator[Shape]:
    """Everything that is to be drawn."""
    lines = list(_legend(chart, width, measure))
    for line, entries in enumerate(lines):
        for x, n, text in entries:
            yield Box(x, line * STEP + 2, BAR - 2, BAR - 2, FILLS[n % len(FILLS)])
            yield Text(x + BAR + 2, line * STEP + 9, text, INK, "left")
    room = min(width * LABELS, max(measure(bar.label, SIZE) for bar in chart.bars)) + GAP
    ends = [_behind(chart, bar, measure) for bar in chart.bars]
    plane = width - room - max(ends)
    for n, bar in enumerate(chart.bars):
        top = len(lines) * STEP + GAP / 2 + n * STEP
        yield Text(room - GAP, top + 8, _cut(bar.label, room - GAP, measure), INK, "right")
        yield from _bar(chart, bar, room, top, plane, measure)


def _bar(chart: Bars, bar: Bar, left: float, top: float, plane: float, measure: Measure) -> Iterator[Shape]:
    whole = sum(bar.parts) if chart.whole is None else chart.whole
    x = left
    if chart.track:
        yield Box(left, top, plane, BAR, PALE)
    for n, (part, text) in enumerate(zip(bar.parts, bar.texts, strict=True)):
        fill, length = FILLS[n % len(FILLS)], plane * part / whole if whole else 0.0
        if length:
            yield Box(x, top, length, BAR, fill)
        if text and len(bar.parts) == 1:
            yield Text(left + (plane if chart.track else length) + 3, top + 8, text, INK, "left")
        elif text and measure(text, SIZE) + 4 <= length:
            yield Text(x + length / 2, top + 8, text, PALE if fill in _DARK else INK, "middle")
        x += length


def _behind(chart: Bars, bar: Bar, measure: Measure) -> float:
    """Room for what stands behind a bar of one part; those of several have it inside, as far as it fits."""
    return measure(bar.texts[0], SIZE) + GAP if len(bar.parts) == 1 else 0.0


def _legend(chart: Bars, width: float, measure: Measure) -> Iterator[Sequence[tuple[float, int, str]]]:
    """Lines of places, numbers and names of the parts."""
    line: list[tuple[float, int, str]] = []
    x = 0.0
    for n, text in enumerate(chart.legend):
        taken = BAR + 2 + measure(text, SIZE) + 2 * GAP
        if line and x + taken > width:
            yield line
            line, x = [], 0.0
        line.append((x, n, text))
        x += taken
    if line:
        yield line


def _cut(text: str, room: float, measure: Measure) -> str:
    """The text, shortened where it is too long for its place."""
    if measure(text, SIZE) <= room:
        return text
    while text and measure(f"{text}…", SIZE) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
