"""Approval on the pages: what would change is shown, and only who may answers, once and for what is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from fastapi import Request
from starlette.testclient import TestClient

from helpers.askers import OURS
from helpers.misprint import CODE, KEY, RIGHT, ROW, db1
from helpers.nights import house, office_night, release
from rangkiang import board, steps, web
from rangkiang.model import Approval, Verdict
from rangkiang.people import Person, Role
from rangkiang.steps import Barn, approving, deciding
from rangkiang.steps.drafting import draft
from rangkiang.web import token

STAGE = "PL.01.8"


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Barn]:
    """A misprinted sheet is before the public; a correction of it is filed."""
    with house(tmp_path, ledger_url, {KEY: db1(10)}) as opened:
        office_night(opened, CODE)
        steps.reconcile(opened, STAGE)
        release(opened, STAGE)
        about = next(f for f, _ in deciding.findings(opened, CODE) if f.code == "identity_broken")
        made = deciding.decide(opened, Verdict.CORRECT, about.id, "siti", "<b>jelas</b>", lambda c: c.row == ROW, RIGHT)
        deciding.confirm(opened, made.id, "budi", "benar")
        office_night(opened, CODE)
        steps.reconcile(opened, STAGE)
        monkeypatch.setattr(web.house, "opened", lambda: opened)
        yield opened


class Pages:
    """The pages as somebody with a role sees them; ``told`` are the answers that Airflow was given."""

    def __init__(self, role: Role) -> None:
        self.told: list[Approval] = []

        def answer(_request: Request, said: Approval) -> bool:
            self.told.append(said)
            return True

        served = web.app(lambda: Person("rina", role), answer=answer)
        self.client = TestClient(served, base_url=OURS["Origin"], headers=OURS)

    def answer(self, digest: str, **form: str) -> httpx2.Response:
        return self.client.post(f"/persetujuan/{digest}", data={**form, "token": token.made("rina", datetime.now(UTC))})


def test_the_home_page_counts_what_waits_for_a_word_until_it_is_said(
    barn: Barn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "opened", lambda: (barn.ledger, True))
    pages = Pages(Role.COORDINATOR)

    def awaiting() -> int:
        (group,) = pages.client.get("/ringkas").json()["groups"]
        return next(c["n"] for c in group["counts"] if c["key"] == "awaiting")

    assert awaiting() == 0
    digest = steps.propose(barn, STAGE).digest
    assert awaiting() == 1
    pages.answer(digest, ruling="approve", why="sesuai")
    assert awaiting() == 0


def test_the_page_shows_the_change_and_the_decision_it_comes_from(barn: Barn) -> None:
    digest = steps.propose(barn, STAGE).digest
    pages = Pages(Role.VIEWER).client
    assert f"persetujuan/{digest}" in pages.get("/persetujuan").text
    page = pages.get(f"/persetujuan/{digest}").text
    assert f"<del>{RIGHT + 10}</del>" in page
    assert f"<ins>{RIGHT}</ins>" in page
    assert "bacaan dibetulkan, oleh siti" in page
    assert re.search(r'<a href="#k-([0-9a-f]{16})">keputusan \1</a>', page)
    assert "&lt;b&gt;jelas&lt;/b&gt;" in page
    assert "<b>jelas" not in page
    assert "<form" not in page  # who only looks is not asked
    assert "Decision" in pages.get(f"/persetujuan/{digest}?lang=en").text
    assert pages.get(f"/persetujuan/{'0' * 64}").status_code == 404


def test_a_coordinator_approves_and_airflow_is_told(barn: Barn) -> None:
    digest, pages = steps.propose(barn, STAGE).digest, Pages(Role.COORDINATOR)
    assert "<form" in pages.client.get(f"/persetujuan/{digest}").text
    told = pages.answer(digest, ruling="approve", why="sesuai")
    assert told.status_code == 200
    assert "melanjutkan sendiri" in told.text
    (said,) = barn.ledger.approvals(digest)
    assert (said.author, said.why, said.ruling.value) == ("rina", "sesuai", "approve")
    assert pages.told == [said]
    steps.publish(barn, STAGE)
    after = pages.client.get(f"/persetujuan/{digest}").text
    assert "bukan lagi usulan yang berlaku" in after
    assert "<form" not in after
    late = pages.answer(digest, ruling="return", why="terlambat")
    assert late.status_code == 409
    assert barn.ledger.approvals(digest) == [said]


def test_an_answer_needs_a_reason_and_the_right_to_give_it(barn: Barn) -> None:
    digest = steps.propose(barn, STAGE).digest
    unsaid = Pages(Role.COORDINATOR).answer(digest, ruling="return", why=" ")
    assert unsaid.status_code == 422
    assert "Tuliskan alasannya" in unsaid.text
    for role in set(Role) - {Role.COORDINATOR}:
        pages = Pages(role)
        assert pages.answer(digest, ruling="approve", why="ya").status_code == 403
        assert pages.told == []
    assert barn.ledger.approvals(digest) == []
    assert approving.standing(barn, draft(barn, STAGE)) is approving.Standing.WAITING
