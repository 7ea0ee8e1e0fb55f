"""Airflow on Celery workers with a real S3 server, where RANGKIANG_TEST_CLUSTER names one; `make test-cluster` does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.client import Client
from deploy.local.environment import Home
from deploy.local.up import Airflow
from rangkiang import steps
from rangkiang.settings import Settings
from rangkiang.steps import Barn


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The cluster's."""
    said = os.environ.get("RANGKIANG_TEST_CLUSTER")
    if not said:
        pytest.skip("RANGKIANG_TEST_CLUSTER names no cluster: `make test-cluster` starts one")
    return Settings(**json.loads(Path(said).read_text())["settings"])


@pytest.fixture(scope="session")
def airflow(settings: Settings) -> Iterator[Airflow]:
    """The running cluster, logged in as admin. Its processes are another's: see its marks."""
    home, url = Home.of(settings), json.loads(Path(os.environ["RANGKIANG_TEST_CLUSTER"]).read_text())["url"]
    with Client(url, "admin", home.logins()["admin"]) as client:
        yield Airflow(url, home, client, {})


@pytest.fixture(scope="session")
def barn(settings: Settings, airflow: Airflow) -> Iterator[Barn]:
    """The house that the cluster works in."""
    with steps.open_barn(settings) as opened:
        yield opened
