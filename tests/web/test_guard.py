"""Nothing is changed but by a form of ours, sent by whom it was made for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from helpers.askers import CLERK, OTHER, OURS, OWN, REVIEWER
from rangkiang.keeping import kept
from rangkiang.people import Person
from rangkiang.web import guard, token


@pytest.fixture
def changes(served: FastAPI) -> list[str]:
    """What a form that is served for this test only has changed."""
    changed: list[str] = []
    served.add_api_route("/ubah/{code}", lambda code: changed.append(code), methods=["POST"])
    return changed


def form(person: Person = REVIEWER, ago: timedelta = timedelta(0)) -> dict[str, str]:
    return {"token": token.made(person.name, datetime.now(UTC) - ago)}


@pytest.fixture
def reviewer(browser: TestClient, log_in: Callable[[Person], None]) -> TestClient:
    log_in(REVIEWER)
    return browser


def test_a_form_of_ours_is_taken(reviewer: TestClient, changes: list[str]) -> None:
    for headers in (OURS, {"Origin": "https://papan.example"}, {"Sec-Fetch-Site": "same-origin"}):
        assert reviewer.post(f"/ubah/{OWN}", data=form(), headers=headers).status_code == 200, headers
    assert changes == [OWN] * 3


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "https://papan.example.elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "https://[papan.example"},
        {"Origin": "https://papan.example@elsewhere.example"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://papan.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_what_another_site_sends_is_refused(reviewer: TestClient, changes: list[str], headers: dict[str, str]) -> None:
    answer = reviewer.post(f"/ubah/{OWN}", data=form(), headers=headers)
    assert answer.status_code == 403
    assert "tidak berasal dari halaman papan" in answer.text
    assert not changes


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"token": ""},
        {"token": "."},
        {"token": "9999999999.0"},
        {"token": f"{'9' * 5000}.0"},
        {"token": "²." + "0" * 64},
        {"token": "é" * 20},
        form(CLERK),
        form(ago=token.LIFE + timedelta(minutes=1)),
    ],
)
def test_without_a_token_of_today_and_of_the_account_nothing_is_changed(
    reviewer: TestClient, changes: list[str], sent: dict[str, str]
) -> None:
    answer = reviewer.post(f"/ubah/{OWN}", data=sent, headers=OURS)
    assert answer.status_code == 403
    assert "Muat ulang halamannya" in answer.text
    assert not changes


def test_a_token_is_no_longer_right_when_any_of_it_is_changed() -> None:
    now = datetime.now(UTC)
    right = token.made("siti", now)
    assert token.is_right(right, "siti", now + token.LIFE - timedelta(seconds=2))
    for n, sign in enumerate(right):
        changed = right[:n] + ("1" if sign == "0" else "0") + right[n + 1 :]
        assert not token.is_right(changed, "siti", now), n


def test_a_token_counts_in_the_form_only(reviewer: TestClient, changes: list[str]) -> None:
    answers = [
        reviewer.post(f"/ubah/{OWN}", params=form(), headers=OURS),
        reviewer.post(f"/ubah/{OWN}", json=form(), headers=OURS),
        reviewer.post(f"/ubah/{OWN}", files={"token": ("token", form()["token"])}, headers=OURS),
    ]
    assert [a.status_code for a in answers] == [403, 403, 403]
    assert not changes


def test_more_than_a_form_holds_is_refused_before_it_is_read(reviewer: TestClient, changes: list[str]) -> None:
    large = form() | {"why": "x" * guard.MOST}
    answer = reviewer.post(f"/ubah/{OWN}", data=large, headers=OURS)
    assert answer.status_code == 413
    assert "beberapa bagian" in answer.text
    assert not changes


def test_another_offices_form_is_refused_however_right_its_token(
    browser: TestClient, log_in: Callable[[Person], None], changes: list[str]
) -> None:
    log_in(CLERK)
    assert browser.post(f"/ubah/{OTHER}", data=form(CLERK), headers=OURS).status_code == 403
    assert browser.post(f"/ubah/{OWN}?kantor={OTHER}", data=form(CLERK), headers=OURS).status_code == 403
    assert not changes
    assert browser.post(f"/ubah/{OWN}", data=form(CLERK), headers=OURS).status_code == 200


def test_a_refusal_is_a_page_in_the_readers_language(reviewer: TestClient, changes: list[str]) -> None:
    reviewer.cookies.set("papan_bahasa", "en")
    answer = reviewer.post(f"/ubah/{OWN}", headers=OURS)
    assert "Load the page anew" in answer.text
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert 'href="../papan.css"' in answer.text
    assert "Not found" in reviewer.get("/nothing").text
    assert reviewer.get("/nothing").status_code == 404


def test_several_servers_of_one_house_make_one_secret(tmp_path: Path) -> None:
    path = tmp_path / "home" / "web.key"
    with ThreadPoolExecutor(8) as several:
        assert len(set(several.map(lambda n: kept(path, f"secret {n}"), range(64)))) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    program = "from rangkiang.web import token; print(token.secret().decode())"
    told = {k: v for k, v in os.environ.items() if k != "RANGKIANG_SECRET"} | {"RANGKIANG_HOME": str(path.parent)}
    done = subprocess.run([sys.executable, "-c", program], env=told, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == path.read_text()
