"""How complete and how usable what each office has handed in is, and the order of the offices by it.

The rule, as the page says it: completeness times the share that could be used as it was first handed in, in whole
percent. How many documents an office owes does not count, nor how fast the runs were; equal is equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from rangkiang import catalogue
from rangkiang.board.lines import owing
from rangkiang.ledger import Ledger
from rangkiang.ledger.handed_in import HandedIn
from rangkiang.model import Level

_NOTHING = HandedIn(0, 0, 0, 0, None)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One office. Shares are in whole percent, and None where there is nothing that they could be of."""

    office: catalogue.Office
    expected: int
    present: int
    judged: int
    used: int
    proved: int | None
    median: timedelta | None
    place: int | None = None  # in its group; None while nothing of it has been judged

    @property
    def complete(self) -> int | None:
        return percent(self.present, self.expected)

    @property
    def first_pass(self) -> int | None:
        return percent(self.used, self.judged)

    @property
    def score(self) -> int | None:
        """What the order is by."""
        return percent(self.present * self.used, self.expected * self.judged)


def ranking(ledger: Ledger) -> tuple[Ranked, ...]:
    """The regencies by their scores, equal ones in the catalogue's order; then those without; the province, which owes
    one document, last and without a place."""
    judged, owed = ledger.handed_in(), owing(ledger)
    found = [_ranked(one, owed[one.code], judged.get(one.code, _NOTHING)) for one in catalogue.offices()]
    compared = [one for one in found if one.score is not None and one.office.level is Level.KABKOTA]
    compared.sort(key=lambda one: (-(one.score or 0), one.office.code))
    scores = [one.score for one in compared]
    placed = [replace(one, place=1 + scores.index(one.score)) for one in compared]
    others = [one for one in found if one not in compared]
    return (*placed, *sorted(others, key=lambda one: (one.office.level is not Level.KABKOTA, one.office.code)))


def _ranked(office: catalogue.Office, owed: Iterable[catalogue.Owed], got: HandedIn) -> Ranked:
    counts = [(one.expected, one.received) for one in owed]
    expected, present = (sum(count) for count in zip((0, 0), *counts, strict=True))
    return Ranked(office, expected, present, got.judged, got.used, percent(got.proved, got.figures), got.median)


def percent(part: int, whole: int) -> int | None:
    """Rounded down, so that only all of it is 100; None of nothing."""
    return 100 * part // whole if whole else None
