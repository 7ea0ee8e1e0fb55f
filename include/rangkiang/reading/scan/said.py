"""What a cell of words is taken to say."""

from __future__ import annotations

from dataclasses import dataclass

from rangkiang.model import Guess
from rangkiang.scans.letters import Text

SURE = 0.9
"""Every letter of a text that is on no list must be this probable for the text to be believed."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says, and whether that is sure enough for figures to hang on it."""

    text: str
    sure: bool
    numbers: tuple[Guess, ...] = ()  # of a number in front of a label, all that it may be


def certain(text: Text, sure: float = SURE) -> bool:
    """Is every letter so sure? Names are the same with spaces and without."""
    letters = (p for letter, p in zip(text.text, text.certainty, strict=True) if letter != " ")
    return min(letters, default=1.0) >= sure
