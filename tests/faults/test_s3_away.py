"""S3 is in trouble for a while: every step says that a service was away, no document is to blame, nothing half done."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest
from botocore.config import Config

from bench.soaking.retries import tried
from helpers.moto_s3 import BUCKET, moto_s3
from helpers.unwell import Handler, Unwell, unwell
from rangkiang import steps
from rangkiang.model import State
from rangkiang.settings import Settings
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests
from rangkiang.store import s3

from .conftest import OFFICE, failing, night

ILLS: dict[str, Callable[[Handler], None]] = {
    "503": lambda h: h.refused(503, "ServiceUnavailable"),
    "slow down": lambda h: h.refused(503, "SlowDown"),
    "too many requests": lambda h: h.refused(429, "TooManyRequests"),
    "upload stalled": lambda h: h.refused(400, "RequestTimeout"),
    "clock wrong": lambda h: h.refused(403, "RequestTimeTooSkewed"),
    "reset": lambda h: h.reset(),
    "silent": lambda h: h.silent(0.6),
    "cut short": lambda h: h.passed_on(cut=1) if h.command == "GET" else h.reset(),
}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, str]]:
    """The address of a server, and a bucket: the one that RANGKIANG_TEST_S3 names, or moto's."""
    if named := os.environ.get("RANGKIANG_TEST_S3"):
        address, _, bucket = named.rpartition("/")
        yield address, bucket
        return
    with moto_s3() as address:
        yield address, BUCKET


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own tries follow at once, and it waits for no answer for long: a minute in a moment."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    made = Config.__init__
    short = {"read_timeout": 0.3, "connect_timeout": 1}
    monkeypatch.setattr(Config, "__init__", lambda self, *a, **k: made(self, *a, **{**k, **short}))
    s3._client.cache_clear()


@pytest.fixture
def through(server: tuple[str, str]) -> Iterator[tuple[Unwell, str, str]]:
    """Who is between, their address, and the URL of an empty store."""
    with unwell(server[0]) as (told, address):
        yield told, address, f"s3://{server[1]}/{uuid.uuid4().hex}"


@pytest.fixture
def barn(
    through: tuple[Unwell, str, str], impatient: None, tmp_path: Path, ledger_url: str, inbox: dict[str, bytes]
) -> Iterator[Barn]:
    _, address, url = through
    settings = Settings(home=tmp_path, ledger=ledger_url, store=url, s3_endpoint=address)
    with steps.open_barn(settings) as barn:
        for key, data in inbox.items():
            barn.store.put(key, data)
        yield barn


@pytest.mark.parametrize("ill", ILLS)
def test_every_call_says_that_the_service_was_away(ill: str, through: tuple[Unwell, str, str], barn: Barn) -> None:
    (key,) = (e.key for e in barn.store.list("inbox/") if e.key.endswith(".txt"))
    through[0].falls_ill(ILLS[ill])
    calls = [lambda: barn.store.get(key), lambda: list(barn.store.list("inbox/"))]
    if ill != "cut short":
        calls += [lambda: barn.store.put("k", b"k"), lambda: barn.store.put_if_absent("k", b"k")]
    for call in calls:
        failing(call, ConnectionError)


def test_a_night_goes_on_where_the_server_answers_again(
    through: tuple[Unwell, str, str], barn: Barn, undisturbed: dict[str, str]
) -> None:
    """In every step the server is away for longer than the client tries, and is back when the step is tried again.

    What the client does not try again by itself costs the step one of its tries each time.
    """
    ills = cycle([("503", s3._ATTEMPTS), ("cut short", 2), ("clock wrong", 2)])

    def once(step: Callable[[], object]) -> object:
        ill, times = next(ills)
        through[0].falls_ill(ILLS[ill], after=4, times=times)
        return tried(step)

    night(barn, once)
    through[0].gets_well()
    assert digests(barn) == undisturbed


def test_while_it_is_away_no_document_is_to_blame_and_nothing_is_half_delivered(
    through: tuple[Unwell, str, str], barn: Barn
) -> None:
    batches = steps.collect(barn, OFFICE)
    before = {d.sha256: d.state for d in barn.ledger.documents(office=OFFICE)}
    through[0].falls_ill(ILLS["slow down"])
    failing(lambda: steps.read(barn, OFFICE, batches[0]), ConnectionError)
    assert {d.sha256: d.state for d in barn.ledger.documents(office=OFFICE)} == before
    through[0].gets_well()
    steps.read(barn, OFFICE, batches[0])
    steps.arrange(barn, OFFICE, batches[0])
    through[0].falls_ill(ILLS["slow down"], after=12)
    failing(lambda: steps.file(barn, OFFICE), ConnectionError)
    through[0].gets_well()
    recorded = {made.folder for made in barn.ledger.deliverables()}
    whole = {e.key.split("/", 1)[1].rsplit("/", 1)[0] for e in barn.store.list("filed/") if "MANIFEST" in e.key}
    assert recorded == whole
    assert State.FILED not in {d.state for d in barn.ledger.documents(office=OFFICE)} or recorded
    assert not (barn.settings.home / "portal" / "index.html").exists()
