"""The sample province and its inbox, made once for all tests."""

from __future__ import annotations

import pytest

from samples import demo
from samples.faults import Fault
from samples.inbox import Inbox
from samples.region import RegencyTally, province


@pytest.fixture(scope="session")
def tallies() -> tuple[RegencyTally, ...]:
    return province()


@pytest.fixture(scope="session")
def sown() -> tuple[Inbox, list[Fault]]:
    return demo.build()


@pytest.fixture(scope="session")
def box(sown: tuple[Inbox, list[Fault]]) -> Inbox:
    return sown[0]


@pytest.fixture(scope="session")
def faults(sown: tuple[Inbox, list[Fault]]) -> dict[str, Fault]:
    return {fault.fault: fault for fault in sown[1]}
