"""Who did what is kept before they are told that it is done."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NoReturn

import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from helpers.askers import CLERK, COORDINATOR, ENGINEER, OTHER, OURS, OWN, REVIEWER, VIEWER
from rangkiang import web
from rangkiang.board import words
from rangkiang.ledger import Deed, Ledger, Outcome
from rangkiang.people import Person
from rangkiang.web import token
from rangkiang.web.asking import about

SHA = "c" * 64


@pytest.fixture(autouse=True)
def _forms(served: FastAPI) -> None:
    def decide(request: Request, code: str, finding: str) -> None:
        if finding == "beku":
            raise HTTPException(409)
        if finding == "banyak":
            about(request, "f1", "f2")

    served.add_api_route("/putusan/{code}/{finding}", decide, methods=["POST"])


@pytest.fixture
def post(browser: TestClient, log_in: Callable[[Person], None]) -> Callable[[Person, str], int]:
    def send(person: Person, address: str) -> int:
        log_in(person)
        form = {"token": token.made(person.name, datetime.now(UTC))}
        return browser.post(address, data=form, headers=OURS).status_code

    return send


def deeds(ledger: Ledger, **equal: str) -> Iterator[Deed]:
    yield from (deed for _, deed in ledger.deeds(equal)[0])


def test_what_is_changed_and_what_is_refused_is_kept(ledger: Ledger, post: Callable[[Person, str], int]) -> None:
    assert post(CLERK, f"/putusan/{OWN}/f1") == 200
    assert post(CLERK, f"/putusan/{OTHER}/f1") == 403
    assert post(REVIEWER, f"/putusan/{OTHER}/beku") == 409
    assert post(REVIEWER, f"/putusan/{OTHER}/banyak") == 200
    assert post(ENGINEER, f"/putusan/{OTHER}/f1") == 403
    assert list(deeds(ledger))[::-1] == [
        Deed("petugas-agam", "clerk", "decide", OWN, "f1", Outcome.DONE),
        Deed("petugas-agam", "clerk", "decide", OTHER, "f1", Outcome.REFUSED),
        Deed("pemeriksa", "reviewer", "decide", OTHER, "beku", Outcome.STALE),
        Deed("pemeriksa", "reviewer", "decide", OTHER, "f1 f2", Outcome.DONE),
        Deed("admin", "engineer", "decide", OTHER, "f1", Outcome.REFUSED),
    ]


def test_a_form_of_another_site_is_kept_as_refused(
    ledger: Ledger, browser: TestClient, log_in: Callable[[Person], None]
) -> None:
    log_in(REVIEWER)
    assert browser.post(f"/putusan/{OWN}/f1", headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert list(deeds(ledger)) == [Deed("pemeriksa", "reviewer", "decide", OWN, "f1", Outcome.REFUSED)]


def test_looking_is_kept_where_it_is_refused_only(
    ledger: Ledger, browser: TestClient, log_in: Callable[[Person], None]
) -> None:
    log_in(CLERK)
    for address in ("/", "/dokumen", f"/kantor/{OWN}", "/nothing"):
        browser.get(address)
    assert not list(deeds(ledger))
    browser.get(f"/dokumen/{OTHER}/{SHA}")
    browser.get(f"/dokumen?kantor={OTHER}")
    assert [(d.act, d.office, d.about) for d in deeds(ledger)] == [("documents", OTHER, ""), ("document", OTHER, SHA)]


def test_who_is_not_logged_in_fills_no_table(
    ledger: Ledger, browser: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "rangkiang.web.audit"):
        assert browser.post(f"/putusan/{OWN}/f1", headers=OURS).status_code == 401
    assert not list(deeds(ledger))
    assert "somebody unknown: POST" in caplog.text


def test_nothing_is_acknowledged_whose_line_is_not_kept(
    ledger: Ledger, served: FastAPI, log_in: Callable[[Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(deed: Deed) -> NoReturn:
        raise OperationalError("INSERT", {}, Exception("away"))

    monkeypatch.setattr(ledger, "record_deed", away)
    log_in(REVIEWER)
    form = {"token": token.made(REVIEWER.name, datetime.now(UTC))}
    with TestClient(served, base_url="https://papan.example", raise_server_exceptions=False) as client:
        assert client.post(f"/putusan/{OWN}/f1", data=form, headers=OURS).status_code == 500


def test_coordinators_and_engineers_see_the_trail_and_nobody_else(
    browser: TestClient, log_in: Callable[[Person], None], post: Callable[[Person, str], int]
) -> None:
    post(REVIEWER, f"/putusan/{OWN}/f1")
    for person, seen in {VIEWER: 403, CLERK: 403, REVIEWER: 403, COORDINATOR: 200, ENGINEER: 200}.items():
        log_in(person)
        for address in ("/jejak-audit", "/jejak-audit.csv"):
            assert browser.get(address).status_code == seen, (person, address)
        assert ("jejak-audit" in browser.get("/dokumen").text) == (seen == 200)


def test_the_trail_is_narrowed_and_turned_over(
    ledger: Ledger, browser: TestClient, log_in: Callable[[Person], None]
) -> None:
    for n in range(60):
        ledger.record_deed(Deed("siti", "clerk", "decide", OWN, f"a{n}", Outcome.DONE))
    ledger.record_deed(Deed("budi", "reviewer", "confirm", OTHER, "lain", Outcome.REFUSED))
    log_in(COORDINATOR)
    first = browser.get("/jejak-audit").text
    assert "61 catatan" in first
    assert "memutuskan temuan" in first
    assert first.index("budi") < first.index("a59")
    assert 'href="jejak-audit?hal=2"' in first
    assert "a0<" in browser.get("/jejak-audit?hal=2").text
    for asked in ("akun=budi", f"kantor={OTHER}", "hasil=refused"):
        found = browser.get(f"/jejak-audit?{asked}").text
        assert "1 catatan" in found
        assert "lain" in found
        assert "a59" not in found
    assert "0 catatan" in browser.get("/jejak-audit?akun=%00x&hasil=none").text


def test_every_act_has_its_words() -> None:
    routes = web.app(web.asker).routes
    names = {route.name for route in routes if isinstance(route, APIRoute)} - {"asset"}  # refused to nobody
    assert {f"act_{name}" for name in names} <= words.keys()


def test_the_table_calculates_nothing(ledger: Ledger, browser: TestClient, log_in: Callable[[Person], None]) -> None:
    ledger.record_deed(Deed('=HYPERLINK("x")', "clerk", "decide", OWN, "+1+1", Outcome.DONE))
    log_in(ENGINEER)
    answer = browser.get(f"/jejak-audit.csv?kantor={OWN}")
    assert answer.headers["content-disposition"] == 'attachment; filename="jejak-audit.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["account"] == '\'=HYPERLINK("x")'
    assert row["about"] == "'+1+1"
    assert row["outcome"] == "done"
    assert len(browser.get("/jejak-audit.csv?akun=nobody").text.splitlines()) == 1
