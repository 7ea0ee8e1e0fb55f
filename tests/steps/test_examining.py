"""A house that is well, and everything that may be wrong with it: found, and mended by what is advised."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from helpers.misprint import CODE, INBOX, KEY, db1
from helpers.nights import house, night
from rangkiang import steps
from rangkiang.cli import cli
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import State
from rangkiang.portal import Away
from rangkiang.steps import Barn, keys
from rangkiang.steps.examining import DO, Code
from rangkiang.store import Entry

STAGE, AT_ONCE, LONG_AGO = "PL.01.8", timedelta(0), time.time() - 100 * 24 * 3600


@pytest.fixture(scope="module")
def barn(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Barn]:
    """A house after a night: a sheet before the public, a file that goes back to its office."""
    inbox = {KEY: db1(10), f"{INBOX}/rusak.pdf": b"%PDF-1.4 rusak"}
    with house(tmp_path_factory.mktemp("examined"), database_url(postgres, "examined"), inbox) as barn:
        night(barn, [CODE], [STAGE])
        yield barn


@pytest.fixture(autouse=True)
def well(barn: Barn) -> Iterator[None]:
    """Whatever a test breaks, it mends."""
    yield
    assert steps.examine(barn, deep=True, patience=AT_ONCE) == []


def codes(barn: Barn, deep: bool = False, patience: timedelta = AT_ONCE) -> set[str]:
    return {one.code.value for one in steps.examine(barn, deep, patience)}


def told(barn: Barn, *command: str) -> tuple[int, str]:
    """What the shell says to a command."""
    house = {"RANGKIANG_HOME": str(barn.settings.home), "RANGKIANG_LEDGER": barn.settings.ledger}
    result = CliRunner().invoke(cli, command, env=house, catch_exceptions=False)
    return result.exit_code, result.output


def advised(barn: Barn, code: Code, **about: str) -> None:
    """Do what is advised: a command."""
    command = DO[code].format(**about).partition(";")[0].rpartition("rangkiang ")[2].split()
    assert told(barn, *command)[0] == 0


def first(barn: Barn, prefix: str, ending: str = "") -> str:
    return next(entry.key for entry in barn.store.list(prefix) if entry.key.endswith(ending))


def aged(path: Path | None) -> None:
    assert path
    os.utime(path, (LONG_AGO, LONG_AGO))


def altered(data: bytes) -> bytes:
    """Other bytes, as many."""
    return data[:-1] + bytes([data[-1] ^ 1])


def test_all_is_well_after_a_night_and_the_shell_says_so(barn: Barn) -> None:
    assert told(barn, "doctor", "--deep") == (0, "all is well\n")


@pytest.mark.parametrize(
    ("kept", "missing", "changed"),
    [
        ("originals/", Code.ORIGINAL_MISSING, Code.ORIGINAL_ALTERED),
        ("released/", Code.RELEASED_MISSING, Code.RELEASED_ALTERED),
        ("versions/", Code.VERSION_MISSING, None),
    ],
)
def test_what_can_only_come_back_from_a_backup(barn: Barn, kept: str, missing: Code, changed: Code | None) -> None:
    key = next(e.key for e in barn.store.list(kept) if "perubahan" not in e.key)
    data = barn.store.get(key)
    if changed:
        barn.store.put(key, altered(data))
        assert codes(barn, deep=True) == {changed.value}
        assert codes(barn) == set()
    barn.store.delete(key)
    assert codes(barn) == {missing.value}
    status, said = told(barn, "doctor", "--json")
    assert status == 1
    assert {(one["code"], one["do"]) for one in json.loads(said)} == {(missing.value, DO[missing])}
    barn.store.put(key, data)


@pytest.mark.parametrize("prefix", ["readings/", "proofs/"])
def test_what_is_derived_is_made_again(barn: Barn, prefix: str) -> None:
    key = first(barn, prefix)
    barn.store.put(key, altered(barn.store.get(key)))
    assert codes(barn, deep=True) == {Code.DERIVED_ALTERED.value}
    barn.store.delete(key)
    assert codes(barn) == {Code.DERIVED_MISSING.value}
    advised(barn, Code.DERIVED_MISSING, office=CODE)


def test_what_no_document_names_is_cleared_away(barn: Barn) -> None:
    key = f"readings/{'0' * 64}/maker.parquet"
    barn.store.put(key, b"x")
    assert codes(barn, patience=timedelta(days=1)) == set()
    aged(barn.store.local_path(key))
    assert codes(barn, patience=timedelta(days=1)) == {Code.ORPHAN.value}
    advised(barn, Code.ORPHAN)


def test_a_document_that_stays_where_it_is_goes_on(barn: Barn) -> None:
    (document,) = barn.ledger.documents(states=[State.FILED])
    barn.ledger.move(CODE, document.sha256, State.ACCEPTED)
    assert codes(barn, patience=timedelta(days=1)) == set()
    assert codes(barn) == {Code.STUCK.value}
    advised(barn, Code.STUCK, office=CODE)


def test_slips_are_written_again(barn: Barn) -> None:
    barn.store.delete(first(barn, "returned/", "daftar.json"))
    assert codes(barn) == {Code.SLIPS_BEHIND.value}
    advised(barn, Code.SLIPS_BEHIND, office=CODE)


def test_a_folder_is_filed_again(barn: Barn) -> None:
    manifest, table = first(barn, "filed/", "MANIFEST.json"), first(barn, "filed/", ".csv")
    barn.store.put(table, altered(barn.store.get(table)))
    assert codes(barn, deep=True) == {Code.FOLDER_ALTERED.value}
    barn.store.put(table, b"")
    assert codes(barn) == {Code.FOLDER_ALTERED.value}
    barn.store.delete(manifest)
    assert codes(barn) == {Code.FOLDER_TORN.value}
    advised(barn, Code.FOLDER_TORN, office=CODE)


def test_a_folder_of_nobody_is_told_of_and_stays(barn: Barn) -> None:
    key = "filed/Kantor Lain/PL.01.8/DB1-PPWP/tabel.csv"
    barn.store.put(key, b"a,b")
    aged(barn.store.local_path(key))
    assert codes(barn) == {Code.FOLDER_UNKNOWN.value}
    assert steps.sweep(barn) == []
    barn.store.delete(key)


def test_a_release_is_brought_to_its_end(barn: Barn) -> None:
    (live,) = barn.ledger.releases()
    barn.ledger.record_release(live.slug, live.stage, live.office, live.digest, live.files, verified=False)
    assert codes(barn, patience=timedelta(days=1)) == set()
    assert codes(barn) == {Code.RELEASE_UNFINISHED.value}
    advised(barn, Code.RELEASE_UNFINISHED, stage=STAGE)


def test_the_portal_is_mended(barn: Barn) -> None:
    site = barn.settings.home / "portal"
    next(site.glob("dataset/*/v1/*.csv")).write_bytes(b"a,b")
    half = site / "dataset" / ".half-x"
    half.write_bytes(b"")
    aged(half)
    assert codes(barn) == {Code.PORTAL_DIFFERS.value, Code.LEFTOVER.value}
    advised(barn, Code.PORTAL_DIFFERS, stage=STAGE)


class Portal:
    """One that is away."""

    def plan(self, *_: object) -> None:
        raise Away("no answer")


class Store:
    """A store that is not as it must be: writes over what is there, and its clock is behind."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_if_absent(self, key: str, data: bytes, media_type: str = "") -> bool:
        self._store.put(key, data, media_type)
        return True

    def put_if_match(self, key: str, data: bytes, _etag: str, media_type: str = "") -> Entry:
        return self._store.put(key, data, media_type)

    def stat(self, key: str) -> Entry | None:
        found = self._store.stat(key)
        return found and replace(found, modified=found.modified - timedelta(hours=1))


