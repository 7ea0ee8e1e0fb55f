"""Files of the site: one writer at a time, whole files only, nothing left behind.

Whoever holds the lock is the only writer, so half-written files that it finds belong to a writer that was killed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = ".kunci"
HALF = ".half-"
"""Begins the names of files and folders that are on their way in or out."""


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the site, which is made when absent; others wait. The lock goes with the process that holds it."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fingerprint(path: Path) -> tuple[str, int] | None:
    """SHA-256 and size in bytes; None where there is no regular file."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, file.tell()


def fingerprints(folder: Path, names: Iterable[str]) -> dict[str, tuple[str, int] | None]:
    """Of each of these files below the folder; one that stands there under several names is read once."""
    found: dict[str, tuple[str, int] | None] = {}
    seen: dict[tuple[int, int], tuple[str, int] | None] = {}
    for name in names:
        status = (folder / name).lstat()
        if (same := (status.st_dev, status.st_ino)) not in seen:
            seen[same] = fingerprint(folder / name)
        found[name] = seen[same]
    return found


def read(path: Path) -> bytes | None:
    """The file's bytes; None where there is no regular file."""
    if path.is_symlink() or not path.is_file():
        return None
    return path.read_bytes()


def paths(folder: Path) -> set[str]:
    """Paths below the folder of everything that is not a folder, '/'-separated."""
    found = set()
    for here, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        found |= {(Path(here) / name).relative_to(folder).as_posix() for name in (*files, *links)}
    return found


def half(folder: Path, path: str) -> Path:
    """Where a file waits, complete, until its dataset is ready to take it in."""
    return folder / (HALF + hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()[:24])


def put(path: Path, data: bytes) -> None:
    """Write a new file to its last byte, also on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def share(source: Path, target: Path) -> None:
    """Have the same file under a second name; a copy of it where the disk knows no such thing."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except OSError:
        put(target, source.read_bytes())


def move(source: Path, target: Path) -> None:
    """Put a complete file in its place; readers see the old one or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def write(path: Path, data: bytes) -> bool:
    """Bring a file up to date; False where it was."""
    if read(path) == data:
        return False
    waiting = half(path.parent, path.name)
    put(waiting, data)
    move(waiting, path)
    return True


def remove(folder: Path, names: Iterable[str]) -> None:
    """Delete files below the folder, and the folders that are then empty."""
    for name in sorted(names):
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    for here, _, _ in os.walk(folder, topdown=False):
        if Path(here) != folder:
            with suppress(OSError):  # not empty
                Path(here).rmdir()


def vanish(folder: Path) -> None:
    """Remove a whole folder; readers see all of it or nothing."""
    gone = folder.with_name(HALF + folder.name)
    shutil.rmtree(gone, ignore_errors=True)
    with suppress(FileNotFoundError):
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def halves(*folders: Path) -> list[Path]:
    """What is on its way in or out right inside these folders."""
    return [path for folder in folders for path in folder.glob(HALF + "*")]


def sweep(*folders: Path) -> None:
    """Remove what killed writers have left right inside these folders."""
    for path in halves(*folders):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
