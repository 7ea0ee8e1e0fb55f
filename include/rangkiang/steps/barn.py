"""What every step works on: the store, the ledger, the portal, the lineage, the guard, opened from the settings."""

from __future__ import annotations

import errno
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from psycopg.errors import DiskFull

from rangkiang.errors import LedgerLost, NoSpace
from rangkiang.guard import Guard
from rangkiang.journal import Journal
from rangkiang.ledger import AWAY, Ledger
from rangkiang.ledger.opening import opened
from rangkiang.lineage import Lineage, Parent, open_lineage
from rangkiang.portal import Portal, open_portal
from rangkiang.settings import Settings
from rangkiang.steps.observing import measured
from rangkiang.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Barn:
    """The opened house. ``run`` names the run that the lineage speaks of."""

    settings: Settings
    store: Store
    journal: Journal
    ledger: Ledger
    portal: Portal
    lineage: Lineage
    guard: Guard
    run: str

    @property
    def lost(self) -> bool:
        """Is the ledger empty or half made, and the store holds the journal of one that was not?"""
        # Asked again at the end: of a house whose first night has just begun the ledger knows before the journal does.
        return self.ledger.is_lost() and self.journal.begun and self.ledger.is_lost()


@contextmanager
def open_barn(
    settings: Settings | None = None, run: str = "", parent: Parent | None = None, lost: bool = False
) -> Iterator[Barn]:
    """Open everything, the ledger's tables made or brought up to date; closed again at the end.

    ``run`` names this run and try, ``parent`` the orchestrator's run that it is part of, both for the lineage.

    Without a ledger URL in the settings an embedded PostgreSQL is started under ``home``, or joined where it runs.
    Raises LedgerLost where the ledger is empty and the journal is not, but for whoever comes to make it again
    (``lost``): a night that went on from nothing would take all for new.
    Raises NoSpace for what fails in here for want of room on a disk.
    """
    settings = settings or Settings()
    with _room_named(settings), ExitStack() as stack:
        ledger = stack.enter_context(opened(settings))
        stack.enter_context(measured(ledger, settings))
        guard = stack.enter_context(Guard(settings.limits))
        barn = barn_around(ledger, guard, settings, run or str(uuid.uuid4()), parent)
        if not lost and barn.lost:
            raise LedgerLost
        yield barn


def barn_around(ledger: Ledger, guard: Guard, settings: Settings, run: str, parent: Parent | None = None) -> Barn:
    """The house around a ledger and a guard that whoever calls this looks after. The ledger tells the journal."""
    store = open_store(settings.store_url, settings.s3_endpoint)
    ledger.ahead = journal = Journal(store)
    return Barn(
        settings=settings,
        store=store,
        journal=journal,
        ledger=ledger,
        portal=open_portal(settings.portal_url, settings.ckan),
        lineage=open_lineage(settings.lineage_url, "rangkiang", settings.store_url, parent, source=settings.source),
        guard=guard,
        run=run,
    )


@contextmanager
def _room_named(settings: Settings) -> Iterator[None]:
    """A full disk is told by name, with what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT) or isinstance(error, NoSpace):
            raise
        raise NoSpace(error.errno, _room(settings)) from error
    except AWAY as error:
        if isinstance(error.orig, DiskFull):
            raise NoSpace(errno.ENOSPC, "PostgreSQL's") from error
        raise


def _room(settings: Settings) -> str:
    """How much is free where this house writes to folders."""
    places = [settings.home.resolve(), *map(_folder, (settings.store_url, settings.portal_url))]
    free = {place: shutil.disk_usage(place).free for place in places if place and place.is_dir()}
    return "; ".join(f"{place}: {size / 1e6:.1f} MB free" for place, size in free.items())


def _folder(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None
