"""Before a release: what it would change, and who says that it may. What is published is exactly what was approved."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial

from rangkiang import catalogue, proposals
from rangkiang.decisions import check, weigh
from rangkiang.errors import NotApproved, NotEntitled, ProposalOutdated, UnknownProposal
from rangkiang.ledger import Publication
from rangkiang.model import Approval, Deliverable, Reason, Ruling, Severity, State, shown
from rangkiang.people import Act, who_may
from rangkiang.portal import Release
from rangkiang.proposals import Cause, DatasetChange, Kind, Proposal, Ruled, Version
from rangkiang.steps import gate, keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.filing import present, unpublished
from rangkiang.steps.releasing import as_filed, as_released

log = logging.getLogger(__name__)

UNSAID = "tanpa alasan tertulis; dijawab di Airflow"
LONGEST = 2000  # characters of a reason
SHORTEST = 8  # digits by which a proposal may be named
SHOWN = 20  # figures and documents that are shown of each dataset, however many datasets change


class Standing(StrEnum):
    """How far the next release of a stage has come."""

    NONE = "none"  # nothing would change
    NEW = "new"  # nobody has been shown it
    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Draft:
    """The next release of a stage, by names alone: what is before the public, and what would be."""

    stage: str
    number: int
    before: Mapping[str, str]  # digest by slug
    ready: tuple[Release, ...]

    @property
    def after(self) -> Mapping[str, str]:
        return {r.deliverable.slug: r.deliverable.digest for r in self.ready}

    @property
    def empty(self) -> bool:
        return self.before == self.after

    @property
    def digest(self) -> str:
        """SHA-256 over every file that would be published, and over how often the stage was before: so that the same
        state, come again after another, is another proposal."""
        files = [
            (r.deliverable.slug, r.deliverable.digest, sorted((f.path, f.sha256) for f in r.deliverable.files))
            for r in self.ready
        ]
        made_of = [self.stage, self.number, sorted(self.before.items()), sorted(files)]
        return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()

    @property
    def publication(self) -> Publication:
        return Publication(self.stage, self.number, self.digest, self.after)


def draft(barn: Barn, stage: str) -> Draft:
    """What the next release of the stage would be, from the ledger alone."""
    last = barn.ledger.publications(stage).get(stage)
    number, before = (last.number + 1, last.datasets) if last else (1, {})
    return Draft(stage, number, before, tuple(gate.releases(barn, stage)))


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
    drafted = draft(barn, stage)
    key = keys.proposal(drafted.digest)
    if barn.store.stat(key) is None:
        barn.store.put_if_absent(key, proposals.dump(_proposal(barn, drafted)), "application/json")
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


def due(barn: Barn, again: bool = False) -> set[tuple[str, str]]:
    """Office and stage of what can go on: filed, not live, and not waiting for a person's word.

    A proposal that was returned stays where it is until something changes or somebody approves it after all. One that
    waits is not asked for again before ``again``. What was filed since the levels were compared may change either.
    """
    found = unpublished(barn)
    if not barn.settings.approval.required:
        return found
    resting = {Standing.RETURNED} if again else {Standing.RETURNED, Standing.WAITING}
    stages = {stage for _, stage in found} - {made.stage for made in gate.uncompared(barn)}
    rests = {stage for stage in stages if standing(barn, draft(barn, stage)) in resting}
    return {(office, stage) for office, stage in found if stage not in rests}


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
    begun = {made.stage for made in barn.ledger.deliverables()} | barn.ledger.publications().keys()
    return (draft(barn, stage.code) for stage in catalogue.stages() if stage.code in begun)


def _proposal(barn: Barn, drafted: Draft) -> Proposal:
    slugs = sorted({*drafted.before, *drafted.after})
    changed = [slug for slug in slugs if drafted.before.get(slug) != drafted.after.get(slug)]
    most = max(SHOWN, proposals.MOST // max(1, len(changed)))
    changes = tuple(_change(barn, drafted, slug, most) for slug in changed)
    return Proposal(drafted.stage, drafted.number, drafted.digest, changes, _ruled(barn, changes))


def _change(barn: Barn, drafted: Draft, slug: str, most: int) -> DatasetChange:
    before = drafted.before.get(slug)
    release = next((r for r in drafted.ready if r.deliverable.slug == slug), None)
    was = as_released(barn, slug, before) if before else None
    now = (as_filed(barn, release) if was else Version(release.deliverable)) if release else None
    if was is None and before:
        return _unkept(barn, slug, now)
    version = now or was
    if version is None:
        raise ValueError(f"{slug} is neither filed nor released")
    first = not any(barn.store.list(keys.version(slug)))
    return proposals.change(was, now, first, partial(_gone, barn, version.made.office), most)


def _unkept(barn: Barn, slug: str, now: Version | None) -> DatasetChange:
    """What a version before this one of the programme released, it did not keep: only that it changes is known."""
    kind: Kind = "changed" if now else "withdrawn"
    office = next(r.office for r in barn.ledger.releases() if r.slug == slug)
    made = now.made if now else Deliverable(office, "", "", "", slug, "", ())
    return proposals.listed(kind, made, (Cause("unkept"),))


def _gone(barn: Barn, office: str, sha256: str) -> Cause:
    """Why a document is in no dataset any more."""
    document = barn.ledger.document(office, sha256)
    if document is not None and document.state in (State.HELD, State.QUARANTINED):
        found = barn.ledger.findings(office, sha256)
        for finding in found:
            if finding.code == "rescan_asked":
                return Cause("decision", {"decision": finding.params["decision"]})
        reasons = (
            [document.reason]
            if document.reason
            else [Reason(f.code, f.params) for f in found if f.severity is Severity.CRITICAL]
        )
        return Cause("held", {"reason": asdict(reasons[0])}) if reasons else Cause("stopped")
    if barn.ledger.findings(office, sha256, "rivals"):
        return Cause("disputed")
    return Cause("silent") if document is not None and sha256 in present(barn, office) else Cause("removed")


def _ruled(barn: Barn, changes: Iterable[DatasetChange]) -> dict[str, Ruled]:
    """The decisions that the changes name."""
    causes = [cause for change in changes for cause in change.causes]  # those of its documents and figures too
    ids = {str(cause.params["decision"]) for cause in causes if "decision" in cause.params}
    decisions = barn.ledger.decisions(ids=ids) if ids else []
    opinions = barn.ledger.opinions(ids)
    found = {}
    for record in weigh(decisions, opinions, barn.settings.decisions.two_persons):
        made, second = record.decision, record.confirmed.author if record.confirmed else ""
        at = f"{made.at:%Y-%m-%d %H:%M} UTC"
        found[made.id] = Ruled(made.verdict.value, made.author, at, made.why, second)
    return dict(sorted(found.items()))


def _line(text: str) -> str:
    return " ".join(text.split())
