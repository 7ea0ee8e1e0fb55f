"""The ledger that the board looks at: opened once in a process, and held."""

from __future__ import annotations

from functools import cache

from rangkiang.ledger import Ledger, embedded, open_ledger
from rangkiang.settings import Settings


@cache
def opened() -> tuple[Ledger, bool]:
    """The ledger of the settings, and whether a correction waits for a second person.

    Where no server is named the embedded one is joined, or started, and held as long as this process lives.
    """
    settings = Settings()
    ledger = open_ledger(settings.ledger or _embedded(settings))
    ledger.migrate()
    return ledger, settings.decisions.two_persons


def _embedded(settings: Settings) -> str:
    server = embedded.ensure_server(settings.at_home("postgres", "ledger"))
    return embedded.database_url(server, "rangkiang")
