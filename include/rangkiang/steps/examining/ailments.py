"""What may be wrong with a house: a closed list, each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """What is wrong. Words about it are in ``DO``."""

    ORIGINAL_MISSING = "original_missing"
    ORIGINAL_ALTERED = "original_altered"
    DERIVED_MISSING = "derived_missing"
    DERIVED_ALTERED = "derived_altered"
    ORPHAN = "orphan"
    STUCK = "stuck"
    SLIPS_BEHIND = "slips_behind"
    FOLDER_TORN = "folder_torn"
    FOLDER_ALTERED = "folder_altered"
    FOLDER_UNKNOWN = "folder_unknown"
    VERSION_MISSING = "version_missing"
    RELEASED_MISSING = "released_missing"
    RELEASED_ALTERED = "released_altered"
    RELEASE_UNFINISHED = "release_unfinished"
    PORTAL_DIFFERS = "portal_differs"
    PORTAL_AWAY = "portal_away"
    LEFTOVER = "leftover"
    LEDGER_LOST = "ledger_lost"
    JOURNAL_BEHIND = "journal_behind"
    JOURNAL_AHEAD = "journal_ahead"
    SCHEMA_DIFFERS = "schema_differs"
    WRITES_UNCONDITIONAL = "writes_unconditional"
    CLOCK_SKEWED = "clock_skewed"


_BACKUP = "put it back from the backup of the store: see docs/keeping.md"

DO = {
    Code.ORIGINAL_MISSING: _BACKUP,
    Code.ORIGINAL_ALTERED: _BACKUP,
    Code.DERIVED_MISSING: "rangkiang run --office {office} --force",
    Code.DERIVED_ALTERED: "delete the object, then: rangkiang run --office {office} --force",
    Code.ORPHAN: "rangkiang sweep",
    Code.STUCK: "rangkiang run --office {office}; where it stays so, its error says why",
    Code.SLIPS_BEHIND: "rangkiang run --office {office}",
    Code.FOLDER_TORN: "rangkiang run --office {office}",
    Code.FOLDER_ALTERED: "delete the folder's MANIFEST.json, then: rangkiang run --office {office}",
    Code.FOLDER_UNKNOWN: "find out whose it is, and remove it by hand: nothing filed is ever cleared away",
    Code.VERSION_MISSING: _BACKUP,
    Code.RELEASED_MISSING: _BACKUP,
    Code.RELEASED_ALTERED: _BACKUP,
    Code.RELEASE_UNFINISHED: "rangkiang stage {stage}",
    Code.PORTAL_DIFFERS: "rangkiang restore {stage}",
    Code.PORTAL_AWAY: "look after the portal, then look again",
    Code.LEFTOVER: "rangkiang restore",
    Code.LEDGER_LOST: "rangkiang rebuild",
    Code.JOURNAL_BEHIND: "rangkiang journal",
    Code.JOURNAL_AHEAD: "rangkiang journal",
    Code.SCHEMA_DIFFERS: "run the version of the program that the ledger was brought up to, or restore the ledger",
    Code.WRITES_UNCONDITIONAL: "use another S3 server: without conditional writes two processes overwrite each other",
    Code.CLOCK_SKEWED: "have all machines' clocks set by NTP",
}
"""What to do about each. A command, wherever one helps."""


@dataclass(frozen=True, slots=True)
class Ailment:
    """One promise that does not hold."""

    code: Code
    subject: str  # the key, document, dataset or server concerned
    said: str  # what is wrong
    do: str  # what to do


def ailment(code: Code, subject: str, said: str, **about: str) -> Ailment:
    """One of the list; ``about`` is what its advice names."""
    return Ailment(code, subject, said, DO[code].format(**about))
