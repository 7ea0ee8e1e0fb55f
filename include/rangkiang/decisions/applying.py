"""What the decisions in force make of one document's reading."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from rangkiang.decisions import notes, overlay
from rangkiang.decisions.records import BETWEEN, Record
from rangkiang.model import Finding, Verdict

Prove = Callable[[pd.DataFrame], tuple[pd.DataFrame, tuple[Finding, ...]]]


@dataclass(frozen=True, slots=True)
class Applied:
    """A document's figures and findings under the corrections in force, and which of these those are."""

    reading: pd.DataFrame
    figures: pd.DataFrame
    findings: tuple[Finding, ...]
    records: tuple[Record, ...]
    laid: tuple[Record, ...]
    met: frozenset[str]  # ids of all findings that were there before a correction did away with them

    def notes(self, others: Collection[Finding]) -> tuple[Finding, ...]:
        """What has become of each decision, ``others`` being what was found about the document beside its figures.

        Decisions about differences between levels are not among them: see :func:`notes.between`.
        """
        there = {finding.id: finding for finding in (*self.findings, *others)}
        return tuple(note for record in self.records if (note := self._note(record, there)) is not None)

    def _note(self, record: Record, there: dict[str, Finding]) -> Finding | None:
        decision = record.decision
        apart = decision.code in BETWEEN
        if decision.verdict is Verdict.DEFER or (apart and decision.verdict is not Verdict.RESCAN):
            return None
        if record in self.laid:
            return notes.corrected(record)
        if not apart and decision.finding not in (self.met if decision.verdict is Verdict.CORRECT else there):
            return notes.lapsed(record, "gone")
        if not apart and not overlay.holds(self.reading, decision):
            return notes.lapsed(record, "reads")
        if decision.verdict is Verdict.RESCAN:
            return notes.rescan(record)
        return notes.accepted(record, there[decision.finding])


def apply(reading: pd.DataFrame, prove: Prove, records: Sequence[Record]) -> Applied:
    """Prove a reading with the corrections among ``records`` laid over it, as far as what they expect is there.

    A correction may bring up what was hidden behind it, and that may have been corrected in its turn. So they are laid
    round by round: each once its finding has come up.
    """
    figures, findings = prove(reading)
    met = {finding.id for finding in findings}
    waiting = [r for r in records if r.decision.verdict is Verdict.CORRECT and overlay.holds(reading, r.decision)]
    laid: list[Record] = []
    while due := [r for r in waiting if r.decision.finding in met]:
        laid += due
        waiting = [r for r in waiting if r not in due]
        corrections = [record.decision for record in laid]
        figures, findings = prove(overlay.lay(reading, corrections))
        figures = overlay.decide(figures, corrections)
        met |= {finding.id for finding in findings}
    return Applied(reading, figures, findings, tuple(records), tuple(laid), frozenset(met))
