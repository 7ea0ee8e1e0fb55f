"""A whole night with a real S3 server as store comes to what it comes to with a directory, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.nights import night, of_offices
from rangkiang import steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.settings import Settings
from rangkiang.steps import Barn
from rangkiang.store import Entry, Store
from samples import demo

OFFICES = ("13", "13.03", "13.04", "13.06", "13.75")
"""The province and four regencies: among them DA1 sheets, a file of another office's, a printed sum error, a twin."""
PREFIXES = ("originals/", "readings/", "proofs/", "checks/", "filed/", "quarantine/")


@pytest.fixture(scope="module")
def inbox() -> dict[str, bytes]:
    return of_offices(demo.build()[0].files, OFFICES)


@pytest.fixture(scope="module")
def on_s3(
    s3: tuple[str, str], tmp_path_factory: pytest.TempPathFactory, postgres: Server, inbox: dict[str, bytes]
) -> Iterator[Barn]:
    url, endpoint = s3
    home = tmp_path_factory.mktemp("s3")
    settings = Settings(home=home, ledger=database_url(postgres, "on_s3"), store=url, s3_endpoint=endpoint)
    with steps.open_barn(settings) as barn:
        yield after_a_night(barn, inbox)


@pytest.fixture(scope="module")
def on_a_directory(
    s3: tuple[str, str], tmp_path_factory: pytest.TempPathFactory, postgres: Server, inbox: dict[str, bytes]
) -> Iterator[Barn]:
    """Asks for the server too: without one there is nothing to compare with."""
    settings = Settings(home=tmp_path_factory.mktemp("directory"), ledger=database_url(postgres, "on_a_directory"))
    with steps.open_barn(settings) as barn:
        yield after_a_night(barn, inbox)


def after_a_night(barn: Barn, inbox: dict[str, bytes]) -> Barn:
    for key, data in inbox.items():
        barn.store.put(key, data)
    night(barn, OFFICES)
    return barn


def objects(store: Store, prefix: str) -> dict[str, bytes]:
    return {entry.key: store.get(entry.key) for entry in store.list(prefix)}


def portal(barn: Barn) -> dict[str, bytes]:
    root = barn.settings.home / "portal"
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_both_stores_hold_the_same_objects(on_s3: Barn, on_a_directory: Barn, prefix: str) -> None:
    expected, found = objects(on_a_directory.store, prefix), objects(on_s3.store, prefix)
    assert expected
    assert found.keys() == expected.keys()
    assert [key for key in found if found[key] != expected[key]] == []


def test_both_portals_are_the_same_tree(on_s3: Barn, on_a_directory: Barn) -> None:
    expected, found = portal(on_a_directory), portal(on_s3)
    assert "index.html" in expected
    assert found.keys() == expected.keys()
    assert [path for path in found if found[path] != expected[path]] == []


def test_both_ledgers_say_the_same(on_s3: Barn, on_a_directory: Barn) -> None:
    assert on_s3.ledger.snapshot() == on_a_directory.ledger.snapshot()


def test_a_second_night_writes_nothing(on_s3: Barn) -> None:
    before, shown = entries(on_s3.store), portal(on_s3)
    night(on_s3, OFFICES)
    assert entries(on_s3.store) == before
    assert portal(on_s3) == shown


def entries(store: Store) -> dict[str, Entry]:
    """With the time of writing: on S3 the etag of the same bytes is the same, however often they are written."""
    return {entry.key: entry for entry in store.list()}
