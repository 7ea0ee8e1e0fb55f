"""A directory as object storage: what offices drop with plain ``cp`` is an object, and every write of ours is atomic.

Nothing below the root is reached through a symbolic link, so no file in an inbox can name one outside of it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rangkiang.store import listing, paths
from rangkiang.store.keys import PRIVATE, checked, checked_prefix
from rangkiang.store.protocol import Changed, Entry


class DirectoryStore:
    """Objects as files under ``root``, which is made when absent."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._private = self.root / PRIVATE
        self._private.mkdir(parents=True, exist_ok=True)
        paths.sweep(self._private)

    @property
    def url(self) -> str:
        return self.root.as_uri()

    def list(self, prefix: str = "") -> Iterator[Entry]:
        for key, status in listing.walk(self.root, checked_prefix(prefix)):
            yield _entry(key, status)

    def stat(self, key: str) -> Entry | None:
        fd = paths.open_file(self.root, checked(key))
        if fd is None:
            return None
        try:
            return _entry(key, os.fstat(fd))
        finally:
            os.close(fd)

    def get(self, key: str) -> bytes:
        fd = paths.open_file(self.root, checked(key))
        if fd is None:
            raise KeyError(key)
        with os.fdopen(fd, "rb") as file:
            return file.read()

    def put_if_absent(self, key: str, data: bytes, media_type: str = "") -> bool:
        with self._written(data) as temporary, paths.made_parent(self.root, checked(key)) as (folder, name):
            try:
                os.link(temporary, name, dst_dir_fd=folder, follow_symlinks=False)
            except FileExistsError:
                return False
            os.fsync(folder)
            return True

    def put_if_match(self, key: str, data: bytes, etag: str, media_type: str = "") -> Entry:
        with self._written(data) as temporary, self._locked():
            now = self.stat(key)
            if now is None or now.etag != etag:
                raise Changed(key)
            return self._replace(key, temporary)

    def put(self, key: str, data: bytes, media_type: str = "") -> Entry:
        checked(key)
        with self._written(data) as temporary, self._locked():
            return self._replace(key, temporary)

    def delete(self, key: str) -> None:
        checked(key)
        with self._locked():
            paths.unlink(self.root, key)

    def presign(self, key: str, seconds: int) -> str | None:
        checked(key)
        return None

    def local_path(self, key: str) -> Path | None:
        return paths.local(self.root, checked(key))

    def _replace(self, key: str, temporary: Path) -> Entry:
        with paths.made_parent(self.root, key) as (folder, name):
            os.replace(temporary, name, dst_dir_fd=folder)
            os.fsync(folder)
            return _entry(key, os.stat(name, dir_fd=folder, follow_symlinks=False))

    @contextmanager
    def _written(self, data: bytes) -> Iterator[Path]:
        """A synced file of the root's own filesystem, removed afterwards where it was not moved into place."""
        temporary = self._private / paths.fresh_name()
        with temporary.open("xb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is in its place: nobody takes it for what a killed writer left
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                yield temporary
            finally:
                temporary.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, across processes: comparing an etag and replacing the file are two steps."""
        with (self._private / "lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _entry(key: str, status: os.stat_result) -> Entry:
    # ctime, because `cp -p` sets mtime back and cannot set ctime; inode, because two replacements may share a tick.
    etag = f"{status.st_ctime_ns:x}-{status.st_ino:x}-{status.st_size:x}"
    return Entry(key, status.st_size, etag, datetime.fromtimestamp(status.st_mtime, UTC))
