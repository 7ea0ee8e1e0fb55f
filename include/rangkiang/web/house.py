"""The house as the pages use it: opened once in a process, and held."""

from __future__ import annotations

from functools import cache

from rangkiang import board
from rangkiang.guard import Guard
from rangkiang.ledger import Ledger
from rangkiang.settings import Settings
from rangkiang.steps import Barn
from rangkiang.steps.barn import barn_around


def opened() -> Barn:
    """Everything that a decision needs, around the ledger that the board looks at."""
    return _around(board.opened()[0])


@cache
def _around(ledger: Ledger) -> Barn:
    settings = Settings()
    # The guard's worker is started by the first page that has to be painted.
    return barn_around(ledger, Guard(settings.limits), settings, "web")
