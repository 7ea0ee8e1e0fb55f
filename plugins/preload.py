"""Imports the heavy rooms once, in who forks the processes of tasks, before it does: a task then starts in no time.

That is the scheduler, which runs the tasks of a local executor, and a Celery worker. It reads the forms and the
catalogue as well, which every task asks for.

Needs ``AIRFLOW__CORE__LAZY_LOAD_PLUGINS=False``. Processes that run no task do not pay for it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

ROOMS = (
    "rangkiang.steps",  # and with it pandas, camelot and Great Expectations
    "pyarrow.dataset",
    # What Airflow itself, and our DAG files, would import anew for every task of ours.
    "airflow.sdk.execution_time.task_runner",
    "airflow.providers.standard.decorators.short_circuit",
    "airflow.sdk.definitions.callback",
    "airflow.sdk.definitions.deadline",
    "airflow.sdk.definitions.decorators",
    "airflow.sdk.definitions.asset.metadata",
    "airflow.sdk.execution_time.hitl",
)


class Preload(AirflowPlugin):
    name = "rangkiang_preload"


def forks_tasks(arguments: Collection[str], executor: str) -> bool:
    """Whether the process of this command line forks those of tasks."""
    return {"celery", "worker"} <= {*arguments} or ("scheduler" in arguments and "LocalExecutor" in executor)


if forks_tasks(sys.argv, conf.get("core", "executor")):
    for room in ROOMS:
        importlib.import_module(room)
    from rangkiang import catalogue
    from rangkiang.forms import forms

    forms()
    for read in (catalogue.offices, catalogue.stages, catalogue.doctypes, catalogue.reasons):
        read()
