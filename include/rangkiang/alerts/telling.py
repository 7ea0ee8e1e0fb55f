"""Tells coordinators: once for each cause and night, by every way that the settings name.

What is to be told is written into the ledger first, and what has gone out by which way as soon as it has: a mail server
or a webhook that is away is told again later, and nobody is told twice. Where it is the ledger that is away, it is told
at once, and a file under ``home`` remembers that: another machine may then tell it too, under the same id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rangkiang import catalogue, nights
from rangkiang.alerts import sending
from rangkiang.alerts.alert import OFFICES, STAGES, Alert, message, words
from rangkiang.ledger import AWAY, Ledger
from rangkiang.ledger.opening import opened
from rangkiang.ledger.watching import Told
from rangkiang.mail import NotMailed
from rangkiang.nights import Late
from rangkiang.settings import Settings

log = logging.getLogger(__name__)

_MANY = 3  # nights that are late each by itself; more of them are one cause


def tell(settings: Settings, *alerts: Alert) -> None:
    """Tell of these, and of what has not gone out yet. Raises nothing for a server that is away: the log says so."""
    if not (sending.mails(settings) or sending.posts(settings)):
        return
    night = nights.began(settings, catalogue.offices()[0].code).date()
    # By a way that is not there now nothing is owed, also if it is there tomorrow.
    owed = {"mailed": not sending.mails(settings), "posted": not sending.posts(settings)}
    try:
        with opened(settings) as ledger:
            for alert in alerts:
                ledger.note_alert(Told(night, alert.code, alert.subject, dict(alert.params), **owed))
            _send_noted(ledger, settings, night)
    except AWAY as error:
        away = Alert("service_away", "ledger", {"error": type(error).__name__})
        ways = _ways(settings)
        for alert in {one.cause: one for one in (away, *alerts)}.values():
            told = Told(night, alert.code, alert.subject, dict(alert.params), **owed)
            _tell_without_ledger(settings, told, ways)


def catch_up(settings: Settings) -> None:
    """Tell of nights that are late, and of whatever has not gone out yet."""
    if not (sending.mails(settings) or sending.posts(settings)):
        return
    found: list[Late] = []
    try:
        with opened(settings) as ledger:
            found += nights.late(ledger, settings)
    except AWAY as error:
        log.warning("Whether nights are late is not known, for the ledger is away: %s", type(error).__name__)
    tell(settings, *late(settings, found))


def late(settings: Settings, found: Sequence[Late]) -> Iterator[Alert]:
    """What is told of nights that are late: of many, only how many they are."""
    for everybody, own in (
        (OFFICES, [one for one in found if catalogue.stage(one.subject) is None]),
        (STAGES, [one for one in found if catalogue.stage(one.subject)]),
    ):
        for one in [replace(own[0], subject=everybody)] if len(own) > _MANY else own:
            done = f"{one.done:%Y-%m-%d}" if one.done else words("never", settings.alerts.language)
            params = {"due": f"{one.due:%Y-%m-%d %H:%M} WIB", "done": done, "count": str(len(own))}
            yield Alert("night_late", one.subject, params)


def _send_noted(ledger: Ledger, settings: Settings, night: date) -> None:
    """What has been noted this night or the last and has not gone out yet."""
    with ledger.lock("alerts"):
        ways = _ways(settings)
        for told in ledger.alerts(night - timedelta(days=1)):
            gone = _send(settings, told, ways)
            if gone != told:
                ledger.alert_gone(gone)


_Way = Callable[[Settings, Alert, date], None]


def _ways(settings: Settings) -> dict[str, _Way]:
    """By which an alert goes out, by the field that keeps it."""
    mails = {"mailed": sending.mail} if sending.mails(settings) else {}
    return {**mails, **({"posted": sending.post} if sending.posts(settings) else {})}


def _send(settings: Settings, told: Told, ways: dict[str, _Way]) -> Told:
    """By every way by which it has not gone out; what has. A way that is away is struck out, for it costs time."""
    for name, way in list(ways.items()):
        if getattr(told, name):
            continue
        try:
            way(settings, Alert(told.code, told.subject, told.params), told.night)
        except (NotMailed, sending.NotPosted) as error:
            log.warning("Coordinators were not told of '%s' about %s: %s", told.code, told.subject, error)
            del ways[name]
        else:
            told = replace(told, mailed=told.mailed or name == "mailed", posted=told.posted or name == "posted")
    return told


def _tell_without_ledger(settings: Settings, told: Told, ways: dict[str, _Way]) -> None:
    folder = settings.home / "alerts"
    named = message(Alert(told.code, told.subject, told.params), told.night, settings.alerts.language).id
    if not (folder / named).exists() and _send(settings, told, ways) != told:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / named).touch()
