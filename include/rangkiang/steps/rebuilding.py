"""Makes the ledger again, from the store alone: what the journal tells is put back, everything else is derived anew."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rangkiang import catalogue
from rangkiang.errors import BatchFailed, JournalBehind, VerificationFailed
from rangkiang.guard import oversize
from rangkiang.ledger import AWAY
from rangkiang.model import USABLE, Document, State
from rangkiang.portal import Away
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.batching import batches
from rangkiang.steps.journalling import Known, apart, known, received
from rangkiang.steps.office import arrange, classified, duplicates, file, read, remarks
from rangkiang.steps.releasing import kept
from rangkiang.steps.stage import compare_levels, reconcile, verify
from rangkiang.steps.turns import turns

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was made."""

    facts: int  # that people said or did, that were released or mailed
    documents: int
    datasets: int
    failed: tuple[str, ...]  # offices and stages of which something failed, or whose portal could not be looked at


def rebuild(barn: Barn, replace: bool = False) -> Rebuilt:
    """Make the ledger again. Can be killed at any instant and run again; until it has ended, nothing else goes on.

    What is derived is what this version of the program derives. What levels had not been compared yet is compared.
    Raises LedgerNotEmpty where there is something, unless it is to be replaced; JournalBehind where that would lose
    something.
    """
    with barn.ledger.lock("rebuild"):
        if replace and (behind := apart(barn).behind):
            raise JournalBehind(len(behind))
        barn.ledger.begin_again(replace)
        facts = barn.ledger.put_back(fact for name in barn.journal.facts() if (fact := barn.journal.fact(name)))
        stages = sorted({release.stage for release in barn.ledger.history()})
        for stage in stages:
            _release(barn, stage)
        failed = [office.code for office in catalogue.offices() if not _office(barn, office.code)]
        failed += _file(barn)
        failed += [stage for stage in stages if not _seen(barn, stage)]
        barn.ledger.end_again()
    return Rebuilt(facts, len(barn.ledger.documents()), len(barn.ledger.deliverables()), tuple(failed))


def _release(barn: Barn, stage: str) -> None:
    """What the public was to see of each dataset, release by release."""
    for slug, own in turns(barn.ledger.history(stage)).items():
        for turn in own:
            made = kept(barn, slug, turn.digest) if turn.digest else None
            if made is not None:
                barn.ledger.record_release(slug, stage, made.office, made.digest, len(made.files), verified=False)
            elif not turn.digest:
                barn.ledger.withdraw_release(slug)


def _office(barn: Barn, office: str) -> bool:
    """Everything about an office's documents but their folders. False where some failed as they do in a night."""
    book = known(barn, office)
    documents = [(_begun(barn, document), at) for document, at in book.documents.values()]
    barn.ledger.put_back_inbox(office, list(book.arrivals.values()), documents)
    for sha256, lying in book.repeated.items():
        barn.ledger.replace_findings(office, sha256, "arrival", duplicates(office, sha256, lying))
    for document, _ in documents:
        if document.state is not State.RECEIVED and (found := remarks(document)):
            barn.ledger.replace_findings(office, document.sha256, "intake", found)
    received(barn, office, {document.sha256 for document in classified(barn, office)})
    usable = barn.ledger.documents(office=office, states=USABLE)
    done = [_batch(barn, office, batch) for batch in batches(usable, barn.settings.batch_seconds)]
    _settle(barn, office, book)
    return all(done)


def _batch(barn: Barn, office: str, batch: Sequence[str]) -> bool:
    """Readings and proofs, found by their names where the store has them. False where some failed: as in a night the
    others are done, and these stay where they are."""
    whole = True
    for step in (read, arrange):
        try:
            step(barn, office, batch)
        except BatchFailed as failure:
            log.error("%s: %s", office, failure)
            whole = False
    return whole


def _begun(barn: Barn, document: Document) -> Document:
    """A document as it was once it was known what it is."""
    if document.sha256 == keys.unfetched(document.key, document.size):
        reason = oversize(document.size, barn.settings.limits).reason
        return replace(document, state=State.QUARANTINED, reason=reason)
    return replace(document, state=State.ACCEPTED, reason=None) if document.state in USABLE else document


def _settle(barn: Barn, office: str, book: Known) -> None:
    """Documents that were filed with the proof that they have now, and since when; filing tells which disagree."""
    proofs = {(proof.sha256, proof.maker) for proof in barn.ledger.readings(office, kind="proof")}
    barn.ledger.put_back_filed(office, {sha256: book.since[sha256] for sha256, _ in book.filed & proofs})


def _file(barn: Barn) -> list[str]:
    """Folders, and how their levels agree: compared first, since what differs is part of what is filed. Returns offices
    and stages that failed."""
    ready = barn.ledger.documents(states=[State.ARRANGED, State.FILED])
    stages = [s.code for s in catalogue.stages() if s.code in {d.said.stage for d in ready}]
    with barn.lineage.step("rebuild", barn.run) as step:
        for stage in stages:
            compare_levels(barn, step, stage)
    tasks = [(office, file) for office in sorted({d.office for d in ready})] + [(s, reconcile) for s in stages]
    return [what for what, do in tasks if not _done(barn, what, do)]


def _done(barn: Barn, what: str, do: Callable[[Barn, str], object]) -> bool:
    """What fails here fails in every night, as a task of its own: the others have to go on all the same."""
    try:
        do(barn, what)
    except (OSError, *AWAY):
        raise  # a service is away, or a disk full: begin again once it is not
    except Exception:
        log.exception("%s", what)
        return False
    return True


def _seen(barn: Barn, stage: str) -> bool:
    """Does the portal hold what was released? What it does not, the next run brings."""
    try:
        verify(barn, stage)
    except (Away, ConnectionError, TimeoutError, VerificationFailed) as problem:
        log.warning("%s: %s", stage, problem)
        return False
    return True
