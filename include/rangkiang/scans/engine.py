"""What every recogniser of number cells can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rangkiang.model import Guess
from rangkiang.scans.leaf import Grey


class Engine(Protocol):
    """Reads counts off pictures of cells. Its ``name`` and version stand beside every figure it read."""

    @property
    def name(self) -> str: ...

    def guesses(self, crops: Sequence[Grey]) -> list[tuple[Guess, ...]]:
        """What each rough crop (height, width; 255 paper) may say, in the crops' order, the most probable first.

        Guesses of one cell differ in value, and their probabilities sum to at most 1: what is missing is anything else,
        no count among it. No guess at all says that the cell cannot be read.
        """
        ...
