"""The small bars in the board's cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 72
_LEAST = 4  # so that three documents of five thousand can be seen


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a bar, in pixels from its left end."""

    name: str
    x: int
    width: int


def bar(parts: Sequence[tuple[str, int]]) -> list[Piece]:
    """The pieces of a bar of :data:`WIDTH` pixels, as wide as their shares, but none too narrow to be seen."""
    whole = sum(share for _, share in parts)
    widths = [max(_LEAST, round(WIDTH * share / whole)) for _, share in parts]
    if widths:
        widths[widths.index(max(widths))] += WIDTH - sum(widths)
    return [Piece(name, sum(widths[:n]), width) for n, ((name, _), width) in enumerate(zip(parts, widths, strict=True))]
