"""The pool of those who read is there before a task needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
sys.argv = ["airflow", sys.argv[1]]
from airflow.utils import db
db.initdb()
from airflow.jobs.job import Job
from airflow.models.pool import Pool
Job(), Job()
print({pool.pool: pool.slots for pool in Pool.get_pools() if pool.pool != "default_pool"})
"""


def pools_after_the_start_of(part: str, repository: Path, home: Path, **settings: str) -> str:
    """What pools there are in a new Airflow once that part of it has started; its plugins are ours."""
    told = {
        **os.environ,
        **settings,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(repository / "plugins"),
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",  # the scheduler then forks no task, and imports nothing heavy
        "PYTHONPATH": str(repository / "include"),
    }
    program = [sys.executable, "-c", PROGRAM, part]
    done = subprocess.run(program, env=told, cwd=home, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_a_scheduler_makes_the_pool_as_large_as_the_settings_say_and_changes_it_with_them(
    repository: Path, tmp_path: Path
) -> None:
    assert pools_after_the_start_of("scheduler", repository, tmp_path) == "{'readers': 3}"
    assert pools_after_the_start_of("scheduler", repository, tmp_path, RANGKIANG_READERS="7") == "{'readers': 7}"


def test_other_parts_leave_it_alone(repository: Path, tmp_path: Path) -> None:
    assert pools_after_the_start_of("triggerer", repository, tmp_path) == "{}"
