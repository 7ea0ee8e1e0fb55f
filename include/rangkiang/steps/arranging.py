"""Arranges one document: its figures proved with what people decided, checked, and recorded as a whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from rangkiang.checks import check
from rangkiang.decisions import accept, apply, lapsed
from rangkiang.forms import form
from rangkiang.frames import counts, from_parquet, to_parquet
from rangkiang.ledger import Reading
from rangkiang.model import Check, Document, Finding, Reason, Severity, State
from rangkiang.proof import prove
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.standings import Standings


@dataclass(frozen=True, slots=True)
class Arranged:
    """What came of a document: its proof, of how many figures, the checks, and what was found and decided."""

    proof: Reading
    rows: int
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]


def arrange_document(barn: Barn, document: Document, decided: Standings) -> Arranged:
    """Prove and check a document that has been read, with what is in force about it."""
    office, sha256, entry = document.office, document.sha256, form(document.said.form)
    reading = from_parquet(barn.store.get(keys.reading(sha256, entry))).assign(file=document.name)

    def proved(figures: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
        return prove(figures, entry, office, sha256)

    applied = apply(reading, proved, decided.own)
    outcome = check(entry, applied.figures, document.name)
    failed = [_failed(document, c) for c in outcome.checks if not c.success and c.severity is Severity.CRITICAL]
    beside = [f for scope in ("arrival", "intake") for f in barn.ledger.findings(office, sha256, scope)]
    notes = [*applied.notes([*beside, *failed]), *(lapsed(r, "replaced", sha256) for r in decided.former)]
    accepted = {str(note.params["finding"]) for note in notes if note.code == "finding_accepted"}
    figures = accept(applied.figures, sha256, applied.findings, accepted)

    maker = keys.proof_maker(entry, decided.digest)
    key = keys.proof(sha256, maker)
    proof = to_parquet(figures.assign(file=""))
    barn.store.put(key, proof)
    report = json.dumps(outcome.result, ensure_ascii=False, sort_keys=True).encode()
    barn.store.put(keys.check(sha256, maker), report, "application/json")
    # From here to the end the proof before says that it is being replaced, so that a kill between leaves the document
    # pending, whatever is decided until the next run.
    for before in barn.ledger.readings(office, [sha256], kind="proof")[-1:]:
        barn.ledger.replace_proof(replace(before, digest=""))
    barn.ledger.replace_findings(office, sha256, "form", applied.findings)
    barn.ledger.replace_findings(office, sha256, "check", failed)
    barn.ledger.replace_findings(office, sha256, "decision", notes)
    barn.ledger.replace_checks(office, sha256, outcome.checks)
    held = _rescan(notes)
    kept_out = failed or held or not document.said.area_code
    if kept_out:  # it speaks for nobody any more, so it contradicts nobody
        barn.ledger.replace_findings(office, sha256, "rivals", [])
    barn.ledger.move(office, sha256, State.HELD if kept_out else State.ARRANGED, reason=held)
    made = Reading(office, sha256, "proof", maker, key, hashlib.sha256(proof).hexdigest(), counts(figures))
    barn.ledger.replace_proof(made)
    return Arranged(made, len(figures), outcome.checks, (*applied.findings, *failed, *notes))


def _failed(document: Document, found: Check) -> Finding:
    params = {"check": found.name, "detail": found.detail}
    return Finding(document.office, document.sha256, "check_failed", found.severity, found.name, params)


def _rescan(notes: Iterable[Finding]) -> Reason | None:
    """Why the document waits for a new scan; None where nobody asked for one."""
    return next((Reason(note.code, note.params) for note in notes if note.code == "rescan_asked"), None)
