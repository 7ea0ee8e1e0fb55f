"""Imports the heavy rooms once, in the scheduler, before it forks the workers: a task then starts in tenths of a second.

Needs ``AIRFLOW__CORE__LAZY_LOAD_PLUGINS=False``. Processes that run no task do not pay for it.
"""

from __future__ import annotations

import sys

from airflow.plugins_manager import AirflowPlugin


class Preload(AirflowPlugin):
    name = "rangkiang_preload"


if "scheduler" in sys.argv:
    import rangkiang.steps  # noqa: F401 - every room of the house, with pandas, camelot and Great Expectations
