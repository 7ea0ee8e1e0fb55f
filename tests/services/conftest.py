"""A real S3 server, where RANGKIANG_TEST_S3 names one ('http://endpoint/bucket'); `make test-s3` starts it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest

from rangkiang.store import open_store


@pytest.fixture(scope="module")
def s3() -> Iterator[tuple[str, str]]:
    """The URL of an empty store and its endpoint; emptied again at the end."""
    server, _, bucket = os.environ.get("RANGKIANG_TEST_S3", "").rpartition("/")
    if not server:
        pytest.skip("RANGKIANG_TEST_S3 names no S3 server: `make test-s3` starts one")
    url = f"s3://{bucket}/{uuid.uuid4().hex}"
    yield url, server
    store = open_store(url, server)
    for entry in list(store.list()):
        store.delete(entry.key)
