"""An alert: a cause of a closed list, about what, and the words for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from rangkiang import nights


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that does not go on by itself. ``params`` are what its sentences need, and ``link``, a page to see."""

    code: str
    subject: str  # code of an office or a stage; a service; or what else it is about
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def cause(self) -> tuple[str, str]:
        """What one is told of once a night."""
        return self.code, self.subject


@dataclass(frozen=True, slots=True)
class Message:
    """An alert in words."""

    id: str  # the same for the same cause and night
    title: str
    text: str
    do: str
    link: str


OFFICES, STAGES = "offices", "stages"
"""Subjects that are many at once."""

CODES = (
    "run_failed", "night_late", "release_waits", "portal_refuses", "service_away", "disk_full", "ledger_lost",
    "ailments",
)  # fmt: skip


def message(alert: Alert, night: date, language: str) -> Message:
    """Raises KeyError for a code that is not of the list, or where a sentence needs what ``params`` do not have."""
    if alert.code not in CODES:
        raise KeyError(alert.code)
    known = {**alert.params, **_subject(alert, language)}
    title, text, do = (words(f"{alert.code}.{part}", language).format(**known) for part in ("title", "text", "do"))
    named = hashlib.sha256(f"{night} {alert.code} {alert.subject}".encode()).hexdigest()[:16]
    return Message(named, title, text, do, alert.params.get("link", ""))


def _subject(alert: Alert, language: str) -> dict[str, str]:
    if alert.code == "service_away":
        return {"service": words(alert.subject, language)}
    if alert.subject in (OFFICES, STAGES):
        return {"who": words(alert.subject, language).format(**alert.params)}
    return {"who": nights.named(alert.subject, language) if alert.subject in nights.subjects() else alert.subject}


def words(key: str, language: str) -> str:
    """The words of a key, whose parts have dots between them. Raises KeyError."""
    found: Any = _words()
    for part in key.split("."):
        found = found[part]
    said: str = found[language]
    return said


@cache
def _words() -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return read
