"""Under what terms a dataset may be used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of the Open Definition's list: its id there, and what people read."""

    name: str
    title: str


OPEN = Licence("other-open", "Data terbuka; bebas dipakai dengan menyebut sumbernya")
"""State documents come without a licence of their own; this says that they are public and asks for the source."""
