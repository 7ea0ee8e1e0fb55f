"""What whoever looks after the house asks of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select

from rangkiang.ledger import codec, migrations
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, among, kept
from rangkiang.model import Document, State


class Upkeep(Base):
    """The part of the ledger that tells how it is."""

    def unmoved(self, states: Iterable[State], since: timedelta) -> list[Document]:
        """Documents that have been in one of these states for so long, but for those whose files disagree: these wait
        for their office."""
        d, f = t.documents.c, t.findings.c
        rivals = exists().where(f.office == d.office, f.sha256 == d.sha256, f.scope == "rivals")
        still = among(d.state, [state.value for state in states]), d.updated_at <= func.now() - since, ~rivals
        return [codec.document(row) for row in self._rows(select(*kept(t.documents)).where(*still).order_by(d.sha256))]

    def published_since(self, since: timedelta) -> set[tuple[str, int]]:
        """Releases, by stage and number, that were recorded no longer than that ago."""
        table = t.publications.c
        query = select(table.stage, table.number).where(table.created_at > func.now() - since)
        return {(row["stage"], row["number"]) for row in self._rows(query)}

    def forget_readings(self, keys: Iterable[str]) -> None:
        """Drop readings that stand under these keys of the store."""
        with self._single.connect() as connection:
            connection.execute(delete(t.readings).where(among(t.readings.c.key, keys)))

    def now(self) -> datetime:
        """The server's time."""
        found: datetime = self._rows(select(func.clock_timestamp().label("now")))[0]["now"]
        return found

    def is_current(self) -> bool:
        """Are the tables those of this version of the program?"""
        return migrations.current(self._engine)
