"""One dataset's folder on the site: of each version ``v<N>/…`` as released, and what is made of them.

Files of a version are never replaced by others: a new version has a folder of its own, and which is the latest is said
by the pages and by ``dataset.json``. The manifest is written last: what it says is there, is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rangkiang.model import FileEntry
from rangkiang.portal import folder, pages, tables
from rangkiang.portal import manifest as said
from rangkiang.portal.errors import Overtaken, SourceDiffers
from rangkiang.portal.manifest import dump, files_folder, load, manifest
from rangkiang.portal.protocol import Change, Edition, Fetch, Kind, Problem, Release, Tally, Withdrawal

PAGE = "index.html"
MANIFEST = "dataset.json"

Wanted = Release | Withdrawal


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

    def compare(self, wanted: Wanted) -> Change:
        """What the folder needs to hold exactly this. Reads every byte of it."""
        write, remove = self._differing(wanted), self._strangers(wanted)
        same = self.manifest is not None and not write and not remove and not any(self._outdated(wanted))
        if isinstance(wanted, Withdrawal):
            return Change("same" if same else "withdraw", self.slug, None, (), remove, self.held, wanted)
        changed: Kind = "change" if load(self.manifest) else "add"
        return Change("same" if same else changed, self.slug, wanted, tuple(write.values()), remove, self.held)

    def check(self, change: Change) -> None:
        """Raises Overtaken where the dataset is neither as it was when the change was planned nor as it will be."""
        wanted = change.release or change.withdrawal
        if self.held not in {change.held, _digest(dump(_content(wanted))) if wanted else ""}:
            raise Overtaken(self.slug)

    def bring(self, wanted: Wanted, fetch: Fetch) -> Tally:
        """Make the folder hold this. All new bytes are fetched and proved before anything live is touched."""
        write = self._differing(wanted)
        self._prepare(wanted, write, fetch)
        remove = self._strangers(wanted)
        folder.remove(self.path, remove)
        for path in write:
            folder.move(folder.half(self.path, path), self.path / path)
        made = [folder.write(self.path / name, data) for name, data in self._made(wanted).items()]
        unchanged = len(_files(wanted)) - len(write) + made.count(False)
        return Tally(len(write) + made.count(True), unchanged, len(remove))

    def problems(self, wanted: Wanted) -> Iterator[Problem]:
        """Everything in the folder that is not as it should be."""
        write = self._differing(wanted)
        for path, entry in write.items():
            found = folder.fingerprint(self.path / path)
            yield self._problem(path, _said(entry.sha256, entry.size), _said(*found or ("", 0)))
        for path in self._strangers(wanted):
            yield self._problem(path, "nothing", "a file")
        if not write:  # what is made of the files can be judged
            yield from self._outdated(wanted)
            yield from self._miscounted(wanted)

    def size(self, wanted: Wanted) -> int:
        """How many files the folder has when it is as it should be."""
        return len(_files(wanted)) + len(_names(wanted))

    def _outdated(self, wanted: Wanted) -> Iterator[Problem]:
        for name, data in self._made(wanted).items():
            live = folder.read(self.path / name)
            if live != data:
                yield self._problem(name, _said(_digest(data), len(data)), _said(_digest(live), len(live or b"")))

    def _miscounted(self, wanted: Wanted) -> Iterator[Problem]:
        for edition in _editions(wanted)[-1:]:  # an older one was counted when it was the newest
            for file in said.version(edition)["files"]:
                path = files_folder(edition.number) + file["path"]
                if file["rows"] is not None and (found := self._rows(path)) != f"{file['rows']} rows":
                    yield self._problem(path, f"{file['rows']} rows", found)

    def _rows(self, path: str) -> str:
        data = folder.read(self.path / path)
        try:
            return "nothing" if data is None else f"{tables.rows(data)} rows"
        except ValueError:
            return "no CSV"

    def _problem(self, path: str, expected: str, found: str) -> Problem:
        return Problem(self.slug, path, expected, found)

    def _made(self, wanted: Wanted) -> dict[str, bytes]:
        """What the portal makes of the files as they are on the site, in the order of writing."""
        content = _content(wanted)
        made = {said.LOG: wanted.log} if wanted.log else {}
        if isinstance(wanted, Withdrawal):
            page = pages.withdrawn(content, wanted.log)
            made |= {_page(edition): page for edition in wanted.editions}
            return made | {PAGE: page, MANIFEST: dump(content)}
        for edition in wanted.editions:
            version = said.version(edition)
            made |= {said.version_file(edition.number): dump(version), _page(edition): pages.version(content, version)}
        latest = self.path / files_folder(wanted.number)
        page = pages.dataset(content, lambda path: folder.read(latest / path), wanted.log)
        return made | {PAGE: page, MANIFEST: dump(content)}

    def _differing(self, wanted: Wanted) -> dict[str, FileEntry]:
        """The files that are not there as released, by path in the folder."""
        files = _files(wanted)
        there = folder.fingerprints(self.path, files.keys() & folder.paths(self.path))
        return {path: entry for path, entry in files.items() if there.get(path) != (entry.sha256, entry.size)}

    def _strangers(self, wanted: Wanted) -> tuple[str, ...]:
        """What is neither released nor made of it. Halves that wait for their place are no strangers."""
        files = _files(wanted)
        known = _names(wanted) | files.keys() | {folder.half(self.path, path).name for path in files}
        return tuple(sorted(folder.paths(self.path) - known))

    def _prepare(self, wanted: Wanted, write: Collection[str], fetch: Fetch) -> None:
        """Have every file that is to be written wait beside its place: what another version has too need not come
        from the store."""
        files = _files(wanted)
        there = {entry.sha256: self.path / path for path, entry in files.items() if path not in write}
        for edition in _editions(wanted):
            for entry in edition.deliverable.files:
                path = files_folder(edition.number) + entry.path
                if path not in write:
                    continue
                waiting = folder.half(self.path, path)
                if (same := there.get(entry.sha256)) is not None:
                    folder.share(same, waiting)
                else:
                    folder.put(waiting, self._fetched(edition, entry, fetch))
                    there[entry.sha256] = waiting

    def _fetched(self, edition: Edition, entry: FileEntry, fetch: Fetch) -> bytes:
        try:
            data = fetch(edition.source_prefix + entry.path)
        except KeyError as error:
            raise SourceDiffers(self.slug, entry.path) from error
        if (_digest(data), len(data)) != (entry.sha256, entry.size):
            raise SourceDiffers(self.slug, entry.path)
        return data


def _editions(wanted: Wanted) -> tuple[Edition, ...]:
    """The versions that are to be had."""
    return wanted.editions if isinstance(wanted, Release) else ()


def _files(wanted: Wanted) -> Mapping[str, FileEntry]:
    """Every file of every version that is to be had, by path in the folder and named by it."""
    placed = (
        replace(entry, path=files_folder(edition.number) + entry.path)
        for edition in _editions(wanted)
        for entry in edition.deliverable.files
    )
    return {entry.path: entry for entry in placed}


def _names(wanted: Wanted) -> set[str]:
    """What the portal itself makes."""
    own = {PAGE, MANIFEST, *(_page(edition) for edition in wanted.editions)}
    own |= {said.version_file(edition.number) for edition in _editions(wanted)}
    return own | {said.LOG} if wanted.log else own


def _content(wanted: Wanted) -> said.Manifest:
    return manifest(wanted) if isinstance(wanted, Release) else said.withdrawn(wanted)


def _page(edition: Edition) -> str:
    return f"v{edition.number}.html"


def _digest(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _said(sha256: str, size: int) -> str:
    return f"{size} bytes, SHA-256 {sha256}" if sha256 else "nothing"
