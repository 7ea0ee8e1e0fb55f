"""What became of each seeded fault, looked up in the ledger and held against what was foreseen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from rangkiang import catalogue
from rangkiang.model import Document, Finding, State
from rangkiang.steps import Barn
from rangkiang.steps.status import completeness

_ENDS = {State.HELD: "held back from the release", State.FILED: "filed and published, flagged"}
_GATED = "filed, and kept from the release until somebody has decided about the difference"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the ledger knows of a fault."""

    said: str
    state: str = ""
    reason: str = ""
    first: str = ""  # the key that a duplicate repeats
    findings: tuple[Finding, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()  # document type and area
    gated: bool = False  # a difference between levels keeps its dataset from the release

    def as_foreseen(self, expect: Mapping[str, Any]) -> bool:
        """Does everything that was foreseen hold?"""
        same = all(expect[k] == getattr(self, k) for k in ("state", "reason", "first", "gated") if k in expect)
        codes = {f.code for f in self.findings}
        wanted = {*expect.get("also", ()), *([expect["finding"]] if "finding" in expect else [])}
        return same and (wanted <= codes or "doctype" in expect) and self._binds(expect) and self._lacks(expect)

    def _binds(self, expect: Mapping[str, Any]) -> bool:
        """Where a cell was foreseen, a finding of that kind binds it."""
        if "row" not in expect:
            return True
        place = (expect["row"], expect["column"])
        found = (f for f in self.findings if f.code == expect["finding"])
        return any(place in {(c.row, c.column_label) for c in f.cells} for f in found)

    def _lacks(self, expect: Mapping[str, Any]) -> bool:
        return "doctype" not in expect or (expect["doctype"], expect["area"]) in self.missing


def faults_table(barn: Barn, path: Path) -> tuple[Table | None, bool]:
    """One line per fault of ``faults.json``; False where one did not end as foreseen. None where none was seeded."""
    if not path.exists():
        return None, True
    table = Table("fault", "office", "file", "what became of it", "as foreseen", title="Seeded faults")
    right = True
    for fault in json.loads(path.read_text()):
        outcome = _outcome(barn, str(fault["office"]), str(fault["key"]))
        foreseen = outcome.as_foreseen(fault["expect"])
        right &= foreseen
        name = fault["key"].rsplit("/", 1)[-1] or "–"
        table.add_row(fault["fault"], fault["office"], name, outcome.said, "yes" if foreseen else "NO")
    return table, right


def _outcome(barn: Barn, office: str, key: str) -> Outcome:
    arrival = barn.ledger.arrivals(office).get(key)
    document = barn.ledger.document(office, arrival.sha256) if arrival else None
    if arrival is None or document is None:
        return _absent(barn, office)
    findings = tuple(barn.ledger.findings(office, arrival.sha256))
    reason = document.reason.code if document.reason else ""
    looked = barn.ledger.looked_at(office, document.sha256, barn.settings.decisions.two_persons)
    gated = looked is not None and looked.gated
    said = _said(document, findings, arrival.duplicate_of, gated)
    return Outcome(said, document.state.value, reason, arrival.duplicate_of, findings, gated=gated)


def _said(document: Document, findings: tuple[Finding, ...], first: str, gated: bool) -> str:
    if first:
        return f"the same bytes as {first.rsplit('/', 1)[-1]}, not processed twice"
    if document.reason:
        return f"{document.state.value}: {catalogue.explain(document.reason, 'en')}"
    codes = ", ".join(sorted({f.code for f in findings}))
    end = _GATED if gated else _ENDS.get(document.state, document.state.value)
    return f"{end}; findings: {codes or 'none'}"


def _absent(barn: Barn, office: str) -> Outcome:
    lines = completeness(catalogue.office(office), barn.ledger.documents(office=office))
    missing = tuple((line.doctype, area.code) for line in lines for area in line.missing)
    own = [doctype for doctype, area in missing if area == office]
    return Outcome(f"missing, and counted as missing: {', '.join(own) or 'nothing'}", missing=missing)
