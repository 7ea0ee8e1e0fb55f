"""Before a release: what it would change, and who says that it may. What is published is exactly what was approved."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum

from rangkiang import catalogue, proposals
from rangkiang.decisions import check
from rangkiang.errors import NotApproved, NotEntitled, ProposalOutdated, UnknownProposal
from rangkiang.model import Approval, Ruling, shown
from rangkiang.people import Act, who_may
from rangkiang.proposals import Proposal
from rangkiang.steps import gate, keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.drafting import Draft, draft, proposal_of
from rangkiang.steps.filing import unpublished
from rangkiang.steps.journalling import complete_release

log = logging.getLogger(__name__)

UNSAID = "tanpa alasan tertulis; dijawab di Airflow"
LONGEST = 2000  # characters of a reason
SHORTEST = 8  # digits by which a proposal may be named


class Standing(StrEnum):
    """How far the next release of a stage has come."""

    NONE = "none"  # nothing would change
    NEW = "new"  # nobody has been shown it
    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"


def standing(barn: Barn, drafted: Draft) -> Standing:
    if drafted.empty:
        return Standing.NONE
    if (said := last_word(barn, drafted.digest)) is not None:
        return Standing.APPROVED if said.ruling is Ruling.APPROVE else Standing.RETURNED
    return Standing.WAITING if barn.store.stat(keys.proposal(drafted.digest)) else Standing.NEW


def last_word(barn: Barn, digest: str) -> Approval | None:
    """What was last said of a proposal."""
    return next(iter(barn.ledger.approvals(digest, limit=1)), None)


def propose(barn: Barn, stage: str) -> Proposal:
    """What the next release of the stage would change, and why: kept, so that it can be looked at as it was.

    Nothing is to be approved where it has no datasets.
    """
    complete_release(barn, stage)
    drafted = draft(barn, stage)
    key = keys.proposal(drafted.digest)
    if barn.store.stat(key) is None:
        barn.store.put_if_absent(key, proposals.dump(proposal_of(barn, drafted, proposals.MOST)), "application/json")
    return proposals.load(barn.store.get(key))


def proposal(barn: Barn, digest: str) -> Proposal:
    """A proposal as it was shown, by its digest or how that begins. Raises UnknownProposal."""
    named = digest.isalnum() and len(digest) >= SHORTEST
    found = list(barn.store.list(keys.proposal(digest).removesuffix(".json"))) if named else []
    if len(found) != 1:
        raise UnknownProposal(digest)
    return proposals.load(barn.store.get(found[0].key))


def approve(barn: Barn, digest: str, by: str, why: str) -> Approval:
    """Say that a proposal may be published. The same again by the same person is the same approval.

    Raises UnknownProposal, ProposalOutdated, NotEntitled, DecisionRefused.
    """
    return _rule(barn, digest, Ruling.APPROVE, by, why)


def send_back(barn: Barn, digest: str, by: str, why: str) -> Approval:
    """Say that a proposal is not to be published as it is. Raises as :func:`approve` does."""
    return _rule(barn, digest, Ruling.RETURN, by, why)


def _rule(barn: Barn, digest: str, ruling: Ruling, by: str, why: str) -> Approval:
    meant = proposal(barn, digest)
    said = Approval(meant.digest, meant.stage, ruling, _line(by), datetime.now(UTC), _line(why))
    check(said)
    if not entitled(barn, said.author):
        raise NotEntitled(said.author, "approve or return a release")
    drafted = draft(barn, meant.stage)
    if drafted.empty or drafted.digest != meant.digest:
        raise ProposalOutdated(meant.digest)
    return barn.ledger.record_approval(said)


def ask(barn: Barn, stage: str, pages: str = "") -> dict[str, str] | None:
    """The question that is to be put to whoever approves: ``digest``, ``subject``, ``body``.

    None where nobody has to approve, nothing would change, or somebody has spoken already. ``pages`` is the address of
    the proposals' pages.
    """
    if not barn.settings.approval.required:
        return None
    proposed = propose(barn, stage)
    if not proposed.datasets or last_word(barn, proposed.digest):
        return None
    subject, body = proposals.question(proposed, pages and pages + proposed.digest)
    return {"digest": proposed.digest, "subject": subject, "body": body}


def hear(barn: Barn, digest: str, ruling: Ruling | None, by: str, why: str) -> None:
    """Keep what somebody answered to the question; None leaves it open. Raises NotEntitled.

    An answer that comes after the files have changed is about nothing any more, and is let go with a word.
    """
    if ruling is None:
        return
    try:
        _rule(barn, digest, ruling, by, shown(_line(why))[:LONGEST].strip() or UNSAID)
    except ProposalOutdated as outdated:
        log.warning("%s The answer of %s was '%s'.", outdated, by, ruling)


def may_publish(barn: Barn, stage: str) -> bool:
    """Whether :func:`rangkiang.steps.publish` would go ahead."""
    try:
        allowed(barn, draft(barn, stage))
    except NotApproved as missing:
        log.warning("%s", missing)
        return False
    return True


def entitled(barn: Barn, name: str) -> bool:
    """May this account approve? As the settings say; where they name nobody who may, whoever was let in."""
    named = who_may(Act.APPROVE, barn.settings.people)
    return not named or name in named


def allowed(barn: Barn, drafted: Draft) -> Approval | None:
    """Whose approval a release has; None where it needs none. Raises NotApproved."""
    if drafted.empty or not barn.settings.approval.required:
        return None
    said = last_word(barn, drafted.digest)
    if said is None or said.ruling is not Ruling.APPROVE:
        raise NotApproved(drafted.stage, drafted.digest)
    return said


def due(barn: Barn, again: bool = False, office: str = "", stage: str = "") -> set[tuple[str, str]]:
    """Office and stage of what can go on: filed, not live, and not waiting for a person's word. Of an ``office`` or a
    ``stage`` alone, where one is given.

    A proposal that was returned stays where it is until something changes or somebody approves it after all. One that
    waits is not asked for again before ``again``. What was filed since the levels were compared may change either.
    """
    found = {(o, s) for o, s in unpublished(barn) if office in ("", o) and stage in ("", s)}
    if not barn.settings.approval.required:
        return found
    resting = {Standing.RETURNED} if again else {Standing.RETURNED, Standing.WAITING}
    stages = {s for _, s in found} - {made.stage for made in gate.uncompared(barn)}
    rests = {s for s in stages if standing(barn, draft(barn, s)) in resting}
    return {(o, s) for o, s in found if s not in rests}


def pending(barn: Barn) -> list[tuple[Proposal, Standing, Approval | None]]:
    """Proposals of all stages that are not published yet, with the last word on each."""
    found: list[tuple[Proposal, Standing, Approval | None]] = []
    for drafted in _drafts(barn):
        how = standing(barn, drafted)
        if how not in (Standing.NONE, Standing.NEW):
            digest = drafted.digest
            found.append((proposal(barn, digest), how, last_word(barn, digest)))
    return found


def waiting(barn: Barn) -> int:
    """How many proposals wait for a word."""
    return sum(standing(barn, drafted) is Standing.WAITING for drafted in _drafts(barn))


def _drafts(barn: Barn) -> Iterator[Draft]:
    """The next release of every stage of which anything is filed, or has been published."""
    begun = {made.stage for made in barn.ledger.filed()} | barn.ledger.publications().keys()
    return (draft(barn, stage.code) for stage in catalogue.stages() if stage.code in begun)


def _line(text: str) -> str:
    return " ".join(text.split())
