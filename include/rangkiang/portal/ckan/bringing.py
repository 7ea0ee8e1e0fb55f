"""Bringing one release to a CKAN. It can be killed at any instant: what it left is looked at, and gone on from there.

Each step looks before it writes, so that it can be tried again after an answer that did not come. Until the last one,
what the public opens is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from rangkiang.portal.ckan.connection import Connection
from rangkiang.portal.ckan.owners import Owners
from rangkiang.portal.ckan.pair import Pair
from rangkiang.portal.ckan.patience import patiently
from rangkiang.portal.ckan.shelf import HIDDEN, Shelf
from rangkiang.portal.ckan.uploads import Upload
from rangkiang.portal.ckan.wanted import Wanted
from rangkiang.portal.errors import Overtaken, Refused
from rangkiang.portal.protocol import Change, Fetch, Release, Tally
from rangkiang.settings import Ckan

T = TypeVar("T")
_MOST = 100  # files of one request, however small: what is said of them are fields of a form, which CKAN limits


class Bringing:
    """One change, on its way. Made for a change that has a release."""

    def __init__(self, portal: Connection, house: Ckan, owners: Owners, change: Change, release: Release) -> None:
        self._portal, self._house, self._owners = portal, house, owners
        self._change, self._release = change, release
        self._pair = Pair(portal, change.slug)
        self._wanted = Wanted(release, self._pair, portal, house)
        self._known = False  # does the archive's own word count?
        self._right: set[str] = set()  # uploads that it holds, whatever it says
        self._base = ""  # what the public opens, as it may be overwritten

    def bring(self, fetch: Fetch) -> Tally:
        """Raises Overtaken, SourceDiffers, Away, Refused; what the public sees is then as it was."""
        if self._patiently(self._is_there):
            return Tally(unchanged=len(self._wanted.uploads))
        self._patiently(lambda: self._owners.ensure(self._release.deliverable.office, self._release.deliverable.stage))
        self._patiently(lambda: _claim(self._pair.front, self._wanted.front))
        self._patiently(lambda: _claim(self._pair.archive, self._wanted.archive))
        self._base = self._pair.front.mark
        self._known = self._pair.sealed and not self._change.doubted
        tabled = self._is_tabled
        written = 0
        while sent := self._patiently(lambda: self._send(fetch)):
            written += sent
        if not (self._known and tabled):
            self._patiently(lambda: self._load(fetch))
        self._patiently(self._open)
        removed = len(list(self._wanted.strangers))
        self._patiently(self._turn)
        return Tally(written, len(self._wanted.uploads) - written, removed)

    def _is_there(self) -> bool:
        """Is all done? Raises Overtaken where the dataset is neither as this was planned upon nor as it will be."""
        if self._pair.front.mark == self._change.held:
            return False
        if self._wanted.holds:
            return True
        if self._change.kind == "add" and not self._pair.front.live:
            return False  # what an earlier try has left
        raise Overtaken(self._change.slug)

    def _send(self, fetch: Fetch) -> int:
        """Send as many of the missing files as one request may have. Returns how many; 0 where none is missing."""
        batch = self._batch(u for u in self._wanted.uploads if not self._has(u))
        if not batch:
            return 0
        there = self._pair.archive.resources
        self._pair.archive.revise(
            added=[u.resource() for u in batch if u.id not in there],
            changed=[u.resource() for u in batch if u.id in there],
            files={u.id: (u.file_name, u.fetch(fetch), u.entry.media_type) for u in batch},
        )
        self._right |= {u.id for u in batch}
        return len(batch)

    def _has(self, upload: Upload) -> bool:
        """Does the archive hold this?"""
        if upload.id in self._right:
            return True
        if self._wanted.lacks(upload) or not (self._known or self._wanted.is_whole(upload)):
            return False
        self._right.add(upload.id)
        return True

    def _batch(self, missing: Iterable[Upload]) -> list[Upload]:
        batch: list[Upload] = []
        room = self._house.megabytes * 1_000_000
        for upload in missing:
            room -= upload.entry.size
            if batch and (room < 0 or len(batch) == _MOST):
                break
            batch.append(upload)
        return batch

    @property
    def _is_tabled(self) -> bool:
        """Does the archive say that the newest table is in the DataStore?"""
        main = self._wanted.main
        return main is None or bool(self._pair.archive.resources.get(main.id, {}).get("datastore_active"))

    def _load(self, fetch: Fetch) -> None:
        """Put the table into the DataStore, where it is not there or not right: an earlier try may have left a part."""
        main = self._wanted.main

        def read(upload: Upload) -> bytes:
            return upload.fetch(fetch)

        table = self._wanted.table(read)
        if main is None or table is None:
            return
        if not self._is_tabled or table.difference(self._portal, main.id) is not None:
            try:
                table.load(self._portal, main.id)
            except Refused:
                if table.difference(self._portal, main.id) is not None:
                    raise  # otherwise another run has loaded the same in between, and its keys are taken
            self._pair.archive.forget()
        resource = self._pair.archive.resources[main.id]  # views that there are already are not made again
        self._portal.call("resource_create_default_resource_views", resource=resource, create_datastore_views=True)

    def _open(self) -> None:
        """Let the public see the archive."""
        if not self._pair.archive.live or self._pair.archive.differing(self._wanted.archive):
            self._pair.archive.revise(self._wanted.archive)

    def _turn(self) -> None:
        """Let the public see the release: its links, metadata and state, in one request."""
        if self._wanted.holds:
            return
        if self._pair.front.mark != self._base:
            raise Overtaken(self._change.slug)
        self._pair.front.revise(self._wanted.front, instead=self._wanted.pointers)

    def _patiently(self, step: Callable[[], T]) -> T:
        return patiently(self._house, step, self._forget)

    def _forget(self) -> None:
        """After something went wrong: who knows what was done, and who else was there."""
        self._pair.forget()
        self._known = False


def _claim(shelf: Shelf, wanted: dict[str, object]) -> None:
    """Take the name. What was withdrawn is a draft again, of the organisation that there is now."""
    if shelf.now is None:
        shelf.draft(wanted)
    elif shelf.now["state"] == "deleted":
        shelf.revise(wanted | HIDDEN)
