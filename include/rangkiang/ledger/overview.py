"""How far everything has come, counted by the server: a hundred thousand documents are never fetched to be counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from rangkiang.ledger import codec, waits
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, among, kept
from rangkiang.model import UNDERWAY, USABLE, WAS_READ, Document, Reason, Severity, State


class Standing(StrEnum):
    """How far a document has come, or why it waits. One document has several of them."""

    RECEIVED = "received"
    READ = "read"
    PROVED = "proved"
    FILED = "filed"
    LIVE = "live"
    GATED = "gated"  # filed, and kept from the public by a difference between levels
    UNDERWAY = "underway"  # for the next run
    REVIEW = "review"  # for a person
    SECOND = "second"  # for a second person
    HELD = "held"
    QUARANTINED = "quarantined"


_STATES = {
    Standing.READ: WAS_READ,
    Standing.PROVED: (State.ARRANGED, State.FILED),
    Standing.UNDERWAY: UNDERWAY,
    Standing.FILED: (State.FILED,),
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """What an office handed in of one kind; '' for stage and doctype where nobody knows what it is."""

    office: str
    stage: str
    doctype: str


@dataclass(frozen=True, slots=True)
class Count:
    """So many documents of a dataset, and when the first of them came in; ``reason`` is that one's."""

    count: int
    oldest: datetime
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of documents."""

    document: Document
    since: datetime  # when it was received
    open_findings: int
    flagged: int  # figures
    review: bool
    live: bool
    gated: bool  # a difference between levels keeps its dataset from the public


class Overview(Base):
    """The part of the ledger that only looks, over all documents at once, or those of one ``office``."""

    def states(self, office: str = "") -> dict[tuple[Dataset, State], Count]:
        """Documents by dataset and state, but for those that were taken apart or sent back."""
        d = t.documents.c
        others = d.state.not_in([State.SPLIT.value, State.QUARANTINED.value])
        rows = self._rows(self._grouped(office, others, d.state))
        return {(_dataset(row), State(row["state"])): Count(row["count"], row["oldest"]) for row in rows}

    def stopped(self, office: str = "") -> dict[tuple[Dataset, State], Count]:
        """Documents that were sent back or are held back, and wait for their office."""
        d = t.documents.c
        first = func.array_agg(aggregate_order_by(_reason(), d.created_at, d.sha256))[1].label("reason")
        rows = self._rows(self._grouped(office, waits.stopped(), d.state).add_columns(first))
        return {
            (_dataset(row), State(row["state"])): Count(row["count"], row["oldest"], codec.reason(row["reason"]))
            for row in rows
        }

    def in_review(self, two_persons: bool, office: str = "") -> dict[Dataset, tuple[Count, int]]:
        """Documents that wait for a person, by dataset, and how many of them for a second one."""
        review = waits.in_review(two_persons)
        second = func.count().filter(review.c.second).label("second")
        query = self._grouped(office, reviewable(many=not office)).add_columns(second).join(review, _same(review.c))
        return {_dataset(r): (Count(r["count"], r["oldest"]), r["second"]) for r in self._rows(query)}

    def covered(self, doctypes: Iterable[str], office: str = "") -> set[tuple[str, str, str]]:
        """Office, document type and area of which there is a document that can be used."""
        d = t.documents.c
        query = select(d.office, d.doctype, d.area_code).distinct()
        rows = self._rows(query.where(_of(office), among(d.doctype, doctypes), _in(USABLE)))
        return {(row["office"], row["doctype"], row["area_code"]) for row in rows}

    def live(self) -> set[Dataset]:
        """Datasets that the portal was seen to hold as they are filed now."""
        made = t.deliverables.c
        rows = self._rows(select(made.office, made.stage, made.doctype).where(_released()))
        return {_dataset(row) for row in rows}

    def gated(self) -> set[Dataset]:
        """Datasets that differences between levels keep from the public as they are filed now."""
        made = t.deliverables.c
        rows = self._rows(select(made.office, made.stage, made.doctype).where(_held()))
        return {_dataset(row) for row in rows}

    def listed(
        self,
        standing: Standing,
        two_persons: bool,
        equal: Mapping[str, str],
        limit: int,
        offset: int,
        offices: Collection[str] = (),
    ) -> tuple[list[Listed], int]:
        """One page of the documents of that standing, the oldest first, and how many there are in all.

        ``equal`` narrows by office, stage and doctype; '' for the last two means that nobody knows. Where there are
        ``offices``, there is nothing of any other.
        """
        d, review = t.documents.c, waits.in_review(two_persons)
        own = among(d.office, offices) if offices else true()
        wanted = select(d.office, d.sha256).where(own, *narrowed(equal), _where(standing, review))
        total: int = self._rows(select(func.count()).select_from(wanted.subquery()))[0]["count"]
        page = wanted.order_by(d.created_at, d.office, d.sha256).limit(limit).offset(offset).subquery()
        query = self._described(review).join(page, _same(page.c)).order_by(d.created_at, d.office, d.sha256)
        return [_listed(row) for row in self._rows(query)], total

    def looked_at(self, office: str, sha256: str, two_persons: bool) -> Listed | None:
        """One document, as it stands in a list."""
        d = t.documents.c
        query = self._described(waits.in_review(two_persons)).where(d.office == office, d.sha256 == sha256)
        return next((_listed(row) for row in self._rows(query)), None)

    def is_replaced(self, office: str, sha256: str) -> bool:
        """Whether another file lies under the document's key by now."""
        d = t.documents.c
        return bool(self._rows(select(d.office).where(d.office == office, d.sha256 == sha256, waits.replaced())))

    @staticmethod
    def _grouped(office: str, where: ColumnElement[bool], *more: ColumnElement[Any]) -> Select[Any]:
        d = t.documents.c
        by = (d.office, d.stage, d.doctype, *more)
        counted = (func.count().label("count"), func.min(d.created_at).label("oldest"))
        return select(*by, *counted).where(_of(office), where).group_by(*by)

    @staticmethod
    def _described(review: Any) -> Select[Any]:
        d, f, r = t.documents.c, t.findings.c, t.readings.c
        findings = select(func.count()).where(f.office == d.office, f.sha256 == d.sha256, f.severity.in_(waits.OPEN))
        flagged = select(func.max(r.counts["flagged"].astext)).where(
            r.office == d.office, r.sha256 == d.sha256, waits.flagged_proof()
        )
        waiting = and_(reviewable(), select(true()).where(_same(review.c)).correlate(t.documents).exists())
        return select(
            *(column for column in kept(t.documents) if column is not d.reason),
            _reason().label("reason"),
            d.created_at,
            findings.correlate(t.documents).scalar_subquery().label("open_findings"),
            flagged.correlate(t.documents).scalar_subquery().label("flagged"),
            waiting.label("review"),
            and_(d.state == State.FILED.value, _filed_as(_released())).label("live"),
            and_(d.state == State.FILED.value, _filed_as(_held())).label("gated"),
        )


