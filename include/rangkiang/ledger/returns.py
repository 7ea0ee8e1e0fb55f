"""What goes back to its office, and which slips about it a mail server has taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from rangkiang.ledger import codec, waits
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, kept, moment
from rangkiang.ledger.records import Mailed
from rangkiang.model import Document


class Returns(Base):
    """The part of the ledger that the slips are made from."""

    def returned(self, office: str) -> list[tuple[Document, datetime]]:
        """Documents that wait for their office to do something, and when each came in, the oldest first."""
        d = t.documents.c
        query = select(*kept(t.documents), d.created_at).where(d.office == office, waits.returned())
        return [(codec.document(row), row["created_at"]) for row in self._rows(query.order_by(d.created_at, d.sha256))]

    def record_mailed(self, mailed: Iterable[Mailed]) -> None:
        """Write that a server has taken these; what is written already stays as it is."""
        with self._engine.begin() as connection:
            for one in mailed:
                statement = postgresql.insert(t.mailed).values(asdict(one)).on_conflict_do_nothing()
                new = connection.execute(statement.returning(t.mailed.c.id)).first()
                if new and self.ahead:
                    self.ahead.said(one, moment(connection))

    def mailed(self, office: str) -> list[Mailed]:
        """The slips of an office that a server has taken, by their ids."""
        query = select(*kept(t.mailed)).where(t.mailed.c.office == office).order_by(t.mailed.c.id)
        return [Mailed(**row) for row in self._rows(query)]
