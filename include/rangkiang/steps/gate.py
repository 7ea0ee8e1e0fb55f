"""The gate: a dataset that differs from another level is not released before a person has decided about it.

What was released before stays before the public as it was. Only what the levels were compared on may pass: a dataset
that was filed anew since waits for the next comparison.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rangkiang.deliver import RECONCILIATION, HeldDataset
from rangkiang.ledger import Compared, Filed
from rangkiang.ledger import Release as Released
from rangkiang.model import Deliverable
from rangkiang.portal import Release
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.releasing import as_kept, kept

_Key = tuple[str, str, str, str]  # office, stage, document type, digest


@dataclass(frozen=True, slots=True)
class Looked:
    """A dataset as it is filed, and the differences (ids of findings) that nobody has decided about."""

    made: Deliverable
    open: tuple[str, ...]


def look(barn: Barn, stages: Collection[str]) -> list[Looked]:
    """Record of every dataset of these stages, as it is filed now, which differences are open. Returns those of all
    stages: a difference may hold back a dataset that is published with another stage."""
    sides = _open(barn) if _holds(barn) else {}
    filed = [made for made in barn.ledger.deliverables() if made.doctype != RECONCILIATION]
    found = [Looked(made, tuple(sorted({id for sha in _sha256s(made) for id in sides.get(sha, ())}))) for made in filed]
    for stage in stages:
        own = (one for one in found if one.made.stage == stage)
        barn.ledger.record_compared(stage, [Compared(*_key(one.made), one.open) for one in own])
    return found


def held(barn: Barn) -> list[HeldDataset]:
    """Datasets that differences keep from the public as they are filed now."""
    compared = _compared(barn)
    looked = ((made, compared.get(_key(made))) for made in barn.ledger.deliverables())
    return described(barn, [Looked(made, one.open) for made, one in looked if one])


def described(barn: Barn, looked: Iterable[Looked], among: Collection[str] | None = None) -> list[HeldDataset]:
    """What is held of these datasets, counting all open differences or those ``among`` some findings (ids)."""
    live = {release.slug for release in barn.ledger.releases()}
    counted = [(one.made, len(one.open if among is None else set(one.open) & set(among))) for one in looked]
    return [HeldDataset(d.office, d.stage, d.doctype, n, d.slug in live) for d, n in counted if n]


def uncompared(barn: Barn) -> list[Filed]:
    """Datasets that were filed anew since the levels were last compared."""
    compared = _compared(barn)
    return [d for d in barn.ledger.filed() if _is_compared(barn, d) and _key(d) not in compared]


def due(barn: Barn, filed: Iterable[Filed], released: Iterable[Released]) -> list[Filed]:
    """Datasets that are to be compared or published: not live as they are filed, and not held; or, wherever they stand,
    filed anew since the levels were last compared."""
    compared = _compared(barn)
    live = {(r.slug, r.digest) for r in released if r.verified}

    def is_due(made: Filed) -> bool:
        one = compared.get(_key(made))
        if one is None and _is_compared(barn, made):
            return True
        return (made.slug, made.digest) not in live and not (one and one.open)

    return [made for made in filed if is_due(made)]


def releases(barn: Barn, stage: str) -> list[Release]:
    """What the public is to see of a stage: datasets as they are filed, where they may pass; else as last released."""
    compared, last = _compared(barn), barn.ledger.publications(stage).get(stage)
    before = last.datasets if last else {}
    found = []
    for made in barn.ledger.deliverables(stage=stage):
        one, digest = compared.get(_key(made)), before.get(made.slug)
        passes = not _is_compared(barn, made) or (one is not None and not one.open)
        if passes or digest == made.digest:
            found.append(Release(made, keys.filed(made.folder)))
        elif digest and (was := kept(barn, made.slug, digest)):
            found.append(as_kept(was))
    return found


def _holds(barn: Barn) -> bool:
    return barn.settings.release.differences == "hold"


def _is_compared(barn: Barn, made: Deliverable | Filed) -> bool:
    """Whether a dataset has to pass the gate: what the house itself makes does not."""
    return _holds(barn) and made.doctype != RECONCILIATION


def _compared(barn: Barn) -> Mapping[_Key, Compared]:
    """What the levels were compared on, by office, stage, document type and digest; nothing where all may pass."""
    return {(c.office, c.stage, c.doctype, c.digest): c for c in barn.ledger.compared()} if _holds(barn) else {}


def _key(made: Deliverable | Filed) -> _Key:
    return made.office, made.stage, made.doctype, made.digest


def _sha256s(made: Deliverable) -> Iterable[str]:
    """Of the documents that it is made from."""
    return (said["sha256"] for said in made.metadata.get("documents", ()))


def _open(barn: Barn) -> Mapping[str, set[str]]:
    """Ids of the differences nobody has decided about, by the digest of each document that they are of."""
    findings = barn.ledger.findings(scope="level")
    decided = {str(f.params["finding"]) for f in findings if f.code == "finding_accepted"}
    sides: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.code == "level_differs" and finding.id not in decided:
            for cell in finding.cells:
                sides[cell.sha256].add(finding.id)
    return sides
