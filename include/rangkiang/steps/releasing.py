"""What was before the public of a stage: of each version its figures and findings are kept."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable

import pandas as pd
from pydantic import TypeAdapter

from rangkiang.model import Deliverable
from rangkiang.portal import Release, SourceDiffers
from rangkiang.proposals import Version
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn

_DATASET, _TABLE, _FINDINGS = "dataset.json", "tabel.parquet", "temuan.csv"
_JSON = TypeAdapter(Deliverable)


def published(barn: Barn, stage: str) -> list[Release]:
    """Everything that the last release of a stage brought before the public, whatever is filed by now."""
    last = barn.ledger.publications(stage).get(stage)
    found = [kept(barn, slug, digest) for slug, digest in sorted(last.datasets.items())] if last else []
    return [Release(made, keys.filed(made.folder)) for made in found if made is not None]


def keep(barn: Barn, ready: Iterable[Release]) -> None:
    """Keep what a later release is to be compared with. Raises SourceDiffers where the folder is being filed anew."""
    for release in ready:
        made = release.deliverable
        done = keys.version(made.slug, made.digest, _DATASET)
        if barn.store.stat(done) is not None:
            continue
        for name, data in ((_TABLE, _table(barn, release)), (_FINDINGS, _findings(barn, release))):
            if data is not None:
                barn.store.put(keys.version(made.slug, made.digest, name), data)
        barn.store.put(done, _JSON.dump_json(made), "application/json")  # last: who finds it finds the others


def as_filed(barn: Barn, release: Release) -> Version:
    """A dataset as it is filed now. Raises SourceDiffers as :func:`keep` does."""
    return _version(release.deliverable, _table(barn, release), _findings(barn, release))


def as_released(barn: Barn, slug: str, digest: str) -> Version | None:
    """A dataset as it was before the public; None where nothing of it is kept."""

    def get(name: str) -> bytes | None:
        key = keys.version(slug, digest, name)
        return barn.store.get(key) if barn.store.stat(key) is not None else None

    made = kept(barn, slug, digest)
    return None if made is None else _version(made, get(_TABLE), get(_FINDINGS))


def kept(barn: Barn, slug: str, digest: str) -> Deliverable | None:
    """What a version that was before the public consisted of; None where it is not kept."""
    key = keys.version(slug, digest, _DATASET)
    return _JSON.validate_json(barn.store.get(key)) if barn.store.stat(key) is not None else None


def _table(barn: Barn, release: Release) -> bytes | None:
    return _file(barn, release, lambda path: path == f"{release.deliverable.slug}.parquet")


def _findings(barn: Barn, release: Release) -> bytes | None:
    return _file(barn, release, lambda path: path == _FINDINGS)


def _file(barn: Barn, release: Release, wanted: Callable[[str], bool]) -> bytes | None:
    for entry in release.deliverable.files:
        if wanted(entry.path):
            data = barn.store.get(release.source_prefix + entry.path)
            if hashlib.sha256(data).hexdigest() != entry.sha256:
                raise SourceDiffers(release.deliverable.slug, entry.path)
            return data
    return None


def _version(made: Deliverable, table: bytes | None, findings: bytes | None) -> Version:
    figures = None if table is None else pd.read_parquet(io.BytesIO(table))
    if findings is None:
        return Version(made, figures)
    return Version(made, figures, pd.read_csv(io.BytesIO(findings), dtype="string", keep_default_na=False))
