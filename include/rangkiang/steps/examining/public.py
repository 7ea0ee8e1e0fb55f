"""What is before the public: is every version kept, is each release finished, does the portal hold it?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta

from rangkiang.ledger import Publication
from rangkiang.portal import Away, DirectoryPortal
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.examining.ailments import Ailment, Code, ailment
from rangkiang.steps.releasing import kept, published


def examine(barn: Barn, deep: bool, patience: timedelta) -> Iterator[Ailment]:
    """Ailments of releases."""
    history = barn.ledger.history()
    there = {entry.key for prefix in ("originals/", "released/") for entry in barn.store.list(prefix)}
    whole = True
    for slug, digest in sorted({(slug, d) for one in history for slug, d in one.datasets.items()}):
        for found in _version(barn, slug, digest, there):
            whole = False
            yield found
    if deep:
        for key in sorted(key for key in there if key.startswith("released/")):
            if hashlib.sha256(barn.store.get(key)).hexdigest() != key.rpartition("/")[2]:
                yield ailment(Code.RELEASED_ALTERED, key, "its bytes have another digest than its name")
    yield from _unfinished(barn, barn.ledger.publications(), patience)
    if isinstance(barn.portal, DirectoryPortal):
        for path in barn.portal.leftovers(patience):
            yield ailment(Code.LEFTOVER, str(path), "half written, and left by a process that was killed")
    if whole:
        for stage in sorted({one.stage for one in history}):
            yield from _portal(barn, stage)


def _version(barn: Barn, slug: str, digest: str, there: set[str]) -> Iterator[Ailment]:
    made = kept(barn, slug, digest)
    if made is None:
        yield ailment(Code.VERSION_MISSING, keys.version(slug, digest), "which files this version had is not kept")
        return
    for entry in made.files:
        if not {keys.released(entry.sha256), keys.original(entry.sha256)} & there:
            yield ailment(Code.RELEASED_MISSING, keys.released(entry.sha256), f"{entry.path} of {slug}")


def _unfinished(barn: Barn, last: Mapping[str, Publication], patience: timedelta) -> Iterator[Ailment]:
    """Releases that were recorded, and not seen on the portal since."""
    live = {(r.slug, r.digest) for r in barn.ledger.releases() if r.verified}
    recent = barn.ledger.published_since(patience)
    for stage, release in last.items():
        owed = {pair for pair in release.datasets.items() if pair not in live}
        if owed and (stage, release.number) not in recent:
            said = f"{len(owed)} datasets of release {release.number} were not seen on the portal"
            yield ailment(Code.RELEASE_UNFINISHED, stage, said, stage=stage)


def _portal(barn: Barn, stage: str) -> Iterator[Ailment]:
    public = published(barn, stage)
    try:
        plan = barn.portal.plan(public.releases, stage, public.withdrawn)
    except (Away, ConnectionError, TimeoutError) as away:
        yield ailment(Code.PORTAL_AWAY, barn.settings.portal_url, str(away))
        return
    for change in plan.changes:
        if change.kind != "same":
            said = f"{change.slug}: to '{change.kind}', {len(change.write)} files missing or altered"
            yield ailment(Code.PORTAL_DIFFERS, stage, said, stage=stage)
    if plan.stale:
        yield ailment(Code.PORTAL_DIFFERS, stage, "its pages are behind its datasets", stage=stage)
