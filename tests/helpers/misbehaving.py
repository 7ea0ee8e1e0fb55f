"""Jobs for a worker, each with a fault of its own."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import resource
import signal
import socket
import time
from pathlib import Path

from rangkiang.guard import Rejected, jobs


def echo(data: bytes, *words: str) -> bytes:
    return data + " ".join(words).encode()


def surroundings(data: bytes) -> bytes:
    """What a job finds around itself."""
    limits = {name: resource.getrlimit(getattr(resource, name))[0] for name in ("RLIMIT_CORE", "RLIMIT_FSIZE")}
    return json.dumps({"pid": os.getpid(), "environment": dict(os.environ), **limits}).encode()


def loop(data: bytes) -> bytes:
    while True:
        pass


def sleep(data: bytes) -> bytes:
    time.sleep(3600)
    return data


def hoard(data: bytes) -> bytes:
    """Takes memory until Python is told that there is no more."""
    held = []
    while True:
        held.append(bytearray(2**20))


def hoard_and_abort(data: bytes) -> bytes:
    """Dies as libraries in C++ do when they get no more memory."""
    held = []
    try:
        while True:
            held.append(b"x" * 2**20)
    except MemoryError:
        os.abort()


def wrapped(data: bytes) -> bytes:
    """A parser that takes want of memory for a broken file."""
    try:
        return bytes(2**40)
    except MemoryError as error:
        raise Rejected("broken_file") from error


def abort(data: bytes) -> bytes:
    os.abort()


def crash(data: bytes) -> bytes:
    ctypes.string_at(0)
    return data


def overflow(data: bytes) -> bytes:
    """Uses up the stack, below Python."""
    libc = ctypes.CDLL(None)
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

    def again(a: int, b: int) -> int:
        numbers = (ctypes.c_int * 2)(2, 1)
        libc.qsort(numbers, 2, 4, compare(again))
        return 0

    import sys

    sys.setrecursionlimit(10**9)
    again(0, 0)
    return data


def killed(data: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return data


def killed_once(data: bytes, mark: str) -> bytes:
    """Is killed where there is no mark yet: it can look for one, and make none."""
    if not Path(mark).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return data


def refuse(data: bytes) -> bytes:
    raise Rejected("wrong_office", area="AGAM", office="KPU Solok")


def refuse_for_no_reason(data: bytes) -> bytes:
    raise Rejected("of_its_own_making")


def err(data: bytes) -> bytes:
    raise ZeroDivisionError("nobody foresaw this")


def leave(data: bytes) -> bytes:
    raise SystemExit(3)


def lie(data: bytes) -> bytes:
    """Speaks past the protocol, as a document would that has taken the process over."""
    for fd in range(3, 64):
        try:
            socket.socket(fileno=os.dup(fd)).send(b"\x00\x00\x00\x05hello")
        except OSError:
            continue
    time.sleep(3600)
    return data


def write(data: bytes) -> bytes:
    Path(os.environ["TMPDIR"], "large").write_bytes(bytes(101 * 1024 * 1024))
    return data


def read_some(data: bytes, media_type: str, model: str, file: str, sha256: str) -> bytes:
    """Reads like the reader itself, but half of all documents end in what nobody foresaw, after a library's warning."""
    if int(sha256[0], 16) % 2:
        return jobs.read(data, media_type, model, file, sha256)
    logging.getLogger("a.library").warning("odd operator in %s", "a stream")
    raise ZeroDivisionError("what nobody foresaw")


def steal(data: bytes, *paths: str) -> bytes:
    """Reads what it may not; says of each what came of it."""
    found = {}
    for path in paths:
        try:
            found[path] = Path(path).read_bytes()[:20].hex()
        except OSError as error:
            found[path] = type(error).__name__
    return json.dumps(found).encode()


def scatter(data: bytes, *folders: str) -> bytes:
    """Writes files, one into each folder, and into its own."""
    found = {}
    for folder in (*folders, os.environ["TMPDIR"]):
        try:
            Path(folder, "left").write_bytes(data)
            found[folder] = "written"
        except OSError as error:
            found[folder] = type(error).__name__
    return json.dumps(found).encode()


def call(data: bytes, port: str) -> bytes:
    """Talks to somebody outside."""
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()
    except OSError as error:
        return type(error).__name__.encode()
    return b"connected"


def kill_parent(data: bytes, pid: str) -> bytes:
    """Sends a signal that does nothing to the program that asks."""
    try:
        os.kill(int(pid), 0)
    except OSError as error:
        return type(error).__name__.encode()
    return b"signalled"
