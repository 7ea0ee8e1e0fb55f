"""What Airflow is told on one machine."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import Job, RunState

from deploy.local.cluster import executor
from deploy.local.environment import EVERYWHERE, PEOPLE, Home, environment, named, port_of_our_own
from rangkiang.lineage import events, open_lineage, run_id
from rangkiang.people import Role
from rangkiang.settings import Account, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "var", stragglers=3)


def told(settings: Settings, port: int = 8123) -> dict[str, str]:
    return environment(settings, "postgresql+psycopg2://m", "postgresql+psycopg://l", port)


def test_passwords_and_keys_are_made_once_and_only_their_owner_reads_them(settings: Settings) -> None:
    first, second = told(settings), told(settings)
    assert first == second
    home = Home.of(settings)
    assert set(home.logins()) == {"admin", "koordinator", "pemeriksa", "petugas-agam", "pengamat"}
    for name in ("logins.json", "keys.json"):
        path = home.folder / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert all(len(secret) >= 16 for secret in json.loads(path.read_text()).values())


def test_two_homes_share_no_secret(tmp_path: Path) -> None:
    homes = [Home.of(Settings(home=tmp_path / name)) for name in "ab"]
    assert not set(homes[0].keys().values()) & set(homes[1].keys().values())
    assert not set(homes[0].logins().values()) & set(homes[1].logins().values())


def test_nothing_listens_beyond_this_machine(settings: Settings) -> None:
    values = told(settings)
    assert values["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert values["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"


def test_tasks_see_the_settings_of_this_run_wherever_they_run(settings: Settings) -> None:
    values = {k: v for k, v in told(settings).items() if k.startswith("RANGKIANG_")}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        patch.setenv("RANGKIANG_SETTINGS", "/nowhere.toml")
        seen = Settings()
    assert seen == settings.model_copy(update={"ledger": "postgresql+psycopg://l", "people": PEOPLE})


def test_an_account_of_each_role_is_made_and_known_to_the_settings(settings: Settings) -> None:
    mine = Account(role="reviewer")
    values = told(settings.model_copy(update={"people": {"siti": mine, "pengamat": mine}}))
    named = {name: Account(**about) for name, about in json.loads(values["RANGKIANG_PEOPLE"]).items()}
    assert named == {**PEOPLE, "siti": mine, "pengamat": mine}
    users = dict(user.split(":") for user in values["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"].split(","))
    assert users.keys() == PEOPLE.keys() == Home.of(settings).logins().keys()
    assert {PEOPLE[user].role for user in users} == set(Role)


def test_on_a_cluster_other_workers_run_the_tasks_and_whatever_dies_is_waited_for_alike(settings: Settings) -> None:
    several = environment(settings, "m", "l", 8123, executor("redis://:secret@r/0", "db+m", workers=3))
    one = told(settings)
    assert (one["AIRFLOW__CORE__EXECUTOR"], several["AIRFLOW__CORE__EXECUTOR"]) == ("LocalExecutor", "CeleryExecutor")
    # What is queued finds a slot: nothing urgent stands in Redis behind a batch that nobody has begun.
    assert int(several["AIRFLOW__CORE__PARALLELISM"]) == 3 * int(several["AIRFLOW__CELERY__WORKER_CONCURRENCY"])
    assert {name: one[name] for name in named(EVERYWHERE)} == {name: several[name] for name in named(EVERYWHERE)}


def test_every_option_is_one_that_airflow_knows(settings: Settings, tmp_path: Path) -> None:
    asked = EVERYWHERE | (executor("redis://r/0", "db+m", workers=1) if find_spec("celery") else {})
    names = [(section, name) for section, values in asked.items() for name in values]
    program = """
import json, sys
from airflow.configuration import conf
known = conf.configuration_description
print([f"{s}.{n}" for s, n in json.loads(sys.argv[1]) if n not in known.get(s, {}).get("options", {})])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(names)],
        env=os.environ | {"AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_another_airflow_of_the_person_who_starts_it_does_not_leak_in(settings: Settings) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW__CORE__DAGS_FOLDER", "/elsewhere")
        patch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
        patch.setenv("AIRFLOW__KERBEROS__PRINCIPAL", "somebody")
        patch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        values = told(settings)
    assert values["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert values["AIRFLOW__CORE__DAGS_FOLDER"].endswith("/dags")
    assert "AIRFLOW__KERBEROS__PRINCIPAL" not in values
    assert "PYTHONDONTWRITEBYTECODE" not in values


def test_a_taken_port_is_left_to_who_has_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with port_of_our_own(port) as ours:
            assert ours > port


def test_two_starts_at_once_do_not_choose_the_same_port() -> None:
    with port_of_our_own(18080) as one, port_of_our_own(18080) as two:
        assert one != two
    with port_of_our_own(one) as again:
        assert again == one


def test_airflow_speaks_of_its_own_runs_only_where_it_is_asked_to_and_to_the_same_place(
    settings: Settings, tmp_path: Path
) -> None:
    assert told(settings)["AIRFLOW__OPENLINEAGE__DISABLED"] == "True"
    asked = told(settings.model_copy(update={"airflow_lineage": True}))
    assert asked["AIRFLOW__OPENLINEAGE__DISABLED"] == "False"
    client = OpenLineageClient(config={"transport": json.loads(asked["AIRFLOW__OPENLINEAGE__TRANSPORT"])})
    with open_lineage(settings.lineage_url, "rangkiang").step("read.13.05", "1"):
        pass
    theirs = events.event(RunState.COMPLETE, events.run(run_id("airflow", "a", "1"), None, None), Job("airflow", "a"))
    client.emit(theirs)
    lines = Path(settings.lineage_url.removeprefix("file://")).read_text("utf-8").splitlines()
    assert [json.loads(line)["job"]["name"] for line in lines] == ["read.13.05", "read.13.05", "a"]
    away = told(settings.model_copy(update={"airflow_lineage": True, "lineage": "https://marquez.example/in"}))
    transport = json.loads(away["AIRFLOW__OPENLINEAGE__TRANSPORT"])
    assert (transport["type"], transport["url"], transport["endpoint"]) == ("http", "https://marquez.example", "in")
