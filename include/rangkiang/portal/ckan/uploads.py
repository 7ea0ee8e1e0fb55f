"""The files of a dataset, of all its versions: each content once, under an id that only this content has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rangkiang.model import FileEntry
from rangkiang.portal import texts
from rangkiang.portal.ckan import names
from rangkiang.portal.errors import SourceDiffers
from rangkiang.portal.manifest import LOG
from rangkiang.portal.protocol import Fetch, Release


@dataclass(frozen=True, slots=True)
class Upload:
    """One content of one path. On the portal it never changes: what is altered is another upload."""

    slug: str
    entry: FileEntry
    number: int  # the first version that has it
    day: str
    key: str  # where the store keeps it
    data: bytes | None = None  # where it is no file of the store

    @property
    def id(self) -> str:
        return names.identity(self.slug, self.entry.path, self.entry.sha256)

    @property
    def file_name(self) -> str:
        return names.file_name(self.entry.path)

    @property
    def label(self) -> str:
        return f"{title(self.entry)} (versi {self.number})"

    def resource(self) -> dict[str, Any]:
        """What the portal is told of it, once."""
        return {
            "id": self.id,
            "name": self.label,
            "description": f"`{self.entry.path}`" + (f", terbit {self.day}" if self.day else ""),
            **described(self.entry),
            "source_version": self.number,
        }

    def fetch(self, fetch: Fetch) -> bytes:
        """Its bytes. Raises SourceDiffers where the store does not have these."""
        try:
            data = fetch(self.key) if self.data is None else self.data
        except KeyError as error:
            raise SourceDiffers(self.slug, self.entry.path) from error
        if not holds(self.entry, data):
            raise SourceDiffers(self.slug, self.entry.path)
        return data


def uploads(release: Release) -> tuple[Upload, ...]:
    """Everything that is to be downloaded of a dataset, the oldest version first."""
    found: dict[str, Upload] = {}
    for one in _of_all_versions(release):
        found.setdefault(one.id, one)
    return tuple(found.values())


def current(release: Release) -> tuple[Upload, ...]:
    """What the newest version consists of, in its order; the change log last."""
    by_id = {one.id: one for one in uploads(release)}
    return tuple(by_id[one.id] for one in _of_newest(release))


def described(entry: FileEntry) -> dict[str, Any]:
    """What a file is, with our own fingerprint: CKAN's ``hash`` is not kept true by CKAN."""
    return {
        "format": texts.kind(entry.media_type, entry.path),
        "mimetype": entry.media_type,
        "source_path": entry.path,
        "source_sha256": entry.sha256,
        "source_size": entry.size,
    }


def title(entry: FileEntry) -> str:
    return entry.title or entry.path


def holds(entry: FileEntry, data: bytes) -> bool:
    return (hashlib.sha256(data).hexdigest(), len(data)) == (entry.sha256, entry.size)


def _of_all_versions(release: Release) -> Iterator[Upload]:
    slug = release.deliverable.slug
    for past in release.earlier:
        for entry in past.deliverable.files:
            yield Upload(slug, entry, past.number, past.day, past.source_prefix + entry.path)
    yield from _of_newest(release)


def _of_newest(release: Release) -> Iterator[Upload]:
    made = release.deliverable
    for entry in made.files:
        yield Upload(made.slug, entry, release.number, release.day, release.source_prefix + entry.path)
    if release.log:
        digest = hashlib.sha256(release.log).hexdigest()
        entry = FileEntry(LOG, digest, len(release.log), "text/csv", "Catatan perubahan antarversi")
        yield Upload(made.slug, entry, release.number, release.day, "", release.log)
