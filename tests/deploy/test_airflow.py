"""The DAGs, really run: PostgreSQL, scheduler, API server and all, on the files of two offices."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.processes import holders
from deploy.local.up import Airflow, AlreadyRunning, running
from helpers.nights import of_offices
from rangkiang.settings import Settings
from rangkiang.store import open_store
from samples import demo

SMALL = {"13.73": "regency__13.73_kota_sawahlunto", "13.75": "regency__13.75_kota_bukittinggi"}
STAGE = "stage__PL.01.8"
MINUTES = 180.0


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("house")
    settings = Settings(home=home)
    store = open_store(settings.store_url)
    for key, data in of_offices(demo.build()[0].files, SMALL).items():
        store.put(key, data)
    return settings


@pytest.fixture(scope="module")
def airflow(settings: Settings) -> Iterator[Airflow]:
    with running(settings) as started:
        until(lambda: {*SMALL.values(), STAGE} <= {dag["dag_id"] for dag in started.client.dags()})
        yield started
    marks = started.home.folder / "marks"
    assert [path.name for path in marks.iterdir() if holders(path)] == []


def until(true: object) -> None:
    patience = time.monotonic() + 60
    while not true():  # type: ignore[operator]
        assert time.monotonic() < patience, "this never came true"
        time.sleep(0.3)


def run_offices(airflow: Airflow) -> list[tuple[str, str]]:
    return [(dag_id, airflow.client.trigger(dag_id)) for dag_id in SMALL.values()]


def states(airflow: Airflow, run: tuple[str, str]) -> Counter[tuple[str, str]]:
    return Counter((task["task_id"], task["state"]) for task in airflow.client.task_instances(*run))


@pytest.fixture(scope="module")
def first(airflow: Airflow) -> list[tuple[str, str]]:
    """The first runs of the offices, in whose middle the scheduler is killed."""
    runs = run_offices(airflow)
    until(lambda: airflow.client.task_instances(state="running", task_id="batch.read"))
    pid = airflow.children["scheduler"].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert set(airflow.client.wait(runs, MINUTES).values()) == {"success"}
    return runs


def test_a_killed_scheduler_comes_back_and_the_night_goes_on(airflow: Airflow, first: list[tuple[str, str]]) -> None:
    assert airflow.children["scheduler"].restarts == 1
    for run in first:
        done = states(airflow, run)
        assert done["file", "success"] == done["collect", "success"] == 1
        assert done["batch.read", "success"] == done["batch.arrange", "success"] >= 1
        assert done["alarm", "skipped"] == 1


def test_a_stage_is_told_of_deliveries_and_waits_for_the_other_offices(
    airflow: Airflow, first: list[tuple[str, str]]
) -> None:
    until(lambda: airflow.client.runs(STAGE, state=["success", "failed"]))
    told = airflow.client.runs(STAGE)[0]
    assert (told["run_type"], told["state"]) == ("asset_triggered", "success")
    assert states(airflow, (STAGE, told["dag_run_id"]))["reconcile", "skipped"] == 1


def test_a_stage_that_is_run_by_hand_waits_for_nobody(
    airflow: Airflow, settings: Settings, first: list[tuple[str, str]]
) -> None:
    run = (STAGE, airflow.client.trigger(STAGE))
    assert airflow.client.wait([run], MINUTES) == {run: "success"}
    assert states(airflow, run)["verify", "success"] == 1
    assert Path(settings.portal_url.removeprefix("file://"), "index.html").is_file()


def test_a_night_with_nothing_new_is_one_task_for_each_office(airflow: Airflow, first: list[tuple[str, str]]) -> None:
    by_hand = [(dag, airflow.client.trigger(dag)) for dag in ("stage__PL.01.7", STAGE)]
    airflow.client.wait(by_hand, MINUTES)
    for run, state in airflow.client.wait(run_offices(airflow), MINUTES).items():
        assert state == "success"
        assert [task for (task, outcome) in states(airflow, run) if outcome != "skipped"] == ["collect"]


def test_a_second_airflow_on_the_same_home_is_refused(airflow: Airflow, settings: Settings) -> None:
    with pytest.raises(AlreadyRunning, match=str(os.getpid())), running(settings):
        pass
