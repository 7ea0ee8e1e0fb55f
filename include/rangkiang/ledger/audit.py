"""The audit trail: who did what on the pages, or was refused it. Lines are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, insert, select

from rangkiang.ledger import codec
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, moment
from rangkiang.ledger.records import Deed, Outcome

LONGEST = 1000  # characters of what an act was about


class Audit(Base):
    """The part of the ledger that says who did what."""

    def record_deed(self, deed: Deed) -> None:
        """Add a line. What this returns from is on the disk."""
        said = {n: codec.text(v)[:LONGEST] for n, v in asdict(deed).items() if n != "outcome"}
        deed = Deed(**said, outcome=deed.outcome)
        with self._engine.begin() as connection:
            connection.execute(insert(t.audit).values(asdict(deed)))
            if self.ahead:
                self.ahead.said(deed, moment(connection))

    def deeds(
        self, equal: Mapping[str, str], limit: int | None = None, offset: int = 0
    ) -> tuple[list[tuple[datetime, Deed]], int]:
        """Lines with when they were written, the newest first, and how many there are in all.

        ``equal`` narrows by account, office and outcome.
        """
        where = [t.audit.c[name] == value for name, value in equal.items()]
        total: int = self._rows(select(func.count()).select_from(t.audit).where(*where))[0]["count"]
        rows = self._rows(select(t.audit).where(*where).order_by(t.audit.c.id.desc()).limit(limit).offset(offset))
        names = ("account", "role", "act", "office", "about")
        return [(r["at"], Deed(**{n: r[n] for n in names}, outcome=Outcome(r["outcome"]))) for r in rows], total
