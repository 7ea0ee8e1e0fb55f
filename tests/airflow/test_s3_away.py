"""S3 answers 503 for a whole minute, under a real Airflow with the DAGs' patience. By hand: `make test-slow`."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from deploy.local.up import running
from helpers.moto_s3 import BUCKET, moto_s3
from helpers.nights import house, of_offices, office_night
from helpers.patience import PATIENCE, until
from helpers.unwell import unwell
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.settings import Settings
from rangkiang.steps.digest import digests
from samples import demo

OFFICE = "13.04"
DAG = catalogue.office(OFFICE).dag_id
MINUTE = 60.0  # seconds

pytestmark = pytest.mark.skipif("RANGKIANG_TEST_SLOW" not in os.environ, reason="takes minutes: `make test-slow`")


def test_a_minute_of_503_costs_time_and_nothing_else(tmp_path: Path, postgres: Server) -> None:
    inbox = of_offices(demo.build()[0].files, [OFFICE])
    with house(tmp_path / "calm", database_url(postgres, "calm"), inbox) as calm:
        office_night(calm, OFFICE)
        wanted = digests(calm)
    with moto_s3() as moto, unwell(moto) as (between, address):
        settings = Settings(home=tmp_path / "home", store=f"s3://{BUCKET}/rumah", s3_endpoint=address)
        with running(settings) as airflow:
            with steps.open_barn(settings) as barn:
                for key, data in inbox.items():
                    barn.store.put(key, data)
            until(lambda: DAG in {dag["dag_id"] for dag in airflow.client.dags()})
            run = airflow.client.trigger(DAG)
            until(lambda: any(t["state"] == "running" for t in airflow.client.task_instances(DAG, run)))
            between.falls_ill(lambda handler: handler.refused(503, "SlowDown"), after=5)
            time.sleep(MINUTE)
            refused = between.failed
            between.gets_well()
            assert set(airflow.client.wait([(DAG, run)], 3 * PATIENCE).values()) == {"success"}
            tries = {t["task_id"]: t["try_number"] for t in airflow.client.task_instances(DAG, run)}
            print(f"{refused} requests were refused; tries: {tries}")
            assert refused >= 5
            assert max(tries.values()) > 1
        with steps.open_barn(settings) as barn:
            assert digests(barn) == wanted
