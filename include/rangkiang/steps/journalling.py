"""Keeps the journal, and completes the ledger where a run was killed between the one and the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from rangkiang import catalogue
from rangkiang.journal import Page, facts, key
from rangkiang.ledger import Arrival, Said
from rangkiang.model import Document, State
from rangkiang.steps.barn import Barn


def received(barn: Barn, office: str, sha256s: Collection[str]) -> None:
    """Keep what these documents are. Could be found out again, but by a later version otherwise than it was."""
    if sha256s:
        documents = barn.ledger.received(office, sha256s)
        barn.journal.write(office, Page(datetime.now(UTC), documents=tuple(documents)))


def filed(barn: Barn, office: str, sha256s: Collection[str]) -> None:
    """Keep that these documents are about to be filed, and with which proofs."""
    if sha256s:
        proofs = barn.ledger.readings(office, sha256s, kind="proof")
        now = datetime.now(UTC)
        barn.journal.write(office, Page(now, filed=tuple((p.sha256, p.maker, now) for p in proofs)))


def complete_release(barn: Barn, stage: str) -> None:
    """Record a release that was kept in the journal and not in the ledger: it was approved, and nothing else may take
    its number."""
    last = barn.ledger.publications(stage).get(stage)
    kept = barn.journal.fact(facts.publication(stage, last.number + 1 if last else 1))
    if kept is not None:
        barn.ledger.put_back([kept])


def complete_mailed(barn: Barn, office: str, slip: str) -> bool:
    """Record that a slip was mailed, where the journal knows and the ledger does not; False where neither does."""
    kept = barn.journal.fact(facts.mailed(office, slip))
    if kept is None:
        return False
    barn.ledger.put_back([kept])
    return True


@dataclass(frozen=True, slots=True)
class Known:
    """An office as its book has it."""

    arrivals: dict[str, Arrival]  # by key
    documents: dict[str, tuple[Document, datetime]]  # by digest, and when each came in
    filed: set[tuple[str, str]]  # digests, and the makers of the proofs that they were filed with
    since: dict[str, datetime]  # by digest: when it was filed for the first time
    repeated: dict[str, tuple[Arrival, ...]]  # by digest: the inbox when the same bytes last came under another name


def known(barn: Barn, office: str) -> Known:
    """Read an office's book from its beginning."""
    arrivals: dict[str, Arrival] = {}
    names: dict[str, set[str]] = defaultdict(set)
    documents: dict[str, tuple[Document, datetime]] = {}
    makers: set[tuple[str, str]] = set()
    since: dict[str, datetime] = {}
    repeated: dict[str, tuple[Arrival, ...]] = {}
    for page in barn.journal.pages(office):
        for one in page.arrivals:
            arrivals[one.key] = one
            names[one.sha256].add(one.key)
            first = Document(office, one.sha256, one.duplicate_of or one.key, one.size, "", State.RECEIVED)
            documents.setdefault(one.sha256, (first, page.at))
        for sha256 in {one.sha256 for one in page.arrivals if one.present and one.duplicate_of}:
            repeated[sha256] = tuple(arrivals[name] for name in sorted(names[sha256]))
        documents |= {document.sha256: (document, at) for document, at in page.documents}
        for sha256, maker, at in page.filed:
            makers.add((sha256, maker))
            since[sha256] = min(at, since.get(sha256, at))
    return Known(arrivals, documents, makers, since, repeated)


@dataclass(frozen=True, slots=True)
class Apart:
    """What journal and ledger do not both know, and nobody could find out again."""

    behind: tuple[str, ...]  # what the journal lacks: keys of facts, offices of whose inboxes or filed documents
    ahead: tuple[str, ...]  # keys of facts that the ledger lacks


def apart(barn: Barn) -> Apart:
    """Compare the journal with the ledger."""
    told = _told(barn).keys()
    kept = set(barn.journal.facts())  # after the ledger was asked: what it knows is kept by then
    ahead = kept - told
    if ahead:  # or said since the ledger was asked
        ahead -= _told(barn).keys()
    lacking = (o.code for o in catalogue.offices() if _lacks(barn, o.code))
    return Apart((*sorted(told - kept), *lacking), tuple(sorted(ahead)))


def align(barn: Barn) -> tuple[int, int]:
    """Write into the journal what only the ledger knows, and into the ledger what only the journal knows of what people
    said and did, of releases and mails. Returns how many each."""
    kept, told = set(barn.journal.facts()), _told(barn)
    for name in sorted(told.keys() - kept):
        barn.journal.said(*told[name])
    missing = (barn.journal.fact(name) for name in sorted(kept - told.keys()))
    completed = barn.ledger.put_back(fact for fact in missing if fact)
    pages = 0
    for office in catalogue.offices():
        with barn.ledger.lock(f"collect/{office.code}"):  # else an older page might come behind a newer
            for page in _lacking(barn, office.code):
                barn.journal.write(office.code, page)
                pages += 1
    return len(told.keys() - kept) + pages, completed


def _told(barn: Barn) -> dict[str, tuple[Said, datetime]]:
    return {key(said, at): (said, at) for said, at in barn.ledger.told()}


def _lacks(barn: Barn, office: str) -> bool:
    """Does an office's book lack something that nobody could find out again? Looked at twice: a collect may be under
    way."""
    if not any(page.arrivals or page.filed for page in _lacking(barn, office)):
        return False
    with barn.ledger.lock(f"collect/{office}"):
        return any(page.arrivals or page.filed for page in _lacking(barn, office))


def _lacking(barn: Barn, office: str) -> list[Page]:
    """What an office's book lacks, as pages, in the order in which they are to be read."""
    book, now = known(barn, office), datetime.now(UTC)
    arrivals = [a for a in barn.ledger.arrivals(office).values() if book.arrivals.get(a.key) != a]
    documents = [
        (d, at)
        for d, at in barn.ledger.received(office)
        if d.sha256 not in book.documents or _is(book.documents[d.sha256][0]) != _is(d)
    ]
    done = [(*one, at) for one, at in barn.ledger.filed_with(office).items() if one not in book.filed]
    pages = (Page(now, tuple(arrivals)), Page(now, documents=tuple(documents)), Page(now, filed=tuple(done)))
    return [page for page in pages if page.arrivals or page.documents or page.filed]


def _is(document: Document) -> tuple[object, ...]:
    """What a document is, wherever it stands by now."""
    return document.key, document.media_type, document.classification
