"""Two processes have the whole night at once: nothing is lost, doubled or stuck."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bench.soaking.faults import LEDGER, PORTAL, STORE, Before
from bench.soaking.retries import rules, tried
from helpers.nights import house
from rangkiang import steps
from rangkiang.settings import Settings
from rangkiang.steps.digest import digests
from rangkiang.store import open_store

from .conftest import OFFICE, night

FORK = multiprocessing.get_context("fork")


def hesitating(settings: Settings, seed: str) -> None:
    """A night that takes a break now and then, wherever chance has it."""
    chance = Random(seed)  # noqa: S311 - a seed is what is wanted here

    def hesitate() -> None:
        if chance.random() < 0.08:
            time.sleep(chance.expovariate(20))

    with steps.open_barn(settings) as barn:
        store, ledger, portal = (
            Before(thing, methods, hesitate)
            for thing, methods in ((barn.store, STORE), (barn.ledger, LEDGER), (barn.portal, PORTAL))
        )
        night(replace(barn, store=store, ledger=ledger, portal=portal), tried)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(2))
def test_two_nights_at_once_end_as_one(
    seed: int, tmp_path: Path, ledger_url: str, inbox: dict[str, bytes], undisturbed: dict[str, str]
) -> None:
    """They find the same; or the second begins in the middle, and finds more than the first."""
    rules()  # loaded once, and not by each process
    late = [] if seed < 1 else [key for key in sorted(inbox) if "Batipuh" in key]
    settings = Settings(home=tmp_path, ledger=ledger_url)
    with house(tmp_path, ledger_url, {k: v for k, v in inbox.items() if k not in late}):
        pass
    one, two = (FORK.Process(target=hesitating, args=(settings, f"{seed}/{n}")) for n in range(2))
    one.start()
    if late:
        time.sleep(0.5)
        store = open_store(settings.store_url)
        for key in late:
            store.put(key, inbox[key])
    two.start()
    for process in (one, two):
        process.join()
        assert process.exitcode == 0
    with steps.open_barn(settings) as barn:
        if late:
            night(barn)
        found = digests(barn)
        # How often a stage was released is told by when files came.
        history = {"versions", "released", "portal"} if late else set[str]()
        assert {k: v for k, v in found.items() if k not in history} == {
            k: v for k, v in undisturbed.items() if k not in history
        }
        assert steps.collect(barn, OFFICE) == []
        assert steps.settled(barn, OFFICE)
        assert not steps.examine(barn)


def test_a_file_that_is_taken_back_while_the_inbox_is_listed_is_let_go(
    tmp_path: Path, ledger_url: str, inbox: dict[str, bytes]
) -> None:
    with house(tmp_path, ledger_url, inbox) as barn:
        gone = next(key for key in inbox if key.endswith("catatan.txt"))
        taken = Before(barn.store, ("get",), lambda: barn.store.delete(gone))
        steps.collect(replace(barn, store=taken), OFFICE)  # type: ignore[arg-type]
        arrived = barn.ledger.arrivals(OFFICE)
        assert gone not in arrived
        assert len(arrived) == len(inbox) - 1
