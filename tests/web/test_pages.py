"""The pages as a browser gets them: their headers, their language, their links, and what is said when all fails."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from helpers.askers import COORDINATOR, OWN
from rangkiang import board
from rangkiang.ledger import Ledger, open_ledger
from rangkiang.model import Document, State
from rangkiang.people import Person

SHA = "a" * 64
ADDRESSES = ("/", f"/kantor/{OWN}", "/dokumen", f"/dokumen/{OWN}/{SHA}", "/papan.css", "/papan.js", "/jejak-audit")


@pytest.fixture
def coordinator(browser: TestClient, ledger: Ledger, log_in: Callable[[Person], None]) -> TestClient:
    ledger.add_document(Document(OWN, SHA, "inbox/x/a.pdf", 9, "", State.RECEIVED))
    log_in(COORDINATOR)
    return browser


def test_every_answer_has_the_headers(served: FastAPI, coordinator: TestClient) -> None:
    answers = [coordinator.get(a) for a in (*ADDRESSES, "/nothing", f"/dokumen/{OWN}/{'b' * 64}")]
    answers += [coordinator.post("/"), coordinator.post("/nothing")]
    served.dependency_overrides.clear()
    answers.append(coordinator.get("/"))
    assert {a.status_code for a in answers} == {200, 401, 404, 405}
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "private, no-store"
        assert "style=" not in answer.text


def test_only_looking_is_possible_where_nothing_is_to_be_changed(coordinator: TestClient) -> None:
    for address in ADDRESSES:
        for method in ("post", "put", "patch", "delete"):
            assert coordinator.request(method, address).status_code == 405


def test_the_language_is_switched_and_remembered(coordinator: TestClient) -> None:
    assert "Kelengkapan" in coordinator.get("/").text
    assert 'href="dokumen?keadaan=held&amp;lang=en"' in coordinator.get("/dokumen?keadaan=held").text
    assert "Completeness" in coordinator.get("/?lang=en").text
    assert "List of documents" in coordinator.get("/dokumen").text
    assert "Kelengkapan" in coordinator.get("/?lang=id").text
    assert "Daftar dokumen" in coordinator.get("/dokumen").text
    assert "Kelengkapan" in coordinator.get("/?lang=xx").text


def test_every_link_leads_somewhere(coordinator: TestClient) -> None:
    for start in (a for a in ADDRESSES if not a.startswith("/papan.")):
        page = coordinator.get(start)
        links = {link.replace("&amp;", "&") for link in re.findall(r'(?:href|src)="([^"#]+)', page.text)}
        for link in {page.url.join(link) for link in links}:
            if not link.path.startswith("/dags/"):
                assert coordinator.get(str(link)).status_code == 200, link


def test_a_ledger_that_is_away_is_said_to_be(coordinator: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = open_ledger("postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setattr(board, "opened", lambda: (gone, True))
    answer = coordinator.get(f"/kantor/{OWN}")
    assert answer.status_code == 503
    assert 'href="../papan.css"' in answer.text
    assert "Coba lagi" in answer.text
