"""Decisions and opinions about them: what people said, none of it ever changed or deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from rangkiang.ledger import codec
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, among, kept
from rangkiang.model import Decision, Opinion


class Decisions(Base):
    """The part of the ledger that people write to."""

    def record_decisions(self, decisions: Sequence[Decision], opinions: Sequence[Opinion] = ()) -> int:
        """Add these, all or none; what is there already stays as it is. Returns how many were new.

        What this returns from is on the disk.
        """
        new = 0
        rows = (
            (t.decisions, {d.id: codec.decision_row(d) for d in decisions}),
            (t.opinions, {o.id: codec.opinion_row(o) for o in opinions}),
        )
        with self._engine.begin() as connection:
            for table, named in rows:
                for _, row in sorted(named.items()):  # sorted, so that two processes never wait for each other
                    added = postgresql.insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
                    new += connection.execute(added).first() is not None
        return new

    def decisions(
        self, office: str | None = None, sha256s: Iterable[str] | None = None, ids: Iterable[str] | None = None
    ) -> list[Decision]:
        """Decisions that meet every condition given, the oldest first."""
        table = t.decisions.c
        query = select(*kept(t.decisions)).order_by(table.at, table.id)
        if office is not None:
            query = query.where(table.office == office)
        for column, values in ((table.sha256, sha256s), (table.id, ids)):
            if values is not None:
                query = query.where(among(column, values))
        return [codec.decision(row) for row in self._rows(query)]

    def opinions(self, decisions: Iterable[str]) -> list[Opinion]:
        """What was said about these decisions, named by their ids, the oldest first."""
        table = t.opinions.c
        query = select(*kept(t.opinions)).where(among(table.decision, decisions)).order_by(table.at, table.id)
        return [codec.opinion(row) for row in self._rows(query)]
