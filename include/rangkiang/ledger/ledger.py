"""The ledger as the steps use it, in one: each of its parts has a module of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Table, select

from rangkiang.ledger import migrations
from rangkiang.ledger.approvals import Approvals
from rangkiang.ledger.audit import Audit
from rangkiang.ledger.base import kept
from rangkiang.ledger.decisions import Decisions
from rangkiang.ledger.handed_in import HandingIn
from rangkiang.ledger.inbox import Inbox
from rangkiang.ledger.outgoing import Outgoing
from rangkiang.ledger.overview import Overview
from rangkiang.ledger.proofs import Proofs
from rangkiang.ledger.queue import Queue
from rangkiang.ledger.retold import Retold
from rangkiang.ledger.returns import Returns
from rangkiang.ledger.tables import metadata
from rangkiang.ledger.undone import Undone
from rangkiang.ledger.upkeep import Upkeep

_HISTORY = frozenset({"etag", "version"})
_JOURNALS = frozenset({"approvals", "audit", "publications"})


class Ledger(
    Inbox, Proofs, Decisions, Approvals, Outgoing, Undone, Overview, Queue, HandingIn, Returns, Audit, Upkeep, Retold
):
    """Every write may be made again, and by two processes at once: the end is the same."""

    def migrate(self) -> None:
        """Bring the tables to this version's form, keeping what they hold; whoever comes second finds it done."""
        migrations.upgrade(self._engine)

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """What the ledger knows, by table and key: equal states give equal snapshots.

        Left out are the times of its log, and what tells how often or when a thing came rather than what it is: the
        inbox's etags, the count of a release's versions, who approved them, in how many releases they came; and the
        audit trail.
        """
        with self._engine.connect() as connection:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
            return {
                table.name: [
                    dict(row)
                    for row in connection.execute(select(*_told(table)).order_by(*table.primary_key)).mappings()
                ]
                for table in metadata.sorted_tables
                if table.name not in _JOURNALS
            }


def _told(table: Table) -> list[Column[Any]]:
    return [column for column in kept(table) if column.name not in _HISTORY]


def open_ledger(url: str) -> Ledger:
    """The ledger in a database of PostgreSQL (``postgresql://…``). Connects on first use; call ``migrate`` once."""
    return Ledger(url)
