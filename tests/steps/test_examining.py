"""A house that is well, and each thing that may be wrong with it: found, and mended by what is advised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from helpers.nights import house, night, of_offices
from rangkiang import steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.steps import Barn

AT_ONCE = timedelta(0)


@pytest.fixture(scope="module")
def barn(tmp_path_factory: pytest.TempPathFactory, postgres: Server, inbox: dict[str, bytes]) -> Iterator[Barn]:
    """A house after its first night."""
    home = tmp_path_factory.mktemp("examined")
    with house(home, database_url(postgres, "examined"), of_offices(inbox)) as barn:
        night(barn)
        yield barn


def test_after_a_night_all_is_well(barn: Barn) -> None:
    assert steps.examine(barn, deep=True, patience=AT_ONCE) == []
