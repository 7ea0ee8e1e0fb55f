"""A decision with all that was said about it, and what people's words must be to be kept."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rangkiang import catalogue
from rangkiang.errors import DecisionRefused
from rangkiang.model import Approval, Decision, Opinion, Severity, Verdict, shown

BETWEEN = frozenset({"level_differs", "documents_disagree"})
"""Codes of what is found by comparing documents: no single cell is known to be read wrong, and the document alone does
not tell whether they differ still."""

NOTES = frozenset({"figure_corrected", "finding_accepted", "decision_lapsed", "rescan_asked"})
"""Codes of findings that say what was decided; there is nothing to decide about them."""

CODES = frozenset(code for code, reason in catalogue.reasons().items() if reason.kind == "finding") - NOTES
"""Codes of findings about which something can be decided."""

MOST = 999_999_999
"""No figure of an election is larger."""

_NAME, _TEXT = 100, 2000  # characters


class Standing(StrEnum):
    """What a decision has come to. Computed from what was said, never kept."""

    WAITING = "waiting"  # for a second person
    IN_FORCE = "in force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"  # by a newer one
    LAPSED = "lapsed"  # what it was decided upon is no longer there


@dataclass(frozen=True, slots=True)
class Record:
    """One decision, what was said about it, and what it has come to."""

    decision: Decision
    opinions: tuple[Opinion, ...]  # the oldest first
    standing: Standing
    since: datetime  # when it came into force; when it was made, where it has not
    confirmed: Opinion | None = None  # by which it came into force, if it needed one
    lapse: str = ""  # why it has lapsed: 'replaced', 'gone' or 'reads'

    @property
    def digest(self) -> tuple[str, str]:
        """Names what is in force."""
        return self.decision.id, self.confirmed.id if self.confirmed else ""


def same_person(one: str, other: str) -> bool:
    """Whether two names of account are one, however they are written."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def check(said: Decision | Opinion | Approval) -> None:
    """May it be kept? Raises DecisionRefused with what is wrong with it."""
    _line(said.author, "the name of the person", _NAME)
    _line(said.why, "the reason", _TEXT)
    if said.at.utcoffset() != timedelta(0):
        raise DecisionRefused("the time is not in UTC: write it as 2026-01-31T09:30:00+00:00")
    if isinstance(said, Decision):
        _about(said)
        _corrects(said)


def _line(text: str, what: str, most: int) -> None:
    if not text.strip():
        raise DecisionRefused(f"{what} is missing: say it in a few words")
    if len(text) > most:
        raise DecisionRefused(f"{what} is longer than {most} characters: shorten it")
    if text != shown(" ".join(text.split())):
        raise DecisionRefused(f"{what} must be one line of plain text, with single spaces between its words")


def _about(decision: Decision) -> None:
    if decision.code not in CODES:
        raise DecisionRefused(f"nothing can be decided about {decision.code}: see 'rangkiang catalogue reasons'")
    if decision.verdict is Verdict.ACCEPT and catalogue.reasons()[decision.code].severity is Severity.CRITICAL:
        raise DecisionRefused(
            f"{decision.code} holds its document back and cannot be accepted: mend the file and send it again"
        )


def _corrects(decision: Decision) -> None:
    if decision.verdict is not Verdict.CORRECT:
        if decision.cell is not None or decision.value is not None:
            raise DecisionRefused(f"only a correction names a cell and a value, and this is '{decision.verdict}'")
        return
    if decision.code in BETWEEN:
        raise DecisionRefused(
            f"{decision.code} does not tell which of two documents is read wrong: correct the cell where a finding of "
            "its own sheet binds it, or ask for a new scan"
        )
    if decision.cell is None or decision.cell not in decision.expects:
        raise DecisionRefused("a correction names one of the cells that its finding binds, with the value as read")
    if decision.cell.sha256 != decision.sha256:
        raise DecisionRefused("the cell is of another document than the finding")
    if decision.value is not None and not 0 <= decision.value <= MOST:
        raise DecisionRefused(f"{decision.value} is no count: give a whole number from 0 to {MOST}, or leave it blank")
