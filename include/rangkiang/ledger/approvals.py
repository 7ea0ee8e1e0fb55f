"""What people said of proposed releases, and what each release came to: none of it ever changed or deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql

from rangkiang.ledger import codec
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, after, kept, moment, queue_up
from rangkiang.ledger.records import Publication
from rangkiang.model import Approval


class Approvals(Base):
    """The part of the ledger that says what may be released, and what was."""

    def record_approval(self, said: Approval) -> Approval:
        """Add what somebody said of a proposal. What is the last word already, but for its time, stays as it is.

        Two people at once follow each other, and what is said last is the last word, whatever the clocks of their
        machines show. What this returns from is on the disk.
        """
        table = t.approvals.c
        words = select(*kept(t.approvals)).where(table.proposal == said.proposal).order_by(table.at.desc(), table.id)
        with self._engine.begin() as connection:
            queue_up(connection, t.approvals.name, said.proposal)
            row = connection.execute(words.limit(1)).mappings().first()
            if row is not None:
                last = codec.approval(row)
                if replace(last, at=said.at) == said:
                    return last
                said = replace(said, at=after(said.at, last.at))
            statement = postgresql.insert(t.approvals).values(codec.approval_row(said))
            new = connection.execute(statement.on_conflict_do_nothing().returning(table.id)).first()
            if new and self.ahead:
                self.ahead.said(said, moment(connection))
        return said

    def approvals(self, proposal: str | None = None, limit: int | None = None) -> list[Approval]:
        """What was said of a proposal, or of all: the newest first, no more than ``limit``."""
        table = t.approvals.c
        query = select(*kept(t.approvals)).order_by(table.at.desc(), table.id).limit(limit)
        if proposal is not None:
            query = query.where(table.proposal == proposal)
        return [codec.approval(row) for row in self._rows(query)]

    def record_publication(self, made: Publication) -> None:
        """Add what is to be before the public from now on; the same again changes nothing."""
        statement = postgresql.insert(t.publications).values(codec.publication_row(made)).on_conflict_do_nothing()
        with self._engine.begin() as connection:
            new = connection.execute(statement.returning(t.publications.c.number)).first()
            if new and self.ahead:
                self.ahead.said(made, moment(connection))

    def publications(self, stage: str | None = None) -> dict[str, Publication]:
        """The last release of each stage, or of one."""
        table = t.publications.c
        query = _publications(stage).distinct(table.stage).order_by(table.stage, table.number.desc())
        return {row["stage"]: codec.publication(row) for row in self._rows(query)}

    def history(self, stage: str | None = None) -> list[Publication]:
        """All releases of a stage, or of all: by stage, the oldest first."""
        table = t.publications.c
        query = _publications(stage).order_by(table.stage, table.number)
        return [codec.publication(row) for row in self._rows(query)]


def _publications(stage: str | None) -> Select[Any]:
    table = t.publications.c
    day = func.to_char(func.timezone("Asia/Jakarta", table.created_at), "YYYY-MM-DD")
    query = select(*kept(t.publications), day.label("day"))
    return query if stage is None else query.where(table.stage == stage)
