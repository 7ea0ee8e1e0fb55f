"""A real Airflow that is watched: who must know is told, the collector gets the numbers, and logs name the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.up import Airflow, running
from helpers.collector import Collector, collector
from helpers.letterbox import Letterbox, letterbox
from helpers.nights import of_offices
from helpers.patience import PATIENCE, until
from helpers.webhook import Webhook, webhook
from rangkiang import catalogue, steps
from rangkiang.model import State
from rangkiang.settings import Alerts, Settings
from rangkiang.steps import keys
from rangkiang.store import open_store
from samples import demo

OFFICE, STAGE = "13.75", "stage__PL.01.8"
DAG = catalogue.office(OFFICE).dag_id
SOON = 0.002  # hours until a night is late


@pytest.fixture(scope="module")
def box() -> Iterator[Letterbox]:
    with letterbox() as up:
        yield up


@pytest.fixture(scope="module")
def hook() -> Iterator[Webhook]:
    with webhook() as up:
        yield up


@pytest.fixture(scope="module")
def receiving() -> Iterator[Collector]:
    with collector() as up:
        yield up


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, box: Letterbox, hook: Webhook, receiving: Collector) -> Settings:
    """A house with one document whose bytes the store has lost: nobody foresaw that."""
    settings = Settings(
        home=tmp_path_factory.mktemp("airflow"),
        metrics=receiving.url,
        smtp=box.settings(),
        alerts=Alerts(addresses=("koordinator@sumbar.example",), webhook=hook.url, late_hours=SOON),
    )
    store = open_store(settings.store_url)
    for key, data in of_offices(demo.build()[0].files, [OFFICE]).items():
        store.put(key, data)
    with steps.open_barn(settings) as barn:
        steps.collect(barn, OFFICE)
        store.delete(keys.original(lost(barn)))
    return settings


def lost(barn: steps.Barn) -> str:
    return next(d.sha256 for d in barn.ledger.documents(office=OFFICE) if d.state is State.ACCEPTED and "csv" in d.key)


@pytest.fixture(scope="module")
def airflow(settings: Settings) -> Iterator[Airflow]:
    with running(settings) as started:
        until(lambda: {DAG, STAGE, "watch"} <= {dag["dag_id"] for dag in started.client.dags()})
        yield started


@pytest.fixture(scope="module")
def failed(airflow: Airflow) -> str:
    """A run of the office, which fails for good."""
    run = airflow.client.trigger(DAG)
    assert airflow.client.wait([(DAG, run)], PATIENCE)[DAG, run] == "failed"
    return run


def of(hook: Webhook, code: str) -> list[dict[str, Any]]:
    return [posted for posted in hook.posted if posted["code"] == code]


def test_a_run_that_failed_for_good_is_told_once_with_a_link(
    airflow: Airflow, failed: str, hook: Webhook, box: Letterbox
) -> None:
    until(lambda: of(hook, "run_failed"))
    (told,) = of(hook, "run_failed")
    assert told["subject"] == OFFICE
    assert catalogue.office(OFFICE).unit_kerja in told["title"]
    assert "batch.read" in told["text"]
    assert "BatchFailed" in told["text"]
    assert told["link"].startswith(f"{airflow.url}/dags/{DAG}/runs/")
    until(lambda: any(told["title"] in str(mail["Subject"]) for mail in box.mails))
    again = airflow.client.trigger(DAG)
    assert airflow.client.wait([(DAG, again)], PATIENCE)[DAG, again] == "failed"
    assert len(of(hook, "run_failed")) == 1


def test_the_tasks_log_says_which_document_it_was(airflow: Airflow, settings: Settings, failed: str) -> None:
    with steps.open_barn(settings) as barn:
        document = lost(barn)[:12]
    task = f"dags/{DAG}/dagRuns/{failed}/taskInstances/batch.read"
    lines = airflow.client.ask("GET", f"{task}/logs/1", map_index=0)["content"]
    (line,) = [line for line in lines if "nobody foresaw" in line["event"]]
    assert (line["document"], line["office"], line["step"]) == (document, OFFICE, f"read.{OFFICE}")
    assert failed in line["run"]
    assert "KeyError" in str(line["error_detail"])


def test_a_release_that_waits_is_told_and_a_night_whose_time_is_up(
    airflow: Airflow, failed: str, hook: Webhook
) -> None:
    airflow.client.trigger(STAGE)
    until(lambda: of(hook, "release_waits"))
    (told,) = of(hook, "release_waits")
    assert told["subject"] == STAGE.removeprefix("stage__")
    assert f"{airflow.url}/papan/persetujuan/" in told["link"]
    until(lambda: of(hook, "night_late"))  # the run that waits is past its deadline
    assert {one["subject"] for one in of(hook, "night_late")} <= {"offices", "stages", *catalogue_codes()}


def catalogue_codes() -> set[str]:
    return {*(o.code for o in catalogue.offices()), *(s.code for s in catalogue.stages())}


def test_the_collector_gets_what_tasks_have_measured(airflow: Airflow, failed: str, receiving: Collector) -> None:
    before = receiving.requests
    run = airflow.client.trigger("watch")
    assert airflow.client.wait([("watch", run)], PATIENCE)["watch", run] == "success"
    assert receiving.requests > before
    assert receiving.total("rangkiang.read.pages", office=OFFICE) > 0
    assert receiving.total("rangkiang.documents", office=OFFICE, state="accepted") == 1
