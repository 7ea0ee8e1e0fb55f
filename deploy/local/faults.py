"""What became of each seeded fault, looked up in the ledger and held against what was foreseen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from rangkiang import catalogue
from rangkiang.model import Document, State
from rangkiang.steps import Barn
from rangkiang.steps.status import completeness


def faults_table(barn: Barn, path: Path) -> tuple[Table | None, bool]:
    """One line per fault of ``faults.json``; False where one did not end as foreseen. None where none was seeded."""
    if not path.exists():
        return None, True
    table = Table("fault", "office", "file", "what became of it", "as foreseen", title="Seeded faults")
    right = True
    for fault in json.loads(path.read_text()):
        became, found = _outcome(barn, fault)
        foreseen = {k: found.get(k) for k in fault["expect"]} == fault["expect"] or _among(fault["expect"], found)
        right &= foreseen
        name = str(fault.get("key") or "–").rsplit("/", 1)[-1]
        table.add_row(fault["fault"], fault["office"], name, became, "yes" if foreseen else "NO")
    return table, right


def _among(expect: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """A document may have several findings; the foreseen one must be among them."""
    rest = {k: v for k, v in expect.items() if k != "finding"}
    return expect.get("finding", "") in found.get("findings", ()) and all(found.get(k) == v for k, v in rest.items())


def _outcome(barn: Barn, fault: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    office = str(fault["office"])
    arrival = barn.ledger.arrivals(office).get(str(fault.get("key")))
    if arrival is None:
        return _absent(barn, office)
    document = barn.ledger.document(office, arrival.sha256)
    if document is None:
        return "not in the ledger", {}
    findings = barn.ledger.findings(office, arrival.sha256)
    found: dict[str, Any] = {"state": document.state.value, "findings": {f.code for f in findings}}
    if arrival.duplicate_of:
        found["state"] = "duplicate"
        return f"duplicate of {arrival.duplicate_of.rsplit('/', 1)[-1]}, not processed twice", found
    if document.reason:
        found["reason"] = document.reason.code
        return f"{document.state.value}: {catalogue.explain(document.reason, 'en')}", found
    return _with_findings(document, sorted({f.code for f in findings})), found


def _with_findings(document: Document, codes: list[str]) -> str:
    ends = {State.HELD: "held back from the release", State.FILED: "filed and published, flagged"}
    return f"{ends.get(document.state, document.state.value)}; findings: {', '.join(codes) or 'none'}"


def _absent(barn: Barn, office: str) -> tuple[str, dict[str, Any]]:
    lines = completeness(catalogue.office(office), barn.ledger.documents(office=office))
    missing = [e.doctype for e in lines if e.expected == 1 and e.missing]
    return f"missing: {', '.join(missing)}", {
        "state": "missing",
        "findings": {"document_missing"} if missing else set(),
    }
