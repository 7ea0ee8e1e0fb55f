"""What is looked at to classify a file, and how a file is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rangkiang.model import Reason

MAX_BYTES = 100 * 1024 * 1024
FRONT_PAGES = 3
"""A cover or a letter may come before the form."""
FRONT_ROWS = 15
"""Title and head of a form stand within so many rows of a sheet."""


@dataclass(frozen=True, slots=True)
class Front:
    """The first lines of a file as text and, for workbooks and CSV, its rows."""

    lines: tuple[str, ...]
    rows: Sequence[Sequence[str]] = ()
    pages: int = 1
    remarks: tuple[Reason, ...] = ()
    by_hand: bool = False  # names and figures are handwriting: which place it is about, the lines do not tell


class Refused(Exception):
    """The file is not accepted, and why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.reason = Reason(code, params)


class Illegible(Refused):
    """The pages in front are pictures that say nothing. In a file of several sheets that stops the first one alone."""


def broken(error: Exception) -> Refused:
    """What a parser said about a broken file, in a few words."""
    return Refused("broken_file", detail=f"{type(error).__name__}: {error}"[:160])


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MB"
