"""The pages as Airflow serves them: behind its login, for who may see its DAGs. The pages themselves: tests/web."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from rangkiang import board, proposals, web
from rangkiang.ledger import Arrival, Ledger
from rangkiang.model import Document, Finding, Reason, Severity, State
from rangkiang.proposals import Proposal
from rangkiang.settings import Settings
from rangkiang.slips import POLICY
from rangkiang.steps import keys, open_barn

SHA = "a" * 64
ABOUT = Finding("13.06", SHA, "rows_unknown", Severity.ERROR, "rows", {"rows": "x", "count": 1})


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
    """A browser without a login, before the board of a ledger with one document, a slip about it, and one proposal."""
    papan.app.cache_clear()  # of who the settings named in another test
    barn = open_barn(Settings(home=tmp_path, ledger=ledger_url))
    ledger.add_document(Document("13.06", SHA, "inbox/x/<b>.pdf", 9, "", State.RECEIVED))
    ledger.replace_findings("13.06", SHA, "form", [ABOUT])
    monkeypatch.setattr(board, "opened", lambda: (ledger, True))
    outer = Starlette()
    (served,) = papan.Papan.fastapi_apps
    outer.mount(served["url_prefix"], served["app"])
    with barn as opened, TestClient(outer) as client:
        opened.store.put("returned/13.06_agam/x.html", b"<!doctype html><p>Surat pengembalian berkas")
        about = [{"sha256": SHA, "slip": "x.html"}]
        opened.store.put("returned/13.06_agam/daftar.json", json.dumps({"slips": about}).encode())
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
    named = {"code": "13.06", "sha256": SHA, "digest": SHA, "id": ABOUT.id}
    values = {**named, "line": 0, "picture": "sel"}
    routes = [r for r in papan.app().routes if isinstance(r, APIRoute) and "GET" in r.methods]
    return ["/papan" + route.path.format(**values) for route in routes]


def test_every_route_asks_for_a_login(papan: ModuleType, anybody: TestClient) -> None:
    assert "/papan/persetujuan" in addresses(papan)
    for address in addresses(papan):
        answer = anybody.get(address)
        assert answer.status_code == 401, address
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    sign_in(papan, None)  # known, and with no right to see anything
    for address in addresses(papan):
        assert anybody.get(address + "?dag_id=regency__13.06_agam").status_code == 403, address
    sign_in(papan, "VIEWER")
    for address in addresses(papan):
        there = 404 if {"gambar", "asal"} & set(address.split("/")) else 200  # of a document without figures
        assert anybody.get(address).status_code == (403 if "jejak-audit" in address else there), address


def test_an_account_is_who_the_settings_say(
    papan: ModuleType, anybody: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANGKIANG_PEOPLE", '{"siti": {"role": "clerk", "offices": ["13.06"]}}')
    papan.app.cache_clear()
    sign_in(papan, "VIEWER")
    assert "petugas kantor" in anybody.get("/papan/").text
    assert anybody.get("/papan/kantor/13.06").status_code == 200
    assert anybody.get("/papan/kantor/13.05").status_code == 403
    papan.app.cache_clear()


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


class Runs:
    """Airflow's API of runs, as far as it is asked."""

    def __init__(self, status: int, queued: int = 0) -> None:
        self.status, self.queued, self.asked = status, queued, list[tuple[str, str, str]]()

    async def answer(self, request: Request) -> JSONResponse:
        self.asked.append((request.method, request.url.path, request.headers.get("cookie", "")))
        answer = {"total_entries": self.queued} if request.method == "GET" else {}
        return JSONResponse(answer, 200 if request.method == "GET" else self.status)


@pytest.mark.parametrize(
    ("runs", "asked", "methods"),
    [(Runs(200), True, ["GET", "POST"]), (Runs(403), False, ["GET", "POST"]), (Runs(200, queued=1), True, ["GET"])],
)
def test_a_run_is_asked_for_as_whoever_sends_the_form(
    papan: ModuleType, runs: Runs, asked: bool, methods: list[str]
) -> None:
    path = "/api/v2/dags/{dag}/dagRuns"
    airflow = Starlette(routes=[Route(path, runs.answer, methods=["GET", "POST"])])
    inner = FastAPI()

    def go_on(request: Request) -> bool:
        return bool(papan.resume(request, "13.06"))

    inner.add_api_route("/lanjut", go_on, methods=["POST"])

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await inner({**scope, "airflow": scope["app"]}, receive, send)

    airflow.mount("/papan", served)
    with TestClient(airflow, cookies={"_token": "kunci"}) as browser:
        assert browser.post("/papan/lanjut").json() is asked
    wanted = path.format(dag="regency__13.06_agam")
    assert runs.asked == [(method, wanted, "_token=kunci") for method in methods]


def test_a_slip_is_linked_where_its_document_stands_and_keeps_its_own_policy(
    viewer: TestClient, ledger: Ledger
) -> None:
    address = f"surat/13.06/{SHA}"
    assert address not in viewer.get(f"/papan/dokumen/13.06/{SHA}").text
    ledger.record_arrivals("13.06", [Arrival("inbox/x/<b>.pdf", "e", 9, SHA)])
    ledger.move("13.06", SHA, State.QUARANTINED, reason=Reason("encrypted"))
    for page in (f"/papan/dokumen/13.06/{SHA}", "/papan/dokumen?keadaan=quarantined"):
        assert f'{address}"' in viewer.get(page).text
    answer = viewer.get(f"/papan/{address}")
    assert (answer.status_code, answer.headers.get_list("content-security-policy")) == (200, [POLICY])
    assert "Surat pengembalian berkas" in answer.text
    for nowhere in (f"surat/13.06/{'b' * 64}", f"surat/99.99/{SHA}", f"surat/13.05/{SHA}"):
        assert viewer.get(f"/papan/{nowhere}").status_code == 404
        assert "Belum ada surat" in viewer.get(f"/papan/{nowhere}").text


def test_the_tile_counts_what_the_board_counts_and_leads_to_its_lists(viewer: TestClient, ledger: Ledger) -> None:
    ledger.record_arrivals("13.06", [Arrival("inbox/x/<b>.pdf", "e", 9, SHA)])
    ledger.move("13.06", SHA, State.QUARANTINED, reason=Reason("encrypted"))
    said = viewer.get("/papan/ringkas").json()
    (group,) = said["groups"]
    assert group["counts"].pop() == {"key": "awaiting", "label": "Menunggu persetujuan", "n": 0, "href": "persetujuan"}
    assert {c["key"]: c["n"] for c in group["counts"]} == {
        "received": 1, "review": 0, "second": 0, "held": 0, "quarantined": 1, "live": 0,
    }  # fmt: skip
    board_page = viewer.get("/papan/").text
    for count in group["counts"]:
        tile = rf'<a href="{re.escape(count["href"])}"><span>{re.escape(count["label"])}</span><b>{count["n"]}</b>'
        assert re.search(tile, board_page), count
        assert f'<p class="samar">{count["n"]} dokumen' in viewer.get(f"/papan/{count['href']}").text
    assert viewer.get("/papan/ringkas?lang=en").json()["groups"][0]["name"] == "All offices"
    viewer.get("/papan/?lang=en")
    assert viewer.get("/papan/ringkas").json()["lang"] == "en"


def test_airflow_finds_the_tile_where_the_plugin_says(papan: ModuleType, viewer: TestClient) -> None:
    (tile,) = papan.Papan.react_apps
    answer = viewer.get(f"/{tile['bundle_url']}")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert f'globalThis["{tile["name"]}"] = function' in answer.text
