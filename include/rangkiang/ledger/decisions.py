"""Decisions and opinions about them: what people said, none of it ever changed or deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, exists, select
from sqlalchemy.dialects import postgresql

from rangkiang.ledger import codec
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, after, among, kept, moment, queue_up
from rangkiang.model import Decision, Document, Opinion, View

Said = TypeVar("Said", Decision, Opinion)


class Decisions(Base):
    """The part of the ledger that people write to."""

    def record_decisions(self, decisions: Iterable[Decision], opinions: Iterable[Opinion] = ()) -> int:
        """Add these, all or none; what is there already stays as it is. Returns how many were new.

        What this returns from is on the disk.
        """
        everything: list[Decision | Opinion] = [*decisions, *opinions]
        named = {said.id: said for said in everything}
        with self._engine.begin() as connection:
            # Sorted, so that two processes never wait for each other.
            return sum(self._add(connection, said) for _, said in sorted(named.items()))

    def record_unless(
        self, document: Document, said: Said, known: Callable[[Sequence[Decision], Sequence[Opinion]], Said | None]
    ) -> Said:
        """Add what somebody said about a document, unless ``known`` finds it in all that was said about it before.

        Returns what is then there. Two people at once follow each other: the second sees what the first said, and says
        it later, whatever the clocks of their machines show.
        """
        about = t.decisions.c.office == document.office, t.decisions.c.sha256 == document.sha256
        with self._engine.begin() as connection:
            queue_up(connection, t.decisions.name, document.office, document.sha256)
            rows = connection.execute(select(*kept(t.decisions)).where(*about)).mappings()
            decisions: list[Decision] = [codec.decision(row) for row in rows]
            rows = connection.execute(_opinions(d.id for d in decisions)).mappings()
            opinions: list[Opinion] = [codec.opinion(row) for row in rows]
            if (before := known(decisions, opinions)) is not None:
                return before
            before_it = [*(one.at for one in decisions), *(one.at for one in opinions)]
            said = replace(said, at=after(said.at, *before_it))
            self._add(connection, said)
        return said

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

    def last_of(self, author: str, since: datetime) -> Decision | None:
        """The newest decision of an account, made since then, that it has not taken back."""
        table, said = t.decisions.c, t.opinions.c
        withdrawn = exists().where(said.decision == table.id, said.view == View.WITHDRAW.value)
        query = select(*kept(t.decisions)).where(table.author == author, ~withdrawn, table.at >= codec.time(since))
        rows = self._rows(query.order_by(table.at.desc(), table.id.desc()).limit(1))
        return next((codec.decision(row) for row in rows), None)

    def opinions(self, decisions: Iterable[str]) -> list[Opinion]:
        """What was said about these decisions, named by their ids, the oldest first."""
        return [codec.opinion(row) for row in self._rows(_opinions(decisions))]

    def _add(self, connection: Connection, said: Decision | Opinion) -> bool:
        new = _added(connection, said)
        if new and self.ahead:
            self.ahead.said(said, moment(connection))
        return new


def _opinions(decisions: Iterable[str]) -> Select[Any]:
    table = t.opinions.c
    return select(*kept(t.opinions)).where(among(table.decision, decisions)).order_by(table.at, table.id)


def _added(connection: Connection, said: Decision | Opinion) -> bool:
    if isinstance(said, Decision):
        table, row = t.decisions, codec.decision_row(said)
    else:
        table, row = t.opinions, codec.opinion_row(said)
    statement = postgresql.insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
    return connection.execute(statement).first() is not None
