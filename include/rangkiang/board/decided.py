"""What people decided about one document, and what each decision has come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rangkiang.decisions import Record, weigh
from rangkiang.ledger import Ledger
from rangkiang.model import Decision, Document, Verdict


def decided(ledger: Ledger, document: Document, two_persons: bool) -> tuple[Record, ...]:
    """All decisions about the document, with their standing, the newest first."""
    decisions = ledger.decisions(document.office, sha256s=[document.sha256])
    if not decisions:
        return ()
    opinions = ledger.opinions(d.id for d in decisions)
    return weigh(decisions, opinions, two_persons, lapses(ledger, document, decisions))[::-1]


def lapses(ledger: Ledger, document: Document, decisions: Iterable[Decision]) -> Mapping[str, str]:
    """Decisions about the document, by id, that have lapsed, and why: as the last run found it, as the inbox says."""
    notes = ledger.findings(document.office, document.sha256)
    found = {str(f.params["decision"]): str(f.params["lapse"]) for f in notes if f.code == "decision_lapsed"}
    if ledger.is_replaced(document.office, document.sha256):
        # A new scan that was asked for keeps the old file out for good, whatever lies in its place.
        found |= {d.id: "replaced" for d in decisions if d.verdict is not Verdict.RESCAN}
    return found
