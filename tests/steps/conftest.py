"""The sample inbox, made once; small parts of it are enough for most tests."""

from __future__ import annotations

import pytest

from samples import demo
from samples.faults import Fault


@pytest.fixture(scope="session")
def made() -> tuple[dict[str, bytes], list[Fault]]:
    box, faults = demo.build()
    return box.files, faults


@pytest.fixture(scope="session")
def inbox(made: tuple[dict[str, bytes], list[Fault]]) -> dict[str, bytes]:
    return made[0]
