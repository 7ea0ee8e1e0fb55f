"""What both DAG files share: when they run, how they retry, and the opened house a task works in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.sdk import (
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    conf,
    get_current_context,
)
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.execution_time.hitl import HITLUser

from rangkiang import catalogue, people
from rangkiang.settings import Settings

if TYPE_CHECKING:
    from rangkiang.lineage import Parent

SETTINGS = Settings()
PROVINCE = catalogue.offices()[0].unit_kerja
SUBJECTS = {
    **{office.dag_id: office.code for office in catalogue.offices()},
    **{f"stage__{stage.code}": stage.code for stage in catalogue.stages()},
}
"""What alerts call a DAG's office or stage."""

# What a bad file or a mistake in the program raises; a disk, a network or a database that is away raises other things.
HOPELESS: list[type[BaseException] | str] = [
    ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NameError, TypeError, ValueError,
    "jinja2.exceptions.TemplateError",
]  # fmt: skip

READERS = "readers"
"""The pool of those who read; plugins/readers.py makes it."""

# Where tasks wait for a free worker, what ends a night goes before what begins it, whoever came first.
SOON, SOONER = 2, 3


def failed(context: Any) -> None:
    """A task has failed for good: who must know is told. Runs where the task ran, or else in the DAG processor."""
    from rangkiang import alerts
    from rangkiang.alerts.causes import cause

    ti, error = context["ti"], context.get("exception")
    known = error if isinstance(error, BaseException) else None
    alerts.tell(SETTINGS, cause(SUBJECTS.get(ti.dag_id, ti.dag_id), ti.task_id, known, link(context)))


def link(context: Any) -> str:
    """The page of a run."""
    ti = context["ti"]
    return f"{conf.get('api', 'base_url', fallback='').rstrip('/')}/dags/{ti.dag_id}/runs/{quote(ti.run_id)}"


DEFAULTS: dict[str, Any] = {
    "weight_rule": "absolute",
    "on_failure_callback": failed,
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


def late() -> DeadlineAlert | None:
    """Looks whose night is not done when a run's time is up, and tells; nothing where nobody is to be told."""
    if not SETTINGS.alerts.named:
        return None
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(hours=SETTINGS.alerts.late_hours),
        # By its name: the triggerer finds it among the plugins, and reading a DAG need not import it.
        callback=AsyncCallback("alarm.night_is_late"),
        name="Malam yang terlambat",
    )


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
    from rangkiang import steps

    context = get_current_context()
    with steps.open_barn(run=f"{context['run_id']}/{context['ti'].try_number}", parent=_parent(context)) as barn:
        yield steps, barn


def _parent(context: Any) -> Parent:
    """The task, as Airflow's own OpenLineage provider calls it where that tells of it; else its DAG's run."""
    from rangkiang.lineage import Above, Parent, run_id

    ti, known_as = context["ti"], (context["ti"].dag_id, context["run_id"])
    if find_spec("airflow.providers.openlineage"):
        from airflow.providers.openlineage import conf as told
        from airflow.providers.openlineage.plugins import macros

        if not told.is_disabled():
            above, root = macros.lineage_parent_id(ti), macros.lineage_root_parent_id(ti)
            return Parent(Above.of(above), Above.of(root), known_as)
    return Parent(Above("airflow", ti.dag_id, run_id("airflow", *known_as)), known_as=known_as)
