"""Supervision: what dies comes back, and nothing that a child has forked outlives it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.processes import Child, end_holders

# Forks a worker that forks a task in a process group of its own, as Airflow's scheduler does; all sleep.
FAMILY = """
import os, sys, time
for generation in range(2):
    if os.fork():
        break
    if generation:
        os.setpgid(0, 0)
open(f"{sys.argv[1]}/{os.getpid()}", "w").close()
time.sleep(600)
"""


@pytest.fixture
def born(tmp_path: Path) -> Path:
    (tmp_path / "born").mkdir()
    return tmp_path / "born"


@pytest.fixture
def child(tmp_path: Path, born: Path) -> Iterator[Child]:
    mark = tmp_path / "mark"
    made = Child("family", [sys.executable, "-c", FAMILY, str(born)], dict(os.environ), tmp_path / "log", mark)
    yield made
    made.end(0)


def until(true: Callable[[], bool]) -> None:
    patience = time.monotonic() + 20
    while not true():
        assert time.monotonic() < patience, "this never came true"
        time.sleep(0.02)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def members(born: Path) -> list[int]:
    return [int(path.name) for path in born.iterdir()]


def test_the_whole_family_ends_with_the_child(child: Child, born: Path) -> None:
    child.start()
    until(lambda: len(members(born)) == 3)
    child.ask_to_end()
    child.end(patience=5)
    assert not any(running(pid) for pid in members(born))


def test_a_killed_child_is_started_again_without_the_orphans_of_its_first_life(child: Child, born: Path) -> None:
    child.start()
    until(lambda: len(members(born)) == 3)
    first = members(born)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    until(lambda: (child.watch(), child.restarts == 1)[1])
    until(lambda: len(members(born)) == 6)
    assert not any(running(pid) for pid in first)
    assert all(running(pid) for pid in set(members(born)) - set(first))


def test_a_child_that_dies_at_once_is_started_less_and_less_often(tmp_path: Path) -> None:
    child = Child("brief", [sys.executable, "-c", "raise SystemExit(3)"], {}, tmp_path / "log", tmp_path / "mark")
    child.start()
    patience = time.monotonic() + 2.5
    while time.monotonic() < patience:
        child.watch()
        time.sleep(0.02)
    child.end(0)
    assert 1 <= child.restarts <= 2


def test_what_an_earlier_supervisor_left_is_found_by_its_mark(child: Child, born: Path, tmp_path: Path) -> None:
    child.start()
    until(lambda: len(members(born)) == 3)
    end_holders(tmp_path / "mark")  # a new supervisor knows the mark and nothing else
    until(lambda: not any(running(pid) for pid in members(born)))
