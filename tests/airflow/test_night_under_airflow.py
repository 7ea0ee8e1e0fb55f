"""The DAGs really run under Airflow, and a scheduler killed in the middle costs nothing but time."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.client import Client
from deploy.local.up import Airflow, running
from helpers.nights import OFFICES, house, night, of_offices
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.settings import Settings
from rangkiang.steps.digest import digests
from rangkiang.store import open_store
from samples import demo

PATIENCE = 300.0
STAGES = ("PL.01.7", "PL.01.8")


@pytest.fixture(scope="module")
def inbox() -> dict[str, bytes]:
    return of_offices(demo.build()[0].files)


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory, inbox: dict[str, bytes]) -> Iterator[tuple[Airflow, Settings]]:
    settings = Settings(home=tmp_path_factory.mktemp("airflow"))
    store = open_store(settings.store_url)
    for key, data in inbox.items():
        store.put(key, data)
    with running(settings) as started:
        yield started, settings


def dag_id(office: str) -> str:
    return f"{'province' if office == '13' else 'regency'}__{catalogue.office(office).slug}"


def run(client: Client, dag_ids: list[str]) -> dict[str, str]:
    states = client.wait([(d, client.trigger(d)) for d in dag_ids], PATIENCE)
    return {d: state for (d, _), state in states.items()}


def test_killing_the_scheduler_in_the_middle_ends_in_the_same_bytes(
    airflow: tuple[Airflow, Settings], inbox: dict[str, bytes], tmp_path: Path, postgres: Server
) -> None:
    started, settings = airflow
    client = started.client
    _wait_for_dags(client)
    runs = [(d, client.trigger(d)) for d in map(dag_id, OFFICES)]
    _wait_until_working(client)
    scheduler = started.children["scheduler"]
    killed = scheduler.pid
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert set(client.wait(runs, PATIENCE).values()) == {"success"}
    assert scheduler.pid != killed
    assert set(run(client, [f"stage__{s}" for s in STAGES]).values()) == {"success"}

    with house(tmp_path, database_url(postgres, "without_airflow"), inbox) as undisturbed:
        night(undisturbed)
        wanted = digests(undisturbed)
    with steps.open_barn(settings) as barn:
        assert digests(barn) == wanted


def test_a_night_with_nothing_new_is_one_task_for_each_office(airflow: tuple[Airflow, Settings]) -> None:
    client = airflow[0].client
    (ran,) = [(dag_id("13.04"), client.trigger(dag_id("13.04")))]
    assert client.wait([ran], PATIENCE) == {ran: "success"}
    states = {t["task_id"]: t["state"] for t in client.task_instances(*ran)}
    assert states.pop("collect") == "success"
    assert set(states.values()) == {"skipped"}


def test_a_coordinator_may_look_but_not_start(airflow: tuple[Airflow, Settings]) -> None:
    import httpx

    started = airflow[0]
    with Client(started.url, "koordinator", started.home.logins()["koordinator"]) as viewer:
        assert viewer.dags()
        with pytest.raises(httpx.HTTPStatusError, match="403"):
            viewer.trigger(dag_id("13.04"))


def _wait_for_dags(client: Client) -> None:
    wanted = {dag_id(o) for o in OFFICES} | {f"stage__{s}" for s in STAGES}
    patience = time.monotonic() + 90
    while not wanted <= {d["dag_id"] for d in client.dags()}:
        assert time.monotonic() < patience, client.import_errors()
        time.sleep(0.5)


def _wait_until_working(client: Client) -> None:
    """Until a task is at work that reads or proves: the worst moment to die."""
    patience = time.monotonic() + 90
    while time.monotonic() < patience:
        busy = client.task_instances(state="running")
        if any(t["task_id"].endswith(("read", "arrange")) for t in busy):
            return
        time.sleep(0.2)
    pytest.fail("no task of the DAGs was ever seen at work")
