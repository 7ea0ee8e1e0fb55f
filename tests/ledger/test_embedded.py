"""PostgreSQL under a folder: who starts it, who stops it, and what happens after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from rangkiang.ledger import account, open_ledger
from rangkiang.ledger.cluster import Cluster
from rangkiang.ledger.embedded import EmbeddedError, database_url, ensure_server, stop_server

ROOT = os.geteuid() == 0
HOLD = (
    "import sys; from pathlib import Path; from rangkiang.ledger.embedded import ensure_server\n"
    "server = ensure_server(Path(sys.argv[1])); print(server.url, flush=True); sys.stdin.read(); server.close()"
)


@pytest.fixture
def bare() -> Iterator[Path]:
    """A folder that is not there yet, below parents that everybody may pass; its servers are stopped at the end."""
    path = Path(tempfile.mkdtemp(prefix="rk-"))
    path.chmod(0o755)
    yield path / "postgres"
    for version in path.glob("**/data/PG_VERSION"):
        stop_server(version.parent.parent)
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has served and was stopped."""
    folder = tmp_path_factory.mktemp("made")
    ensure_server(folder).close()
    return folder


@pytest.fixture
def folder(made: Path, bare: Path) -> Path:
    """A copy of it, which is quicker than a new one."""
    subprocess.run(["cp", "-a", str(made), str(bare)], check=True)
    return bare


def holder(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def running(folder: Path) -> bool:
    return Cluster(folder.resolve()).answers()


def ask(url: str, query: str) -> object:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).scalar_one()
    finally:
        engine.dispose()


def test_it_serves_databases_on_a_socket_only_and_keeps_them(bare: Path) -> None:
    with ensure_server(bare) as server:
        ledger = open_ledger(server.url)
        ledger.migrate()
        assert int(str(ask(server.url, "SHOW max_connections"))) >= 200
        assert ask(server.url, "SHOW listen_addresses") == ""
        assert ask(database_url(server, "airflow"), "SELECT current_database()") == "airflow"
        assert "%" not in server.url
        ledger.record_release("s", "PL.01.8", "13", "d", 1, True)
        ledger.dispose()
        with pytest.raises(ValueError, match="no name for a database"):
            database_url(server, 'x"; DROP DATABASE airflow; --')
    assert not running(bare)
    with ensure_server(bare) as server:
        assert [r.slug for r in open_ledger(server.url).releases()] == ["s"]


def test_the_last_to_leave_stops_it(folder: Path) -> None:
    first = ensure_server(folder)
    second = ensure_server(folder)
    first.close()
    first.close()
    assert running(folder)
    second.close()
    assert not running(folder)


def test_processes_that_come_together_share_one_server(bare: Path) -> None:
    holders = [holder(bare) for _ in range(4)]
    urls = {process.stdout.readline().strip() for process in holders}
    assert len(urls) == 1
    assert "postgresql+psycopg://" in urls.pop()
    killed, *others = holders
    killed.kill()
    killed.wait()
    assert running(bare)
    for process in others:
        process.communicate("")
        assert process.returncode == 0
    assert not running(bare), "the killed one does not hold it any more"


def test_a_killed_server_starts_again_and_the_ledger_goes_on(folder: Path) -> None:
    with ensure_server(folder) as server:
        ledger = open_ledger(server.url)
        ledger.migrate()
        ledger.record_release("s", "PL.01.8", "13", "d", 1, True)
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        with ensure_server(folder):
            assert [r.slug for r in ledger.releases()] == ["s"], "the same object, over a new connection"
            ledger.dispose()


def test_a_number_taken_over_by_another_program_does_not_keep_it_down(folder: Path) -> None:
    """As after a restart of the machine, or of a container, in which numbers are small and soon used again."""
    ensure_server(folder).close()
    dead = folder / "data" / "postmaster.pid"
    foreign = subprocess.Popen(["/bin/sleep", "60"], user=(folder / "data").stat().st_uid if ROOT else None)
    try:
        dead.write_text(f"{foreign.pid}\n{folder}/data\n1700000000\n5432\n{folder}/data\n\n  1  1\nready\n")
        os.chown(dead, *((folder / "data").stat()[4:6]))
        with ensure_server(folder) as server:
            assert ask(server.url, "SELECT 1") == 1
    finally:
        foreign.kill()
        foreign.wait()


def test_a_long_and_odd_path_where_an_earlier_beginning_was_cut_short(bare: Path) -> None:
    folder = bare / ("Kantor, \"Sumbar\" $HOME 'é' 100%" + "x" * 90)
    (folder / "data.making" / "base").mkdir(parents=True)
    with ensure_server(folder) as server:
        assert ask(server.url, "SELECT 1") == 1
        sockets = server.sockets
        assert sockets.stat().st_mode & 0o077 == 0, "nobody else connects"
    assert not sockets.exists()


def test_data_of_another_version_are_left_alone(bare: Path) -> None:
    (bare / "data").mkdir(parents=True)
    (bare / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 9"):
        ensure_server(bare)
    assert sorted(p.name for p in (bare / "data").iterdir()) == ["PG_VERSION"]
    (bare / "data" / "PG_VERSION").unlink()


def test_what_keeps_it_from_starting_is_told(folder: Path) -> None:
    ensure_server(folder).close()
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = on\n")
    with pytest.raises(EmbeddedError, match="no_such_setting"):
        ensure_server(folder)


@pytest.mark.skipif(not ROOT, reason="only root can close a folder to its own server")
def test_as_root_in_a_closed_folder_it_runs_and_the_folder_stays_closed(folder: Path) -> None:
    folder.parent.chmod(0o700)
    with ensure_server(folder) as server:
        assert ask(server.url, "SELECT 1") == 1
        assert (folder / "data").stat().st_uid != 0
    assert folder.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not ROOT, reason="only root can close a folder to its own server")
def test_as_root_in_a_closed_folder_without_setpriv_it_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.parent.chmod(0o700)
    monkeypatch.setattr(account.shutil, "which", lambda *_, **__: None)
    with pytest.raises(EmbeddedError, match="RANGKIANG_HOME"):
        ensure_server(folder)


@pytest.mark.skipif(not ROOT, reason="only root has another user to meet")
def test_another_user_is_told_whose_it_is(folder: Path) -> None:
    ensure_server(folder).close()
    # Imported as root: the tree may lie in a folder that the other user cannot read.
    script = HOLD.replace("\nserver", "\nimport os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\nserver", 1)
    command = [sys.executable, "-c", script, str(folder)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert "belongs to somebody else" in done.stderr


def test_nobody_connects_to_a_server_that_has_stopped(folder: Path) -> None:
    server = ensure_server(folder)
    stop_server(folder)
    stop_server(folder)
    with pytest.raises(psycopg.OperationalError):
        server.connect()
    server.close()
