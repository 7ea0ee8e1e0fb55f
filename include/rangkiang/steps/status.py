"""How far each office has come, and what is still missing: absence is as visible as presence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rangkiang import catalogue
from rangkiang.model import USABLE, WAS_READ, Document, State
from rangkiang.steps import gate
from rangkiang.steps.barn import Barn


@dataclass(frozen=True, slots=True)
class OfficeStatus:
    """One line of the coordinator's table. Documents, but for ``proved`` and ``flagged``, which count figures.

    A file of several sheets is not counted itself: each of its sheets is.
    """

    office: catalogue.Office
    received: int
    duplicates: int
    states: Mapping[State, int]
    proved: int
    flagged: int
    filed: int  # datasets
    published: int  # datasets that the portal was seen to hold
    waiting: int  # datasets that a difference between levels keeps from it as they are filed now
    expected: tuple[catalogue.Owed, ...]

    @property
    def read(self) -> int:
        return sum(self.states.get(s, 0) for s in WAS_READ)


def status(barn: Barn) -> list[OfficeStatus]:
    """Every office's line, province first, from the ledger alone."""
    documents: dict[str, list[Document]] = defaultdict(list)
    for document in barn.ledger.documents():
        documents[document.office].append(document)
    filed = barn.ledger.deliverables()
    live = Counter(r.office for r in barn.ledger.releases() if r.verified)
    waiting = Counter(one.office for one in gate.held(barn))
    return [
        OfficeStatus(
            office=office,
            received=sum(d.state is not State.SPLIT for d in documents[office.code]),
            duplicates=sum(bool(a.duplicate_of) for a in barn.ledger.arrivals(office.code).values()),
            states=Counter(d.state for d in documents[office.code]),
            proved=sum(d.metadata.get("counts", {}).get("proved", 0) for d in filed if d.office == office.code),
            flagged=sum(d.metadata.get("counts", {}).get("flagged", 0) for d in filed if d.office == office.code),
            filed=sum(d.office == office.code for d in filed),
            published=live[office.code],
            waiting=waiting[office.code],
            expected=completeness(office, documents[office.code]),
        )
        for office in catalogue.offices()
    ]


def completeness(office: catalogue.Office, documents: Sequence[Document]) -> tuple[catalogue.Owed, ...]:
    """What the catalogue expects of this office, against the documents that could be used."""
    have = {(d.said.doctype, d.said.area_code) for d in documents if d.state in USABLE}
    return tuple(catalogue.owed(office, have))
