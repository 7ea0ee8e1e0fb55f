"""What every step works on: the store, the ledger, the portal, the lineage, the guard, opened from the settings."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from rangkiang.guard import Guard
from rangkiang.ledger import Ledger, embedded, open_ledger
from rangkiang.lineage import Lineage, Parent, open_lineage
from rangkiang.portal import Portal, open_portal
from rangkiang.settings import Settings
from rangkiang.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Barn:
    """The opened house. ``run`` names the run that the lineage speaks of."""

    settings: Settings
    store: Store
    ledger: Ledger
    portal: Portal
    lineage: Lineage
    guard: Guard
    run: str


@contextmanager
def open_barn(settings: Settings | None = None, run: str = "", parent: Parent | None = None) -> Iterator[Barn]:
    """Open everything, the ledger's tables made or brought up to date; closed again at the end.

    ``run`` names this run and try, ``parent`` the orchestrator's run that it is part of, both for the lineage.

    Without a ledger URL in the settings an embedded PostgreSQL is started under ``home``, or joined where it runs.
    """
    settings = settings or Settings()
    with ExitStack() as stack:
        ledger = open_ledger(settings.ledger or stack.enter_context(_embedded(settings)))
        stack.callback(ledger.dispose)
        ledger.migrate()
        guard = stack.enter_context(Guard(settings.limits))
        yield barn_around(ledger, guard, settings, run or str(uuid.uuid4()), parent)


def barn_around(ledger: Ledger, guard: Guard, settings: Settings, run: str, parent: Parent | None = None) -> Barn:
    """The house around a ledger and a guard that whoever calls this looks after."""
    return Barn(
        settings=settings,
        store=open_store(settings.store_url, settings.s3_endpoint),
        ledger=ledger,
        portal=open_portal(settings.portal_url, settings.ckan),
        lineage=open_lineage(settings.lineage_url, "rangkiang", settings.store_url, parent, source=settings.source),
        guard=guard,
        run=run,
    )


@contextmanager
def _embedded(settings: Settings) -> Iterator[str]:
    with embedded.ensure_server(settings.at_home("postgres", "ledger")) as server:
        yield embedded.database_url(server, "rangkiang")
