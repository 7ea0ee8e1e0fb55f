"""Arrivals and documents: what came in, and where each document stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql

from rangkiang.ledger import codec
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, among, differs, kept, moment, upsert
from rangkiang.ledger.records import Arrival, Kind, Reading
from rangkiang.model import Classification, Document, Reason, State


class Inbox(Base):
    """The part of the ledger that the offices' work is written to."""

    def arrivals(self, office: str) -> dict[str, Arrival]:
        """Arrivals of an office by key, sorted by key."""
        query = select(*(c for c in kept(t.arrivals) if c.name != "office")).where(t.arrivals.c.office == office)
        return {row["key"]: Arrival(**row) for row in self._rows(query.order_by(t.arrivals.c.key))}

    def record_arrivals(self, office: str, arrivals: Iterable[Arrival]) -> None:
        """Write what was seen of these keys; other keys stay as they are, and equal ones are not written."""
        seen = [replace(a, key=codec.text(a.key)) for a in arrivals]
        rows = [{"office": office, **asdict(a)} for a in seen]
        if rows:
            with self._engine.begin() as connection:  # sorted, so that two processes never wait for each other
                if self.ahead:
                    self.ahead.arrived(office, seen, moment(connection))
                connection.execute(upsert(t.arrivals), sorted(rows, key=lambda row: str(row["key"])))

    def add_document(self, document: Document) -> bool:
        """Write a document; False, and nothing written, when its office already has one with these bytes."""
        statement = postgresql.insert(t.documents).values(codec.document_row(document)).on_conflict_do_nothing()
        with self._single.connect() as connection:
            return connection.execute(statement.returning(t.documents.c.sha256)).first() is not None

    def document(self, office: str, sha256: str) -> Document | None:
        """The document of these bytes in an office's inbox."""
        found = self.documents(office=office, sha256s=[sha256])
        return found[0] if found else None

    def documents(
        self,
        office: str | None = None,
        states: Iterable[State] | None = None,
        stage: str | None = None,
        doctype: str | None = None,
        area: str | None = None,
        sha256s: Iterable[str] | None = None,
    ) -> list[Document]:
        """Documents that meet every condition given, by office, key and bytes."""
        table = t.documents.c
        query = select(*kept(t.documents)).order_by(table.office, table.key, table.sha256)
        equal = {"office": office, "stage": stage, "doctype": doctype, "area_code": area}
        query = query.where(*(table[name] == value for name, value in equal.items() if value is not None))
        if states is not None:
            query = query.where(among(table.state, [state.value for state in states]))
        if sha256s is not None:
            query = query.where(among(table.sha256, sha256s))
        return [codec.document(row) for row in self._rows(query)]

    def move(
        self,
        office: str,
        sha256: str,
        to: State,
        reason: Reason | None = None,
        classification: Classification | None = None,
        from_states: Iterable[State] | None = None,
        media_type: str = "",
        key: str = "",
    ) -> bool:
        """Change a document's state, and its reason with it; classification, type and key stay unless they are given.

        False, and nothing written, when the document is unknown, is in none of ``from_states``, or is already so.
        """
        values: dict[str, Any] = {"state": to.value, "reason": codec.reason_row(reason)}
        if classification is not None:
            values |= codec.classification_row(classification)
        if media_type:
            values["media_type"] = media_type
        if key:
            values["key"] = codec.text(key)
        table = t.documents.c
        statement = update(t.documents).where(table.office == office, table.sha256 == sha256)
        if from_states is not None:
            statement = statement.where(among(table.state, [state.value for state in from_states]))
        statement = statement.where(differs(t.documents, values)).values(**values, updated_at=func.now())
        if to is State.FILED:
            statement = statement.values(filed_at=func.coalesce(table.filed_at, func.now()))
        with self._single.connect() as connection:
            return connection.execute(statement).rowcount == 1

    def move_all(self, office: str, sha256s: Iterable[str], to: State, from_state: State) -> int:
        """Change the state of those of these documents that are in ``from_state``; how many they were."""
        table = t.documents.c
        statement = update(t.documents).where(table.office == office, among(table.sha256, sha256s))
        statement = statement.where(table.state == from_state.value)
        values: dict[str, Any] = {"state": to.value, "reason": None, "updated_at": func.now()}
        if to is State.FILED:
            values["filed_at"] = func.coalesce(table.filed_at, func.now())
        with self._single.connect() as connection:
            return connection.execute(statement.values(values)).rowcount

    def record_reading(
        self,
        office: str,
        sha256: str,
        maker: str,
        key: str,
        digest: str,
        counts: Mapping[str, int],
        kind: Kind = "reading",
    ) -> None:
        """Write that ``maker`` has put the figures of a document into the store under ``key``."""
        made = Reading(office, sha256, kind, maker, key, digest, counts)
        with self._single.connect() as connection:
            connection.execute(upsert(t.readings), {**asdict(made), "counts": codec.plain(counts)})

    def replace_proof(self, proof: Reading) -> bool:
        """Make this the proof that the findings of its document are of; False when it is already."""
        scope = {"office": proof.office, "sha256": proof.sha256, "kind": proof.kind}
        return self._replace(t.readings, scope, [{**asdict(proof), "counts": codec.plain(proof.counts)}])

    def reading(self, office: str, sha256: str, maker: str, kind: Kind = "reading") -> Reading | None:
        """What ``maker`` has made of a document, or None when it has not."""
        found = [r for r in self.readings(office, sha256s=[sha256], kind=kind) if r.maker == maker]
        return found[0] if found else None

    def readings(
        self, office: str | None = None, sha256s: Iterable[str] | None = None, kind: Kind | None = None
    ) -> list[Reading]:
        """Readings that meet every condition given, by office, document, kind and maker."""
        table = t.readings.c
        query = select(*kept(t.readings)).order_by(*t.readings.primary_key)
        query = query.where(*(table[n] == v for n, v in {"office": office, "kind": kind}.items() if v is not None))
        if sha256s is not None:
            query = query.where(among(table.sha256, sha256s))
        return [codec.reading(row) for row in self._rows(query)]
