"""What every store can do, and what it says when it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """One object as a listing shows it. The etag changes whenever the bytes do; nothing else may be read into it."""

    key: str
    size: int  # bytes
    etag: str
    modified: datetime  # UTC


class Changed(Exception):
    """The object is no longer the one the caller has seen; read it again and decide anew."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Someone else has changed '{key}' in the meantime; read it again.")
        self.key = key


class BadKey(ValueError):
    """A key that no store of ours may hold."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"The key {key!r} {why}.")
        self.key = key


class Store(Protocol):
    """Objects by key. Keys are '/'-separated; see :mod:`rangkiang.store.keys` for which are refused (BadKey)."""

    @property
    def url(self) -> str:
        """Where this store is, as :func:`open_store` takes it."""
        ...

    def list(self, prefix: str = "") -> Iterator[Entry]:
        """Entries whose key starts with ``prefix`` (a string, not a folder), sorted by key. Reads no object."""
        ...

    def stat(self, key: str) -> Entry | None:
        """The entry of ``key``, or None when there is no such object."""
        ...

    def get(self, key: str) -> bytes:
        """The bytes of ``key``. Raises KeyError when there is no such object."""
        ...

    def put_if_absent(self, key: str, data: bytes, media_type: str = "") -> bool:
        """Write only where nothing stands; False, and nothing written, where something does."""
        ...

    def put_if_match(self, key: str, data: bytes, etag: str, media_type: str = "") -> Entry:
        """Replace the object that has ``etag``. Raises Changed when it is another one, or gone."""
        ...

    def put(self, key: str, data: bytes, media_type: str = "") -> Entry:
        """Write or replace. A reader sees the old bytes or the new ones, never a mixture."""
        ...

    def delete(self, key: str) -> None:
        """Remove ``key``; nothing happens when it is not there."""
        ...

    def presign(self, key: str, seconds: int) -> str | None:
        """A link that lets anybody read ``key`` for ``seconds``; None where the store has no such links."""
        ...

    def local_path(self, key: str) -> Path | None:
        """The file behind ``key``, for tools that read by path; None where this machine has none."""
        ...
