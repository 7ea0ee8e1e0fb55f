"""What a portal is not seen to hold is owed to it: which datasets that are is known, and the next run brings them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.nights import house, newest, night, of_offices
from rangkiang import steps
from rangkiang.errors import VerificationFailed
from rangkiang.steps import Barn
from samples.faults import Fault

STAGE, OFFICES = "PL.01.8", ("13.06", "13.75")


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str, made: tuple[dict[str, bytes], list[Fault]]) -> Iterator[Barn]:
    """Two offices' recaps are before the public."""
    with house(tmp_path, ledger_url, of_offices(made[0], OFFICES)) as opened:
        night(opened, OFFICES, [STAGE])
        yield opened


def test_only_what_was_found_wrong_is_read_whole_and_brought_again(barn: Barn, monkeypatch: pytest.MonkeyPatch) -> None:
    assert steps.gather(barn, STAGE) == []
    (path,) = newest(barn, "db1-ppwp-13.06-*", "db1-*.csv")
    right = path.read_bytes()
    path.write_bytes(right.replace(b"1", b"2"))
    with pytest.raises(VerificationFailed, match="db1-ppwp-13"):
        steps.verify(barn, STAGE)
    wrong = {release.slug for release in barn.ledger.releases(STAGE) if not release.verified}
    assert wrong == {"db1-ppwp-13.06-agam"}
    assert steps.gather(barn, STAGE)
    assert _doubted(barn, monkeypatch) == [wrong]
    assert path.read_bytes() == right
    steps.verify(barn, STAGE)
    assert all(release.verified for release in barn.ledger.releases(STAGE))
    assert _doubted(barn, monkeypatch) == [set()]


def _doubted(barn: Barn, monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """What the portal is told to read whole when the stage is published now."""
    told: list[set[str]] = []
    plan = type(barn.portal).plan

    def listening(portal: Any, releases: Any, scope: str, withdrawn: Any, doubted: set[str]) -> Any:
        told.append(set(doubted))
        return plan(portal, releases, scope, withdrawn, doubted)

    with monkeypatch.context() as patch:
        patch.setattr(type(barn.portal), "plan", listening)
        steps.publish(barn, STAGE)
    return told
