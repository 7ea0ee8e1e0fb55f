"""Those who read never keep a release waiting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.up import Airflow
from helpers.clusters import furnish, resize
from helpers.nights import OFFICES, of_offices
from helpers.patience import until
from helpers.runs import ended, started
from rangkiang import catalogue
from rangkiang.steps import Barn
from samples import demo

STAGE = "stage__PL.01.8"


@pytest.fixture
def one_reads(airflow: Airflow, barn: Barn) -> Iterator[None]:
    """The pool has room for one, so that the others queue for long."""
    resize(airflow.client, 1)
    yield
    resize(airflow.client, barn.settings.readers)


def pool(airflow: Airflow) -> dict[str, Any]:
    return airflow.client.ask("GET", "pools/readers")


@pytest.mark.usefixtures("one_reads")
def test_while_batches_queue_for_the_pool_a_release_starts_at_once(airflow: Airflow, barn: Barn) -> None:
    furnish(airflow, barn, of_offices(demo.build()[0].files))
    offices = [catalogue.office(office).dag_id for office in OFFICES]
    runs = [(dag, started(airflow.client, dag)) for dag in offices]
    until(lambda: pool(airflow)["running_slots"] and pool(airflow)["scheduled_slots"] >= 2)
    release = (STAGE, started(airflow.client, STAGE))
    until(lambda: any(task["start_date"] for task in airflow.client.task_instances(*release)))
    assert pool(airflow)["scheduled_slots"] >= 1
    ended(airflow.client, [*runs, release])
