"""Whatever is killed in the middle of a night, the night ends by itself, and as one that nothing has disturbed.

RANGKIANG_KILLS says how often each part is killed (10), over RANGKIANG_NIGHTS nights (2).
"""

from __future__ import annotations

import os

import pytest

from deploy.local.up import Airflow
from helpers.clusters import Killer, furnish, night
from helpers.nights import OFFICES, house, of_offices
from helpers.nights import night as undisturbed_night
from helpers.patience import AWAY, until
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import State
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests
from samples import demo

KILLS = int(os.environ.get("RANGKIANG_KILLS", "10"))
NIGHTS = int(os.environ.get("RANGKIANG_NIGHTS", "2"))
PASSING = {State.RECEIVED, State.ACCEPTED, State.READ, State.ARRANGED}


@pytest.fixture(scope="module")
def inbox() -> dict[str, bytes]:
    return of_offices(demo.build()[0].files)


@pytest.fixture(scope="module")
def undisturbed(
    inbox: dict[str, bytes], airflow: Airflow, postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """One process, a directory as store, and nothing dies."""
    with house(tmp_path_factory.mktemp("undisturbed"), database_url(postgres, "undisturbed"), inbox) as barn:
        undisturbed_night(barn)
        return digests(barn)


@pytest.mark.parametrize("number", range(NIGHTS))
@pytest.mark.parametrize("part", ["worker", "scheduler", "postgresql", "s3"])
def test_a_night_in_whose_middle_a_part_is_killed_ends_in_the_same_bytes(
    airflow: Airflow,
    barn: Barn,
    inbox: dict[str, bytes],
    undisturbed: dict[str, str],
    part: str,
    number: int,
) -> None:
    furnish(airflow, barn, inbox)
    killer = Killer(airflow, barn.settings.home, seed=number)
    with killer.at_work(getattr(killer, part), KILLS // NIGHTS):
        runs = night(airflow, OFFICES)
    print(f"{part}, killed {len(killer.struck)} times while there ran:", *killer.struck, sep="\n  ")
    assert len(killer.struck) == KILLS // NIGHTS
    until(lambda: not airflow.client.unfinished(), unless=AWAY)  # what runs every few minutes may be running
    assert {airflow.client.run(*run)["state"] for run in runs} == {"success"}
    assert {document.state for document in barn.ledger.documents()} & PASSING == set()
    assert digests(barn) == undisturbed
