"""Workers: what a job may do to its process, and what the parent makes of it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers import misbehaving
from rangkiang import intake, reading
from rangkiang.forms import form
from rangkiang.guard import Failed, Guard, NotStarted, Rejected, Worker, side_by_side
from rangkiang.intake import Refused
from rangkiang.model import State
from rangkiang.reading import Unreadable
from rangkiang.settings import Limits
from samples import papers
from samples.region import province

LIMITS = Limits(seconds=1, memory_mb=256, megabytes=5)
PDF = "application/pdf"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One for all of these tests: whatever becomes of one document, the next is served."""
    with Worker(LIMITS) as one:
        yield one


@pytest.fixture(autouse=True)
def _serves(worker: Worker) -> Iterator[None]:
    yield
    assert worker.run(misbehaving.echo, b"still ", "here") == b"still here"


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return papers.db1(next(t for t in province() if t.office.code == "13.74"))


def rejected(worker: Worker, job: Callable[..., bytes]) -> tuple[str, dict[str, object]]:
    with pytest.raises(Rejected) as raised:
        worker.run(job, b"")
    return raised.value.reason.code, dict(raised.value.reason.params)


def test_one_process_serves_many_documents(worker: Worker) -> None:
    worker.run(misbehaving.echo, b"")
    first = worker.pid
    large = os.urandom(4 * 2**20)
    assert worker.run(misbehaving.echo, large, "é", "2") == large + "é 2".encode()
    assert worker.pid == first


