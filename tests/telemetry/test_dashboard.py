"""The dashboard and the rules ask for numbers that there are, and a real Prometheus answers all they ask."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from helpers import exposition
from helpers.collector import Collector, collector
from rangkiang.telemetry import INSTRUMENTS, Distribution, Kind, Sample, open_exporter

_NAME = re.compile(r"\brangkiang_\w+")
OFFICES = ("13.04", "13.75")
SAID = {
    "state": ("filed", "held"),
    "status": ("proved", "flagged"),
    "standing": ("filed", "live"),
    "kind": ("scan", "digital"),
    "change": ("written", "unchanged"),
}


@pytest.fixture(scope="module")
def received() -> Iterator[Collector]:
    """Every instrument, by the product's own exporter, with numbers that are easy to know again."""
    with collector() as kept:
        assert open_exporter(kept.url, 5).send(list(samples()))
        yield kept


def samples() -> Iterator[Sample]:
    since = datetime(2026, 11, 26, tzinfo=UTC)
    for one in INSTRUMENTS.values():
        for n, office in enumerate(OFFICES, 1):
            for m in range(2):
                labels = {label: SAID.get(label, ("a", "b"))[m] for label in one.labels}
                if "office" in labels:
                    labels["office"] = office
                value: float | Distribution = (
                    10.0 * n * (3 - 2 * m)
                )  # 30 and 10 of the first office, 60 and 20 of the other
                if one.kind is Kind.HISTOGRAM:
                    value = Distribution(4, 2.0, (4, *(0 for _ in one.bounds)))
                if "office" in labels or n == 1:
                    yield Sample(one, labels, value, since)


@pytest.fixture(scope="module")
def queries(repository: Path) -> dict[str, str]:
    """Every question of the dashboard, by its panel."""
    board = json.loads((repository / "deploy/grafana/rangkiang.json").read_text("utf-8"))
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    return {
        f"{panel['title']} {target['refId']}": target["expr"].replace("$office", ".*")
        for panel in board["panels"]
        for target in panel["targets"]
    }


@pytest.fixture(scope="module")
def rules(repository: Path) -> list[dict[str, Any]]:
    said = yaml.safe_load((repository / "deploy/grafana/rules.yaml").read_text("utf-8"))
    return [rule for group in said["groups"] for rule in group["rules"]]


def test_every_number_that_is_asked_for_is_there_and_every_one_that_is_there_is_asked_for(
    queries: dict[str, str], rules: list[dict[str, Any]], received: Collector
) -> None:
    known = exposition.names(received.metrics.values())
    asked = {name for text in (*queries.values(), *(rule["expr"] for rule in rules)) for name in _NAME.findall(text)}
    assert asked - known == set()
    bases = {re.sub("_(bucket|sum|count)$", "", name) for name in asked}
    assert {exposition.name(metric) for metric in received.metrics.values()} - bases == set()
    assert set(received.metrics) == set(INSTRUMENTS)


