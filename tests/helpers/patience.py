"""Waits for what a server comes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

PATIENCE = 300.0  # seconds


def until(true: Callable[[], object], patience: float = PATIENCE) -> None:
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        with suppress(httpx.TimeoutException):  # a machine with other work answers late
            if true():
                return
        time.sleep(0.3)
    pytest.fail("this never came true")