def test_an_old_process_makes_way(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rangkiang.guard.worker._DOCUMENTS", 3)
    worker.close()
    pids = [json.loads(worker.run(misbehaving.surroundings, b""))["pid"] for _ in range(7)]
    assert len(set(pids[:3])) == len(set(pids[3:6])) == 1
    assert len(set(pids)) == 3


def test_too_much_time_to_think(worker: Worker) -> None:
    assert rejected(worker, misbehaving.loop) == ("too_slow", {"seconds": 1})


def test_too_much_time_to_wait(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rangkiang.guard.worker._LEAST", -3.0)
    assert rejected(worker, misbehaving.sleep) == ("too_slow", {"seconds": 1})


def test_pages_take_time(worker: Worker) -> None:
    began = time.process_time(), time.monotonic()
    with pytest.raises(Rejected):
        worker.run(misbehaving.loop, b"", pages=1)
    assert time.monotonic() - began[1] > 2.5


@pytest.mark.parametrize("job", [misbehaving.hoard, misbehaving.hoard_and_abort, misbehaving.wrapped])
def test_too_much_memory(worker: Worker, job: Callable[..., bytes]) -> None:
    code, params = rejected(worker, job)
    assert (code, params["limit"]) == ("too_large", "256 MB")


@pytest.mark.parametrize(
    ("job", "how"),
    [
        (misbehaving.abort, "SIGABRT"),
        (misbehaving.crash, "SIGSEGV"),
        (misbehaving.overflow, "SIGSEGV"),
        (misbehaving.killed, "SIGKILL"),
        (misbehaving.lie, "SIGKILL"),
    ],
)
def test_a_crash_is_a_broken_file(worker: Worker, job: Callable[..., bytes], how: str) -> None:
    assert rejected(worker, job) == ("broken_file", {"detail": f"pembaca berkas terhenti: {how}"})


def test_a_worker_killed_from_outside_is_not_the_documents_fault(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, death = tmp_path / "mark", Worker._death

    def noticed(self: Worker, *how: Any) -> Any:
        mark.touch()
        return death(self, *how)

    monkeypatch.setattr(Worker, "_death", noticed)
    assert worker.run(misbehaving.killed_once, b"good", str(mark)) == b"good"
    assert mark.exists()


def test_a_worker_killed_between_two_documents_is_replaced(worker: Worker) -> None:
    worker.run(misbehaving.echo, b"")
    assert worker.pid
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.run(misbehaving.echo, b"a") == b"a"


def test_reasons_pass_through(worker: Worker) -> None:
    assert rejected(worker, misbehaving.refuse) == ("wrong_office", {"area": "AGAM", "office": "KPU Solok"})


def test_what_nobody_foresaw_comes_with_its_traceback(worker: Worker) -> None:
    with pytest.raises(Failed, match=r"(?s)in err.*nobody foresaw this"):
        worker.run(misbehaving.err, b"")
    with pytest.raises(Failed, match="SystemExit: 3"):
        worker.run(misbehaving.leave, b"")
    with pytest.raises(Failed, match="of_its_own_making"):
        worker.run(misbehaving.refuse_for_no_reason, b"")


def test_a_file_beyond_the_limit_is_not_even_sent(worker: Worker) -> None:
    with pytest.raises(Rejected) as raised:
        worker.run(misbehaving.echo, bytes(6 * 2**20))
    assert raised.value.reason.params == {"actual": "6 MB", "limit": "5 MB"}


def test_a_worker_knows_no_secrets_and_writes_into_a_folder_that_goes_with_it(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very secret")
    monkeypatch.setenv("RANGKIANG_LEDGER", "postgresql://user:secret@host/db")
    worker.close()
    found = json.loads(worker.run(misbehaving.surroundings, b""))
    assert "secret" not in json.dumps(found["environment"])
    assert (found["RLIMIT_CORE"], found["RLIMIT_FSIZE"]) == (0, 100 * 1024 * 1024)
    scratch = Path(found["environment"]["TMPDIR"])
    assert scratch.is_dir()
    worker.close()
    assert not scratch.exists()
    with pytest.raises(Failed, match="File too large"):
        worker.run(misbehaving.write, b"")


def test_a_worker_that_cannot_start_blames_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Guard(LIMITS) as guard, pytest.raises(NotStarted, match="exit status 1"):
        guard.inspect(b"anything", "inbox/x/y")


def test_the_worker_dies_with_its_parent(tmp_path: Path) -> None:
    """In the midst of a document, and of a death that gives the parent no time for anything."""
    program = (
        "import os, threading, time\n"
        "from helpers import misbehaving\n"
        "from rangkiang.guard import Worker\n"
        "from rangkiang.settings import Limits\n"
        "worker = Worker(Limits())\n"
        "worker.run(misbehaving.echo, b'')\n"
        "print(worker.pid, flush=True)\n"
        "threading.Timer(0.2, os.kill, (os.getpid(), 9)).start()\n"
        "worker.run(misbehaving.sleep, b'')\n"
    )
    path = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env={"PYTHONPATH": path}, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    gone = time.monotonic() + 10
    while time.monotonic() < gone and _alive(int(done.stdout)):
        time.sleep(0.05)
    assert not _alive(int(done.stdout))


def _alive(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    return False


def test_a_daemonic_process_may_have_a_worker() -> None:
    """Whoever runs the tasks may have made their processes daemonic: multiprocessing lets those have no children."""
    from multiprocessing import get_context

    context = get_context("spawn")
    with context.Pool(1) as pool:  # its processes are daemonic
        assert pool.apply(_echoed) == b"served"


def _echoed() -> bytes:
    with Worker(LIMITS) as own:
        return own.run(misbehaving.echo, b"served")


def test_verdicts_and_figures_come_through_whole(sheet: bytes) -> None:
    key, entry = "inbox/13.74_kota_padang_panjang/PL.99.9/x.pdf", form("DB1-PPWP")
    with Guard(Limits()) as guard:
        verdict = guard.inspect(sheet, key, "13.74")
        assert verdict == intake.inspect(sheet, key, "13.74")
        assert verdict.classification is not None
        assert verdict.classification.remarks
        assert guard.inspect(b"", key) == intake.inspect(b"", key)
        figures = guard.read(sheet, PDF, entry, "db1.pdf", "0" * 64)
        pd.testing.assert_frame_equal(figures, reading.read(sheet, PDF, entry, "db1.pdf", "0" * 64))
        proved = guard.read(sheet, PDF, entry, "db1.pdf", "0" * 64, proved=True)
        assert set(proved["status"]) == {"proved"}
        with pytest.raises(Unreadable) as refused:
            guard.read(_blank(), PDF, entry, "db1.pdf", "0" * 64)
        assert refused.value.reason.code == "no_table"


def test_the_sheets_of_a_file_come_through_whole(sheet: bytes) -> None:
    from pypdf import PdfWriter

    other = papers.db1(next(t for t in province() if t.office.code == "13.75"))
    both = PdfWriter()
    both.append(io.BytesIO(sheet))
    both.append(io.BytesIO(other))
    out = io.BytesIO()
    both.write(out)
    with Guard(Limits()) as guard:
        assert guard.inspect(out.getvalue(), "inbox/x/y.pdf").state is State.SPLIT
        assert guard.parts(out.getvalue(), PDF) == intake.parts(out.getvalue(), PDF)
        with pytest.raises(Refused):
            guard.parts(b"%PDF-1.7 nothing", PDF)


def _blank() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(50, 500, "nothing")
    canvas.save()
    return out.getvalue()


def test_workers_side_by_side_keep_the_order() -> None:
    def do(guard: Guard, number: int) -> str:
        verdict = guard.inspect(b"x" * number, "inbox/x/y")
        return verdict.reason.code if verdict.reason else ""

    found = list(side_by_side(do, [0, 1, 2, 6 * 2**20, 0], LIMITS, workers=2))
    assert found == ["empty_file", "unknown_type", "unknown_type", "too_large", "empty_file"]
