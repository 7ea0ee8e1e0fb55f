"""Clears away what can be made again and what nobody asks for any more; what cannot be is never touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.model import USABLE, Document
from rangkiang.steps import keys
from rangkiang.steps.approving import last_word
from rangkiang.steps.barn import Barn
from rangkiang.steps.drafting import draft
from rangkiang.store import Entry

ORPHANED = timedelta(days=1)
"""How long something is kept that was made of a document that the ledger does not know."""


def sweep(barn: Barn, dry_run: bool = False) -> list[str]:
    """Remove what ``settings.retention`` lets go. Returns the keys; with ``dry_run`` those that would go.

    Readings, proofs and what belongs to them go once a newer maker or another decision has taken over and as long has
    passed; what no document names goes after a day. A proposal goes only where nobody has spoken of it and it is not
    what would be released next. Of all other prefixes nothing is ever removed.
    """
    found = [*_derived(barn), *_pages(barn), *_proposals(barn)]
    if not dry_run:
        barn.ledger.forget_readings(found)  # first: no row may name what is not there
        for key in found:
            barn.store.delete(key)
    return found


def _derived(barn: Barn) -> Iterator[str]:
    documents = barn.ledger.documents()
    known, current = {document.sha256 for document in documents}, _current(barn, documents)
    # A reader that is newer has not read everything yet: until then the older one's work stays.
    read = {entry.key.split("/")[1] for entry in barn.store.list("readings/") if entry.key in current}
    superseded = timedelta(days=barn.settings.retention.superseded_days)
    for prefix in ("readings/", "crops/", "proofs/", "checks/"):
        for entry in barn.store.list(prefix):
            _, sha256, maker, *_ = entry.key.split("/")
            if f"{prefix}{sha256}/{maker}" in current or (sha256 in known and sha256 not in read):
                continue
            if _older(entry, superseded if sha256 in known else ORPHANED):
                yield entry.key


def _current(barn: Barn, documents: Sequence[Document]) -> set[str]:
    """What the documents as they stand are made of: keys, of pictures the folder."""
    current: set[str] = set()
    for document in documents:
        if document.state in USABLE:
            entry = form(document.said.form)
            current |= {keys.reading(document.sha256, entry), keys.crops(document.sha256, entry).rstrip("/")}
    for proof in barn.ledger.readings(kind="proof"):
        current |= {proof.key, keys.check(proof.sha256, proof.maker)}
    return current


def _pages(barn: Barn) -> Iterator[str]:
    kept = timedelta(days=barn.settings.retention.pages_days)
    for prefix, age in (("pages/", kept), ("probe/", ORPHANED)):
        yield from (entry.key for entry in barn.store.list(prefix) if _older(entry, age))


def _proposals(barn: Barn) -> Iterator[str]:
    kept = timedelta(days=barn.settings.retention.proposals_days)
    old = [entry.key for entry in barn.store.list("proposals/") if _older(entry, kept)]
    if not old:
        return
    public = {release.proposal for release in barn.ledger.history()}
    coming = {draft(barn, stage.code).digest for stage in catalogue.stages()}
    for key in old:
        digest = key.removeprefix("proposals/").removesuffix(".json")
        if digest not in public | coming and last_word(barn, digest) is None:
            yield key


def _older(entry: Entry, age: timedelta) -> bool:
    return datetime.now(UTC) - entry.modified > age
