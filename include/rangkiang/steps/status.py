"""How far each office has come, and what is still missing: absence is as visible as presence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rangkiang import catalogue
from rangkiang.model import Document, State
from rangkiang.steps.barn import Barn

USABLE = (State.ACCEPTED, State.READ, State.ARRANGED, State.HELD, State.FILED)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the catalogue expects of one office for one kind of document."""

    doctype: str
    expected: int
    missing: tuple[catalogue.Area, ...]  # areas whose document has not been received

    @property
    def received(self) -> int:
        return self.expected - len(self.missing)


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
    expected: tuple[Expected, ...]

    @property
    def read(self) -> int:
        return sum(self.states.get(s, 0) for s in (State.READ, State.ARRANGED, State.HELD, State.FILED))


def status(barn: Barn) -> list[OfficeStatus]:
    """Every office's line, province first, from the ledger alone."""
    documents: dict[str, list[Document]] = defaultdict(list)
    for document in barn.ledger.documents():
        documents[document.office].append(document)
    filed = barn.ledger.deliverables()
    live = Counter(r.office for r in barn.ledger.releases() if r.verified)
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
            expected=completeness(office, documents[office.code]),
        )
        for office in catalogue.offices()
    ]


def completeness(office: catalogue.Office, documents: Sequence[Document]) -> tuple[Expected, ...]:
    """What the catalogue expects of this office, against the documents that could be used."""
    have = {(d.said.doctype, d.said.area_code) for d in documents if d.state in USABLE}
    lines = []
    for doctype in catalogue.doctypes():
        areas = catalogue.expected_areas(doctype.expected, office)
        if areas:
            missing = tuple(a for a in areas if (doctype.code, a.code) not in have)
            lines.append(Expected(doctype.code, len(areas), missing))
    return tuple(lines)
