"""A disk that is full stops the work with a word on what to do; once there is room, the next run completes it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.soaking.retries import is_retried
from rangkiang import steps
from rangkiang.errors import NoSpace
from rangkiang.ledger import open_ledger
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import State
from rangkiang.settings import Settings
from rangkiang.steps.digest import digests

from .conftest import OFFICE, ballast, night

KB = 1024
SIZE = 16 * KB * KB


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of a few megabytes."""
    if os.geteuid():
        pytest.skip("only root can mount a little disk to fill")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", folder], check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize(
    ("place", "leaves"),
    [("store", (40 * KB, 400 * KB)), ("portal", (200 * KB,)), ("home", (0,))],
)
def test_a_full_disk_stops_a_night_and_room_lets_it_go_on(
    place: str,
    leaves: tuple[int, ...],
    little_disk: Path,
    tmp_path: Path,
    ledger_url: str,
    inbox: dict[str, bytes],
    undisturbed: dict[str, str],
) -> None:
    elsewhere = {name: (tmp_path / name).as_uri() for name in ("store", "portal")}
    where = elsewhere | {place: (little_disk / place).as_uri()} if place != "home" else elsewhere
    home = little_disk if place == "home" else tmp_path / "home"
    home.mkdir(exist_ok=True)
    settings = Settings(home=home, ledger=ledger_url, **where)
    with steps.open_barn(settings) as barn:
        for key, data in inbox.items():
            barn.store.put(key, data)
    for leave in leaves:
        heavy = ballast(little_disk, leave)
        with (
            pytest.raises(NoSpace, match=f"{little_disk}.*free.*Free some space") as raised,
            steps.open_barn(settings) as barn,
        ):
            night(barn)
        assert is_retried(raised.value)
        with steps.open_barn(settings) as barn:
            states = {d.state for d in barn.ledger.documents(office=OFFICE) if d.name != "catatan.txt"}
            assert states <= {State.RECEIVED, State.ACCEPTED, State.READ, State.ARRANGED, State.FILED}
        heavy.unlink()
    with steps.open_barn(settings) as barn:
        night(barn)
        assert digests(barn) == undisturbed


def test_the_disk_of_postgresql_is_full(
    little_disk: Path, tmp_path: Path, postgres: Server, inbox: dict[str, bytes], undisturbed: dict[str, str]
) -> None:
    owner = (postgres.folder / "data").stat()
    os.chown(little_disk, owner.st_uid, owner.st_gid)
    for folder in little_disk.parents:
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    with postgres.connect() as connection:
        connection.execute(f"CREATE TABLESPACE little LOCATION '{little_disk}'")
        connection.execute("CREATE DATABASE little TABLESPACE little")
    url = database_url(postgres, "little")
    ledger = open_ledger(url)
    ledger.migrate()
    ledger.dispose()
    settings = Settings(home=tmp_path / "home", ledger=url)
    try:
        with steps.open_barn(settings) as barn:
            for key, data in inbox.items():
                barn.store.put(key, data)
        for leave in (0, 80 * KB):
            heavy = ballast(little_disk, leave)
            with pytest.raises(NoSpace, match="PostgreSQL") as raised, steps.open_barn(settings) as barn:
                night(barn)
            assert is_retried(raised.value)
            heavy.unlink()
        with steps.open_barn(settings) as barn:
            night(barn)
            assert digests(barn) == undisturbed
    finally:
        with postgres.connect() as connection:
            connection.execute("DROP DATABASE little WITH (FORCE)")
            connection.execute("DROP TABLESPACE little")
