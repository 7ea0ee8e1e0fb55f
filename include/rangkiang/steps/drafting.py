"""The next release of a stage: what it would consist of, and how that differs from what is before the public."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial

from rangkiang import proposals
from rangkiang.decisions import weigh
from rangkiang.ledger import Publication
from rangkiang.model import Deliverable, Reason, Severity, State
from rangkiang.portal import Release
from rangkiang.proposals import Cause, DatasetChange, Kind, Proposal, Ruled, Version
from rangkiang.steps import gate
from rangkiang.steps.barn import Barn
from rangkiang.steps.releasing import as_filed, as_released
from rangkiang.steps.turns import turns

SHOWN = 20  # figures and documents that are listed of each dataset, however many datasets change


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


def proposal_of(barn: Barn, drafted: Draft, most: int = sys.maxsize) -> Proposal:
    """What the release would change, and why. ``most``: so many figures and documents are listed over all datasets, and
    some of each however many change."""
    slugs = sorted({*drafted.before, *drafted.after})
    changed = [slug for slug in slugs if drafted.before.get(slug) != drafted.after.get(slug)]
    each = max(SHOWN, most // max(1, len(changed)))
    released = turns(barn.ledger.history(drafted.stage))
    changes = tuple(_change(barn, drafted, slug, slug not in released, each) for slug in changed)
    return Proposal(drafted.stage, drafted.number, drafted.digest, changes, _ruled(barn, changes))


def _change(barn: Barn, drafted: Draft, slug: str, first: bool, most: int) -> DatasetChange:
    before = drafted.before.get(slug)
    release = next((r for r in drafted.ready if r.deliverable.slug == slug), None)
    was = as_released(barn, slug, before) if before else None
    now = (as_filed(barn, release) if was else Version(release.deliverable)) if release else None
    if was is None and before:
        return _unkept(barn, slug, now)
    version = now or was
    if version is None:
        raise ValueError(f"{slug} is neither filed nor released")
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
    return Cause("silent") if document is not None and barn.ledger.lying(office, [sha256]) else Cause("removed")


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
