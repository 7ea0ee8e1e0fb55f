"""What waits for eyes, worst first: findings nobody decided about, and corrections that wait for a second person.

The order, of which the review desk says the same in words: first what somebody only has to confirm, then errors before
warnings, then what binds most figures, then what is off by most, then what was found first.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Numeric,
    RowMapping,
    ScalarSelect,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)

from rangkiang.ledger import codec, waits
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, among, kept
from rangkiang.ledger.overview import narrowed, reviewable
from rangkiang.ledger.waits import ABOUT
from rangkiang.model import CellRef, Document, Finding, Severity

COUNTED = 1000
"""Of more entries than these nobody needs to know how many there are."""

Place = tuple[int, int, int, int, str, str, str, str]
"""Where an entry stands in the queue: what it is ordered by, and what keeps two that are alike apart."""

_SECOND = 0
_RANK = {Severity.ERROR.value: 1, Severity.WARNING.value: 2}
_KEYS = ("rank", "binds", "off", "since", *ABOUT)
_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue; empty is all. ``second`` narrows to corrections that wait for a second person, or to the
    rest."""

    offices: tuple[str, ...] = ()
    stage: str = ""
    doctype: str = ""
    code: str = ""  # of the finding
    second: bool | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A finding that waits for a person. ``second``: a correction of it waits for another than its author."""

    finding: Finding
    document: Document
    found: datetime
    second: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of the queue, and how many entries there are in all: of more than :data:`COUNTED` one more than these."""

    entries: tuple[Queued, ...]
    total: int
    second: int  # of these, for a second person


class Queue(Base):
    """The part of the ledger that says what people should look at next.

    ``codes`` are those of findings about which something can be decided.
    """

    def waiting(
        self, asked: Asked, two_persons: bool, codes: Collection[str], limit: int, after: Place | None = None
    ) -> Waiting:
        """The first entries, or those after a place, counted as well."""
        entries = _entries(asked, two_persons, codes).cte("entries")
        counts = (_count(entries.c, asked).label("total"), _count(entries.c, asked, second=True).label("second"))
        rows = self._rows(_page(entries.c, asked, limit, after).add_columns(*counts)) or self._rows(select(*counts))
        found = tuple(_queued(row) for row in rows if "q_rank" in row)
        return Waiting(found, rows[0]["total"], rows[0]["second"])

    def queue(
        self,
        asked: Asked,
        two_persons: bool,
        codes: Collection[str],
        limit: int,
        after: Place | None = None,
        before: Place | None = None,
    ) -> list[Queued]:
        """The first entries, those after a place, or the last ones before it: always in the queue's order."""
        entries = _entries(asked, two_persons, codes).subquery("entries").c
        rows = [_queued(row) for row in self._rows(_page(entries, asked, limit, after, before))]
        return rows[::-1] if before else rows


def _page(
    entries: Any, asked: Asked, limit: int, after: Place | None = None, before: Place | None = None
) -> Select[Any]:
    """Entries with their findings and documents. They are sorted first, and then as few documents looked at as a page
    takes: most of the queue is not shown."""
    keys = [entries[name] for name in _KEYS]
    near = select(*entries).order_by(*(key.desc() if before else key for key in keys))
    if after:
        near = near.where(tuple_(*keys) > tuple_(*map(literal, after)))
    if before:
        near = near.where(tuple_(*keys) < tuple_(*map(literal, before)))
    q, d, f = near.offset(0).subquery("q").c, t.documents.c, t.findings.c
    found = select(f.severity, f.params, f.cells).where(*(f[n] == q[n] for n in ABOUT)).limit(1).lateral("found")
    return (
        select(*(q[name].label(f"q_{name}") for name in _KEYS), *found.c, *kept(t.documents))
        .join(t.documents, and_(d.office == q.office, d.sha256 == q.sha256))
        .outerjoin(found, true())
        .where(reviewable(), *_of(asked))
        .order_by(*(q[name].desc() if before else q[name] for name in _KEYS))
        .limit(limit)
    )


def _count(entries: Any, asked: Asked, *, second: bool = False) -> ScalarSelect[Any]:
    d = t.documents.c
    some = (
        select(entries.rank)
        .join(t.documents, and_(d.office == entries.office, d.sha256 == entries.sha256))
        .where(reviewable(), *_of(asked), entries.rank == _SECOND if second else true())
        .limit(COUNTED + 1)
    )
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _entries(asked: Asked, two_persons: bool, codes: Collection[str]) -> CompoundSelect[Any]:
    """Every entry by what the queue is ordered by, whatever its document."""
    f, said = t.findings.c, waits.weighed(two_persons)
    about = [said.c[name] for name in ABOUT]
    waiting = (
        select(*about, func.min(said.c.since).label("since")).where(said.c.standing == waits.WAITING).group_by(*about)
    ).cte("waiting")
    settled, w = waits.closed(said), waiting.c
    undecided = ~waits.there(settled, f, ABOUT) & ~waits.there(waiting, f, ABOUT)
    first = select(
        *(f[name] for name in ABOUT),
        case(*((f.severity == name, n) for name, n in _RANK.items())).label("rank"),
        (-func.jsonb_array_length(f.cells)).label("binds"),
        (-_off()).label("off"),
        _micro(f.created_at).label("since"),
    ).where(f.severity.in_(waits.OPEN), among(f.code, codes), undecided)
    # Another correction may have done away with the finding meanwhile.
    second = select(
        *(w[name] for name in ABOUT),
        literal(_SECOND),
        func.coalesce(-func.jsonb_array_length(f.cells), 0),
        func.coalesce(-_off(), 0),
        _micro(func.coalesce(f.created_at, cast(w.since, DateTime(timezone=True)))),
    ).outerjoin(t.findings, and_(*(f[name] == w[name] for name in ABOUT)))
    if asked.offices:
        first, second = first.where(among(f.office, asked.offices)), second.where(among(w.office, asked.offices))
    if asked.code:
        first, second = first.where(f.code == asked.code), second.where(w.code == asked.code)
    if asked.second is not None:
        first, second = first.where(literal(not asked.second)), second.where(literal(asked.second))
    return union_all(first, second)


def _off() -> ColumnElement[Any]:
    """By how much the two sides of a finding's equation differ; 0 where it has none."""
    difference = t.findings.c.params["difference"]
    number = func.abs(cast(cast(difference, Numeric), BigInteger))
    return case((func.jsonb_typeof(difference) == "number", number), else_=0)


def _micro(at: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(extract("epoch", at) * _MICRO, BigInteger)


def _of(asked: Asked) -> list[ColumnElement[bool]]:
    return narrowed({name: value for name in ("stage", "doctype") if (value := getattr(asked, name))})


def _queued(row: RowMapping) -> Queued:
    rank, binds, off, since, office, sha256, code, subject = (row[f"q_{name}"] for name in _KEYS)
    cells = tuple(CellRef(**cell) for cell in row["cells"] or ())
    severity = Severity(row["severity"] or Severity.ERROR)
    return Queued(
        finding=Finding(office, sha256, code, severity, subject, row["params"] or {}, cells),
        document=codec.document(row),
        found=datetime.fromtimestamp(since / _MICRO, UTC),
        second=rank == _SECOND,
        place=(rank, binds, off, since, office, sha256, code, subject),
    )
