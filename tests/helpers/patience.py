"""Waiting for what a running Airflow does when it gets to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

PATIENCE = 300.0


def until(true: Callable[[], object]) -> None:
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        with suppress(httpx.TimeoutException):  # a machine with other work answers late
            if true():
                return
        time.sleep(0.3)
    pytest.fail("this never came true")
