"""A DAG file that is edited while its DAG runs: the run goes on by the new one, and nothing is lost or doubled.

Airflow keeps a run to the version that it began with only where its DAGs come from a bundle that knows versions, such
as git. A folder knows none: tasks that are no more are removed from the run, whatever became of them, and new ones join
it.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import environment
from deploy.local.up import Airflow, running
from helpers.nights import house, of_offices, office_night
from helpers.patience import PATIENCE, until
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.settings import Settings
from rangkiang.steps.digest import digests
from rangkiang.store import open_store
from samples import demo

OFFICE = "13.04"
DAG = catalogue.office(OFFICE).dag_id

pytestmark = pytest.mark.skipif("RANGKIANG_TEST_SLOW" not in os.environ, reason="takes minutes: `make test-slow`")


@pytest.fixture(scope="module")
def inbox() -> dict[str, bytes]:
    return of_offices(demo.build()[0].files, [OFFICE])


@pytest.fixture(scope="module")
def dags(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Path]:
    """A copy of the DAG files, which Airflow reads instead of the repository's."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(repository / "dags", root / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("include", "plugins"):
        (root / name).symlink_to(repository / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "ROOT", root)
        yield root / "dags"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, inbox: dict[str, bytes]) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("edited"), batch_seconds=0.01)
    store = open_store(settings.store_url)
    for key, data in inbox.items():
        store.put(key, data)
    return settings


@pytest.fixture(scope="module")
def airflow(settings: Settings, dags: Path) -> Iterator[Airflow]:
    with running(settings) as started:
        until(lambda: DAG in {dag["dag_id"] for dag in started.client.dags()})
        yield started


def edit(dags: Path) -> None:
    """The group of batches gets another name, and a task follows the last."""
    path = dags / "office.py"
    code = path.read_text("utf-8")
    for old, new in (
        ("def batch(batch: list[str])", "def kelompok(batch: list[str])"),
        ("batches = batch.expand(", "batches = kelompok.expand("),
        ('get_task("batch.read")', 'get_task("kelompok.read")'),
        (
            "        batches >> filed >> returned\n",
            "        batches >> filed >> returned >> EmptyOperator(task_id='sesudahnya', trigger_rule='all_done')\n",
        ),
        (
            "from rangkiang import catalogue\n",
            "from airflow.providers.standard.operators.empty import EmptyOperator\nfrom rangkiang import catalogue\n",
        ),
    ):
        assert code.count(old) == 1
        code = code.replace(old, new)
    aside = path.with_suffix(".new")
    aside.write_text(code, "utf-8")
    aside.replace(path)


def tasks(airflow: Airflow, run: str) -> Counter[tuple[str, str]]:
    return Counter((t["task_id"], str(t["state"])) for t in airflow.client.task_instances(DAG, run))


def test_a_run_whose_dag_is_edited_ends_as_any_other(
    airflow: Airflow, settings: Settings, dags: Path, inbox: dict[str, bytes], tmp_path: Path, postgres: Server
) -> None:
    run = airflow.client.trigger(DAG)
    until(lambda: any(task.endswith("read") and state in ("running", "success") for task, state in tasks(airflow, run)))
    edit(dags)
    assert set(airflow.client.wait([(DAG, run)], PATIENCE).values()) == {"success"}
    done = tasks(airflow, run)
    assert done["kelompok.arrange", "success"] == done["batch.arrange", "removed"] > 1
    assert done["file", "success"] == done["sesudahnya", "success"] == 1
    with house(tmp_path, database_url(postgres, "unedited"), inbox) as undisturbed:
        office_night(undisturbed, OFFICE)
        wanted = digests(undisturbed)
    with steps.open_barn(settings) as barn:
        assert digests(barn) == wanted
