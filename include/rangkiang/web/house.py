"""The house as the pages use it: opened once in a process, and held."""

from __future__ import annotations

from functools import cache

from rangkiang import board
from rangkiang.guard import Guard
from rangkiang.ledger import Ledger
from rangkiang.lineage import open_lineage
from rangkiang.portal import open_portal
from rangkiang.settings import Settings
from rangkiang.steps import Barn
from rangkiang.store import open_store


def opened() -> Barn:
    """Everything that a decision needs, around the ledger that the board looks at."""
    return _around(board.opened()[0])


@cache
def _around(ledger: Ledger) -> Barn:
    settings = Settings()
    return Barn(
        settings=settings,
        store=open_store(settings.store_url, settings.s3_endpoint),
        ledger=ledger,
        portal=open_portal(settings.portal_url),
        lineage=open_lineage(settings.lineage_url, "rangkiang", settings.store_url),
        guard=Guard(settings.limits),  # its worker is started by the first page that has to be painted
        run="web",
    )
