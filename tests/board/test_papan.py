"""The board as Airflow serves it: behind a login, in a frame of Airflow's own, in the language that was chosen."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from fastapi.routing import APIRoute
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rangkiang import board, proposals, web
from rangkiang.ledger import Ledger, open_ledger
from rangkiang.model import Document, State
from rangkiang.proposals import Proposal
from rangkiang.settings import Settings
from rangkiang.steps import keys, open_barn

SHA = "a" * 64


@pytest.fixture(scope="module")
def papan(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The plugin, loaded as Airflow loads it, beside the auth manager that Airflow has by default."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
        from airflow.api_fastapi.app import create_auth_manager

        create_auth_manager()
        found = importlib.util.spec_from_file_location("papan", repository / "plugins" / "papan.py")
        assert found
        assert found.loader
        loaded = importlib.util.module_from_spec(found)
        found.loader.exec_module(loaded)
        yield loaded


@pytest.fixture
def anybody(
    papan: ModuleType, ledger: Ledger, ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """A browser without a login, before the board of a ledger with one document, and one proposal."""
    barn = open_barn(Settings(home=tmp_path, ledger=ledger_url))
    ledger.add_document(Document("13.06", SHA, "inbox/x/<b>.pdf", 9, "", State.RECEIVED))
    monkeypatch.setattr(board, "opened", lambda: (ledger, True))
    outer = Starlette()
    (served,) = papan.Papan.fastapi_apps
    outer.mount(served["url_prefix"], served["app"])
    with barn as opened, TestClient(outer) as client:
        opened.store.put(keys.proposal(SHA), proposals.dump(Proposal("PL.01.8", 1, SHA, ())))
        monkeypatch.setattr(web.house, "opened", lambda: opened)
        yield client
    sign_out(papan)


@pytest.fixture
def viewer(papan: ModuleType, anybody: TestClient) -> TestClient:
    sign_in(papan, "VIEWER")
    return anybody


def sign_in(papan: ModuleType, role: str | None) -> None:
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.security import get_user

    papan.app().dependency_overrides[get_user] = lambda: SimpleAuthManagerUser(username="siti", role=role)


def sign_out(papan: ModuleType) -> None:
    from airflow.api_fastapi.core_api.security import get_user

    papan.app().dependency_overrides.pop(get_user, None)


def addresses(papan: ModuleType) -> list[str]:
    """An address of every page there is."""
    values = {"code": "13.06", "sha256": SHA, "digest": SHA, "kind": "css"}
    routes = [r for r in papan.app().routes if isinstance(r, APIRoute) and "GET" in r.methods]
    return ["/papan" + route.path.format(**values) for route in routes]


def test_every_route_asks_for_a_login(papan: ModuleType, anybody: TestClient) -> None:
    assert "/papan/persetujuan" in addresses(papan)
    for address in addresses(papan):
        assert anybody.get(address).status_code == 401, address
    sign_in(papan, None)  # known, and with no right to see anything
    for address in addresses(papan):
        assert anybody.get(address + "?dag_id=regency__13.06_agam").status_code == 403, address
    sign_in(papan, "VIEWER")
    for address in addresses(papan):
        assert anybody.get(address).status_code == (403 if "jejak-audit" in address else 200), address


def test_every_answer_has_the_headers(papan: ModuleType, viewer: TestClient) -> None:
    sign_out(papan)
    answers = [viewer.get("/papan/")]
    sign_in(papan, "VIEWER")
    answers += [viewer.get(a) for a in (*addresses(papan), "/papan/nothing", f"/papan/dokumen/13.06/{'b' * 64}")]
    assert {a.status_code for a in answers} == {200, 401, 403, 404}
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "style=" not in answer.text
        assert "<b>.pdf" not in answer.text


def test_the_language_is_switched_and_remembered(viewer: TestClient) -> None:
    assert "Kelengkapan" in viewer.get("/papan/").text
    assert 'href="dokumen?keadaan=held&amp;lang=en"' in viewer.get("/papan/dokumen?keadaan=held").text
    assert "Completeness" in viewer.get("/papan/?lang=en").text
    assert "List of documents" in viewer.get("/papan/dokumen").text
    assert "Kelengkapan" in viewer.get("/papan/?lang=id").text
    assert "Daftar dokumen" in viewer.get("/papan/dokumen").text
    assert "Kelengkapan" in viewer.get("/papan/?lang=xx").text


def test_every_link_of_the_board_leads_somewhere(viewer: TestClient) -> None:
    import re

    for start in ("/papan/", "/papan/kantor/13.06", "/papan/dokumen", f"/papan/dokumen/13.06/{SHA}"):
        page = viewer.get(start)
        links = {link.replace("&amp;", "&") for link in re.findall(r'(?:href|src)="([^"#]+)', page.text)}
        for link in {page.url.join(link) for link in links}:
            if not link.path.startswith("/dags/"):
                assert viewer.get(str(link)).status_code == 200, link


def test_a_ledger_that_is_away_is_said_to_be(
    papan: ModuleType, viewer: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = open_ledger("postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setattr(board, "opened", lambda: (gone, True))
    answer = viewer.get("/papan/kantor/13.06")
    assert answer.status_code == 503
    assert 'href="../papan.css"' in answer.text
    assert "Coba lagi" in answer.text


def test_airflow_loads_it_without_what_it_serves(repository: Path, tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    program = (
        "import sys, airflow.plugins_manager; known = set(sys.modules); import papan;"
        "print(sorted({'rangkiang', 'jinja2', 'pandas'} & (set(sys.modules) - known)))"
    )
    told = {**os.environ, "AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": f"{repository}/plugins:{repository}/include"}
    done = subprocess.run([sys.executable, "-c", program], env=told, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
