"""A step is part of Airflow's run: by the names that Airflow's own provider gives its runs, where that speaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

PROGRAM = """
import json, sys
from dataclasses import asdict
from datetime import UTC, datetime
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
import wiring
run = SimpleNamespace(logical_date=datetime(2026, 9, 18, tzinfo=UTC), run_after=None, clear_number=0, conf={})
ti = SimpleNamespace(dag_id="regency__x", task_id="batch.read", try_number=2, map_index=3, dag_run=run)
ti.get_template_context = lambda: {"dag_run": run}
print(json.dumps(asdict(wiring._parent({"ti": ti, "run_id": "scheduled__1"}))))
"""


def parent(repository: Path, home: Path, **told: str) -> dict[str, dict[str, str]]:
    env = {**os.environ, "AIRFLOW_HOME": str(home), **told}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(repository / "dags")], env=env, capture_output=True, text=True, check=True
    )
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_without_the_provider_a_step_is_part_of_its_dags_run(repository: Path, tmp_path: Path) -> None:
    found = parent(repository, tmp_path, AIRFLOW__OPENLINEAGE__DISABLED="True")
    assert (found["above"]["job"], found["root"]) == ("regency__x", None)
    assert found["known_as"] == ["regency__x", "scheduled__1"]
    assert found == parent(repository, tmp_path, AIRFLOW__OPENLINEAGE__DISABLED="True")


@pytest.mark.skipif(not find_spec("airflow.providers.openlineage"), reason="Airflow's provider is not installed")
def test_with_the_provider_it_is_part_of_the_task_by_the_providers_own_id(repository: Path, tmp_path: Path) -> None:
    from airflow.providers.openlineage.plugins.adapter import OpenLineageAdapter

    transport = json.dumps({"type": "console"})
    found = parent(
        repository, tmp_path, AIRFLOW__OPENLINEAGE__DISABLED="False", AIRFLOW__OPENLINEAGE__TRANSPORT=transport
    )
    day = datetime(2026, 9, 18, tzinfo=UTC)
    task = OpenLineageAdapter.build_task_instance_run_id("regency__x", "batch.read", 2, day, 3)
    assert found["above"] == {"namespace": "default", "job": "regency__x.batch.read", "run_id": task}
    assert found["root"]["job"] == "regency__x"
    assert found["root"]["run_id"] == OpenLineageAdapter.build_dag_run_id("regency__x", day, 0)
