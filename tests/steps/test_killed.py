"""Killed at any write and run again: the end state is that of an undisturbed night, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from helpers.mortal import Killed, Mortal
from helpers.nights import house, night, of_offices
from rangkiang import steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests

WRITES = ("put", "put_if_absent", "delete")


def with_store(barn: Barn, store: Mortal) -> Barn:
    return replace(barn, store=store)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, postgres: Server, inbox: dict[str, bytes]
) -> Iterator[tuple[dict[str, str], int]]:
    """Digests of the end state, and how many writes it took."""
    home = tmp_path_factory.mktemp("undisturbed")
    with house(home, database_url(postgres, "undisturbed"), of_offices(inbox)) as barn:
        writes = count()
        night(with_store(barn, Mortal(barn.store, WRITES, writes)))
        yield digests(barn), next(writes)


@pytest.mark.parametrize("part", [0.02, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.97])
def test_killed_at_a_write_and_run_again(
    part: float, tmp_path: Path, ledger_url: str, inbox: dict[str, bytes], undisturbed: tuple[dict[str, str], int]
) -> None:
    wanted, writes = undisturbed
    with house(tmp_path, ledger_url, of_offices(inbox)) as barn:
        with pytest.raises(Killed):
            night(with_store(barn, Mortal(barn.store, WRITES, iter(range(int(writes * part))))))
        night(barn)
        assert digests(barn) == wanted


def test_killed_again_and_again_while_publishing(
    tmp_path: Path, ledger_url: str, inbox: dict[str, bytes], undisturbed: tuple[dict[str, str], int]
) -> None:
    kills = 0
    with house(tmp_path, ledger_url, of_offices(inbox)) as barn:
        for fetched in range(0, 119, 17):
            try:
                night(with_store(barn, Mortal(barn.store, ("get",), iter(range(fetched)), "released/")))
            except Killed:
                kills += 1
        night(barn)
        assert kills > 2
        assert not steps.gather(barn, "PL.01.8")
        assert digests(barn) == undisturbed[0]
