"""A narrative for people who print it: as PDF and as DOCX, with its charts. The same text gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rangkiang.deliver.prose.bars import Bar, Bars

_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TITLE = 200
"""Letters of a title or a foot: the limit of what a DOCX says of itself is 255."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A text with places for its charts (see :mod:`rangkiang.deliver.prose.blocks`), and what stands on every page."""

    title: str
    author: str
    text: str
    charts: Mapping[str, Bars]
    running: str  # at the foot of every page
    lang: str = "id"


def prose(title: str, author: str, text: str, charts: Mapping[str, Bars], running: str, lang: str = "id") -> Prose:
    """The same without what no page can show: names come from files, and may hold anything."""
    shown = {name: _chart(chart) for name, chart in charts.items()}
    return Prose(printable(title)[:TITLE], author, printable(text), shown, printable(running)[:TITLE], lang)


def printable(text: str) -> str:
    """The text with a mark in place of each letter that XML may not hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _chart(chart: Bars) -> Bars:
    bars = tuple(Bar(printable(bar.label), bar.parts, bar.texts) for bar in chart.bars)
    return replace(chart, bars=bars, legend=tuple(map(printable, chart.legend)))
