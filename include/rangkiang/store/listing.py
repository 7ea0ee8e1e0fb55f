"""Walks a folder in the order of keys, without following a symbolic link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from rangkiang.store import paths
from rangkiang.store.keys import PRIVATE, key_of_name


def walk(root: Path, prefix: str) -> Iterator[tuple[str, os.stat_result]]:
    """Keys and statuses of the regular files whose key starts with ``prefix``, sorted by key."""
    folder, slash, _ = prefix.rpartition("/")
    fd = paths.open_folder(root, folder)
    if fd is not None:
        yield from _walk(fd, folder + slash, prefix)


def _walk(fd: int, base: str, prefix: str) -> Iterator[tuple[str, os.stat_result]]:
    """Takes the descriptor over."""
    try:
        for segment, name in _sorted(fd):
            key = base + segment
            if key == f"{PRIVATE}/" or not (key.startswith(prefix) or prefix.startswith(key)):
                continue
            if segment.endswith("/"):
                inner = paths.enter(fd, name)
                if inner is not None:
                    yield from _walk(inner, key, prefix)
            elif (status := _regular(fd, name)) is not None:
                yield key, status
    finally:
        os.close(fd)


def _sorted(fd: int) -> list[tuple[str, str]]:
    """Segments and names of a folder. A folder sorts with its slash: only so do 'a.txt' and 'a/b' come in order."""
    with os.scandir(fd) as entries:
        return sorted((key_of_name(e.name) + "/" * e.is_dir(follow_symlinks=False), e.name) for e in entries)


def _regular(fd: int, name: str) -> os.stat_result | None:
    """The status of a regular file; None for a link or a pipe, and for what was removed since the folder was read."""
    try:
        status = os.stat(name, dir_fd=fd, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
