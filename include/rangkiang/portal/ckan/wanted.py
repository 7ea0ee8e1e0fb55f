"""What a release asks of a CKAN, and how that differs from what is there. Writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from rangkiang.portal.ckan import about, names
from rangkiang.portal.ckan.connection import Connection, Record, Stale
from rangkiang.portal.ckan.pair import SEAL, Pair
from rangkiang.portal.ckan.table import Table, schema
from rangkiang.portal.ckan.uploads import Upload, current, described, holds, title, uploads
from rangkiang.portal.manifest import main_table
from rangkiang.portal.protocol import Change, Problem, Release
from rangkiang.settings import Ckan

_PACKAGE = "datapackage.json"


class Wanted:
    """A release, beside what the portal has of its dataset."""

    def __init__(self, release: Release, pair: Pair, portal: Connection, house: Ckan) -> None:
        self.release, self.pair = release, pair
        self._portal, self._house = portal, house

    @cached_property
    def uploads(self) -> tuple[Upload, ...]:
        return uploads(self.release)

    @cached_property
    def newest(self) -> tuple[Upload, ...]:
        return current(self.release)

    @cached_property
    def main(self) -> Upload | None:
        """The dataset's own table, of the newest version, where a Data Package describes it."""
        by_path = {one.entry.path: one for one in self.newest}
        return by_path.get(main_table(list(by_path))) if _PACKAGE in by_path else None

    def compare(self, doubted: bool) -> Change:
        """What is to be done. Reads back every byte where the release is ``doubted``."""
        slug, held = self.pair.slug, self.pair.front.mark
        whole = doubted and self.pair.archive.live
        lacking = [u for u in self.uploads if self.lacks(u) or (whole and not self.is_whole(u))]
        write, remove = tuple(u.entry for u in lacking), tuple(self.strangers)
        if not self.pair.front.live:
            return Change("add", slug, self.release, write, remove, held, doubted=doubted)
        same = not (write or remove) and self.holds and not (doubted and any(self.tabled(self.read)))
        return Change("same" if same else "change", slug, self.release, write, remove, held, doubted=doubted)

    @property
    def holds(self) -> bool:
        """Is all there as it should be, as far as the portal's own words go?"""
        return self.pair.front.live and self.pair.sealed and not any(self.differing())

    def lacks(self, upload: Upload) -> bool:
        """Does the archive not say that it has these bytes?"""
        there = self.pair.archive.resources.get(upload.id, {})
        said = {key: there.get(key) for key in ("source_sha256", "source_size", "size", "url_type")}
        size = upload.entry.size
        return said != {"source_sha256": upload.entry.sha256, "source_size": size, "size": size, "url_type": "upload"}

    def is_whole(self, upload: Upload) -> bool:
        """Does the archive have these bytes?"""
        return self.fingerprint(upload) == (upload.entry.sha256, upload.entry.size)

    def fingerprint(self, upload: Upload) -> tuple[str, int]:
        """SHA-256 and size of what is downloaded."""
        digest, size = hashlib.sha256(), 0
        for piece in self._download(upload):
            digest.update(piece)
            size += len(piece)
        return digest.hexdigest(), size

    def read(self, upload: Upload) -> bytes:
        """Its bytes, from the portal. Raises Stale where they are not there, or no longer."""
        data = b"".join(self._download(upload))
        if not holds(upload.entry, data):
            raise Stale(f"{upload.entry.path} is not there")
        return data

    @property
    def front(self) -> Record:
        """Fields of what the public opens, sealed with the archive as it is."""
        fields = about.dataset(self.release, self._house)
        return fields | {"extras": fields["extras"] | {SEAL: self.pair.seal}}

    @property
    def archive(self) -> Record:
        return about.archive(self.release, self._house)

    @property
    def pointers(self) -> list[Record]:
        """Links to the newest files, and to all versions. They keep their ids from version to version."""
        found = [self._pointer(u, there["url"]) for u in self.newest if (there := self._in_archive(u))]
        return [*found, self._to_archive()] if found else []

    @property
    def strangers(self) -> Iterator[str]:
        """What somebody else has put beside our links."""
        known = {self._pointer_id(u.entry.path) for u in self.newest} | {self._pointer_id("")}
        return (one["name"] or id for id, one in self.pair.front.resources.items() if id not in known)

    def differing(self) -> Iterator[Problem]:
        """Metadata and links that are not as they should be."""
        for shelf, wanted in ((self.pair.front, self.front), (self.pair.archive, self.archive)):
            for key, (expected, found) in shelf.differing(wanted).items():
                yield self.problem(f"{shelf.part}:{key}", expected, found)
        there = self.pair.front.resources
        for pointer in self.pointers:
            found = there.get(pointer["id"], {})
            for key, expected in pointer.items():
                if found.get(key) != expected:
                    yield self.problem(pointer["source_path"], f"{key} {expected}", found.get(key, "nothing"))
        if list(there) != [pointer["id"] for pointer in self.pointers]:
            yield self.problem(
                "", "the links in their order and no others", ", ".join(self.strangers) or "another order"
            )

    def table(self, read: Callable[[Upload], bytes]) -> Table | None:
        """What the DataStore is to hold, read wherever ``read`` finds the files; None where there is no such table."""
        if self.main is None:
            return None
        package = next(u for u in self.newest if u.entry.path == _PACKAGE)
        found = schema(read(package), self.main.entry.path)
        return Table(found, read(self.main)) if found else None

    def tabled(self, read: Callable[[Upload], bytes]) -> Iterator[Problem]:
        """How the DataStore's table differs from the released one."""
        table = self.table(read)
        if table is not None and self.main is not None:
            there = self._in_archive(self.main) or {}
            if not there.get("datastore_active"):
                yield self.problem(self.main.entry.path, "a table in the DataStore", "none")
            elif difference := table.difference(self._portal, self.main.id):
                yield self.problem(self.main.entry.path, *difference)

    def problem(self, path: str, expected: object, found: object) -> Problem:
        return Problem(self.pair.slug, path, str(expected), str(found))

    def _in_archive(self, upload: Upload) -> Record | None:
        return self.pair.archive.resources.get(upload.id)

    def _download(self, upload: Upload) -> Iterator[bytes]:
        there = self._in_archive(upload)
        if there is not None:
            name = there["url"].rpartition("/")[2]
            path = f"/dataset/{self.pair.archive.name}/resource/{upload.id}/download/{name}"
            yield from self._portal.download(path, public=self.pair.archive.live)

    def _pointer(self, upload: Upload, url: str) -> dict[str, Any]:
        described_as = {
            "id": self._pointer_id(upload.entry.path),
            "name": title(upload.entry),
            "description": f"`{upload.entry.path}`",
            "url": url,
            "size": upload.entry.size,
            **described(upload.entry),
            "source_version": upload.number,
        }
        if self.main is None or upload.id != self.main.id:
            return described_as
        page = url.partition("/download/")[0]
        text = f"`{upload.entry.path}`. [Lihat sebagai tabel]({page}). DataStore API: `{upload.id}`."
        return described_as | {"description": text, "datastore_id": upload.id}

    def _to_archive(self) -> dict[str, Any]:
        now, name = self.pair.archive.now or {}, self.pair.archive.name
        site = next(iter(now["resources"]))["url"].partition(f"/dataset/{now['id']}/")[0]
        return {
            "id": self._pointer_id(""),
            "name": "Semua versi",
            "description": "Setiap berkas dari setiap versi. *Every file of every version.*",
            "url": f"{site}/dataset/{name}",
            "format": "HTML",
            "source_path": "",
        }

    def _pointer_id(self, path: str) -> str:
        return names.identity(self.pair.slug, "terbaru", path)
