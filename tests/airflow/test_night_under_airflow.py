"""The DAGs, really run: PostgreSQL, scheduler, API server and all. A scheduler that is killed costs only time."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from deploy.local.client import Client
from deploy.local.processes import holders
from deploy.local.up import Airflow, AlreadyRunning, running
from helpers.nights import OFFICES, house, night, of_offices
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.settings import Settings
from rangkiang.steps.digest import digests
from rangkiang.store import open_store
from samples import demo

PATIENCE = 300.0
STAGES = ("stage__PL.01.7", "stage__PL.01.8")

Run = tuple[str, str]  # DAG and run


OFFICE_DAGS = [catalogue.office(office).dag_id for office in OFFICES]


@pytest.fixture(scope="module")
def inbox() -> dict[str, bytes]:
    return of_offices(demo.build()[0].files)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, inbox: dict[str, bytes]) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("airflow"))
    store = open_store(settings.store_url)
    for key, data in inbox.items():
        store.put(key, data)
    return settings


@pytest.fixture(scope="module")
def airflow(settings: Settings) -> Iterator[Airflow]:
    with running(settings) as started:
        until(lambda: {*OFFICE_DAGS, *STAGES} <= {dag["dag_id"] for dag in started.client.dags()})
        yield started
    marks = started.home.folder / "marks"
    assert [path.name for path in marks.iterdir() if holders(path)] == []


@pytest.fixture(scope="module")
def first(airflow: Airflow) -> list[Run]:
    """The first runs of the offices, in whose middle the scheduler is killed: while tasks read or prove."""
    runs = start(airflow, OFFICE_DAGS)
    until(
        lambda: any(t["task_id"].endswith(("read", "arrange")) for t in airflow.client.task_instances(state="running"))
    )
    pid = airflow.children["scheduler"].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert set(airflow.client.wait(runs, PATIENCE).values()) == {"success"}
    assert airflow.children["scheduler"].pid != pid
    return runs


@pytest.fixture(scope="module")
def published(airflow: Airflow, first: list[Run]) -> list[Run]:
    """The stages, run by hand after the offices: they wait for nobody."""
    runs = start(airflow, STAGES)
    assert set(airflow.client.wait(runs, PATIENCE).values()) == {"success"}
    return runs


def until(true: Callable[[], object]) -> None:
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        with suppress(httpx.TimeoutException):  # a machine with other work answers late
            if true():
                return
        time.sleep(0.3)
    pytest.fail("this never came true")


def start(airflow: Airflow, dags: list[str] | tuple[str, ...]) -> list[Run]:
    return [(dag, airflow.client.trigger(dag)) for dag in dags]


def states(airflow: Airflow, run: Run) -> Counter[tuple[str, str]]:
    return Counter((task["task_id"], task["state"]) for task in airflow.client.task_instances(*run))


def test_a_killed_scheduler_comes_back_and_the_night_goes_on(airflow: Airflow, first: list[Run]) -> None:
    assert airflow.children["scheduler"].restarts == 1
    for run in first:
        done = states(airflow, run)
        assert done["file", "success"] == done["collect", "success"] == 1
        assert done["batch.read", "success"] == done["batch.arrange", "success"] >= 1
        assert done["alarm", "skipped"] == 1


def test_a_stage_is_told_of_deliveries_and_waits_for_the_other_offices(airflow: Airflow, first: list[Run]) -> None:
    ended = {"state": ["success", "failed"], "run_type": "asset_triggered"}
    until(lambda: airflow.client.runs(STAGES[1], **ended))
    told = airflow.client.runs(STAGES[1], **ended)[0]
    assert told["state"] == "success"
    assert states(airflow, (STAGES[1], told["dag_run_id"]))["reconcile", "skipped"] == 1


def test_a_stage_that_is_run_by_hand_waits_for_nobody(
    airflow: Airflow, settings: Settings, published: list[Run]
) -> None:
    assert [states(airflow, run)["verify", "success"] for run in published] == [1, 1]
    assert Path(settings.portal_url.removeprefix("file://"), "index.html").is_file()


def test_a_night_with_a_killed_scheduler_ends_in_the_bytes_of_one_without_airflow(
    settings: Settings, published: list[Run], inbox: dict[str, bytes], tmp_path: Path, postgres: Server
) -> None:
    with house(tmp_path, database_url(postgres, "without_airflow"), inbox) as undisturbed:
        night(undisturbed)
        wanted = digests(undisturbed)
    with steps.open_barn(settings) as barn:
        assert digests(barn) == wanted


def test_a_night_with_nothing_new_is_one_task_for_each_office(airflow: Airflow, published: list[Run]) -> None:
    for run, state in airflow.client.wait(start(airflow, OFFICE_DAGS), PATIENCE).items():
        assert state == "success"
        assert [task for (task, outcome) in states(airflow, run) if outcome != "skipped"] == ["collect"]


def test_a_coordinator_may_look_but_not_start(airflow: Airflow) -> None:
    with Client(airflow.url, "koordinator", airflow.home.logins()["koordinator"]) as viewer:
        assert viewer.dags()
        with pytest.raises(httpx.HTTPStatusError, match="403"):
            viewer.trigger(OFFICE_DAGS[0])


def test_a_second_airflow_on_the_same_home_is_refused(airflow: Airflow, settings: Settings) -> None:
    with pytest.raises(AlreadyRunning, match=str(os.getpid())), running(settings):
        pass
