"""Trying again, where that may help: a step looks at the portal anew each time, for it may have been done after all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from rangkiang import telemetry
from rangkiang.portal.ckan.connection import Stale
from rangkiang.portal.errors import Away
from rangkiang.settings import Ckan

T = TypeVar("T")
_LONGEST = 120.0  # seconds of one pause, whatever the portal asks for


def patiently(house: Ckan, step: Callable[[], T], forget: Callable[[], None] = lambda: None) -> T:
    """Do a step until it is done, or was tried often enough; before each further try what was seen is forgotten.

    Raises what the last try raised.
    """
    usual = wait_exponential_jitter(initial=house.pause, max=30, jitter=house.pause / 2)

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Away) else None
        return min(_LONGEST, usual(state) if asked is None else asked)

    def again(_: RetryCallState) -> None:
        telemetry.add(telemetry.instruments.PUBLISH_RETRIES)
        forget()

    retrying = Retrying(
        stop=stop_after_attempt(house.tries),
        wait=pause,
        retry=retry_if_exception_type((Away, Stale)),
        before_sleep=again,
        reraise=True,
    )
    return retrying(step)
