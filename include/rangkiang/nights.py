"""When the work of a night is to begin, which office's and stage's is done, and whose is late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter  # type: ignore[import-untyped]

from rangkiang import catalogue
from rangkiang.ledger import Ledger
from rangkiang.settings import Settings

WESTERN = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True, slots=True)
class Late:
    """An office or a stage whose last night is not done though its time is up."""

    subject: str  # its code
    due: datetime  # when its work was to begin
    done: date | None  # the last night that is done


def subjects() -> list[str]:
    """Codes of all that has nights: offices, then stages."""
    return [*(office.code for office in catalogue.offices()), *(stage.code for stage in catalogue.stages())]


def named(subject: str, language: str = "id") -> str:
    """What people call it."""
    stage = catalogue.stage(subject)
    return f"{stage.code} {stage.name.get(language)}" if stage else catalogue.office(subject).unit_kerja


def began(settings: Settings, subject: str, now: datetime | None = None) -> datetime:
    """When its last work was to begin, before ``now``."""
    cron = settings.deadline if catalogue.stage(subject) else settings.nightly
    # The instant itself counts.
    here = (now or datetime.now(UTC)).astimezone(WESTERN) + timedelta(seconds=1)
    found: datetime = croniter(cron, here).get_prev(datetime)
    return found


def begin(ledger: Ledger, settings: Settings, subject: str) -> None:
    """The work of this night begins."""
    ledger.begin_night(subject, began(settings, subject).date())


def end(ledger: Ledger, settings: Settings, subject: str) -> None:
    """All that could be done this night without a person is done."""
    ledger.end_night(subject, began(settings, subject).date())


def late(ledger: Ledger, settings: Settings, now: datetime | None = None) -> Iterator[Late]:
    """All that should be done by now and is not; what never began is, from the house's second night on."""
    first, begun, done = ledger.first_night(), ledger.nights(), ledger.nights(done=True)
    if first is None:
        return
    for subject in subjects():
        due = began(settings, subject, (now or datetime.now(UTC)) - timedelta(hours=settings.alerts.late_hours))
        last = done[subject].night if subject in done else None
        owed = subject in begun or first < due.date()
        if owed and (last is None or last < due.date()):
            yield Late(subject, due, last)
