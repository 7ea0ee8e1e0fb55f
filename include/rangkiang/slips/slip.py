"""What a slip says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from rangkiang import catalogue
from rangkiang.model import Document, Reason

WESTERN = timezone(timedelta(hours=7), "WIB")
"""The time of western Indonesia."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a document, in the words of the closed list."""

    reason: Reason
    text: str
    do: str

    @classmethod
    def of(cls, reason: Reason, lang: str = "id") -> Problem:
        return cls(reason, *catalogue.told(reason, lang))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (JPEG) of a page, or of a place on one."""

    data: bytes
    caption: str
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """One document that goes back to its office."""

    office: catalogue.Office
    document: Document
    since: datetime  # when it came in
    problems: tuple[Problem, ...]
    contact: str  # to whom the office turns
    kept: bool = True  # the original was fetched and is kept
    pictures: tuple[Picture, ...] = ()

    @property
    def id(self) -> str:
        """16 hex digits over the document and what is wrong with it: however it is worded, and whenever it came."""
        said: list[Mapping[str, object]] = [{"code": p.reason.code, "params": p.reason.params} for p in self.problems]
        about = [self.document.office, self.document.sha256, said]
        return hashlib.sha256(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """Of its file: the day the document came in, and the slip's number."""
        return f"{self.since.astimezone(WESTERN):%Y-%m-%d}-{self.id}.html"
