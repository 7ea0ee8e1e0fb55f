"""Who sees what: every route there is is asked by everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from helpers.askers import CLERK, COORDINATOR, ENGINEER, OTHER, OURS, OWN, REVIEWER, VIEWER
from rangkiang import board, people
from rangkiang.ledger import Ledger
from rangkiang.model import Document, Finding, Severity, State
from rangkiang.people import Act, Person, Role
from rangkiang.settings import Account
from rangkiang.web import token

MINE, THEIRS = "a" * 64, "b" * 64
CLERKS_OF_TWO = Person("dua", Role.CLERK, frozenset({OWN, "13.04"}))

ASSETS = {f"/{name}" for name in board.ASSETS}
WITHOUT_OFFICE = {"/", "/dokumen", "/periksa", "/ketepatan", "/ringkas", *ASSETS}
"""Routes that belong to no office: below, each is seen to tell a clerk of nobody else's …"""

WITHOUT_CONTENT = {
    "/gambar/{code}/{sha256}/{line}/{picture}",
    "/surat/{code}/{sha256}",
    "/asal/{code}/{sha256}",
    "/asal/{code}/{sha256}/{line}",
}
"""… these are asked for a document without figures that nobody sent back: there is no picture, no slip, nothing to be
from anywhere …"""

OF_THE_PROVINCE = {
    "/jejak-audit": Act.AUDIT,
    "/jejak-audit.csv": Act.AUDIT,
    "/persetujuan": Act.LOOK,
    "/persetujuan/{digest}": Act.LOOK,
}
"""… and these, to tell a clerk nothing, and others what they are there for. Nothing is proposed here."""

FOUND = {
    office: Finding(office, sha256, "rows_unknown", Severity.ERROR, "rows", {"rows": "x", "count": 1})
    for office, sha256 in ((OWN, MINE), (OTHER, THEIRS))
}
PARAMETERS = {
    office: {
        "code": office,
        "sha256": one.sha256,
        "id": one.id,
        "line": "0",
        "picture": "sel",
        "digest": "c" * 64,
    }
    for office, one in FOUND.items()
}
"""What stands in an address, by office. A route with a parameter of another name has it added here."""


@pytest.fixture(autouse=True)
def _documents(ledger: Ledger) -> None:
    ledger.add_document(Document(OWN, MINE, "inbox/x/milik-agam.pdf", 9, "", State.RECEIVED))
    ledger.add_document(Document(OTHER, THEIRS, "inbox/x/milik-lain.pdf", 9, "", State.RECEIVED))
    for office, one in FOUND.items():
        ledger.replace_findings(office, one.sha256, "form", [one])


def asked(served: FastAPI, office: str, foreign: str = "") -> Iterator[tuple[APIRoute, str, str]]:
    """Every route with each of its methods, and its address for that office, with ``foreign``'s things under it."""
    for route in served.routes:
        assert isinstance(route, APIRoute), f"{route} is passed by no guard"
        values = PARAMETERS[foreign or office] | {"code": office}
        for method in sorted(route.methods):
            yield route, method, route.path.format(**values)


def ask(browser: TestClient, person: Person | None, method: str, address: str) -> int:
    sent = {} if method == "GET" else {"data": {"token": token.made(person.name if person else "", datetime.now(UTC))}}
    return browser.request(method, address, headers=OURS, **sent).status_code


def test_nothing_without_a_login(served: FastAPI, browser: TestClient) -> None:
    assert {route.path for route, *_ in asked(served, OWN)} >= WITHOUT_OFFICE
    for _, method, address in asked(served, OWN):
        assert ask(browser, None, method, address) == 401, (method, address)
    assert "Silakan masuk" in browser.get("/").text


def test_a_clerk_gets_403_for_anothers_on_every_route_of_an_office(
    served: FastAPI, browser: TestClient, log_in: Callable[[Person], None]
) -> None:
    log_in(CLERK)
    for route, method, address in asked(served, OTHER):
        if route.path in WITHOUT_OFFICE:
            assert ask(browser, CLERK, method, f"{address}?kantor={OTHER}") == 403, (method, address)
        else:
            assert "{code}" in route.path or route.path in OF_THE_PROVINCE, f"{route.path} does not say whose it is"
            assert ask(browser, CLERK, method, address) == 403, (method, address)


