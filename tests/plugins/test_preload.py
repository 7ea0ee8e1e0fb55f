"""Who imports the heavy rooms before it forks, and who is spared them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "executor", "does"),
    [
        (["airflow", "scheduler"], "LocalExecutor", True),
        (["airflow", "scheduler"], "CeleryExecutor", False),
        (["airflow", "scheduler"], "CeleryExecutor,LocalExecutor", True),
        (["airflow", "celery", "worker", "--concurrency", "2"], "CeleryExecutor", True),
        (["airflow", "celery", "flower"], "CeleryExecutor", False),
        (["airflow", "api-server"], "LocalExecutor", False),
        (["airflow", "triggerer"], "CeleryExecutor", False),
    ],
)
def test_only_who_forks_tasks_imports_what_tasks_need(
    repository: Path, arguments: list[str], executor: str, does: bool
) -> None:
    preload = runpy.run_path(str(repository / "plugins" / "preload.py"))
    assert preload["forks_tasks"](arguments, executor) is does
