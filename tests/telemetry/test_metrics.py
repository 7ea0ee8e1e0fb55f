"""What a collector receives of a real night is what the ledger says; one that is away costs nobody anything."""

from __future__ import annotations

import logging
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.collector import Collector, collector
from helpers.nights import night, of_offices
from rangkiang import steps, telemetry
from rangkiang.alerts import CODES as CODES_TOLD
from rangkiang.ledger import Ledger
from rangkiang.model import State
from rangkiang.portal.ckan.patience import patiently
from rangkiang.portal.errors import Away
from rangkiang.settings import Ckan, Limits, Settings
from rangkiang.steps import Barn
from rangkiang.telemetry import INSTRUMENTS, Kind, Tally, instruments
from samples import demo

OFFICES = ("13.04", "13.75")
CODES = {"office", "stage", "state", "status", "severity", "reason", "standing", "kind", "limit", "change", "error"}


@pytest.fixture(scope="module")
def receiving() -> Iterator[Collector]:
    with collector() as found:
        yield found


@pytest.fixture(scope="module")
def barn(tmp_path_factory: pytest.TempPathFactory, receiving: Collector) -> Iterator[Barn]:
    """A house after a night, its numbers sent. One file is too large to be fetched."""
    settings = Settings(home=tmp_path_factory.mktemp("house"), metrics=receiving.url, limits=Limits(megabytes=3))
    inbox = of_offices(demo.build()[0].files, OFFICES)
    with steps.open_barn(settings) as opened:
        for key, data in inbox.items():
            opened.store.put(key, data)
        first = min(inbox)
        opened.store.put(f"{first.rpartition('/')[0]}/besar.pdf", bytes(4 * 1024 * 1024))
        night(opened, OFFICES)
    with steps.open_barn(settings) as opened:
        assert steps.observe(opened)
        yield opened


def test_documents_figures_and_findings_are_those_of_the_ledger(barn: Barn, receiving: Collector) -> None:
    documents = Counter((d.office, d.state) for d in barn.ledger.documents())
    for office in OFFICES:
        for state in set(State) - {State.SPLIT}:
            assert receiving.total("rangkiang.documents", office=office, state=state) == documents[office, state]
    statuses: Counter[str] = Counter()
    for proof in barn.ledger.readings(kind="proof"):
        statuses.update(proof.counts)
    assert statuses["proved"] > 1000
    for status, number in statuses.items():
        assert receiving.total("rangkiang.figures", status=status) == number
    severities = Counter(finding.severity for finding in barn.ledger.findings())
    for severity, number in severities.items():
        assert receiving.total("rangkiang.findings", severity=severity) == number
    reasons = Counter(d.reason.code for d in barn.ledger.documents(states=[State.QUARANTINED]) if d.reason)
    assert reasons["too_large"] == 1
    for reason, number in reasons.items():
        assert receiving.total("rangkiang.documents.refused", reason=reason) == number


def test_pages_and_seconds_are_those_of_what_was_read(barn: Barn, receiving: Collector) -> None:
    read = {reading.sha256 for reading in barn.ledger.readings(kind="reading")}
    pages = sum(d.said.pages for d in barn.ledger.documents() if d.sha256 in read)
    assert receiving.total("rangkiang.read.pages") == pages > 0
    points = receiving.metrics["rangkiang.read.duration"].histogram.data_points
    assert sum(point.count for point in points) == len(read)
    assert all(sum(point.bucket_counts) == point.count for point in points)
    assert all(list(point.explicit_bounds) == list(instruments.READ_DURATION.bounds) for point in points)
    assert 0 < sum(point.sum for point in points) < 600


def test_what_was_published_and_what_was_refused_at_the_limit(barn: Barn, receiving: Collector) -> None:
    releases = barn.ledger.releases()
    assert receiving.total("rangkiang.publish.datasets", change="written") == len(releases) > 0
    assert receiving.total("rangkiang.datasets", standing="live") == len(releases)
    assert receiving.total("rangkiang.guard.limits", limit="too_large") == 1
    assert {dict(k)["stage"] for k in receiving.numbers("rangkiang.release.age")} == {r.stage for r in releases}


def test_the_night_is_done_for_the_offices_that_worked(receiving: Collector) -> None:
    duration = receiving.numbers("rangkiang.night.duration")
    offices = {dict(labels)["office"] for labels in duration} - {""}
    assert offices == set(OFFICES)
    assert all(0 < seconds < 600 for seconds in duration.values())


