"""The house whose verbs the pages use: opened once in a process, and held."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache

from rangkiang.steps import Barn, open_barn

_HELD = ExitStack()


@cache
def barn() -> Barn:
    """The house of the settings."""
    return _HELD.enter_context(open_barn(run="papan"))
