"""What every kind of file is turned into before anybody knows what it means."""

from __future__ import annotations

from dataclasses import dataclass

from rangkiang.model import Table


@dataclass(frozen=True, slots=True)
class Decision:
    """Which reader a page was given to, and by what rule."""

    page: int  # 1-based
    engine: str
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """The tables of a file, the text that stands outside them (one string per page with text), and its pages."""

    tables: tuple[Table, ...]
    texts: tuple[str, ...]
    pages: int
    decisions: tuple[Decision, ...] = ()  # where there was more than one reader to choose from
