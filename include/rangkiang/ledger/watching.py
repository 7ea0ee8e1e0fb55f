"""How the work goes: what steps have measured, when nights were done, what coordinators were told; and what is counted
for whoever looks at it from afar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, cast, func, select, true, update
from sqlalchemy.dialects import postgresql

from rangkiang.ledger import tables as t
from rangkiang.ledger import waits
from rangkiang.ledger.base import Base
from rangkiang.telemetry import Tallied


@dataclass(frozen=True, slots=True)
class Night:
    """The last night of an office or a stage that has begun."""

    subject: str  # its code
    night: date
    begun_at: datetime
    done_at: datetime | None  # for the first time


@dataclass(frozen=True, slots=True)
class Told:
    """What coordinators are to be told, and by which way it has gone out."""

    night: date
    code: str
    subject: str
    params: Mapping[str, str]
    mailed: bool = False
    posted: bool = False


class Watching(Base):
    """The part of the ledger that telemetry and alerts live on. No work depends on it."""

    def tally(self, sums: Mapping[Tallied, float]) -> None:
        """Add to what was measured before."""
        # In one order, so that two processes never wait for one another.
        rows = [
            {"name": one.name, "labels": json.dumps(one.labels), "part": one.part, "value": sums[one]}
            for one in sorted(sums)
        ]
        if rows:
            new = postgresql.insert(t.tallies)
            summed = {"value": t.tallies.c.value + new.excluded.value, "updated_at": func.now()}
            with self._engine.begin() as connection:
                connection.execute(new.on_conflict_do_update(index_elements=t.tallies.primary_key, set_=summed), rows)

    def tallied(self) -> dict[Tallied, tuple[float, datetime]]:
        """All that was measured, and since when."""
        return {
            Tallied(row["name"], tuple((k, v) for k, v in json.loads(row["labels"])), row["part"]): (
                row["value"],
                row["created_at"],
            )
            for row in self._rows(select(t.tallies))
        }

    def begin_night(self, subject: str, night: date) -> None:
        """Write that the night's work has begun; what is written already stays."""
        with self._single.connect() as connection:
            connection.execute(
                postgresql.insert(t.nights).on_conflict_do_nothing(), {"subject": subject, "night": night}
            )

    def end_night(self, subject: str, night: date) -> None:
        """Write that the night's work is done; the first time counts."""
        new = postgresql.insert(t.nights)
        first = {"done_at": func.coalesce(t.nights.c.done_at, func.now())}
        with self._single.connect() as connection:
            connection.execute(
                new.values(subject=subject, night=night, done_at=func.now()).on_conflict_do_update(
                    index_elements=t.nights.primary_key, set_=first
                )
            )

    def nights(self, done: bool = False) -> dict[str, Night]:
        """The last night of each office and stage that has begun, or that is ``done``."""
        n = t.nights.c
        query = select(t.nights).distinct(n.subject).order_by(n.subject, n.night.desc())
        return {
            row["subject"]: Night(**row) for row in self._rows(query.where(n.done_at.is_not(None)) if done else query)
        }

    def first_night(self) -> date | None:
        """The first night of all in which any work has begun."""
        (row,) = self._rows(select(func.min(t.nights.c.night).label("first")))
        first: date | None = row["first"]
        return first

    def note_alert(self, told: Told) -> bool:
        """Write that coordinators are to be told; False, and nothing written, where that stands already."""
        row = {name: getattr(told, name) for name in ("night", "code", "subject", "params", "mailed", "posted")}
        with self._single.connect() as connection:
            return connection.execute(postgresql.insert(t.alerts).on_conflict_do_nothing(), row).rowcount == 1

    def alerts(self, night: date) -> list[Told]:
        """What coordinators are told of since that night, the oldest first."""
        a = t.alerts.c
        query = select(a.night, a.code, a.subject, a.params, a.mailed, a.posted)
        return [
            Told(**row) for row in self._rows(query.where(a.night >= night).order_by(a.created_at, a.code, a.subject))
        ]

    def alert_gone(self, told: Told) -> None:
        """Write by which ways it has gone out."""
        a = t.alerts.c
        same = (a.night == told.night, a.code == told.code, a.subject == told.subject)
        with self._single.connect() as connection:
            connection.execute(
                update(t.alerts).where(*same).values(mailed=told.mailed, posted=told.posted, updated_at=func.now())
            )

    def figures_by_status(self) -> dict[tuple[str, str], int]:
        """Figures of all proofs, by office and status."""
        r = t.readings.c
        each = func.jsonb_each_text(r.counts).table_valued("key", "value").lateral()
        count = func.sum(cast(each.c.value, BigInteger)).label("count")
        query = (
            select(r.office, each.c.key, count)
            .join(each, true())
            .where(r.kind == "proof")
            .group_by(r.office, each.c.key)
        )
        return {(row["office"], row["key"]): int(row["count"]) for row in self._rows(query)}

    def findings_by_severity(self) -> dict[tuple[str, str], int]:
        """Findings by office and severity."""
        f = t.findings.c
        query = select(f.office, f.severity, func.count().label("count")).group_by(f.office, f.severity)
        return {(row["office"], row["severity"]): row["count"] for row in self._rows(query)}

    def refused_by_reason(self) -> dict[tuple[str, str], int]:
        """Files that are sent back and lie in their inbox still, by office and code of the reason."""
        d = t.documents.c
        code = d.reason["code"].astext.label("code")
        query = select(d.office, code, func.count().label("count")).where(waits.stopped(), d.state == "quarantined")
        return {(row["office"], row["code"]): row["count"] for row in self._rows(query.group_by(d.office, code))}

    def last_releases(self) -> dict[str, datetime]:
        """When each stage was last released."""
        p = t.publications.c
        rows: list[Any] = list(self._rows(select(p.stage, func.max(p.created_at).label("at")).group_by(p.stage)))
        return {row["stage"]: row["at"] for row in rows}
