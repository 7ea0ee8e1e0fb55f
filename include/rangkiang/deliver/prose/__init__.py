"""A narrative for people who print it: as PDF and as DOCX, with its charts. The same text gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rangkiang.deliver.prose.bars import Bars


@dataclass(frozen=True, slots=True)
class Prose:
    """A text with places for its charts (see :mod:`rangkiang.deliver.prose.blocks`), and what stands on every page."""

    title: str
    author: str
    text: str
    charts: Mapping[str, Bars]
    running: str  # at the foot of every page
    lang: str = "id"
