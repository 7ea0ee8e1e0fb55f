"""The board as Airflow serves it: behind a login, in a frame of Airflow's own, in the language that was chosen."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from fastapi.routing import APIRoute
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rangkiang import board
from rangkiang.ledger import Arrival, Ledger, open_ledger
from rangkiang.model import Document, Reason, State
from rangkiang.slips import POLICY
from rangkiang.store import open_store
from rangkiang.web import slips

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
def anybody(papan: ModuleType, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    """A browser without a login, before the board of a ledger with one document, about which there is a slip."""
    folder = open_store(tmp_path.as_uri())
    folder.put("returned/13.06_agam/x.html", b"<!doctype html><p>Surat pengembalian berkas")
    folder.put("returned/13.06_agam/daftar.json", json.dumps({"slips": [{"sha256": SHA, "slip": "x.html"}]}).encode())
    ledger.add_document(Document("13.06", SHA, "inbox/x/<b>.pdf", 9, "", State.RECEIVED))
    monkeypatch.setattr(board, "opened", lambda: (ledger, True))
    monkeypatch.setattr(slips, "store", lambda: folder)
    outer = Starlette()
    (served,) = papan.Papan.fastapi_apps
    outer.mount(served["url_prefix"], served["app"])
    with TestClient(outer) as client:
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
    """An address of every route there is."""
    values = {"code": "13.06", "sha256": SHA, "name": "papan", "kind": "css"}
    return ["/papan" + route.path.format(**values) for route in papan.app().routes if isinstance(route, APIRoute)]


def test_every_route_asks_for_a_login(papan: ModuleType, anybody: TestClient) -> None:
    assert len(addresses(papan)) == len(papan.app().routes) == 8
    for address in addresses(papan):
        assert anybody.get(address).status_code == 401, address
    sign_in(papan, None)  # known, and with no right to see anything
    for address in addresses(papan):
        assert anybody.get(address + "?dag_id=regency__13.06_agam").status_code == 403, address
    sign_in(papan, "VIEWER")
    for address in addresses(papan):
        assert anybody.get(address).status_code == 200, address


def test_every_answer_has_the_headers(papan: ModuleType, viewer: TestClient) -> None:
    sign_out(papan)
    answers = [viewer.get("/papan/")]
    sign_in(papan, "VIEWER")
    answers += [viewer.get(a) for a in (*addresses(papan), "/papan/nothing", f"/papan/dokumen/13.06/{'b' * 64}")]
    assert {a.status_code for a in answers} == {200, 401, 404}
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "style=" not in answer.text
        assert "<b>.pdf" not in answer.text


def test_only_looking_is_possible(papan: ModuleType, viewer: TestClient) -> None:
    for address in addresses(papan):
        for method in ("post", "put", "patch", "delete"):
            assert viewer.request(method, address).status_code == 405


def test_the_language_is_switched_and_remembered(viewer: TestClient) -> None:
    assert "Kelengkapan" in viewer.get("/papan/").text
    assert 'href="dokumen?keadaan=held&amp;lang=en"' in viewer.get("/papan/dokumen?keadaan=held").text
    assert "Completeness" in viewer.get("/papan/?lang=en").text
    assert "List of documents" in viewer.get("/papan/dokumen").text
    assert "Kelengkapan" in viewer.get("/papan/?lang=id").text
    assert "Daftar dokumen" in viewer.get("/papan/dokumen").text
    assert "Kelengkapan" in viewer.get("/papan/?lang=xx").text


def test_every_link_of_the_board_leads_somewhere(viewer: TestClient) -> None:
    starts = ("/papan/", "/papan/ketepatan", "/papan/kantor/13.06", "/papan/dokumen", f"/papan/dokumen/13.06/{SHA}")
    for start in starts:
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
