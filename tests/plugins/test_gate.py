"""What Airflow lets an account do: what its auth manager allows, narrowed by the account's role and offices."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.local.environment import PEOPLE
from rangkiang import catalogue

OWN, OTHERS, STAGE = "regency__13.06_agam", "regency__13.05_padang_pariaman", "stage__PL.01.8"


@pytest.fixture(scope="module", autouse=True)
def _importable(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
        patch.syspath_prepend(repository / "plugins")
        yield
        for name in [name for name in sys.modules if name.split(".")[0] == "gate"]:
            del sys.modules[name]


@pytest.fixture(params=["simple", "fab"])
def manager(request: pytest.FixtureRequest) -> Any:
    """An auth manager of ours, that knows the accounts of ``deploy/local``."""
    from importlib import import_module

    made = import_module(f"gate.{request.param}").AuthManager()
    made.__dict__["_accounts"] = PEOPLE
    return made


def user(manager: Any, name: str) -> Any:
    """The account as that manager knows it, with as much as it may ever be given."""
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    if type(manager).__module__ == "gate.simple":
        return SimpleAuthManagerUser(username=name, role="ADMIN")
    actions, things = ("can_read", "can_edit", "can_create", "can_delete"), (
        "DAGs", "DAG Runs", "Task Instances", "HITL Detail", "Task Logs", "Assets", "Asset Aliases",
    )  # fmt: skip
    perms = [(action, thing) for action in actions for thing in things]
    return SimpleNamespace(perms=perms, get_name=lambda: name, get_id=lambda: "7")


def may(manager: Any, name: str, method: str, dag_id: str | None, entity: str | None = None) -> bool:
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails

    found: bool = manager.is_authorized_dag(
        method=method,
        user=user(manager, name),
        access_entity=DagAccessEntity[entity] if entity else None,
        details=DagDetails(id=dag_id),
    )
    return found


TRIGGER, ANSWER = ("POST", "RUN"), ("PUT", "HITL_DETAIL")
OPERATE = (("PUT", None), ("DELETE", None), ("PUT", "RUN"), ("DELETE", "RUN"), ("PUT", "TASK_INSTANCE"))


def test_a_clerk_sees_and_triggers_the_own_offices_dag_only(manager: Any) -> None:
    assert may(manager, "petugas-agam", "GET", OWN)
    assert may(manager, "petugas-agam", "GET", OWN, "TASK_LOGS")
    assert may(manager, "petugas-agam", "POST", OWN, "RUN")
    for method, entity in (ANSWER, *OPERATE):
        assert not may(manager, "petugas-agam", method, OWN, entity), (method, entity)
    for dag_id in (OTHERS, STAGE, "province__13_sumatera_barat", "of_somebody_else"):
        for method, entity in (("GET", None), ("GET", "TASK_LOGS"), TRIGGER, ANSWER, *OPERATE):
            assert not may(manager, "petugas-agam", method, dag_id, entity), (dag_id, method, entity)


def test_a_list_is_asked_for_and_holds_the_own_offices_dag_only(manager: Any) -> None:
    every = {office.dag_id for office in catalogue.offices()} | {STAGE}
    assert may(manager, "petugas-agam", "GET", None)
    assert not may(manager, "petugas-agam", "POST", None, "RUN")
    listed = {
        name: manager.filter_authorized_dag_ids(dag_ids=every, user=user(manager, name), method="GET")
        for name in PEOPLE
    }
    assert listed.pop("petugas-agam") == {OWN}
    assert all(found == every for found in listed.values())


def test_the_ids_that_a_manager_gives_by_itself_are_narrowed_too(manager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from gate.narrowed import Narrowed

    (_, _, base, *_) = type(manager).__mro__
    assert issubclass(type(manager), Narrowed)
    monkeypatch.setattr(base, "get_authorized_dag_ids", lambda *_, **__: {OWN, OTHERS, STAGE})
    assert manager.get_authorized_dag_ids(user=user(manager, "petugas-agam")) == {OWN}
    assert manager.get_authorized_dag_ids(user=user(manager, "petugas-agam"), method="PUT") == set()
    assert manager.get_authorized_dag_ids(user=user(manager, "pengamat")) == {OWN, OTHERS, STAGE}


def test_only_a_coordinator_answers_and_only_an_engineer_operates(manager: Any) -> None:
    for name in PEOPLE:
        for dag_id in (OTHERS, STAGE):
            assert may(manager, name, ANSWER[0], dag_id, ANSWER[1]) == (name == "koordinator"), name
            for method, entity in OPERATE:
                assert may(manager, name, method, dag_id, entity) == (name == "admin"), (name, method, entity)
        assert manager.is_authorized_asset(method="POST", user=user(manager, name)) == (name == "admin")
        assert manager.is_authorized_asset_alias(method="PUT", user=user(manager, name)) == (name == "admin")
        assert manager.is_authorized_asset(method="GET", user=user(manager, name))


def test_who_decides_starts_an_offices_run_and_only_an_engineer_a_stages(manager: Any) -> None:
    for name in PEOPLE:
        assert may(manager, name, "POST", STAGE, "RUN") == (name == "admin"), name
        assert may(manager, name, "POST", None, "RUN") == (name == "admin"), name
        assert may(manager, name, "POST", OTHERS, "RUN") == (name in ("admin", "koordinator", "pemeriksa")), name


def test_who_is_asked_is_named_by_account(manager: Any) -> None:
    assert manager.is_authorized_hitl_task(assigned_users={"koordinator"}, user=user(manager, "koordinator"))
    assert not manager.is_authorized_hitl_task(assigned_users={"koordinator"}, user=user(manager, "pemeriksa"))


def test_it_only_narrows(manager: Any) -> None:
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    nothing: Any = SimpleNamespace(perms=[], get_name=lambda: "admin", get_id=lambda: "7")
    if type(manager).__module__ == "gate.simple":
        nothing = SimpleAuthManagerUser(username="admin", role=None)
    assert not manager.is_authorized_dag(method="GET", user=nothing)
    assert not manager.is_authorized_asset(method="POST", user=nothing)


def test_where_nobody_is_named_everything_is_as_airflow_has_it(manager: Any) -> None:
    manager.__dict__["_accounts"] = {}
    assert may(manager, "anybody", "DELETE", STAGE)
    assert manager.is_authorized_asset(method="POST", user=user(manager, "anybody"))


def test_an_account_that_is_not_named_only_looks(manager: Any) -> None:
    assert may(manager, "siapa", "GET", STAGE)
    assert not may(manager, "siapa", "POST", OTHERS, "RUN")
