"""From the ledger's counts to the board's lines: an office, its datasets, what is missing, and what holds it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType

from rangkiang import catalogue
from rangkiang.ledger import Ledger
from rangkiang.ledger.overview import Count, Dataset, Standing
from rangkiang.model import UNDERWAY, Reason, State


@dataclass(frozen=True)
class Cell:
    """What an office owes and has of one kind of document."""

    dataset: Dataset
    owed: catalogue.Owed | None = None
    states: tuple[tuple[State, Count], ...] = ()  # not of what was sent back
    stopped: tuple[tuple[State, Count], ...] = ()
    in_review: tuple[Count, int] | None = None
    released: bool = False
    gated: bool = False

    def count(self, standing: Standing) -> int:
        """Documents of that standing: the number that the list of them has."""
        return self._counts[standing]

    @cached_property
    def _counts(self) -> Mapping[Standing, int]:
        by, stopped = {s: c.count for s, c in self.states}, {s: c.count for s, c in self.stopped}
        filed = by.get(State.FILED, 0)
        proved = by.get(State.ARRANGED, 0) + filed
        return {
            Standing.RECEIVED: sum(by.values()) + stopped.get(State.QUARANTINED, 0),
            Standing.READ: by.get(State.READ, 0) + by.get(State.HELD, 0) + proved,
            Standing.PROVED: proved,
            Standing.FILED: filed,
            Standing.LIVE: filed if self.released else 0,
            Standing.GATED: filed if self.gated else 0,
            Standing.UNDERWAY: sum(by.get(s, 0) for s in UNDERWAY),
            Standing.REVIEW: self.in_review[0].count if self.in_review else 0,
            Standing.SECOND: self.in_review[1] if self.in_review else 0,
            Standing.HELD: stopped.get(State.HELD, 0),
            Standing.QUARANTINED: stopped.get(State.QUARANTINED, 0),
        }

    @property
    def missing(self) -> tuple[catalogue.Area, ...]:
        """Areas whose document has not come in."""
        return self.owed.missing if self.owed else ()

    @property
    def expected(self) -> int:
        return self.owed.expected if self.owed else 0

    @property
    def present(self) -> int:
        """How many of the expected documents have come in."""
        return self.owed.received if self.owed else 0

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """What its bar shows, from left to right: every document once, and what is missing."""
        live, gated = self.count(Standing.LIVE), self.count(Standing.GATED)
        stopped = self.count(Standing.HELD) + self.count(Standing.QUARANTINED)
        shares = {
            "live": live,
            "filed": self.count(Standing.FILED) - live - gated,
            "gated": gated,
            "underway": self.count(Standing.UNDERWAY),
            "stopped": stopped,
            "missing": len(self.missing),
        }
        return tuple((name, share) for name, share in shares.items() if share)

    @property
    def oldest(self) -> datetime | None:
        """When the first of all that waits came in."""
        waits = [c.oldest for s, c in self.states if s in UNDERWAY or (s is State.FILED and not self.released)]
        waits += [count.oldest for _, count in self.stopped]
        waits += [self.in_review[0].oldest] if self.in_review else []
        return min(waits, default=None)


@dataclass(frozen=True)
class Line:
    """One office."""

    office: catalogue.Office
    cells: tuple[Cell, ...]

    def count(self, standing: Standing) -> int:
        return sum(cell.count(standing) for cell in self.cells)

    @property
    def expected(self) -> int:
        return sum(cell.expected for cell in self.cells)

    @property
    def present(self) -> int:
        return sum(cell.present for cell in self.cells)

    @property
    def missing(self) -> tuple[tuple[str, catalogue.Area], ...]:
        """Document type and area of what has not come in."""
        return tuple((cell.dataset.doctype, area) for cell in self.cells for area in cell.missing)

    @property
    def oldest(self) -> datetime | None:
        return min((cell.oldest for cell in self.cells if cell.oldest), default=None)

    @property
    def reason(self) -> Reason | None:
        """Why the first of what was sent back or is held waits; None where the ledger keeps no reason."""
        stopped = [count for cell in self.cells for _, count in cell.stopped]
        return min(stopped, key=lambda count: count.oldest).reason if stopped else None

    def cell(self, stage: str, doctype: str) -> Cell | None:
        return next((c for c in self.cells if (c.dataset.stage, c.dataset.doctype) == (stage, doctype)), None)


def lines(ledger: Ledger, two_persons: bool, office: str = "") -> tuple[Line, ...]:
    """Every office's line, the province first; or the one ``office``'s."""
    offices = [o for o in catalogue.offices() if o.code == (office or o.code)]
    owed = {
        Dataset(code, owes.stage, owes.doctype): owes
        for code, all_owed in owing(ledger, office).items()
        for owes in all_owed
    }
    found = cells(ledger, two_persons, office, owed)
    return tuple(Line(o, tuple(c for c in found if c.dataset.office == o.code)) for o in offices)


def cells(
    ledger: Ledger, two_persons: bool, office: str = "", owed: Mapping[Dataset, catalogue.Owed] = MappingProxyType({})
) -> list[Cell]:
    """What there is of every kind of document of all offices, or of the one ``office``, beside what is ``owed``."""
    states, stopped = _by_dataset(ledger.states(office)), _by_dataset(ledger.stopped(office))
    review, live, gated = ledger.in_review(two_persons, office), ledger.live(), ledger.gated()
    return [
        Cell(d, owed.get(d), states.get(d, ()), stopped.get(d, ()), review.get(d), d in live, d in gated)
        for d in sorted({*owed, *states, *stopped}, key=_order)
    ]


def owing(ledger: Ledger, office: str = "") -> Mapping[str, tuple[catalogue.Owed, ...]]:
    """What every office, or the one ``office``, owes and has of it, by its code."""
    covered: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for code, doctype, area in ledger.covered((d.code for d in catalogue.doctypes() if d.expected != "none"), office):
        covered[code].add((doctype, area))
    offices = [o for o in catalogue.offices() if o.code == (office or o.code)]
    return {one.code: tuple(catalogue.owed(one, covered[one.code])) for one in offices}


def columns(found: Iterable[Line]) -> tuple[tuple[str, str], ...]:
    """Stage and document type of every column of the board, in the catalogue's order; the unknown last."""
    datasets = {(c.dataset.stage, c.dataset.doctype): c.dataset for line in found for c in line.cells}
    return tuple(sorted(datasets, key=lambda place: _order(datasets[place])[1:]))


def _by_dataset(counts: Mapping[tuple[Dataset, State], Count]) -> dict[Dataset, tuple[tuple[State, Count], ...]]:
    found: dict[Dataset, list[tuple[State, Count]]] = defaultdict(list)
    for (dataset, state), count in counts.items():
        found[dataset].append((state, count))
    return {dataset: tuple(states) for dataset, states in found.items()}


def _order(dataset: Dataset) -> tuple[str, bool, str, int, str]:
    listed = [d.code for d in catalogue.doctypes()]
    place = listed.index(dataset.doctype) if dataset.doctype in listed else len(listed)
    return dataset.office, not dataset.doctype, dataset.stage, place, dataset.doctype