def _where(standing: Standing, review: Any) -> ColumnElement[bool]:
    state = t.documents.c.state
    if standing in _STATES:
        return _in(_STATES[standing])
    if standing is Standing.RECEIVED:
        return waits.known()
    if standing is Standing.LIVE:
        return and_(state == State.FILED.value, _filed_as(_released()))
    if standing is Standing.GATED:
        return and_(state == State.FILED.value, _filed_as(_held()))
    if standing in (Standing.REVIEW, Standing.SECOND):
        second = review.c.second if standing is Standing.SECOND else true()
        return and_(reviewable(), select(true()).where(_same(review.c), second).exists())
    return and_(state == standing.value, waits.stopped())


def _in(states: Iterable[State]) -> ColumnElement[bool]:
    return t.documents.c.state.in_([state.value for state in states])


def _of(office: str) -> ColumnElement[bool]:
    return t.documents.c.office == office if office else true()


def narrowed(equal: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Whether a document is of this office, stage and doctype; '' for the last two means that nobody knows."""
    columns: Collection[str] = ("office", "stage", "doctype")
    d = t.documents.c
    return [d[n] == equal[n] if equal[n] else d[n].is_(None) for n in columns if n in equal]


def _reason() -> ColumnElement[Any]:
    """A document's reason; of one that is held by what was found about it, the first such finding."""
    d, f = t.documents.c, t.findings.c
    critical = (
        select(func.jsonb_build_object("code", f.code, "params", f.params))
        .where(f.office == d.office, f.sha256 == d.sha256, f.severity == Severity.CRITICAL.value)
        .order_by(f.code, f.id)
        .limit(1)
        .correlate(t.documents)
        .scalar_subquery()
    )
    return case((d.state == State.HELD.value, func.coalesce(d.reason, critical)), else_=d.reason)


def reviewable(many: bool = False) -> ColumnElement[bool]:
    """Whether people can decide about a document: see :func:`waits.replaced`."""
    return and_(_in(USABLE), ~waits.replaced(many))


def _filed_as(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the dataset that a document is filed in meets a condition."""
    d, made = t.documents.c, t.deliverables.c
    same = (made.office == d.office, made.stage == d.stage, made.doctype == d.doctype)
    return select(true()).where(*same, condition).correlate(t.documents).exists()


def _released() -> ColumnElement[bool]:
    made, release = t.deliverables.c, t.releases.c
    seen = (release.slug == made.slug, release.digest == made.digest, release.verified)
    return select(true()).where(*seen).correlate(t.deliverables).exists()


def _held() -> ColumnElement[bool]:
    made, gate = t.deliverables.c, t.gate.c
    same = (getattr(gate, name) == getattr(made, name) for name in ("office", "stage", "doctype", "digest"))
    return select(true()).where(*same, func.jsonb_array_length(gate.open) > 0).correlate(t.deliverables).exists()


def _same(other: Any) -> ColumnElement[bool]:
    d = t.documents.c
    return and_(other.office == d.office, other.sha256 == d.sha256)


def _dataset(row: Any) -> Dataset:
    return Dataset(row["office"], row["stage"] or "", row["doctype"] or "")


def _listed(row: Any) -> Listed:
    return Listed(
        codec.document(row),
        row["created_at"],
        row["open_findings"],
        int(row["flagged"] or 0),
        row["review"],
        row["live"],
        row["gated"],
    )
