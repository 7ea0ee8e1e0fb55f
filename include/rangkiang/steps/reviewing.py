"""What the review desk looks at: a finding with all that is known about it, and pictures of its figures."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from rangkiang import review
from rangkiang.board.decided import decided
from rangkiang.decisions import NOTES, Standing, seen
from rangkiang.errors import UnknownFinding
from rangkiang.forms import form
from rangkiang.frames import from_parquet
from rangkiang.model import Document
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.deciding import the_finding

_KEPT = 16  # sheets in memory: neighbours in the queue are often of one document


def look(barn: Barn, id: str) -> review.Looked:
    """A finding (its id) as it stands. Raises UnknownFinding."""
    finding = the_finding(barn, id)
    document = barn.ledger.document(finding.office, finding.sha256)
    if document is None:
        raise UnknownFinding(id)
    others = {cell.sha256 for cell in finding.cells} - {document.sha256}
    documents = [document, *(barn.ledger.documents(sha256s=others) if others else ())]
    sheets = {d.sha256: one for d in documents if (one := sheet(barn, d))}
    found = review.item(finding, sheets)
    all_records = decided(barn.ledger, document, barn.settings.decisions.two_persons)
    records = tuple(r for r in all_records if r.decision.finding == id)
    waiting = [r.decision for r in records if r.standing is Standing.WAITING]
    trials = {d.id: would for d in waiting if (would := review.trial(found, d))}
    notes = [f for f in barn.ledger.findings(finding.office, finding.sha256) if f.code in NOTES]
    return review.Looked(
        item=found,
        document=document,
        sheet=sheets.get(finding.sha256),
        records=records,
        trials=trials,
        applied=frozenset(str(note.params["decision"]) for note in notes),
        version=version(document),
        seen=seen(finding, [r.decision for r in records], [o for r in records for o in r.opinions]),
    )


def version(document: Document) -> str:
    """Names what reads the document today."""
    entry = form(document.said.form) if document.classification else None
    return hashlib.sha256(keys.reading_maker(entry).encode()).hexdigest()[:8] if entry else ""


def sheet(barn: Barn, document: Document) -> review.Sheet | None:
    """A document's figures; None where it waits to be read, or read anew."""
    if document.classification is None:
        return None
    entry = form(document.said.form)
    key = keys.reading(document.sha256, entry)
    proofs = barn.ledger.readings(document.office, [document.sha256], kind="proof")
    if not proofs or barn.store.stat(key) is None or barn.store.stat(proofs[-1].key) is None:
        return None
    proof = proofs[-1]
    store: Any = barn.store
    return _sheet(store, document.office, document.sha256, entry.model, key, proof.key, proof.digest)


@lru_cache(_KEPT)
def _sheet(
    store: Any, office: str, sha256: str, model: str, reading: str, proof: str, digest: str
) -> review.Sheet | None:
    """``digest`` is the proof's: nothing else may lie under the keys as long as it is the same."""
    read, proved = from_parquet(store.get(reading)), from_parquet(store.get(proof))
    # A proof by an older maker may be of other lines.
    return review.Sheet(office, sha256, form(model), read, proved) if len(read) == len(proved) else None
