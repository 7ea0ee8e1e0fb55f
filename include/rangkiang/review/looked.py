"""A finding as somebody looks at it: with all that was said about it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rangkiang.decisions import Record, Standing
from rangkiang.model import Document
from rangkiang.review.item import Item, Trial
from rangkiang.review.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Looked:
    """``seen`` names it as it stands: see :func:`rangkiang.decisions.seen`."""

    item: Item
    document: Document
    sheet: Sheet | None  # None where the document waits to be read anew
    records: tuple[Record, ...]  # about this finding, the newest first
    trials: Mapping[str, Trial]  # by decision: what the corrections that wait would do
    applied: frozenset[str]  # decisions that the figures of today know of
    seen: str
    version: str  # names the reader of today: with another one a line is another figure

    @property
    def waiting(self) -> tuple[Record, ...]:
        """Corrections that wait for a second person."""
        return tuple(r for r in self.records if r.standing is Standing.WAITING)

    @property
    def in_force(self) -> Record | None:
        """What holds now."""
        return next((r for r in self.records if r.standing is Standing.IN_FORCE), None)
