"""Deliverables and releases: what is filed, what may pass, and what is before the public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects import postgresql

from rangkiang.ledger import codec
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, kept, upsert
from rangkiang.ledger.records import Compared, Filed, Release
from rangkiang.model import Deliverable


class Outgoing(Base):
    """The part of the ledger that the portal is fed from."""

    def record_deliverable(self, deliverable: Deliverable) -> None:
        """Write what is filed for an office, a stage and a document type."""
        with self._single.connect() as connection:
            connection.execute(upsert(t.deliverables), codec.deliverable_row(deliverable))

    def deliverables(self, stage: str | None = None, office: str | None = None) -> list[Deliverable]:
        """Deliverables that meet every condition given, by office, stage and document type."""
        equal = {"stage": stage, "office": office}
        query = select(*kept(t.deliverables)).order_by(*t.deliverables.primary_key)
        query = query.where(*(t.deliverables.c[n] == v for n, v in equal.items() if v is not None))
        return [codec.deliverable(row) for row in self._rows(query)]

    def filed(self, stage: str | None = None, office: str | None = None) -> list[Filed]:
        """The same by name alone, and so quickly: what they say of their documents is not fetched."""
        table = t.deliverables.c
        query = select(*(table[field.name] for field in fields(Filed))).order_by(*t.deliverables.primary_key)
        equal = {"stage": stage, "office": office}
        return [Filed(**row) for row in self._rows(query.where(*(table[n] == v for n, v in equal.items() if v)))]

    def deliverable(self, office: str, stage: str, doctype: str) -> Deliverable | None:
        """What is filed for an office, a stage and a document type."""
        table = t.deliverables.c
        query = select(*kept(t.deliverables))
        rows = self._rows(query.where(table.office == office, table.stage == stage, table.doctype == doctype))
        return codec.deliverable(rows[0]) if rows else None

    def drop_deliverable(self, office: str, stage: str, doctype: str) -> bool:
        """Forget a deliverable that has no member left; False when there was none."""
        table = t.deliverables.c
        gone = delete(t.deliverables).where(table.office == office, table.stage == stage, table.doctype == doctype)
        with self._single.connect() as connection:
            return connection.execute(gone).rowcount == 1

    def record_release(self, slug: str, stage: str, office: str, digest: str, files: int, verified: bool) -> int:
        """Write what the public sees under a slug. The version grows when the digest is another one."""
        row = {"slug": slug, "stage": stage, "office": office, "digest": digest, "files": files, "verified": verified}
        table, new = t.releases.c, postgresql.insert(t.releases).excluded
        version = case((table.digest != new.digest, table.version + 1), else_=table.version)
        with self._engine.begin() as connection:  # holds the row until its version is read
            connection.execute(upsert(t.releases, version=version), {**row, "version": 1})
            return int(connection.execute(select(table.version).where(table.slug == slug)).scalar_one())

    def withdraw_release(self, slug: str) -> bool:
        """Write that nothing is before the public under a slug; its next release gets the next version."""
        table = t.releases.c
        statement = update(t.releases).where(table.slug == slug, table.digest != "")
        with self._single.connect() as connection:
            values = {"digest": "", "files": 0, "verified": False, "updated_at": func.now()}
            return connection.execute(statement.values(values)).rowcount == 1

    def releases(self, stage: str | None = None) -> list[Release]:
        """What is before the public, by slug."""
        query = select(*kept(t.releases)).where(t.releases.c.digest != "").order_by(t.releases.c.slug)
        if stage is not None:
            query = query.where(t.releases.c.stage == stage)
        return [codec.release(row) for row in self._rows(query)]

    def record_compared(self, stage: str, found: Iterable[Compared]) -> bool:
        """Make these what is known of a stage's datasets since its levels were last compared."""
        return self._replace(t.gate, {"stage": stage}, [codec.compared_row(one) for one in found])

    def compared(self) -> list[Compared]:
        """All datasets as their levels were last compared."""
        return [codec.compared(row) for row in self._rows(select(*kept(t.gate)).order_by(*t.gate.primary_key))]
