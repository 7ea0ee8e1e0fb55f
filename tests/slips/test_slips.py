"""A slip says what its facts are, whatever they are, and what is in them does nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rangkiang import catalogue
from rangkiang.model import Document, Reason, State
from rangkiang.slips import POLICY, Picture, Problem, Slip, brief, letter, page

BAD = '<img src=x onerror="alert(1)">\u202e'
CLOSED = {"level": "kabkota", "side": "left", "verdict": "accept", "lapse": "gone"}
DOCUMENT = Document("13.06", "a" * 64, f"inbox/13.06_agam/{BAD}.pdf", 1234567, "application/pdf", State.QUARANTINED)


def made(*reasons: Reason, **more: object) -> Slip:
    since = datetime(2026, 3, 6, 18, 15, tzinfo=UTC)
    problems = tuple(map(Problem.of, reasons))
    return replace(Slip(catalogue.office("13.06"), DOCUMENT, since, problems, "KPU Provinsi"), **more)  # type: ignore[arg-type]


def reason(code: str) -> Reason:
    return Reason(code, {name: CLOSED.get(name, BAD) for name in catalogue.reasons()[code].placeholders})


@pytest.mark.parametrize("code", list(catalogue.reasons()))
def test_every_reason_of_the_list_is_said_with_its_advice_and_escaped(code: str) -> None:
    slip = made(reason(code))
    written, mailed = page(slip), letter([slip])
    for text in (written, mailed):
        assert "onerror=&#34;alert(1)&#34;" in text
        assert "<img" not in text
        assert "\u202e" not in text
        assert text.count("Yang perlu dilakukan") == 1
    plain = brief([slip])
    assert slip.problems[0].text in plain
    assert slip.problems[0].do in plain
    assert "\u202e" not in plain


def test_it_names_the_file_when_it_came_and_to_whom_to_turn() -> None:
    text = page(made(reason("encrypted")))
    assert "7 Maret 2026 pukul 01.15 WIB" in text
    assert "1.234.567 bita" in text
    assert "a" * 64 in text
    assert "<b>Pertanyaan:</b> KPU Provinsi" in text


def test_a_file_that_was_not_fetched_is_not_said_to_be_kept_or_digested() -> None:
    text = page(made(reason("too_large"), kept=False))
    assert "tidak dihitung" in text
    assert "Berkas asli tetap disimpan" not in text


def test_its_style_is_the_one_that_its_policy_lets_in() -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", page(made(reason("encrypted"))), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in POLICY


def test_pictures_stand_in_it() -> None:
    slip = made(reason("page_dark"), pictures=(Picture(b"\xff\xd8", BAD),))
    assert 'src="data:image/jpeg;base64,/9g="' in page(slip)
    assert page(slip).count("<img") == 1


def test_its_number_is_of_what_is_wrong_not_of_when_or_how_it_is_said() -> None:
    slip = made(reason("encrypted"))
    assert slip.id == replace(slip, since=datetime(2027, 1, 1, tzinfo=UTC), contact="x", pictures=()).id
    assert slip.id != made(reason("broken_file")).id
    assert slip.name == f"2026-03-07-{slip.id}.html"


def test_what_an_older_version_wrote_is_said_as_far_as_it_can_be() -> None:
    assert "page_dark" in page(made(Reason("page_dark", {})))