def test_names_units_and_labels_are_those_of_the_list(receiving: Collector, barn: Barn) -> None:
    for name, metric in receiving.metrics.items():
        listed = INSTRUMENTS[name]
        assert (metric.unit, metric.description) == (listed.unit, listed.description)
        assert metric.WhichOneof("data") == {"counter": "sum"}.get(listed.kind, listed.kind.value)
        if listed.kind is not Kind.HISTOGRAM:
            assert {frozenset(dict(labels)) for labels in receiving.numbers(name)} == {frozenset(listed.labels)}
        if listed.kind is Kind.COUNTER:
            assert metric.sum.is_monotonic
            assert metric.sum.aggregation_temporality == 2  # cumulative
            assert all(point.start_time_unix_nano for point in metric.sum.data_points)
    assert receiving.resource["service.name"] == "rangkiang"


def test_labels_are_codes_and_nothing_else() -> None:
    assert {label for one in INSTRUMENTS.values() for label in one.labels} <= CODES
    with pytest.raises(ValueError, match="labels"):
        Tally().add(instruments.READ_PAGES, file="agam/DA1.pdf")


def test_another_run_adds_to_what_was_counted_and_reads_nothing_twice(barn: Barn, receiving: Collector) -> None:
    before = receiving.total("rangkiang.read.pages")
    with steps.open_barn(barn.settings) as again:
        night(again, OFFICES)
        assert steps.observe(again)
    assert receiving.total("rangkiang.read.pages") == before
    assert receiving.total("rangkiang.publish.datasets", change="written") == len(barn.ledger.releases())


def test_many_short_processes_count_as_one(ledger: Ledger) -> None:
    for _ in range(3):
        tally = Tally()
        with telemetry.into(tally):
            telemetry.add(instruments.READ_PAGES, 2, office="13.04", kind="scan")
        ledger.tally(tally.sums)
    assert [value for value, _ in ledger.tallied().values()] == [6]


def test_nothing_is_measured_where_nobody_asks(tmp_path: Path, ledger_url: str) -> None:
    with steps.open_barn(Settings(home=tmp_path, ledger=ledger_url)) as quiet:
        telemetry.add(instruments.READ_PAGES, 2, office="13.04", kind="scan")
        assert not steps.observe(quiet)
        assert quiet.ledger.tallied() == {}


@pytest.mark.parametrize("listening", [False, True], ids=["refused", "silent"])
def test_a_collector_that_is_away_delays_nobody_for_long_and_is_named_once(
    tmp_path: Path, ledger_url: str, listening: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        if listening:
            nobody.listen()
        url = f"otlp+http://127.0.0.1:{nobody.getsockname()[1]}"
        with steps.open_barn(Settings(home=tmp_path, ledger=ledger_url, metrics=url)) as barn:
            began = time.monotonic()
            with caplog.at_level(logging.INFO):
                assert not steps.observe(barn)
            assert time.monotonic() - began < 12
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert url.removeprefix("otlp+") in caplog.text


def test_a_ledger_that_goes_away_costs_numbers_and_no_work(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from rangkiang.ledger import open_ledger
    from rangkiang.steps.observing import measured

    away = open_ledger("postgresql://127.0.0.1:1/nobody")
    with measured(away, Settings(home=tmp_path, metrics="otlp+http://127.0.0.1:1")):
        telemetry.add(instruments.READ_PAGES, 2, office="13.04", kind="scan")
    assert "is lost" in caplog.text


def test_an_address_that_is_no_collectors_is_refused() -> None:
    with pytest.raises(ValueError, match="otlp"):
        telemetry.open_exporter("statsd://127.0.0.1:8125", 1)


def test_what_a_portal_does_not_do_at_once_is_counted_and_so_is_what_it_does_not_do() -> None:
    tries = iter([Away("busy"), Away("busy"), None])

    def step() -> str:
        if (error := next(tries)) is not None:
            raise error
        return "done"

    tally = Tally()
    with telemetry.into(tally):
        assert patiently(Ckan(pause=0), step) == "done"
        with pytest.raises(Away), telemetry.counting(instruments.PUBLISH_ERRORS, stage="PL.01.8"):
            raise Away("away")
    found = {(one.name, dict(one.labels).get("error", "")): value for one, value in tally.sums.items()}
    assert found == {("rangkiang.publish.retries", ""): 2, ("rangkiang.publish.errors", "Away"): 1}


def test_the_page_about_telemetry_lists_every_number(repository: Path) -> None:
    page = (repository / "docs/telemetry.md").read_text("utf-8")
    for one in INSTRUMENTS.values():
        labels = ", ".join(f"`{label}`" for label in one.labels) or "–"
        assert f"| `{one.name}` | {one.kind} | `{one.unit}` | {labels} | {one.description} |" in page
    for code in CODES_TOLD:
        assert f"| `{code}` |" in page
