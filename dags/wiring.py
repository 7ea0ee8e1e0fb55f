"""What both DAG files share: when they run, how they retry, and the opened house a task works in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType
from typing import Any

from airflow.sdk import CronTriggerTimetable, ExceptionRetryPolicy, RetryAction, RetryRule, conf, get_current_context
from airflow.sdk.execution_time.hitl import HITLUser

from rangkiang import catalogue, people
from rangkiang.settings import Settings

DEADLINE = "0 5 * * *"
SETTINGS = Settings()
PROVINCE = catalogue.offices()[0].unit_kerja

# What a bad file or a mistake in the program raises; a disk, a network or a database that is away raises other things.
HOPELESS: list[type[BaseException] | str] = [
    ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NameError, TypeError, ValueError,
    "jinja2.exceptions.TemplateError",
]  # fmt: skip

DEFAULTS: dict[str, Any] = {
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=15),
    # The first rule that fits decides; what fits none is tried again as above.
    "retry_policy": ExceptionRetryPolicy(
        rules=[
            RetryRule(exception=[ConnectionError, TimeoutError], reason="a service was away"),
            RetryRule(
                exception=["rangkiang.errors.RangkiangError", *HOPELESS],
                action=RetryAction.FAIL,
                reason="trying again would not help",
            ),
        ]
    ),
}


def daily(cron: str) -> CronTriggerTimetable:
    """A schedule in the time of western Indonesia."""
    # Airflow 3.3 takes False for "unset", and then starts a new DAG at once when its last hour is not long gone.
    return CronTriggerTimetable(cron, timezone="Asia/Jakarta", run_immediately=timedelta(0))


def approvers() -> list[HITLUser] | None:
    """Who is asked whether a release may be made; None is everybody whom Airflow lets answer.

    Only the auth managers of plugins/gate know accounts by their names; of others, whoever answers is looked at
    afterwards.
    """
    if not conf.get("core", "auth_manager", fallback="").startswith("gate."):
        return None
    found = people.who_may(people.Act.APPROVE, SETTINGS.people)
    return [HITLUser(id=name, name=name) for name in found] or None


@contextmanager
def opened() -> Iterator[tuple[ModuleType, Any]]:
    """The steps, and the house they work in, inside a task. Imported here, so that reading a DAG file stays quick."""
    from rangkiang import lineage, steps

    context = get_current_context()
    dag_id, run_id = context["ti"].dag_id, context["run_id"]
    parent = lineage.Parent("airflow", dag_id, lineage.run_id("airflow", dag_id, run_id))
    with steps.open_barn(run=f"{run_id}/{context['ti'].try_number}", parent=parent) as barn:
        yield steps, barn
