"""A small inbox, and what an undisturbed night makes of it: every fault must end in the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.soaking.house import Try, at_once, whole_night
from bench.soaking.retries import is_retried
from helpers.nights import house
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import Ruling
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests
from samples import papers
from samples.region import province

OFFICE = "13.04"


@pytest.fixture(scope="session")
def inbox() -> dict[str, bytes]:
    """Two sheets of kecamatan as workbooks, one of them twice, a table of polling places, and what is no sheet."""
    tally = next(t for t in province() if t.office.code == OFFICE)
    box = f"inbox/{tally.office.slug}/"
    found = {box + papers.da1_path(d, ".xlsx"): papers.da1_xlsx(d) for d in tally.districts[:2]}
    return {
        **found,
        papers.tps_key(tally.office): papers.tps(tally, papers.tps_rows(tally)),
        f"{box}salinan/DA1.xlsx": next(iter(found.values())),
        f"{box}catatan.txt": b"Mohon maaf, berkas menyusul.\n",
    }


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, postgres: Server, inbox: dict[str, bytes]) -> dict[str, str]:
    """Digests of the end state."""
    with house(tmp_path_factory.mktemp("undisturbed"), database_url(postgres, "faults_undisturbed"), inbox) as barn:
        night(barn)
        return digests(barn)


def night(barn: Barn, tried: Try = at_once) -> None:
    """The office's DAG, then the stages', each step as ``tried`` has it."""
    whole_night(barn, [OFFICE], lambda _: Ruling.APPROVE, tried)


def failing(step: Callable[[], object], expected: type[Exception]) -> Exception:
    """What the step raises, which its DAG must try again."""
    with pytest.raises(expected) as raised:
        step()
    assert is_retried(raised.value)
    return raised.value


def ballast(folder: Path, leave: int) -> Path:
    """Fills the folder's disk up to so many bytes."""
    heavy = folder / "ballast"
    with heavy.open("wb", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    with heavy.open("r+b") as file:
        file.truncate(max(0, heavy.stat().st_size - leave))
    return heavy
