"""The parent's side of a worker: start it, ask it, take its place when it dies, and say why it did."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory
from threading import Event, Timer
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from rangkiang import catalogue
from rangkiang.model import Reason
from rangkiang.settings import Limits
from rangkiang.telemetry import add, instruments, logs

Job = Callable[..., bytes]
"""A function at the top of a module: takes foreign bytes and texts. What it raises with a ``reason`` is rejected."""

_DOCUMENTS = 200  # of one process, before a fresh one takes over: what parsers leak goes with it
_START = 60.0  # seconds; for a process to start and import
_PATIENCE = 4.0  # a machine may be so busy that CPU time takes that many times as long by the clock …
_LEAST = 30.0  # … and never less than so many seconds are allowed for
_GRACE = 5.0  # seconds; for a worker that has hung up to die of what it is dying of
_HEAD = 1024 * 1024  # bytes; of the JSON of an answer
_LIBRARIES = 150 * 1024 * 1024  # bytes that a worker holds without a document, about …
_SHARE = 0.5  # … and the share of the memory it may take beyond: who dies holding that has died for want of more
_GREEDY = 79  # exit status of such a one
_FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGHUP}
"""Who dies of these was killed by the kernel, for want of memory, or by a person: that is worth a second try."""

_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")
_ALONE = {
    # Threads and memory pools of libraries take memory before there is any work, and cores from the other workers.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


class Rejected(Exception):
    """The document cannot be used; ``reason`` says why, in the words of the closed list."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.reason = Reason(code, params)


class Failed(RuntimeError):
    """A job raised what nobody foresaw; the text is the worker's traceback."""


class _Answer(BaseModel):
    """What a worker says before it hands its result over. Checked: it may be the document that speaks."""

    model_config = ConfigDict(extra="forbid")

    end: Literal["done", "rejected", "memory", "failed"]
    code: str = ""
    params: dict[str, Any] = {}
    error: str = ""
    memory: int = 0  # bytes that the process has held at most


