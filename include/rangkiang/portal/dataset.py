"""One dataset's folder on the site: ``files/…`` as released, ``index.html`` and ``dataset.json`` made from them.

The manifest is written last: what it says is there, is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rangkiang.model import FileEntry
from rangkiang.portal import folder, pages, tables
from rangkiang.portal.errors import Overtaken, SourceDiffers
from rangkiang.portal.manifest import FILES, dump, manifest
from rangkiang.portal.protocol import Change, Fetch, Problem, Release, Tally

PAGE = "index.html"
MANIFEST = "dataset.json"


@dataclass(frozen=True, slots=True)
class DatasetFolder:
    """The folder, whether or not it is there."""

    path: Path

    @property
    def slug(self) -> str:
        return self.path.name

    @property
    def manifest(self) -> bytes | None:
        """The manifest's bytes; None while the dataset is not live."""
        return folder.read(self.path / MANIFEST)

    @property
    def held(self) -> str:
        """Fingerprint of what is live; '' for nothing."""
        return _digest(self.manifest)

    def read(self, path: str) -> bytes | None:
        """Bytes of one of the dataset's files as the site holds it."""
        return folder.read(self.path / (FILES + path))

    def compare(self, release: Release) -> Change:
        """What the folder needs to hold exactly this release. Reads every byte of it."""
        write, remove = self._differing(release), self._strangers(release)
        if self.manifest is None:
            return Change("add", self.slug, release, write, remove)
        same = not write and not remove and not any(self._outdated(release))
        return Change("same" if same else "change", self.slug, release, write, remove, self.held)

    def check(self, change: Change) -> None:
        """Raises Overtaken where the dataset is neither as it was when the change was planned nor as it will be."""
        expected = {change.held}
        if change.kind == "withdraw":
            expected.add("")
        elif change.release:
            expected.add(_digest(dump(manifest(change.release))))
        if self.held not in expected:
            raise Overtaken(self.slug)

    def bring(self, release: Release, fetch: Fetch) -> Tally:
        """Make the folder hold the release. All new bytes are fetched and proved before anything live is touched."""
        write = self._differing(release)
        for entry in write:
            self._fetch(entry, release, fetch)
        remove = self._strangers(release)
        folder.remove(self.path, remove)
        for entry in write:
            folder.move(folder.half(self.path, entry.path), self.path / (FILES + entry.path))
        made = [folder.write(self.path / name, data) for name, data in self._made(release).items()]
        unchanged = len(release.deliverable.files) - len(write) + made.count(False)
        return Tally(len(write) + made.count(True), unchanged, len(remove))

    def problems(self, release: Release) -> Iterator[Problem]:
        """Everything in the folder that is not as released."""
        write = self._differing(release)
        for entry in write:
            found = folder.fingerprint(self.path / (FILES + entry.path))
            yield self._problem(FILES + entry.path, _said(entry.sha256, entry.size), _said(*found or ("", 0)))
        for path in self._strangers(release):
            yield self._problem(path, "nothing", "a file")
        if not write:  # what is made of the files can be judged
            yield from self._outdated(release)
            yield from self._miscounted(release)

    def _outdated(self, release: Release) -> Iterator[Problem]:
        for name, data in self._made(release).items():
            live = folder.read(self.path / name)
            if live != data:
                yield self._problem(name, _said(_digest(data), len(data)), _said(_digest(live), len(live or b"")))

    def _miscounted(self, release: Release) -> Iterator[Problem]:
        for file in manifest(release)["files"]:
            if file["rows"] is not None:
                found = _rows(self.read(file["path"]))
                if found != f"{file['rows']} rows":
                    yield self._problem(FILES + file["path"], f"{file['rows']} rows", found)

    def _problem(self, path: str, expected: str, found: str) -> Problem:
        return Problem(self.slug, path, expected, found)

    def _made(self, release: Release) -> dict[str, bytes]:
        """What the portal makes of the files as they are on the site, in the order of writing."""
        content = manifest(release)
        return {PAGE: pages.dataset(content, self.read), MANIFEST: dump(content)}

    def _differing(self, release: Release) -> tuple[FileEntry, ...]:
        there = folder.paths(self.path)
        return tuple(e for e in release.deliverable.files if FILES + e.path not in there or not self._holds(e))

    def _holds(self, entry: FileEntry) -> bool:
        return folder.fingerprint(self.path / (FILES + entry.path)) == (entry.sha256, entry.size)

    def _strangers(self, release: Release) -> tuple[str, ...]:
        """What is neither of the release nor made of it. Halves that wait for their place are no strangers."""
        known = {PAGE, MANIFEST, *(FILES + e.path for e in release.deliverable.files)}
        known |= {folder.half(self.path, e.path).name for e in release.deliverable.files}
        return tuple(sorted(folder.paths(self.path) - known))

    def _fetch(self, entry: FileEntry, release: Release, fetch: Fetch) -> None:
        try:
            data = fetch(release.source_prefix + entry.path)
        except KeyError as error:
            raise SourceDiffers(self.slug, entry.path) from error
        if (_digest(data), len(data)) != (entry.sha256, entry.size):
            raise SourceDiffers(self.slug, entry.path)
        folder.put(folder.half(self.path, entry.path), data)


def _digest(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _said(sha256: str, size: int) -> str:
    return f"{size} bytes, SHA-256 {sha256}" if sha256 else "nothing"


def _rows(data: bytes | None) -> str:
    try:
        return "nothing" if data is None else f"{tables.rows(data)} rows"
    except ValueError:
        return "no CSV"
