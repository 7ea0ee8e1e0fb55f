"""What is left to do, told by the server: where nothing is, no document is fetched to see that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, Text, column, exists, select, true, union_all, values

from rangkiang.ledger import codec, waits
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, among, kept
from rangkiang.model import USABLE, Document, State


class Undone(Base):
    """The part of the ledger that the night asks first."""

    def unproved(
        self,
        office: str,
        makers: Mapping[str, str],
        stage: str | None = None,
        doctype: str | None = None,
        sha256s: Iterable[str] | None = None,
        apart: Collection[str] = (),
    ) -> list[Document]:
        """Usable documents of an office that were received anew, or have no proof by the maker of their form.

        ``makers`` by form; those ``apart`` (digests) are left out. By key and bytes.
        """
        d, r = t.documents.c, t.readings.c
        made = values(column("form", Text), column("maker", Text), name="made").data(sorted(makers.items()))
        proved = (
            select(r.sha256)
            .select_from(t.readings)
            .join(made, made.c.maker == r.maker)
            .where(r.office == d.office, r.sha256 == d.sha256, r.kind == "proof", r.digest != "")
            .where(made.c.form == d.form)
        )
        query = select(*kept(t.documents)).where(
            d.office == office,
            among(d.state, [state.value for state in USABLE]),
            (d.state == State.ACCEPTED.value) | ~proved.correlate(t.documents).exists(),
            *(d[n] == v for n, v in {"stage": stage, "doctype": doctype}.items() if v is not None),
            true() if sha256s is None else among(d.sha256, sha256s),
            ~among(d.sha256, apart) if apart else true(),
        )
        return [codec.document(row) for row in self._rows(query.order_by(d.key, d.sha256))]

    def replaced_by(self, office: str, sha256s: Iterable[str]) -> dict[str, str]:
        """Of these documents those that lie in the inbox no longer, and the digest of what lies under their key now."""
        d, a, part = t.documents.c, t.arrivals.c, t.documents.alias("part")
        files = select(a.key, a.sha256).where(a.office == office, a.present)
        sheets = select(part.c.key, part.c.sha256).where(part.c.office == office, waits.lies_in_part(part))
        here = union_all(files, sheets).subquery("here")
        query = select(d.sha256, here.c.sha256.label("now")).join(here, here.c.key == d.key)
        query = query.where(d.office == office, among(d.sha256, sha256s), ~waits.lies())
        return {row["sha256"]: row["now"] for row in self._rows(query.order_by(here.c.sha256))}

    def lying(self, office: str, sha256s: Iterable[str]) -> set[str]:
        """Of these documents those that lie in the inbox, as files or as sheets that a file was taken apart into."""
        d = t.documents.c
        query = select(d.sha256).where(d.office == office, among(d.sha256, sha256s), waits.lies())
        return {row["sha256"] for row in self._rows(query)}

    def delivered(self, stage: str) -> set[str]:
        """Offices of which documents of a stage are filed, or cannot be: held back, or at odds with others."""
        d = t.documents.c
        done = among(d.state, [State.HELD.value, State.FILED.value])
        return self._offices(stage, done | ((d.state == State.ARRANGED.value) & _rivals()))

    def underway(self, stage: str) -> set[str]:
        """Offices of which documents of a stage are on their way into their folders."""
        d = t.documents.c
        read = among(d.state, [State.ACCEPTED.value, State.READ.value])
        return self._offices(stage, read | ((d.state == State.ARRANGED.value) & ~_rivals()))

    def _offices(self, stage: str, where: ColumnElement[bool]) -> set[str]:
        d = t.documents.c
        return {row["office"] for row in self._rows(select(d.office).distinct().where(d.stage == stage, where))}

    def stages(self, office: str) -> set[str]:
        """Stages of which an office has handed in something usable."""
        d = t.documents.c
        usable = among(d.state, [state.value for state in USABLE])
        return {row["stage"] for row in self._rows(select(d.stage).distinct().where(d.office == office, usable))}


def _rivals() -> ColumnElement[bool]:
    """Does a document say otherwise than another about the same?"""
    d, f = t.documents.c, t.findings.c
    return exists().where(f.office == d.office, f.sha256 == d.sha256, f.scope == "rivals")
