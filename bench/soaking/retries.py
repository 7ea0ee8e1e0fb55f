"""Steps tried again as Airflow would: by the very rules that the DAGs have."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

DAGS = Path(__file__).resolve().parent.parent.parent / "dags"


@cache
def rules() -> dict[str, Any]:
    """What every task of the DAGs is given: how often it is tried again, and after which errors."""
    sys.path.append(str(DAGS))
    found: dict[str, Any] = import_module("wiring").DEFAULTS
    return found


def is_retried(error: BaseException, tries: int = 1) -> bool:
    """Whether the DAGs try a step again that ended in this error, the so-manieth time."""
    from airflow.sdk import RetryAction

    retries = rules()["retries"]
    decision = rules()["retry_policy"].evaluate(error, tries, retries + 1)
    return tries <= retries and decision.action is not RetryAction.FAIL


def tried(step: Callable[[], object]) -> object:
    """What the step returns, after as many tries as its task has. Raises what Airflow would not try again."""
    tries = 0
    while True:
        tries += 1
        try:
            return step()
        except Exception as error:
            if not is_retried(error, tries):
                raise
