"""The whole demo on two workers: every file of every office, with all its faults, to the last byte of the release."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from deploy.local.demo import run_offices, run_stages
from deploy.local.faults import faults_table
from deploy.local.up import Airflow
from helpers.clusters import furnish
from helpers.nights import house, night
from rangkiang import catalogue, report
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests
from samples import demo


def test_the_whole_demo_ends_in_the_bytes_of_one_process_on_a_directory(
    airflow: Airflow, barn: Barn, postgres: Server, tmp_path: Path
) -> None:
    inbox, faults = demo.build()
    sown = tmp_path / "faults.json"
    sown.write_text(json.dumps([asdict(fault) for fault in faults]))
    furnish(airflow, barn, inbox.files)
    earlier = {run["dag_run_id"] for run in airflow.client.runs() if run["dag_id"].startswith("stage__")}
    states = run_offices(airflow.client) | run_stages(barn, airflow, earlier)
    assert set(states.values()) == {"success"}
    with house(tmp_path / "house", database_url(postgres, "whole_demo"), inbox.files) as undisturbed:
        night(undisturbed, [office.code for office in catalogue.offices()], [s.code for s in catalogue.stages()])
        assert digests(barn) == digests(undisturbed)
    assert report.totals_table(barn)[1]
    assert faults_table(barn, sown)[1]
