"""Waits for what a server comes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from deploy.local.client import Unavailable

PATIENCE = 300.0  # seconds
AWAY = (httpx.TransportError, Unavailable)  # a machine with other work answers late; parts are killed on purpose


def until(true: Callable[[], object], patience: float = PATIENCE) -> None:
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        with suppress(*AWAY):
            if true():
                return
        time.sleep(0.3)
    pytest.fail("this never came true")
