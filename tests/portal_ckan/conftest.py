"""A real CKAN, where RANGKIANG_TEST_CKAN names one; `make test-portal` starts it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal_ckan.faulty import FaultProxy
from portal_ckan.served import Served


@pytest.fixture(scope="session")
def served() -> Served:
    """The CKAN that tests may do anything to."""
    url, token_file = (os.environ.get(f"RANGKIANG_TEST_CKAN{name}", "") for name in ("", "_TOKEN_FILE"))
    if not url:
        pytest.skip("RANGKIANG_TEST_CKAN names no CKAN: `make test-portal` starts one")
    return Served(url, Path(token_file))


@pytest.fixture
def proxy(served: Served) -> Iterator[FaultProxy]:
    """The way to it, on which things go wrong."""
    with FaultProxy(served.url) as proxy:
        yield proxy
        proxy.shutdown()


@pytest.fixture(scope="module")
def way(served: Served) -> Iterator[FaultProxy]:
    """The same for tests that publish together."""
    with FaultProxy(served.url) as proxy:
        yield proxy
        proxy.shutdown()
