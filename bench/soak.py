"""Fifty nights of arrivals, corrections, decisions and faults on the real code, all from one seed.

Run by hand: ``make soak``, or ``python bench/soak.py --nights 50 --seed 1``. A few offices hand in, replace, take back
and mistake files, people decide, and every night one thing goes wrong: a kill, a full disk, a store or a PostgreSQL
that is away, two nights at once, a clock that jumps. A twin house has the same nights undisturbed. After each night
both are the same, byte for byte, and what the house promises is looked at; every few nights a fresh house is told the
same facts and works on them in one night. What fails is printed with seed and night, and the houses are left.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench.soaking import faults, people, promises
from bench.soaking.house import STAGES, House, built, when, whole_night
from bench.soaking.town import Change, Town
from rangkiang import steps
from rangkiang.ledger.embedded import Server, ensure_server
from tests.helpers.letterbox import letterbox

OFFICES = ("13", "13.04", "13.06", "13.73", "13.74", "13.75", "13.77")


@dataclass
class Soak:
    """A house, its twin, and what happens to them."""

    folder: Path
    server: Server
    town: Town
    every: int  # nights after which a fresh house is told the same facts
    chosen: Sequence[str] = tuple(faults.FAULTS)
    days: list[list[Change]] = field(default_factory=list)
    memory: promises.Memory = field(default_factory=promises.Memory)
    again: bool = False  # a mail may have come twice

    def nights(self, count: int) -> Iterator[tuple[int, str, list[str]]]:
        """Number, what happened, and what is wrong after each night."""
        with self._built("house") as house, self._built("twin") as twin:
            for night in range(count):
                fault = self.town.random("fault", night).choice(self.chosen) if night else "undisturbed"
                done = self._day(night, house, twin)
                for each in (house, twin):
                    each.set_clock(when(night))
                rules = partial(self.town.ruling, night)
                chance = self.town.random(fault, night)
                said = faults.FAULTS[fault](
                    faults.Night(house, self.server, self.town.offices, rules, chance, when(night))
                )
                self.again |= fault in faults.CUT_OFF
                with twin.opened() as barn:
                    whole_night(barn, self.town.offices, rules)
                wrong = list(self._looked_at(house, twin))
                if (night + 1) % self.every == 0 or night + 1 == count:
                    wrong += self._afresh(night, house, twin)
                yield night, f"{fault}{said and f' ({said})'}; {done}", wrong

    def _day(self, night: int, house: House, twin: House) -> str:
        changes = self.town.day(night)
        self.days.append(changes)
        for each in (house, twin):
            each.receive(changes)
        with house.opened() as barn:
            at = when(night) - timedelta(hours=9)
            done = people.decide(barn, self.town.random("people", night), self.town.known, at)
            told = steps.deciding.export_decisions(barn)
        with twin.opened() as barn:
            steps.deciding.import_decisions(barn, told.encode())
        return f"{len(changes)} files{', ' if done else ''}{', '.join(done)}"

    def _looked_at(self, house: House, twin: House) -> Iterator[str]:
        with house.opened() as barn, twin.opened() as other:
            yield from promises.same(promises.whole(barn), promises.whole(other), "what the undisturbed house has")
            for ailment in steps.examine(barn):
                yield f"{ailment.code} {ailment.subject}: {ailment.said}"
            yield from promises.kept(barn, self.town.inbox.values())
            yield from promises.unchanged(barn, self.memory)
            yield from promises.told_right(barn, self.town.known)
            yield from promises.mailed_once(house.letters, self.again)
            yield from promises.mailed_once(twin.letters, again=False)

    def _afresh(self, night: int, house: House, twin: House) -> Iterator[str]:
        """A house that is told the same facts and does all its work in one night."""
        with self._built(f"fresh_{night}") as fresh:
            for n, changes in enumerate(self.days):
                fresh.set_clock(when(n))
                fresh.receive(changes)
                with fresh.opened() as barn:
                    for office in self.town.offices:
                        steps.collect(barn, office)
            fresh.set_clock(when(night))
            with house.opened() as barn:
                told = steps.deciding.export_decisions(barn)
            with fresh.opened() as barn:
                steps.deciding.import_decisions(barn, told.encode())
                whole_night(barn, self.town.offices, lambda _: None)
            for each in (house, twin, fresh):
                with each.opened() as barn:
                    for stage in STAGES:
                        steps.reconcile(barn, stage)
            with house.opened() as barn, fresh.opened() as other:
                yield from promises.same(promises.outcome(barn), promises.outcome(other), "what a fresh house has")

    @contextmanager
    def _built(self, name: str) -> Iterator[House]:
        with letterbox() as letters:
            yield built(self.folder / name, self.server, name, letters, self.town.offices)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--nights", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=2019)
    arguments.add_argument("--every", type=int, default=10, help="nights after which a fresh house is told the facts")
    arguments.add_argument("--faults", nargs="*", default=list(faults.FAULTS), choices=list(faults.FAULTS))
    arguments.add_argument("--no-scans", action="store_true", help="scans take most of the time")
    arguments.add_argument("--folder", type=Path, help="where the houses are built; kept")
    chosen = arguments.parse_args()
    logging.disable(logging.WARNING)
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="soak-"))
    print(f"seed {chosen.seed}, {chosen.nights} nights, {len(OFFICES)} offices, in {folder}", flush=True)
    began = time.monotonic()
    with ExitStack() as stack:
        server = stack.enter_context(ensure_server(folder / "postgres"))
        town = Town(chosen.seed, OFFICES, not chosen.no_scans)
        for night, happened, wrong in Soak(folder, server, town, chosen.every, chosen.faults).nights(chosen.nights):
            print(f"{night:>3}  {time.monotonic() - began:6.0f} s  {happened}", flush=True)
            if wrong:
                print(f"\nAfter night {night} of seed {chosen.seed}:", *wrong, sep="\n  ")
                print(f"The houses are in {folder}.")
                sys.exit(1)
    print(f"{chosen.nights} nights in {time.monotonic() - began:.0f} s: all that is promised held.")
    if not chosen.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
