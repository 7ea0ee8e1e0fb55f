"""Coordinators are told what does not go on by itself: once for each cause and night, by mail and by a webhook."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from sqlalchemy.exc import OperationalError

from helpers.letterbox import Letterbox, letterbox
from helpers.webhook import Webhook, webhook
from rangkiang import alerts, catalogue, nights
from rangkiang.alerts import Alert
from rangkiang.alerts.alert import words
from rangkiang.alerts.causes import cause
from rangkiang.errors import BatchFailed, LedgerLost
from rangkiang.ledger import Ledger
from rangkiang.mail import NotMailed
from rangkiang.portal.errors import Away, Refused
from rangkiang.settings import Alerts, Settings

FAILED = Alert("run_failed", "13.06", {"task": "batch.read", "error": "BatchFailed", "link": "http://airflow/dags/x"})
PARAMS = {"task": "t", "error": "E", "due": "d", "done": "d", "datasets": "3", "count": "2", "codes": "a, b"}


@pytest.fixture
def box() -> Iterator[Letterbox]:
    with letterbox() as up:
        yield up


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as up:
        yield up


@pytest.fixture
def settings(tmp_path: Path, ledger_url: str, ledger: Ledger, box: Letterbox, hook: Webhook) -> Settings:
    told = Alerts(addresses=("koordinator@sumbar.example", "wakil@sumbar.example"), webhook=hook.url)
    return Settings(home=tmp_path, ledger=ledger_url, smtp=box.settings(), alerts=told)


def another_night(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    now = nights.began

    def later(settings: Settings, subject: str, at: datetime | None = None) -> datetime:
        return now(settings, subject, at) + timedelta(days=days)

    monkeypatch.setattr(nights, "began", later)


def test_mail_and_webhook_say_the_same_and_to_whom(settings: Settings, box: Letterbox, hook: Webhook) -> None:
    alerts.tell(settings, FAILED)
    (mail,), (posted,) = box.mails, hook.posted
    assert mail["To"] == "koordinator@sumbar.example, wakil@sumbar.example"
    assert mail["Subject"] == f"Rangkiang: {posted['title']}"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    for part in (posted["title"], posted["text"], posted["do"], posted["link"]):
        assert part in text
        assert part in html
    assert (posted["code"], posted["subject"], posted["language"]) == ("run_failed", "13.06", "id")
    assert catalogue.office("13.06").unit_kerja in posted["title"]
    assert hook.signed == [None]


def test_a_cause_is_told_once_a_night_and_again_the_next(
    settings: Settings, box: Letterbox, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for task in ("batch.read", "batch.arrange", "alarm"):
        alerts.tell(settings, Alert(FAILED.code, FAILED.subject, {**FAILED.params, "task": task}))
    alerts.tell(settings, Alert("run_failed", "13.04", FAILED.params))
    assert (len(box.mails), len(hook.posted)) == (2, 2)
    another_night(monkeypatch, 1)
    alerts.tell(settings, FAILED)
    assert (len(box.mails), len(hook.posted)) == (3, 3)
    assert len({mail["Message-ID"] for mail in box.mails}) == len({one["id"] for one in hook.posted}) == 3


def test_many_at_once_are_told_once(settings: Settings, box: Letterbox, hook: Webhook) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: alerts.tell(settings, FAILED), range(12)))
    assert (len(box.mails), len(hook.posted)) == (1, 1)


def test_a_way_that_is_away_is_made_good_and_the_other_is_not_taken_twice(
    settings: Settings, box: Letterbox, hook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    hook.status = 503
    alerts.tell(settings, FAILED)
    assert (len(box.mails), len(hook.posted)) == (1, 0)
    assert "HTTP 503" in caplog.text
    hook.status = 204
    alerts.catch_up(settings.model_copy(update={"alerts": settings.alerts.model_copy(update={"late_hours": 9999})}))
    told = [posted["code"] for posted in hook.posted]
    assert told.count("run_failed") == 1
    assert sum("gagal" in mail["Subject"] for mail in box.mails) == 1


def test_a_way_that_is_away_is_tried_once_however_much_waits(
    settings: Settings, box: Letterbox, hook: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    box.stop()
    alerts.tell(settings, *(Alert("run_failed", o.code, FAILED.params) for o in catalogue.offices()[:5]))
    assert len(hook.posted) == 5
    assert caplog.text.count("mail server did not take") == 1
    box.start()
    alerts.tell(settings)
    assert (len(box.mails), len(hook.posted)) == (5, 5)


def test_a_ledger_that_is_away_is_told_of_and_remembered_beside_it(
    settings: Settings, box: Letterbox, hook: Webhook
) -> None:
    away = settings.model_copy(update={"ledger": "postgresql://127.0.0.1:1/nobody"})
    for _ in range(2):
        alerts.tell(away, FAILED)
    assert sorted(posted["code"] for posted in hook.posted) == ["run_failed", "service_away"]
    assert len(box.mails) == 2
    assert "buku besar" in " ".join(posted["title"] for posted in hook.posted)


def test_without_a_way_nothing_is_kept(settings: Settings, ledger: Ledger) -> None:
    quiet = settings.model_copy(update={"alerts": Alerts()})
    alerts.tell(quiet, FAILED)
    assert ledger.alerts(nights.began(settings, "13").date()) == []


def test_the_webhook_gets_its_token_and_english_where_it_is_asked_for(
    settings: Settings, hook: Webhook, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("rahasia\n")
    told = settings.alerts.model_copy(update={"webhook_token_file": token, "language": "en"})
    alerts.tell(settings.model_copy(update={"alerts": told}), FAILED)
    assert hook.signed == ["Bearer rahasia"]
    assert hook.posted[0]["title"].startswith("The processing of ")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("code", alerts.CODES)
def test_every_code_has_its_words_and_is_given_what_they_need(code: str, language: str) -> None:
    subject = "store" if code == "service_away" else "13.06"
    said = alerts.message(Alert(code, subject, PARAMS), datetime(2026, 11, 26).date(), language)
    assert said.title
    assert said.text.endswith(".")
    assert said.do.endswith(".")
    placed = {
        name
        for part in ("title", "text", "do")
        for _, name, *_ in Formatter().parse(words(f"{code}.{part}", language))
        if name
    }
    assert placed <= {*PARAMS, "who", "service"}


def test_what_was_raised_tells_the_cause_and_nothing_of_its_text() -> None:
    private = "Budi Santoso 12345 agam/DA1.pdf"

    def raised(error: BaseException, of: BaseException | None = None) -> BaseException:
        error.__cause__ = of
        return error

    away = OperationalError("select", {}, Exception(private))
    cases: list[tuple[BaseException, tuple[str, str]]] = [
        (ValueError(private), ("run_failed", "13.06")),
        (BatchFailed({"ab" * 32: ValueError(private)}), ("run_failed", "13.06")),
        (away, ("service_away", "ledger")),
        (raised(RuntimeError(private), away), ("service_away", "ledger")),
        (NotMailed(Exception(private)), ("service_away", "mail")),
        (Away(private), ("service_away", "portal")),
        (ConnectionError(private), ("service_away", "store")),
        (Refused(private), ("portal_refuses", "13.06")),
        (LedgerLost(), ("ledger_lost", "ledger")),
        (OSError(errno.ENOSPC, private), ("disk_full", "13.06")),
    ]
    for error, wanted in cases:
        alert = cause("13.06", "batch.read", error, "http://airflow/")
        assert alert.cause == wanted
        said = alerts.message(alert, datetime(2026, 11, 26).date(), "id")
        assert private not in f"{said}{alert.params}"


def test_late_is_what_is_not_done_when_its_time_is_up(settings: Settings, ledger: Ledger) -> None:
    night = datetime(2026, 11, 26, 1, 0, tzinfo=nights.WESTERN)
    subjects = nights.subjects()
    for subject in subjects:
        ledger.end_night(subject, night.date() - timedelta(days=1))
    soon, later, morning = (night + timedelta(hours=hours) for hours in (2.9, 3.1, 8))
    assert list(nights.late(ledger, settings, soon)) == []
    for office in catalogue.offices()[2:]:
        ledger.end_night(office.code, night.date())
    assert [one.subject for one in nights.late(ledger, settings, later)] == [o.code for o in catalogue.offices()[:2]]
    stages = [stage.code for stage in catalogue.stages()]
    assert [one.subject for one in nights.late(ledger, settings, morning)][2:] == stages
    found = list(alerts.late(settings, list(nights.late(ledger, settings, morning))))
    assert [alert.subject for alert in found] == [*(o.code for o in catalogue.offices()[:2]), "stages"]
    said = alerts.message(found[0], night.date(), "id")
    assert "2026-11-26 01:00 WIB" in said.text
    assert "2026-11-25" in said.text


def test_in_a_new_house_nobody_is_late_with_what_was_due_before_it(settings: Settings, ledger: Ledger) -> None:
    night = datetime(2026, 11, 26, 1, 0, tzinfo=nights.WESTERN)
    assert list(nights.late(ledger, settings, night)) == []
    ledger.end_night("13.06", night.date())
    ledger.begin_night("13.07", night.date())
    morning = night + timedelta(hours=8)
    assert [one.subject for one in nights.late(ledger, settings, morning)] == ["13.07"]
    next_day = morning + timedelta(days=1)
    assert [one.subject for one in nights.late(ledger, settings, next_day)] == nights.subjects()


def test_a_night_is_done_once_however_often_it_is_run(ledger: Ledger) -> None:
    day = datetime(2026, 11, 26).date()
    ledger.begin_night("13.06", day)
    assert ledger.nights()["13.06"].done_at is None
    assert ledger.nights(done=True) == {}
    ledger.end_night("13.06", day)
    first = ledger.nights(done=True)["13.06"]
    ledger.begin_night("13.06", day)
    ledger.end_night("13.06", day)
    assert ledger.nights(done=True)["13.06"] == first


def test_a_webhook_in_the_clear_is_refused() -> None:
    Alerts(webhook="https://chat.example/kabar")
    for wrong in ("http://chat.example/kabar", "ftp://chat.example", "http://127.0.0.1@evil.example/"):
        with pytest.raises(ValueError, match="webhook"):
            Alerts(webhook=wrong)