def test_a_clerk_sees_the_own_offices_and_nothing_of_anothers_under_its_address(
    served: FastAPI, browser: TestClient, log_in: Callable[[Person], None]
) -> None:
    log_in(CLERK)
    for route, method, address in asked(served, OWN):
        if method == "GET" and route.path not in OF_THE_PROVINCE:
            assert ask(browser, CLERK, method, address) == (404 if route.path in WITHOUT_CONTENT else 200), address
            page = browser.get(address).text
            assert "milik-lain" not in page
            assert THEIRS not in page
            assert not re.search(rf"\b{re.escape(OTHER)}\b|Padang Pariaman", page), address
    for route, method, address in asked(served, OWN, foreign=OTHER):
        if "{sha256}" in route.path or "{id}" in route.path:
            assert ask(browser, CLERK, method, address) not in (200, 303), (method, address)


def test_who_only_looks_changes_nothing(served: FastAPI, browser: TestClient, log_in: Callable[[Person], None]) -> None:
    changed: list[str] = []
    served.add_api_route("/ubah/{code}", lambda code: changed.append(code), methods=["POST"])
    for person in (VIEWER, ENGINEER):
        log_in(person)
        for route, method, address in asked(served, OWN):
            seen = method == "GET" and person.may(OF_THE_PROVINCE.get(route.path, Act.LOOK))
            there = 404 if route.path in WITHOUT_CONTENT or "{digest}" in route.path else 200
            assert ask(browser, person, method, address) == (there if seen else 403), (method, address)
    assert not changed


def test_everybody_but_a_clerk_sees_all_offices(browser: TestClient, log_in: Callable[[Person], None]) -> None:
    for person in (VIEWER, REVIEWER, COORDINATOR, ENGINEER):
        log_in(person)
        assert "milik-agam" in browser.get("/dokumen").text
        assert "milik-lain" in browser.get("/dokumen").text
        assert len(set(re.findall(r'<a href="kantor/([\d.]+)">', browser.get("/").text))) == 20


def test_a_clerk_of_two_offices_sees_both(browser: TestClient, log_in: Callable[[Person], None]) -> None:
    log_in(CLERKS_OF_TWO)
    board = browser.get("/").text
    assert re.findall(r'<a href="kantor/([\d.]+)">', board) == ["13.04", OWN]
    listed = browser.get("/dokumen").text
    assert "milik-agam" in listed
    assert "Satuan kerja Anda" in listed
    assert "milik-lain" not in listed
    assert browser.get(f"/dokumen?kantor={OTHER}").status_code == 403
    assert browser.get(f"/dokumen?kantor={OWN}&kantor={OTHER}").status_code == 403
    assert browser.get("/dokumen?kantor=13.04").status_code == 200


def test_a_page_says_who_is_there_and_leads_only_where_they_may_go(
    browser: TestClient, log_in: Callable[[Person], None]
) -> None:
    names = {
        VIEWER: "pengamat", CLERK: "petugas kantor", REVIEWER: "pemeriksa",
        COORDINATOR: "koordinator", ENGINEER: "teknisi",
    }  # fmt: skip
    for person, role in names.items():
        log_in(person)
        page = browser.get("/dokumen").text
        assert re.search(rf"<b>{person.name}</b> · {role}", page)
        (menu,) = re.findall(r'<nav class="menu".*?</nav>', page)
        assert ("persetujuan" in menu) == (person is not CLERK)
        for address in re.findall(r'href="([^"]+)"', menu):
            assert browser.get(f"/{address.removeprefix('./')}").status_code == 200, address


def test_an_account_of_which_the_settings_say_nothing_only_looks() -> None:
    accounts = {"petugas": Account(role="clerk", offices=(OWN,))}
    assert people.person("petugas", accounts).offices == {OWN}
    assert people.person("Petugas", accounts) == Person("Petugas", Role.VIEWER)
    assert people.person("", {}) == Person("", Role.VIEWER)


def test_a_route_that_passes_no_guard_is_noticed(served: FastAPI) -> None:
    served.mount("/berkas", FastAPI())
    with pytest.raises(AssertionError, match="passed by no guard"):
        list(asked(served, OWN))
