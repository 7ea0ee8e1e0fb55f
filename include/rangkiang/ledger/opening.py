"""The ledger of the settings: a server's, or one that is started under ``home``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from rangkiang.ledger import embedded
from rangkiang.ledger.ledger import Ledger, open_ledger
from rangkiang.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Ledger]:
    """Its tables made or brought up to date; closed again at the end.

    Without a URL in the settings an embedded PostgreSQL is started under ``home``, or joined where it runs.
    """
    with ExitStack() as stack:
        url = settings.ledger
        if not url:
            server = stack.enter_context(embedded.ensure_server(settings.at_home("postgres", "ledger")))
            url = embedded.database_url(server, "rangkiang")
        ledger = open_ledger(url)
        stack.callback(ledger.dispose)
        ledger.migrate()
        yield ledger
