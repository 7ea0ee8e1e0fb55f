"""Three nights of the soak, each with a fault; `make soak` has fifty."""

from __future__ import annotations

from pathlib import Path

from bench.soak import Soak
from bench.soaking.faults import FAULTS
from bench.soaking.town import Town
from rangkiang.ledger.embedded import ensure_server

OFFICES = ("13", "13.73", "13.75")
SEED = 7


def test_three_nights_with_faults_end_as_three_without(tmp_path: Path) -> None:
    chosen = ("killed between calls", "disk full", "clock jumps")
    assert set(chosen) < set(FAULTS)
    with ensure_server(tmp_path / "postgres") as server:
        soak = Soak(tmp_path, server, Town(SEED, OFFICES, scans=False), every=3, chosen=chosen)
        nights = list(soak.nights(3))
    assert [wrong for _, _, wrong in nights] == [[], [], []]
    assert all(happened.startswith(chosen) for _, happened, _ in nights[1:])
    assert soak.memory.versions, "something was published"
