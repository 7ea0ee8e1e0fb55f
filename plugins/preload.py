"""Imports the heavy rooms once, in the scheduler, before it forks the workers: a task then starts in no time.

Needs ``AIRFLOW__CORE__LAZY_LOAD_PLUGINS=False``. Processes that run no task do not pay for it.
"""

from __future__ import annotations

import importlib
import sys

from airflow.plugins_manager import AirflowPlugin

ROOMS = (
    "rangkiang.steps",  # and with it pandas, camelot and Great Expectations
    # What Airflow itself would import anew for every task of ours.
    "airflow.sdk.execution_time.task_runner",
    "airflow.providers.standard.decorators.short_circuit",
)


class Preload(AirflowPlugin):
    name = "rangkiang_preload"


if "scheduler" in sys.argv:
    for room in ROOMS:
        importlib.import_module(room)
