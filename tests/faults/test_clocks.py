"""The clock jumps: an hour back, a day ahead, between steps and within them. No state depends on what it shows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpers.misprint import CODE, KEY, RIGHT, ROW, db1
from helpers.nights import house, night
from rangkiang import steps
from rangkiang.errors import NotApproved
from rangkiang.model import Ruling, Verdict
from rangkiang.steps import Barn, approving, deciding
from rangkiang.steps.digest import digests
from rangkiang.steps.standings import records
from rangkiang.store import open_store

from .conftest import OFFICE

NOW = datetime(2026, 2, 14, 3, tzinfo=UTC)
WHY = "sudah dicocokkan dengan berkas asli"
LIBRARIES = [
    *Path("/usr/lib").glob("*/faketime/libfaketime.so.1"),
    *Path("/usr/local/lib").glob("faketime/libfaketime.so.1"),
]
JUMPING = """
import sys
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from bench.soaking.faults import LEDGER, STORE, Before
from helpers.nights import night
from rangkiang import steps
from rangkiang.settings import Settings
from rangkiang.steps.approving import datetime

clock, home, ledger, office = sys.argv[1:]
jumps = cycle(["-1h", "+1d", "+0", "+20m", "-2h"])
seen = set()

def jump():
    Path(clock).write_text(next(jumps))
    seen.add(datetime.now().strftime("%d %H"))

with steps.open_barn(Settings(home=home, ledger=ledger)) as barn:
    jumpy = replace(barn, store=Before(barn.store, STORE, jump), ledger=Before(barn.ledger, LEDGER, jump))
    night(jumpy, [office])
assert len(seen) > 3, seen
"""


@pytest.mark.skipif(not LIBRARIES, reason="libfaketime is not here: apt-get install libfaketime")
def test_a_night_in_which_the_clock_jumps_all_the_time(
    tmp_path: Path, ledger_url: str, inbox: dict[str, bytes], undisturbed: dict[str, str], repository: Path
) -> None:
    with house(tmp_path / "home", ledger_url, inbox) as barn:
        clock = tmp_path / "clock"
        clock.write_text("+0")
        faked = {"LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"}
        path = os.pathsep.join(str(repository / p) for p in ("include", ".", "tests"))
        subprocess.run(
            [sys.executable, "-c", JUMPING, clock, tmp_path / "home", ledger_url, OFFICE],
            env={**os.environ, **faked, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": path},
            check=True,
        )
        assert digests(barn) == undisturbed


@pytest.fixture
def misprinted(tmp_path: Path, ledger_url: str) -> Iterator[Barn]:
    with house(tmp_path, ledger_url, {KEY: db1(10)}) as barn:
        yield barn


def test_what_was_decided_last_counts_though_the_clock_went_back(
    misprinted: Barn, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(misprinted, [CODE], [])
    finding = next(f for f, _ in deciding.findings(misprinted, CODE) if f.code == "identity_broken")
    times = iter(NOW - timedelta(hours=n) for n in range(3))
    monkeypatch.setattr(deciding, "_now", lambda: next(times))
    wrong, right = (
        deciding.decide(misprinted, Verdict.CORRECT, finding.id, "siti", WHY, lambda c: c.row == ROW, value)
        for value in (RIGHT + 1, RIGHT)
    )
    assert right.at > wrong.at
    said = deciding.confirm(misprinted, right.id, "rustam", WHY)
    assert said.at > right.at
    assert {r.decision.value: str(r.standing) for r in records(misprinted, CODE)}[RIGHT] == "in force"


def test_the_last_word_on_a_release_counts_though_the_clock_went_back(
    misprinted: Barn, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(misprinted, [CODE], [])
    steps.reconcile(misprinted, "PL.01.8")
    digest = steps.propose(misprinted, "PL.01.8").digest

    class Back(datetime):
        times = iter(NOW - timedelta(hours=n) for n in range(3))

        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return next(cls.times)

    monkeypatch.setattr(approving, "datetime", Back)
    steps.approve(misprinted, digest, "ketua", "sudah diperiksa")
    steps.send_back(misprinted, digest, "ketua", "ternyata belum lengkap")
    assert [said.ruling for said in misprinted.ledger.approvals(digest)] == [Ruling.RETURN, Ruling.APPROVE]
    with pytest.raises(NotApproved):
        steps.publish(misprinted, "PL.01.8")


def test_a_file_that_is_being_written_outlives_a_clock_that_is_put_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = (tmp_path / "store").as_uri()
    store = open_store(url)
    private = tmp_path / "store" / ".rangkiang"
    left = private / "half-left-by-a-killed-writer"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    link = os.link

    def slow(source: Path, *arguments: object, **options: object) -> None:
        os.utime(source, (0, 0))  # for all that a clock that jumps can tell, it was begun long ago
        open_store(url)
        link(source, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "link", slow)
    assert store.put_if_absent("k", b"whole")
    assert store.get("k") == b"whole"
    assert not left.exists()
