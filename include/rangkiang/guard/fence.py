"""What a worker may reach, where the kernel has Landlock (Linux 5.13; the network from 6.7): see landlock(7).

Whoever takes a worker over from inside a document runs as the same user as the program. Behind the fence that user's
files are out of reach (the settings, the secrets, the store where it is a directory), and so are the memory and the
environment of other processes, servers, and sockets of this machine. What is left is the program itself and a folder
that goes with the worker.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on all machines
_VERSION = 1
_BENEATH = 1

_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_LOOK = _EXECUTE | _READ | _LIST
_FILE = _EXECUTE | _WRITE | _READ | 1 << 14 | 1 << 15  # what can be allowed of a single file
# All that a version of Landlock knows of files, the network, and other processes.
_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK = (4, 0b11)
_OTHERS = (6, 0b11)

_SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/etc/mime.types",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm", "/sys/bus/pci/devices", "/sys/devices",
    "/dev/urandom",
)  # fmt: skip
_WRITABLE = ("/dev/null",)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("others", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Which Landlock the kernel has; 0 where it has none, or none that may be used here."""
    return max(0, int(ctypes.CDLL(None).syscall(_CREATE, None, 0, _VERSION)))


def enclose(scratch: Path) -> bool:
    """Shut this process in, for good: it looks at the program, writes under ``scratch``, and talks to nobody.

    Whether there is a fence. Raises OSError where the kernel has one, and it cannot be put up.
    """
    has = version()
    if not has:
        return False
    every = _FILES[min(has, max(_FILES))]
    network, others = (bits if has >= since else 0 for since, bits in (_NETWORK, _OTHERS))
    made = _Ruleset(every, network, others)
    ruleset = _called(
        _CREATE, ctypes.byref(made), ctypes.sizeof(made) if has >= _OTHERS[0] else 16 if network else 8, 0
    )
    try:
        for path in (*map(Path, _SYSTEM), *_program()):
            _allow(ruleset, path, _LOOK & every)
        for path in map(Path, _WRITABLE):
            _allow(ruleset, path, (_READ | _WRITE) & every)
        _allow(ruleset, scratch, every & ~_EXECUTE)
        _called(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def _program() -> Iterator[Path]:
    """Python, its packages, and ours. Of other folders that modules may come from only what holds modules."""
    whole = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)}
    yield from whole
    for entry in map(Path, filter(None, sys.path)):
        if entry.is_file() or any(entry.is_relative_to(place) for place in whole):
            yield entry
        elif entry.is_dir():
            yield from _modules(entry)


def _modules(folder: Path) -> Iterable[Path]:
    return [each for each in folder.iterdir() if each.suffix == ".py" or (each.is_dir() and any(each.glob("*.py")))]


def _allow(ruleset: int, path: Path, allowed: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rule = _Beneath(allowed if path.is_dir() else allowed & _FILE, handle)
        _called(_ADD, ruleset, _BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(handle)


def _called(number: int, *arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    done: int = libc.syscall(number, *arguments)
    if done < 0:
        raise OSError(ctypes.get_errno(), f"landlock: {os.strerror(ctypes.get_errno())}")
    return done
