"""What the ledger holds that nobody could find out again, told whole; and taken back from where it was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Table, exists, func, insert, select, text, update
from sqlalchemy.dialects import postgresql

from rangkiang.errors import LedgerNotEmpty
from rangkiang.ledger import codec
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, among, kept, queue_up
from rangkiang.ledger.records import Arrival, Deed, Mailed, Outcome, Publication, Said
from rangkiang.model import Approval, Decision, Document, Opinion, State

_DERIVED = (
    t.arrivals, t.documents, t.readings, t.findings, t.checks, t.deliverables, t.releases, t.gate, t.reconciliation
)  # fmt: skip
_UNFINISHED = "being made again"


class Retold(Base):
    """The part of the ledger that lets it be made again. None of it tells the journal."""

    def is_lost(self) -> bool:
        """Is there no document, or was it begun to make this ledger again and not ended?"""
        return (
            self._unfinished() or not self._rows(select(exists(select(t.documents.c.sha256)).label("some")))[0]["some"]
        )

    def begin_again(self, replace: bool) -> None:
        """Empty what is to be made again; what is only ever added to stays.

        Raises LedgerNotEmpty where there are documents, unless they are to be replaced or were left half made.
        """
        with self._engine.begin() as connection:
            filled = connection.execute(select(exists(select(t.documents)))).scalar_one()
            if filled and not replace and not self._unfinished():
                raise LedgerNotEmpty
            connection.execute(text(f"COMMENT ON TABLE documents IS '{_UNFINISHED}'"))
            connection.execute(text(f"TRUNCATE {', '.join(table.name for table in _DERIVED)}"))

    def end_again(self) -> None:
        """Say that it is made."""
        with self._engine.begin() as connection:
            connection.execute(text("COMMENT ON TABLE documents IS NULL"))

    def _unfinished(self) -> bool:
        with self._single.connect() as connection:
            said = connection.execute(text("SELECT obj_description('documents'::regclass)")).scalar_one()
        return bool(said == _UNFINISHED)

    def told(self) -> Iterator[tuple[Said, datetime]]:
        """All that was ever added, and when."""
        for table, when, made in _TOLD:
            for row in self._rows(select(table).order_by(table.c[when], *table.primary_key)):
                yield made(row), row[when]

    def put_back(self, facts: Iterable[tuple[Said, datetime]]) -> int:
        """Add what is not there. Returns how many were new."""
        found = list(facts)
        with self._engine.begin() as connection:
            queue_up(connection, "put back")
            lines: set[tuple[datetime, Deed]] = set()
            if any(isinstance(said, Deed) for said, _ in found):  # which have no name by which they would be known
                lines = {(row["at"], _deed(row)) for row in connection.execute(select(t.audit)).mappings()}
            return sum(_put_back(connection, said, at, lines) for said, at in found)

    def received(self, office: str, sha256s: Iterable[str] | None = None) -> list[tuple[Document, datetime]]:
        """Documents of an office as they stand, and when each came in."""
        query = select(*kept(t.documents), t.documents.c.created_at).where(t.documents.c.office == office)
        if sha256s is not None:
            query = query.where(among(t.documents.c.sha256, sha256s))
        rows = self._rows(query.order_by(t.documents.c.sha256))
        return [(codec.document(row), row["created_at"]) for row in rows]

    def put_back_inbox(
        self, office: str, arrivals: Sequence[Arrival], documents: Iterable[tuple[Document, datetime]]
    ) -> None:
        """Write an office's arrivals and documents where nothing is written of them."""
        came = [{"office": office, **asdict(a)} for a in arrivals]
        made = [{**codec.document_row(d), "created_at": at} for d, at in documents]
        with self._engine.begin() as connection:
            for table, rows in ((t.arrivals, came), (t.documents, made)):
                if rows:
                    connection.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)

    def put_back_filed(self, office: str, filed: Mapping[str, datetime]) -> None:
        """Say of arranged documents, by digest, that they are filed, and since when."""
        table = t.documents.c
        with self._engine.begin() as connection:
            for sha256, at in filed.items():
                one = table.office == office, table.sha256 == sha256, table.state == State.ARRANGED.value
                connection.execute(update(t.documents).where(*one).values(state=State.FILED.value, filed_at=at))

    def filed_with(self, office: str) -> dict[tuple[str, str], datetime]:
        """Filed documents of an office, by digest and by the maker of their proof, and since when."""
        d, r = t.documents.c, t.readings.c
        same = (r.office == d.office) & (r.sha256 == d.sha256) & (r.kind == "proof")
        query = select(d.sha256, r.maker, func.coalesce(d.filed_at, d.updated_at).label("at")).join(t.readings, same)
        rows = self._rows(query.where(d.office == office, d.state == State.FILED.value))
        return {(row["sha256"], row["maker"]): row["at"] for row in rows}


def _put_back(connection: Connection, said: Said, at: datetime, lines: set[tuple[datetime, Deed]]) -> bool:
    if isinstance(said, Deed):
        if (at, said) in lines:
            return False
        connection.execute(insert(t.audit).values(at=at, **asdict(said)))
        lines.add((at, said))
        return True
    table, row = _row(said)
    key = next(iter(table.primary_key))
    statement = postgresql.insert(table).values(**row, created_at=at, updated_at=at).on_conflict_do_nothing()
    return connection.execute(statement.returning(key)).first() is not None


def _row(said: Decision | Opinion | Approval | Publication | Mailed) -> tuple[Table, codec.Row]:
    match said:
        case Decision():
            return t.decisions, codec.decision_row(said)
        case Opinion():
            return t.opinions, codec.opinion_row(said)
        case Approval():
            return t.approvals, codec.approval_row(said)
        case Publication():
            return t.publications, codec.publication_row(said)
        case Mailed():
            return t.mailed, asdict(said)


def _publication(row: RowMapping) -> Publication:
    return Publication(**{n: row[n] for n in ("stage", "number", "proposal", "datasets")})


def _mailed(row: RowMapping) -> Mailed:
    return Mailed(**{n: row[n] for n in ("id", "office", "sha256", "sent_to", "message")})


def _deed(row: RowMapping) -> Deed:
    named = {n: row[n] for n in ("account", "role", "act", "office", "about")}
    return Deed(**named, outcome=Outcome(row["outcome"]))


_TOLD: tuple[tuple[Table, str, Callable[[RowMapping], Said]], ...] = (
    (t.decisions, "created_at", codec.decision),
    (t.opinions, "created_at", codec.opinion),
    (t.approvals, "created_at", codec.approval),
    (t.publications, "created_at", _publication),
    (t.mailed, "created_at", _mailed),
    (t.audit, "at", _deed),
)
