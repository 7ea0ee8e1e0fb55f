"""From keys to files, folder by folder, without ever following a symbolic link."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rangkiang.store.keys import name_of_key

_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EMLINK, errno.ENAMETOOLONG, errno.EISDIR, errno.ENXIO}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_TEMPORARY = "half-"
_HALF_DONE_SECONDS = 24 * 3600


def fresh_name() -> str:
    """A name for a file that is being written."""
    return _TEMPORARY + secrets.token_hex(16)


def sweep(private: Path) -> None:
    """Remove what killed writers left behind a day ago or longer. Who still writes holds a lock: a clock may jump."""
    for path in private.glob(_TEMPORARY + "*"):
        with suppress(FileNotFoundError, BlockingIOError):
            if time.time() - path.stat().st_mtime > _HALF_DONE_SECONDS:
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()


@contextmanager
def made_parent(root: Path, key: str) -> Iterator[tuple[int, str]]:
    """The open folder for ``key``, made when absent, and the name in it. Raises OSError where a link or file stands."""
    *folders, name = key.split("/")
    fd = os.open(root, _FOLDER)
    try:
        for folder in folders:
            with suppress(FileExistsError):
                os.mkdir(folder, dir_fd=fd)
                os.fsync(fd)
            outer, fd = fd, os.open(folder, _FOLDER, dir_fd=fd)
            os.close(outer)
        yield fd, name
    finally:
        os.close(fd)


def enter(fd: int, name: str) -> int | None:
    """A folder inside an open folder; None when there is none by that name."""
    try:
        return os.open(name, _FOLDER, dir_fd=fd)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise


def open_folder(root: Path, folder: str) -> int | None:
    """A descriptor of a folder below the root ('' is the root itself); None where there is none."""
    fd: int | None = os.open(root, _FOLDER)
    for segment in folder.split("/") if folder else ():
        if fd is None:
            return None
        inner = enter(fd, _standing(fd, segment))
        os.close(fd)
        fd = inner
    return fd


def open_file(root: Path, key: str) -> int | None:
    """A descriptor for reading a regular file; None where there is none: nothing, a folder, a link, a pipe."""
    folder, _, name = key.rpartition("/")
    within = open_folder(root, folder)
    if within is None:
        return None
    try:
        fd = os.open(_standing(within, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=within)
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise
    finally:
        os.close(within)
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return fd
    os.close(fd)
    return None


def unlink(root: Path, key: str) -> None:
    """Remove a file, if it is there."""
    folder, _, name = key.rpartition("/")
    within = open_folder(root, folder)
    if within is None:
        return
    try:
        os.unlink(_standing(within, name), dir_fd=within)
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
    finally:
        os.close(within)


def local(root: Path, key: str) -> Path | None:
    """The path of a regular file that is reached through no link; None where there is none."""
    fd = open_file(root, key)
    if fd is None:
        return None
    os.close(fd)
    for segment in key.split("/"):
        root = root / (segment if os.path.lexists(root / segment) else name_of_key(segment))
    return root


def _standing(fd: int, segment: str) -> str:
    """The name of a segment on the disk: as it is written, or what a listing has escaped to it."""
    original = name_of_key(segment)
    if original != segment and not _exists(fd, segment):
        return original
    return segment


def _exists(fd: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=fd, follow_symlinks=False)
    except OSError:
        return False
    return True
