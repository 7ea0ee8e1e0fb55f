"""The worker's side: a program that runs functions of ours over foreign bytes, within its limits.

    python -P -m rangkiang.guard.child <descriptor> <parent's process id> <bytes> <status>

It is asked over a socket and answers with JSON and plain bytes. Nothing is pickled: whoever takes this process over
from inside a document must not be able to make the parent run anything.

It is two processes: one works, the other waits for it and dies as it did, or with that status where it died holding
more than so many bytes. The parent could not know: a process's record of memory begins with that of who started it.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from rangkiang.guard.fence import enclose
from rangkiang.model import Reason

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_SCRATCH = 100 * 1024 * 1024  # bytes of one file: pages that camelot takes apart, in a folder that goes with us
_FILES = 64


def main(descriptor: int, parent: int, much: int, greedy: int) -> None:
    """Answer until the other side closes the socket, or dies."""
    _bind_to(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to hear
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    waiting = os.getpid()
    worker = os.fork()
    if not worker:
        _bind_to(waiting)
        enclose(Path(os.environ["TMPDIR"]))
        _serve(descriptor)
        return
    os.close(descriptor)
    _, waited, usage = os.wait4(worker, 0)
    status = os.waitstatus_to_exitcode(waited)
    _end(greedy if status not in (0, -signal.SIGXCPU) and usage.ru_maxrss * 1024 > much else status)


def _serve(descriptor: int) -> None:
    with Connection(descriptor) as connection, suppress(EOFError):
        connection.send_bytes(b"up")
        while True:
            request = json.loads(connection.recv_bytes())
            with _logging(request["log"], request["about"]):
                said, result = _answer(request, connection.recv_bytes())
            connection.send_bytes(json.dumps({**said, "memory": _status("VmHWM")}).encode())
            connection.send_bytes(result)


@contextmanager
def _logging(form: str, about: dict[str, str]) -> Iterator[None]:
    """Lines of the log are written as the parent writes its own, and say which document they are about."""
    if not form:
        yield
        return
    from rangkiang.telemetry import logs

    if logs.written() != form:
        logs.configure(form)
    with logs.about(**about):
        yield


def _end(status: int) -> None:
    """End with this status, or of this signal where it is negative."""
    if status < 0:
        if -status != signal.SIGKILL:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)


def _answer(request: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    module, name = request["job"]
    try:
        job = getattr(import_module(module), name)
        _confine(request["seconds"], request["memory"])
        return {"end": "done"}, job(data, *request["arguments"])
    except (Exception, SystemExit) as error:  # noqa: BLE001 - not swallowed: the parent raises it
        return _ended(error), b""


def _ended(error: BaseException) -> dict[str, Any]:
    """What became of the document. Parsers turn whatever goes wrong into a broken file; want of memory is no such."""
    if any(isinstance(e, MemoryError) for e in _causes(error)):
        return {"end": "memory"}
    reason = getattr(error, "reason", None)
    if isinstance(reason, Reason):
        params = json.loads(json.dumps(dict(reason.params), default=str))
        return {"end": "rejected", "code": reason.code, "params": params}
    return {"end": "failed", "error": "".join(traceback.format_exception(error))[-4000:]}


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _bind_to(parent: int) -> None:
    """Die with the parent, however it dies, and never gain rights by starting a program. Linux only: see prctl(2)."""
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_PR_SET_PDEATHSIG, signal.SIGKILL), (_PR_SET_NO_NEW_PRIVS, 1)):
        if libc.prctl(option, int(value), 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        sys.exit("the parent died before its worker was up")


def _confine(seconds: float, memory: int) -> None:
    """Limits for the next document, on top of what this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    budget = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (budget, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_DATA, (_status("VmData") + memory, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_SCRATCH, _SCRATCH))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))


def _status(name: str) -> int:
    """Bytes that this process holds: VmData, private memory, is what RLIMIT_DATA counts; VmHWM is the most so far."""
    status = Path("/proc/self/status").read_text("ascii", errors="replace")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(name))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