def test_a_panel_says_what_it_shows_and_stands_in_its_own_place(repository: Path) -> None:
    board = json.loads((repository / "deploy/grafana/rangkiang.json").read_text("utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        assert panel["title"]
        assert panel["description"]
        at = panel["gridPos"]
        own = {(at["x"] + i, at["y"] + j) for i in range(at["w"]) for j in range(at["h"])}
        assert max(x for x, _ in own) < 24
        assert not own & taken, panel["title"]
        taken |= own


def test_the_collector_keeps_numbers_for_longer_than_it_takes_until_the_next_come(repository: Path) -> None:
    folder = repository / "deploy/grafana"
    told = yaml.safe_load((folder / "otel-collector.yaml").read_text("utf-8"))
    minutes = int(told["exporters"]["prometheus"]["metric_expiration"].removesuffix("m"))
    assert minutes >= 30
    fetched = yaml.safe_load((folder / "prometheus.yaml").read_text("utf-8"))["scrape_configs"][0]["static_configs"]
    port = told["exporters"]["prometheus"]["endpoint"].rpartition(":")[2]
    assert fetched[0]["targets"] == [f"otel-collector:{port}"]


@pytest.fixture(scope="module")
def prometheus(
    repository: Path, received: Collector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Prometheus with our rules, that has fetched the numbers a few times."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("Prometheus is not installed (Debian: prometheus)")
    folder = tmp_path_factory.mktemp("prometheus")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with exposition.offered(received.metrics.values()) as address:
        told = yaml.safe_load((repository / "deploy/grafana/prometheus.yaml").read_text("utf-8"))
        told["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        told["rule_files"] = [str(repository / "deploy/grafana/rules.yaml")]
        told["scrape_configs"][0]["static_configs"][0]["targets"] = [address]
        (folder / "prometheus.yaml").write_text(yaml.safe_dump(told))
        started = subprocess.Popen(
            [
                program,
                f"--config.file={folder}/prometheus.yaml",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("w"),
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False, timeout=30) as client:
                until_fetched(client)
                yield client
        finally:
            started.terminate()
            started.wait(30)


def until_fetched(client: httpx.Client) -> None:
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        try:
            asked = client.get("query", params={"query": "count_over_time(rangkiang_night_age_seconds[1m]) >= 3"})
            if asked.is_success and asked.json()["data"]["result"]:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    pytest.fail("Prometheus has not fetched the numbers")


def ask(client: httpx.Client, query: str) -> list[tuple[dict[str, str], float]]:
    answer = client.get("query", params={"query": query})
    assert answer.is_success, (query, answer.text)
    return [(one["metric"], float(one["value"][1])) for one in answer.json()["data"]["result"]]


def test_a_real_prometheus_answers_every_panel(prometheus: httpx.Client, queries: dict[str, str]) -> None:
    for panel, query in queries.items():
        assert ask(prometheus, query), panel
    assert ask(prometheus, queries["Dokumen diterima A"]) == [({}, 120.0)]
    assert ask(prometheus, queries["Dokumen tersusun A"]) == [({}, 90.0)]
    assert ask(prometheus, queries["Angka bertanda A"]) == [({}, 0.25)]
    assert ask(prometheus, queries["Set data terbit A"]) == [({}, 30.0)]
    shares = {labels["office"]: share for labels, share in ask(prometheus, queries["Kemajuan satuan kerja A"])}
    assert shares == {"13.04": 0.75, "13.75": 0.75}


def test_a_real_prometheus_takes_the_rules_and_warns_of_nothing_but_errors_that_it_has_not_seen_before(
    prometheus: httpx.Client, rules: list[dict[str, Any]]
) -> None:
    (group,) = prometheus.get("rules").json()["data"]["groups"]
    assert [rule["name"] for rule in group["rules"]] == [r.get("alert") or r["record"] for r in rules]
    assert {rule["health"] for rule in group["rules"]} <= {"ok", "unknown"}
    warned = {alert["labels"]["alertname"] for alert in prometheus.get("alerts").json()["data"]["alerts"]}
    assert warned == {"RangkiangPublishFails"}
    assert ask(prometheus, "rangkiang_night_age_seconds > 28 * 3600") == []


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")
def test_the_rules_warn_when_they_should(repository: Path, rules: list[dict[str, Any]], tmp_path: Path) -> None:
    late, well = 'rangkiang_night_age_seconds{office="13.04"}', 'rangkiang_night_age_seconds{office="13.75"}'
    first = 'rangkiang_publish_errors_total{stage="PL.01.8",error="Away"}'  # nothing has failed before
    series = {late: "100000+600x30", well: "100+0x30", "rangkiang_documents": "5+0x30", first: "_x10 1x20"}

    def expected(at: str, alert: str, **labels: str) -> dict[str, Any]:
        (rule,) = (rule for rule in rules if rule.get("alert") == alert)
        said = {name: _filled(text, labels) for name, text in rule["annotations"].items()}
        warned = [{"exp_labels": rule["labels"] | labels, "exp_annotations": said}]
        return {"eval_time": at, "alertname": alert, "exp_alerts": warned}

    tests = {
        "rule_files": [str(repository / "deploy/grafana/rules.yaml")],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "10m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": [
                    expected("120m", "RangkiangNightLate", office="13.04"),
                    expected("120m", "RangkiangPublishFails", stage="PL.01.8", error="Away"),
                    {"eval_time": "120m", "alertname": "RangkiangSilent", "exp_alerts": []},
                    expected("400m", "RangkiangSilent"),
                ],
            }
        ],
    }
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests))
    done = subprocess.run(["promtool", "test", "rules", "tests.yaml"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _filled(text: str, labels: dict[str, str]) -> str:
    return re.sub(r"{{ \$labels\.(\w+) }}", lambda found: labels.get(found[1], ""), text)
