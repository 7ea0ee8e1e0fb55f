"""What became of everything that offices handed in, counted by the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import BigInteger, func, literal, select

from rangkiang.ledger import tables as t
from rangkiang.ledger import waits
from rangkiang.ledger.base import Base
from rangkiang.model import State, Status

_FIGURES = (Status.PROVED, Status.READ, Status.FLAGGED, Status.DECIDED)
"""What stands in a cell that is not empty."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One office's documents. A document that was handed in again in another form is another one."""

    judged: int  # filed, held, or sent back: also those that have been replaced or taken away since
    used: int  # filed, and no other file has taken their place
    figures: int
    proved: int  # of the figures, without anybody having corrected them
    median: timedelta | None  # from coming in to being filed for the first time


class HandingIn(Base):
    """The part of the ledger that tells how well what came in could be used."""

    def handed_in(self) -> dict[str, HandedIn]:
        """By office; offices of which nothing has been judged are not there."""
        d = t.documents.c
        filed = d.state == State.FILED.value
        judged = d.state.in_([State.FILED.value, State.HELD.value, State.QUARANTINED.value])
        median = func.percentile_cont(0.5).within_group(d.filed_at - d.created_at).filter(filed)
        counted = select(
            d.office, func.count().label("judged"), func.count().filter(filed).label("filed"), median.label("median")
        )
        again = select(d.office, func.count().label("again")).where(filed, waits.replaced(many=True))
        replaced = {row["office"]: row["again"] for row in self._rows(again.group_by(d.office))}
        figures = self._figures()
        return {
            row["office"]: HandedIn(
                row["judged"],
                row["filed"] - replaced.get(row["office"], 0),
                *figures.get(row["office"], (0, 0)),
                row["median"],
            )
            for row in self._rows(counted.where(judged).group_by(d.office))
        }

    def _figures(self) -> dict[str, tuple[int, int]]:
        """By office: the figures of all proofs, and those of them that arithmetic alone has proved."""
        r, f = t.readings.c, t.findings.c

        def number(status: Status):  # type: ignore[no-untyped-def]
            return func.coalesce(r.counts[status.value].astext.cast(BigInteger), literal(0))

        all_of_them = func.sum(sum((number(s) for s in _FIGURES[1:]), number(_FIGURES[0])))
        query = select(r.office, all_of_them.label("figures"), func.sum(number(Status.PROVED)).label("proved"))
        by_hand = select(f.office, func.count().label("n")).where(f.code == "figure_corrected").group_by(f.office)
        corrected = {row["office"]: row["n"] for row in self._rows(by_hand)}
        return {
            row["office"]: (int(row["figures"]), max(0, int(row["proved"]) - corrected.get(row["office"], 0)))
            for row in self._rows(query.where(r.kind == "proof").group_by(r.office))
        }
