"""What people say: of a finding, of each other's decisions, of a release. It is never changed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from rangkiang.model.documents import CellRef, Finding, Severity
from rangkiang.model.ids import digest


class Verdict(StrEnum):
    """What a person decides about a finding."""

    ACCEPT = "accept"  # as printed: the paper says so
    CORRECT = "correct"  # the paper says something else than was read
    RESCAN = "rescan"  # nobody can tell from this scan
    DEFER = "defer"  # looked at, left open


class View(StrEnum):
    """What a person thinks of a decision."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"  # the author's own


class Ruling(StrEnum):
    """What a person says of a release that is proposed."""

    APPROVE = "approve"
    RETURN = "return"  # not so


@dataclass(frozen=True, slots=True)
class _Said:
    """One thing that one person said. Its id is its content."""

    @property
    def id(self) -> str:
        """16 hex digits over all of it."""
        return digest(json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Decision(_Said):
    """What one person decided about one finding, and what it was decided upon. Never changed; its id is its content."""

    office: str
    sha256: str  # the document
    code: str  # of the finding
    subject: str  # of the finding
    verdict: Verdict
    author: str  # the name of account as given
    at: datetime  # UTC
    why: str
    expects: tuple[CellRef, ...] = ()  # the figures that the finding binds, as read: without anybody's decision
    cell: CellRef | None = None  # of a correction: the cell, with its value as read
    value: int | None = None  # of a correction: what stands there; None for an empty cell

    @property
    def finding(self) -> str:
        """The id of the finding it is about."""
        return Finding(self.office, self.sha256, self.code, Severity.INFO, self.subject).id


@dataclass(frozen=True, slots=True)
class Opinion(_Said):
    """What one person thinks of a decision. Never changed; its id is its content."""

    decision: str  # id
    view: View
    author: str
    at: datetime  # UTC
    why: str


@dataclass(frozen=True, slots=True)
class Approval(_Said):
    """What one person said of a proposed release, or that it is not to be. Never changed; its id is its content."""

    proposal: str  # digest of exactly what would be published
    stage: str
    ruling: Ruling
    author: str
    at: datetime  # UTC
    why: str
