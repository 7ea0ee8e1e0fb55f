"""What was before the public of a stage: every version is kept, with every file, for as long as the store is."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from pydantic import TypeAdapter

from rangkiang import proposals
from rangkiang.model import Deliverable, FileEntry
from rangkiang.portal import Edition, Fetch, Release, SourceDiffers, Withdrawal
from rangkiang.proposals import Line, Proposal, Version
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.turns import Turn, turns

_FINDINGS = "temuan.csv"
_JSON = TypeAdapter(Deliverable)


@dataclass(frozen=True, slots=True)
class Public:
    """What a stage's releases have come to: what the public is to see, and what it is told of what is gone."""

    releases: tuple[Release, ...]
    withdrawn: tuple[Withdrawal, ...]


def published(barn: Barn, stage: str) -> Public:
    """Everything that the stage's last release brought before the public, with all versions before; from what is
    recorded and kept alone, whatever is filed by now."""
    releases: list[Release] = []
    withdrawn: list[Withdrawal] = []
    for slug, own in sorted(turns(barn.ledger.history(stage)).items()):
        editions = _editions(barn, slug, own)
        if not editions or editions[-1].number != own[-1].number:
            continue  # released when versions were not kept yet, and not since
        log, last = _log(barn, slug, own), editions[-1]
        if own[-1].digest:
            releases.append(Release(last.deliverable, last.source_prefix, last.number, last.day, editions[:-1], log))
        else:
            withdrawn.append(Withdrawal(last.deliverable, own[-1].day, editions, log))
    return Public(tuple(releases), tuple(withdrawn))


def keep(barn: Barn, ready: Iterable[Release]) -> None:
    """Keep every file of what is to be released. Raises SourceDiffers where the folder is being filed anew."""
    for release in ready:
        made = release.deliverable
        done = keys.version(made.slug, made.digest)
        if barn.store.stat(done) is not None:
            continue
        for entry in made.files:
            places = (keys.original(entry.sha256), keys.released(entry.sha256))
            if all(barn.store.stat(key) is None for key in places):
                barn.store.put(keys.released(entry.sha256), _filed(barn, release, entry), entry.media_type)
        barn.store.put(done, _JSON.dump_json(made), "application/json")  # last: who finds it finds the others


def keep_log(barn: Barn, proposal: Proposal) -> None:
    """Keep what a release changes of each dataset. Until it is recorded as made, it may be told anew."""
    for dataset in proposal.datasets:
        found = proposals.dump_lines(proposals.lines(proposal, dataset))
        barn.store.put(keys.changes(dataset.slug, proposal.number), found, "application/json")


def fetch(barn: Barn, public: Public) -> Fetch:
    """Bytes of the files of all versions, by what their editions call them."""
    editions = (edition for release in public.releases for edition in release.editions)
    sha256 = {e.source_prefix + f.path: f.sha256 for e in editions for f in e.deliverable.files}
    return lambda key: _content(barn, sha256[key])


def as_filed(barn: Barn, release: Release) -> Version:
    """A dataset as it is filed now. Raises SourceDiffers as :func:`keep` does."""
    return _version(release.deliverable, lambda entry: _filed(barn, release, entry))


def as_released(barn: Barn, slug: str, digest: str) -> Version | None:
    """A dataset as it was before the public; None where nothing of it is kept."""
    made = kept(barn, slug, digest)
    return None if made is None else _version(made, lambda entry: _content(barn, entry.sha256))


def kept(barn: Barn, slug: str, digest: str) -> Deliverable | None:
    """What a version that was before the public consisted of; None where it is not kept."""
    key = keys.version(slug, digest)
    return _JSON.validate_json(barn.store.get(key)) if barn.store.stat(key) is not None else None


def as_kept(made: Deliverable) -> Release:
    """A version as it was released; :func:`fetch` has its files."""
    return Release(made, _prefix(made))


def _prefix(made: Deliverable) -> str:
    return keys.version(made.slug, made.digest).removesuffix(".json") + "/"


def _editions(barn: Barn, slug: str, own: Sequence[Turn]) -> tuple[Edition, ...]:
    """The versions of a dataset that are kept."""
    made = {digest: kept(barn, slug, digest) for digest in {turn.digest for turn in own if turn.digest}}
    found = ((turn, made.get(turn.digest)) for turn in own)
    return tuple(Edition(turn.number, one, _prefix(one), turn.day) for turn, one in found if one is not None)


def _log(barn: Barn, slug: str, own: Sequence[Turn]) -> bytes:
    return proposals.log((turn.number, turn.day, _lines(barn, slug, turn)) for turn in own)


def _lines(barn: Barn, slug: str, turn: Turn) -> Sequence[Line]:
    key = keys.changes(slug, turn.release)
    if barn.store.stat(key) is not None:
        return proposals.load_lines(barn.store.get(key))
    kind = "first" if turn.number == 1 else "anew"  # released when what changed was not kept yet
    return (Line(kind if turn.digest else "withdrawn", why=proposals.say("cause_unkept")),)


def _content(barn: Barn, sha256: str) -> bytes:
    """Raises KeyError."""
    try:
        return barn.store.get(keys.released(sha256))
    except KeyError:
        return barn.store.get(keys.original(sha256))


def _filed(barn: Barn, release: Release, entry: FileEntry) -> bytes:
    try:
        data = barn.store.get(release.source_prefix + entry.path)
    except KeyError as error:
        raise SourceDiffers(release.deliverable.slug, entry.path) from error
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise SourceDiffers(release.deliverable.slug, entry.path)
    return data


def _version(made: Deliverable, read: Callable[[FileEntry], bytes]) -> Version:
    """What two versions are compared by: figures, findings."""
    named = {entry.path: entry for entry in made.files}
    table, findings = named.get(f"{made.slug}.parquet"), named.get(_FINDINGS)
    figures = None if table is None else pd.read_parquet(io.BytesIO(read(table)))
    if findings is None:
        return Version(made, figures)
    return Version(made, figures, pd.read_csv(io.BytesIO(read(findings)), dtype="string", keep_default_na=False))
