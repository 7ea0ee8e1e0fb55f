"""Documents: is their original there, and what was made of it; has each come as far as it should; is it given back?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from rangkiang import catalogue
from rangkiang.ledger import Reading
from rangkiang.model import UNDERWAY, Document
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.examining.ailments import Ailment, Code, ailment
from rangkiang.steps.returning import returned
from rangkiang.store import Entry

DERIVED = ("readings/", "proofs/", "checks/", "crops/", "pages/")
"""Where what is made of a document stands, by the document's digest."""


def examine(barn: Barn, deep: bool, patience: timedelta) -> Iterator[Ailment]:
    """Ailments of documents."""
    documents = barn.ledger.documents()
    yield from _originals(barn, documents, deep)
    yield from _derived(barn, {d.sha256 for d in documents}, deep, patience)
    for document in barn.ledger.unmoved(UNDERWAY, patience):
        said = f"{document.office} {document.name}: still {document.state.value}"
        yield ailment(Code.STUCK, document.sha256, said, office=document.office)
    for office in sorted({d.office for d in documents}):
        if not returned(barn, office):
            said = "what stands in its folder, or was mailed, is not what waits for it"
            yield ailment(Code.SLIPS_BEHIND, catalogue.office(office).slug, said, office=office)


def _originals(barn: Barn, documents: list[Document], deep: bool) -> Iterator[Ailment]:
    there = {entry.key: entry.size for entry in barn.store.list("originals/")}
    for document in documents:
        key = keys.original(document.sha256)
        if document.sha256 == keys.unfetched(document.key, document.size):
            continue
        if key not in there:
            yield ailment(Code.ORIGINAL_MISSING, key, f"of {document.office} {document.name}")
        elif there[key] != document.size:
            yield ailment(Code.ORIGINAL_ALTERED, key, f"{there[key]} bytes, where {document.size} were received")
    if deep:
        for key in there:
            if _sha256(barn.store.get(key)) != key.rpartition("/")[2]:
                yield ailment(Code.ORIGINAL_ALTERED, key, "its bytes have another digest than its name")


def _derived(barn: Barn, known: set[str], deep: bool, patience: timedelta) -> Iterator[Ailment]:
    made = [reading for reading in barn.ledger.readings() if reading.digest]
    there: dict[str, Entry] = {}
    for prefix in DERIVED:
        for entry in barn.store.list(prefix):
            if entry.key.split("/")[1] not in known and datetime.now(UTC) - entry.modified > patience:
                yield ailment(Code.ORPHAN, entry.key, "made of a document that is not in the ledger")
            if prefix in ("readings/", "proofs/"):
                there[entry.key] = entry
    yield from _missing(barn, made, there, deep)


def _missing(barn: Barn, made: list[Reading], there: Mapping[str, Entry], deep: bool) -> Iterator[Ailment]:
    for one in made:
        if one.key not in there:
            yield ailment(Code.DERIVED_MISSING, one.key, f"the {one.kind} of a document", office=one.office)
        elif deep and _sha256(barn.store.get(one.key)) != one.digest:
            said = f"the {one.kind} of a document has other bytes than were recorded"
            yield ailment(Code.DERIVED_ALTERED, one.key, said, office=one.office)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
