"""What was acknowledged is kept: the server is killed in the middle of saves, again and again."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from helpers.askers import OWN, REVIEWER
from rangkiang.decisions import seen
from rangkiang.ledger import Arrival, Ledger
from rangkiang.model import Classification, Document, Finding, Severity, State

SHA256, MANY, KILLS, TYPISTS, AT_ONCE = "a" * 64, 400, 4, 3, 4
_START = 120  # seconds: the machine may be busy


@pytest.fixture
def findings(ledger: Ledger) -> list[Finding]:
    """More open findings than anybody decides about before the last kill."""
    key = f"inbox/{OWN}/DB1.pdf"
    said = Classification("DB1-PPWP", "DB1-PPWP", "PL.01.8", "PPWP-2019", OWN, "AGAM", 2)
    ledger.add_document(Document(OWN, SHA256, key, 9, "application/pdf", State.FILED, None, said))
    ledger.record_arrivals(OWN, [Arrival(key, "e", 9, SHA256)])
    found = [
        Finding(OWN, SHA256, "rows_unknown", Severity.ERROR, f"{n}", {"rows": "x", "count": n}) for n in range(MANY)
    ]
    ledger.replace_findings(OWN, SHA256, "form", found)
    return ledger.findings(OWN, SHA256)


@contextmanager
def serving(ledger_url: str, home: Path, port: int, repository: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server, up; killed without a word at the end."""
    paths = os.pathsep.join(map(str, (repository / "include", repository / "tests", repository)))
    told = {**os.environ, "PYTHONPATH": paths, "RANGKIANG_LEDGER": ledger_url, "RANGKIANG_HOME": str(home)}
    process = subprocess.Popen([sys.executable, "-m", "helpers.serving", str(port)], env=told)
    try:
        deadline = time.monotonic() + _START
        while not _answers(port):
            assert process.poll() is None, "the server did not start"
            assert time.monotonic() < deadline, "the server is not up in time"
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/papan.css", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def token_of(port: int, finding: Finding) -> str:
    """What the forms of this server's pages send back."""
    page = httpx.get(f"http://127.0.0.1:{port}/periksa/{OWN}/{finding.id}", timeout=_START).text
    return re.findall(r'name="token" value="([^"]+)"', page)[0]


def send(port: int, token: str, finding: Finding) -> bool:
    """Whether the server acknowledged that a finding was accepted. What it was asked before is asked alike."""
    base = f"http://127.0.0.1:{port}"
    form = {
        "token": token,
        "dilihat": seen(finding, [], []),
        "putusan": "accept",
        "alasan_lain": f"dicocokkan, {finding.subject}",
    }
    try:
        answer = httpx.post(f"{base}/periksa/{OWN}/{finding.id}", data=form, headers={"Origin": base}, timeout=30)
    except httpx.TransportError:
        return False
    assert answer.status_code == 303, answer.text
    return True


def type_on(port: int, token: str, waiting: list[Finding], acknowledged: set[str], enough: threading.Event) -> Finding:
    """Decide one finding after the other until the server is gone; returns the one that got no answer."""
    done = 0
    while send(port, token, finding := waiting.pop()):
        acknowledged.add(finding.id)
        done += 1
        if done == AT_ONCE:
            enough.set()
    return finding


def test_no_acknowledged_decision_is_lost_and_none_is_doubled(
    ledger: Ledger, ledger_url: str, findings: list[Finding], tmp_path: Path, repository: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    waiting, acknowledged, cut_off = list(findings), set[str](), 0
    for _ in range(KILLS):
        with serving(ledger_url, tmp_path, port, repository) as server:
            enough = threading.Event()
            work = partial(type_on, port, token_of(port, findings[0]), waiting, acknowledged, enough)
            with ThreadPoolExecutor(TYPISTS) as typists:
                typing = [typists.submit(work) for _ in range(TYPISTS)]
                while not enough.wait(1):
                    for one in typing:
                        assert not one.done(), one.result()
                server.kill()  # while all of them are typing
            lost = [done.result() for done in typing]
            waiting += lost  # who got no answer sends the same again
            cut_off += len(lost)
    made = ledger.decisions(OWN)
    about = [decision.finding for decision in made]
    assert cut_off >= KILLS
    assert len(acknowledged) >= 12
    assert acknowledged <= set(about)
    assert len(about) == len(set(about))
    with serving(ledger_url, tmp_path, port, repository):
        token = token_of(port, findings[0])
        for finding in waiting[-2 * TYPISTS :]:
            assert send(port, token, finding)
    again = [decision.finding for decision in ledger.decisions(OWN)]
    assert len(again) == len(set(again))
    assert {d.author for d in made} == {REVIEWER.name}
