"""What a worker that is taken over can still get at."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import misbehaving
from rangkiang.guard import Worker, fence
from rangkiang.settings import Limits

pytestmark = pytest.mark.skipif(not fence.version(), reason="this kernel has no Landlock")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(Limits()) as one:
        yield one


def test_it_reads_no_file_of_the_program_s_user(worker: Worker, tmp_path: Path) -> None:
    house = tmp_path / "secrets" / "rangkiang_ledger"
    house.parent.mkdir()
    house.write_text("postgresql+psycopg://ledger:sandi@postgres/rangkiang")
    link = Path(os.path.realpath(".")) / "rangkiang.toml"
    paths = [house, link, Path("/etc/passwd"), Path.home() / ".bashrc", Path("/proc/self/../../etc/hostname")]
    found = json.loads(worker.run(misbehaving.steal, b"", *map(str, paths)))
    assert {found[str(path)] for path in paths if path.exists()} == {"PermissionError"}


def test_it_sees_neither_environment_nor_memory_of_another_process(worker: Worker) -> None:
    paths = [f"/proc/{os.getpid()}/{name}" for name in ("environ", "mem", "cmdline", "maps")]
    assert set(json.loads(worker.run(misbehaving.steal, b"", *paths)).values()) == {"PermissionError"}


def test_it_leaves_nothing_outside_its_own_folder(worker: Worker, tmp_path: Path) -> None:
    package = Path(fence.__file__).parent
    outside = [str(tmp_path), str(package), "/tmp", str(Path.cwd())]  # noqa: S108 - to be refused
    found = json.loads(worker.run(misbehaving.scatter, b"x", *outside))
    own = set(found) - set(outside)
    assert {found[folder] for folder in outside} == {"PermissionError"}
    assert [found[folder] for folder in own] == ["written"]
    assert not (tmp_path / "left").exists()


@pytest.mark.skipif(fence.version() < 4, reason="this kernel's Landlock knows no network")
def test_it_talks_to_no_server(worker: Worker) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert worker.run(misbehaving.call, b"", str(server.getsockname()[1])) == b"PermissionError"


@pytest.mark.skipif(fence.version() < 6, reason="this kernel's Landlock knows no other processes")
def test_it_sends_no_signal_to_the_program(worker: Worker) -> None:
    assert worker.run(misbehaving.kill_parent, b"", str(os.getpid())) == b"PermissionError"
