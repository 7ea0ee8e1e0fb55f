"""The DAGs that the two files make: that all are there, and that each keeps the policy of the house."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rangkiang import catalogue
from rangkiang.model import Level

Dags = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("airflow")


@pytest.fixture(scope="module")
def found(repository: Path, home: Path) -> dict[str, Any]:
    return parse(repository, home)


@pytest.fixture(scope="module")
def dags(found: dict[str, Any]) -> Dags:
    read: Dags = found["dags"]
    return read


def parse(repository: Path, home: Path, *only: str) -> dict[str, Any]:
    """What a process of Airflow finds in the folder of DAGs."""
    told = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "PYTHONPATH": str(repository / "include"),
    }
    program = [sys.executable, str(repository / "tests/helpers/dagbag.py"), str(repository / "dags"), *only]
    done = subprocess.run(program, env=told, cwd=home, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_both_files_are_read_without_errors_and_without_heavy_imports(found: dict[str, Any]) -> None:
    assert found["errors"] == {}
    assert found["heavy"] == []


def test_one_dag_for_each_office_one_for_each_stage_and_one_that_goes_on_after_decisions(dags: Dags) -> None:
    regencies = {f"regency__{o.slug}" for o in catalogue.offices() if o.level is Level.KABKOTA}
    stages = {f"stage__{s.code}" for s in catalogue.stages()}
    assert len(regencies) == 19
    assert set(dags) == regencies | {"province__13_sumatera_barat", "decided", "upkeep"} | stages


def test_a_task_builds_its_own_dag_only(repository: Path, home: Path) -> None:
    for dag_id in ("regency__13.05_padang_pariaman", "stage__PL.01.8"):
        assert list(parse(repository, home, dag_id)["dags"]) == [dag_id]


def test_every_dag_is_named_documented_and_tagged_and_never_overlaps_itself(dags: Dags) -> None:
    for dag_id, dag in dags.items():
        assert dag["name"] != dag_id, dag_id
        assert len(dag["doc"]) > 200, dag_id
        assert "{" not in dag["doc"], dag_id
        assert "rangkiang" in dag["tags"], dag_id
        assert (dag["catchup"], dag["max_active_runs"]) == (False, 1), dag_id
        assert dag["schedule"]["timezone"] == "Asia/Jakarta", dag_id


def test_every_task_belongs_to_an_office_and_is_tried_again_only_where_that_helps(dags: Dags) -> None:
    owners = {o.unit_kerja for o in catalogue.offices()}
    for dag_id, dag in dags.items():
        for task_id, task in dag["tasks"].items():
            assert task["owner"] in owners, (dag_id, task_id)
            assert task["retry_policy"], (dag_id, task_id)
            assert task["retries"] == (0 if task_id == "alarm" else 3), (dag_id, task_id)


def test_an_office_owns_its_dag(dags: Dags) -> None:
    dag = dags["regency__13.05_padang_pariaman"]
    assert dag["name"] == "KPU Kabupaten Padang Pariaman"
    assert {"13.05", "kabkota"} <= set(dag["tags"])
    assert {task["owner"] for task in dag["tasks"].values()} == {"KPU Kabupaten Padang Pariaman"}


def test_a_run_can_be_narrowed_to_what_the_catalogue_has(dags: Dags) -> None:
    params = dags["regency__13.01_pesisir_selatan"]["params"]
    assert params["stage"]["enum"] == [None, *(s.code for s in catalogue.stages())]
    assert params["doctype"]["enum"] == [None, *(d.code for d in catalogue.doctypes())]
    assert params["force"]["type"] == "boolean"


def test_a_stage_listens_for_its_own_deliveries(dags: Dags) -> None:
    for stage in catalogue.stages():
        assert dags[f"stage__{stage.code}"]["schedule"]["asset"] == f"stage/{stage.code}"


def test_a_failed_batch_keeps_nothing_back_and_still_fails_the_run(dags: Dags) -> None:
    tasks = dags["regency__13.01_pesisir_selatan"]["tasks"]
    assert tasks["batch.arrange"]["trigger_rule"] == "all_done"
    assert tasks["file"]["trigger_rule"] == "all_done"
    assert (tasks["give_back"]["trigger_rule"], set(tasks["give_back"]["upstream"])) == ("all_done", {"file"})
    assert tasks["alarm"]["trigger_rule"] == "one_failed"
    assert set(tasks["alarm"]["upstream"]) == {"batch.read", "batch.arrange", "file", "give_back"}


def test_the_house_is_looked_at_whatever_became_of_its_upkeep(dags: Dags) -> None:
    tasks = dags["upkeep"]["tasks"]
    assert tasks["sweep"]["upstream"] == ["align"]
    assert (tasks["examine"]["trigger_rule"], tasks["examine"]["upstream"]) == ("all_done", ["sweep"])


def test_what_was_decided_is_looked_for_before_any_run_is_started(dags: Dags) -> None:
    tasks = dags["decided"]["tasks"]
    assert tasks["resume"]["upstream"] == ["look"]
