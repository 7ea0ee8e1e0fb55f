"""A portal on an empty folder, and something to publish on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal import traced_releases
from portal.sample_releases import STAGE, Filed
from rangkiang.portal import DirectoryPortal, Release


@pytest.fixture(autouse=True)
def no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is synced outlives a power cut; no test makes one, and thousands of syncs take their time."""
    monkeypatch.setattr("os.fsync", lambda fd: None)


@pytest.fixture
def filed() -> Filed:
    return Filed()


@pytest.fixture
def releases(filed: Filed) -> list[Release]:
    """Two regencies' DB1, the province's DC1, and the reconciliation."""
    return [filed.recap("13.01"), filed.recap("13.71"), filed.recap("13", "DC1-PPWP"), filed.reconciliation()]


@pytest.fixture
def portal(tmp_path: Path) -> DirectoryPortal:
    return DirectoryPortal(tmp_path / "situs")


@pytest.fixture
def publish(portal: DirectoryPortal, filed: Filed) -> Callable[..., Any]:
    """Plan and apply in one go."""
    return lambda releases, scope=STAGE: portal.apply(portal.plan(releases, scope), filed.fetch)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> DirectoryPortal:
    """A site with everything on it: originals, findings, traces, pictures of cells, versions, changes."""
    filed, portal = Filed(), DirectoryPortal(tmp_path_factory.mktemp("situs"))
    portal.apply(portal.plan(traced_releases.everything(filed)), filed.fetch)
    return portal


@pytest.fixture(scope="module")
def scanned() -> Release:
    return traced_releases.scanned(Filed())