class NotStarted(RuntimeError):
    """No worker can be had; the reason stands on its standard error."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The worker that reads files did not start (exit status {status}); see the log above.")


@dataclass(slots=True)
class _Running:
    process: subprocess.Popen[bytes]
    connection: Connection
    scratch: TemporaryDirectory[str]  # of this process alone, and gone with it: camelot takes a page apart on disk
    served: int = 0


class Worker:
    """One process that parses foreign bytes: started when first asked, reused, replaced when it dies or grows old.

    It dies with the thread that started it. Not for use by two threads at once.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._running: _Running | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process that is up now, if one is."""
        return self._running.process.pid if self._running else None

    def close(self) -> None:
        """End the process."""
        running, self._running = self._running, None
        if running:
            running.connection.close()
            running.process.kill()
            running.process.wait()
            running.scratch.cleanup()

    def run(self, job: Job, data: bytes, *arguments: str, pages: int = 0) -> bytes:
        """What the job returns for these bytes. ``pages``, where they are known, add to its time.

        Raises Rejected where the document is refused or goes beyond a limit, Failed where the job is at fault.
        """
        if len(data) > self.limits.bytes:
            raise _counted(oversize(len(data), self.limits))
        seconds = self.limits.seconds + self.limits.seconds_per_page * pages
        request = {
            "job": (job.__module__, job.__name__),
            "arguments": arguments,
            "seconds": seconds,
            "memory": self.limits.memory_mb * 1024 * 1024,
            "log": logs.written(),
            "about": logs.told() if logs.written() else {},
        }
        answer = self._tried(request, data)
        if isinstance(answer, _Death) and -answer.status in _FROM_OUTSIDE:
            answer = self._tried(request, data)
        if isinstance(answer, _Death):
            raise _counted(answer.reason(self.limits, seconds))
        said, result = answer
        if said.end == "done":
            return result
        if said.end == "memory":
            raise _counted(_too_much(self.limits))
        if said.end == "rejected" and said.code in catalogue.reasons():
            raise Rejected(said.code, **said.params)
        raise Failed(said.error or said.code)

    def _tried(self, request: dict[str, Any], data: bytes) -> tuple[_Answer, bytes] | _Death:
        running = self._up()
        late = Event()
        try:
            with _killed_after(running.process.pid, _LEAST + _PATIENCE * request["seconds"], late):
                running.connection.send_bytes(json.dumps(request).encode())
                running.connection.send_bytes(data)
                said = _Answer.model_validate_json(running.connection.recv_bytes(_HEAD))
                result = running.connection.recv_bytes(request["memory"])
        except (EOFError, OSError):
            return self._death(running.process, late, _GRACE)
        except ValueError:  # who says something that is no answer is not to be trusted with another document either
            return self._death(running.process, late, 0)
        running.served += 1
        if said.memory > _much(self.limits):  # it keeps what it has grown to, and its record
            self.close()
        return said, result

    def _up(self) -> _Running:
        """The process, started where none is fit to be asked. Raises NotStarted: no document is to blame for that."""
        if self._running and (self._running.served >= _DOCUMENTS or self._running.process.poll() is not None):
            self.close()
        self._running = self._running or _started(self.limits)
        return self._running

    def _death(self, process: subprocess.Popen[bytes], late: Event, grace: float) -> _Death:
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        self.close()
        return _Death(process.returncode, late.is_set())


@dataclass(frozen=True, slots=True)
class _Death:
    status: int  # as subprocess gives it: negative for a signal
    late: bool  # killed when its time was up

    def reason(self, limits: Limits, seconds: float) -> Rejected:
        """Libraries die in their own ways when they get no more memory; so that is told by what was held."""
        if self.late or self.status == -signal.SIGXCPU:
            return Rejected("too_slow", seconds=math.ceil(seconds))
        if self.status == _GREEDY:
            return _too_much(limits)
        name = signal.Signals(-self.status).name if self.status < 0 else f"status {self.status}"
        return Rejected("broken_file", detail=f"pembaca berkas terhenti: {name}")


def _much(limits: Limits) -> int:
    return _LIBRARIES + int(limits.memory_mb * 1024 * 1024 * _SHARE)


def oversize(size: int, limits: Limits) -> Rejected:
    """The refusal of a file of more bytes than are taken in."""
    return Rejected("too_large", actual=f"{size / 1024 / 1024:.0f} MB", limit=f"{limits.megabytes} MB")


def _counted(hit: Rejected) -> Rejected:
    add(instruments.LIMITS_HIT, limit=hit.reason.code)
    return hit


def _too_much(limits: Limits) -> Rejected:
    return Rejected("too_large", actual=f"memori > {limits.memory_mb} MB", limit=f"{limits.memory_mb} MB")


def _started(limits: Limits) -> _Running:
    scratch = TemporaryDirectory(prefix="rangkiang-")
    ours, theirs = Pipe()
    with theirs:
        program = [sys.executable, "-P", "-W", "ignore", "-m", "rangkiang.guard.child"]
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*program, *map(str, (theirs.fileno(), os.getpid(), _much(limits), _GREEDY))],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=_environment(limits)
            | {"TMPDIR": scratch.name, "HOME": scratch.name},  # what libraries keep goes with it
        )
    try:
        with _killed_after(process.pid, _START, Event()):
            ours.recv_bytes(_HEAD)
    except (EOFError, OSError) as error:
        ours.close()
        scratch.cleanup()
        raise NotStarted(process.wait()) from error
    return _Running(process, ours, scratch)


def _environment(limits: Limits) -> dict[str, str]:
    """What a parser needs and no more: no addresses, no secrets."""
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)  # noqa: PTH100 - '' is the working directory
    # No settings file is looked for, nor a house: both lie behind the fence.
    nowhere = {"RANGKIANG_SETTINGS": os.devnull, "RANGKIANG_HOME": os.devnull}
    return {**kept, **_ALONE, **nowhere, "PYTHONPATH": path, "RANGKIANG_LIMITS": limits.model_dump_json()}


@contextmanager
def _killed_after(pid: int, seconds: float, late: Event) -> Iterator[None]:
    """Kills a process of ours that is not waited for meanwhile when the time is up, and sets the event."""

    def kill() -> None:
        late.set()
        os.kill(pid, signal.SIGKILL)

    timer = Timer(seconds, kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