@pytest.mark.parametrize(
    ("part", "bad", "found"),
    [
        ("portal", lambda _: Portal(), {Code.PORTAL_AWAY}),
        ("store", Store, {Code.WRITES_UNCONDITIONAL, Code.CLOCK_SKEWED}),
    ],
)
def test_servers_that_are_not_as_they_must_be(
    barn: Barn, part: str, bad: Callable[[Any], Any], found: set[Code]
) -> None:
    worse = replace(barn, **{part: bad(getattr(barn, part))})
    assert codes(worse) == {code.value for code in found}
    assert not list(barn.store.list("probe/"))


def test_tables_of_another_version(barn: Barn) -> None:
    engine = create_engine(barn.settings.ledger)
    with engine.begin() as connection:
        (was,) = connection.execute(text("SELECT version_num FROM ledger_version")).one()
        connection.execute(text("UPDATE ledger_version SET version_num = '9999'"))
    assert codes(barn) == {Code.SCHEMA_DIFFERS.value}
    with engine.begin() as connection:
        connection.execute(text("UPDATE ledger_version SET version_num = :was"), {"was": was})
    engine.dispose()


def test_every_ailment_of_the_list_has_words_and_a_test() -> None:
    tested = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for code in Code:
        assert DO[code]
        assert f"Code.{code.name}" in tested or f'"{code.value}"' in tested, code


def test_what_was_superseded_goes_and_what_a_rebuild_or_a_version_needs_stays(barn: Barn) -> None:
    (document,) = barn.ledger.documents(states=[State.FILED])
    needed = {entry.key for entry in barn.store.list() if not entry.key.startswith("pages/")}
    old = [
        f"readings/{document.sha256}/reading-0.parquet",
        f"crops/{document.sha256}/reading-0/1.webp",
        f"proofs/{document.sha256}/proof-0.parquet",
        f"checks/{document.sha256}/proof-0.json",
        keys.page(document.sha256, 99),
        keys.proposal("0" * 64),
    ]
    for key in old:
        barn.store.put(key, b"x")
    barn.ledger.record_reading(CODE, document.sha256, "reading-0", old[0], hashlib.sha256(b"x").hexdigest(), {})
    assert steps.sweep(barn) == []
    for entry in list(barn.store.list()):
        aged(barn.store.local_path(entry.key))
    status, said = told(barn, "sweep", "--dry-run")
    assert status == 0
    assert set(said.splitlines()[:-1]) >= set(old)
    assert {entry.key for entry in barn.store.list()} >= set(old)
    gone = set(steps.sweep(barn))
    assert gone >= set(old)
    assert not gone & needed, "what is current, filed, released or was said stays"
    assert steps.sweep(barn) == []
    assert barn.ledger.reading(CODE, document.sha256, "reading-0") is None
