"""Waits for what a server comes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from deploy.local.client import Unavailable

PATIENCE = 300.0  # seconds
LATE = (httpx.TimeoutException,)  # a machine with other work answers late
AWAY = (httpx.TransportError, Unavailable)  # the same of one of which parts are killed


def until(true: Callable[[], object], patience: float = PATIENCE, unless: tuple[type[Exception], ...] = LATE) -> None:
    """Ask until it is true; what is raised ``unless`` it can be answered is asked again."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        with suppress(*unless):
            if true():
                return
        time.sleep(0.3)
    pytest.fail("this never came true")
