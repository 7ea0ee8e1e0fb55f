"""Every step tells how it began and how it ended, in words that any OpenLineage reader understands."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError
from openlineage.client.serde import Serde

from helpers.openlineage import facets, validators
from rangkiang.lineage import (
    CONDITION,
    IDENTITY,
    About,
    Above,
    Change,
    DocumentDatasetFacet,
    Drawn,
    Lineage,
    Parent,
    dataset_name,
    open_lineage,
    run_id,
    schemas,
)
from rangkiang.lineage.facets import NAMES
from rangkiang.lineage.naming import PRODUCER
from rangkiang.model import FIGURE_COLUMNS, Check, Severity

SPEC = Path(__file__).parents[2].parent / "shared" / "data" / "openlineage"
needs_spec = pytest.mark.skipif(not SPEC.exists(), reason="needs ../shared/data/openlineage")
STORE = "s3://barn/election"
PARENT = Parent(
    Above("airflow", "regency__13.05.read", "0190c1a2-0000-7000-8000-000000000001"),
    root=Above("airflow", "regency__13.05", "0190c1a2-0000-7000-8000-000000000002"),
    known_as=("regency__13.05", "scheduled__2026-09-18"),
)
NIGHT = datetime(2026, 9, 18, 1, tzinfo=UTC)
CHECKS = (
    Check("V.C = V.A + V.B", Severity.WARNING, False, "A: selisih +5"),
    Check("Semua baris diisi", Severity.INFO, True),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lineage" / "events.jsonl"


@pytest.fixture
def lineage(file: Path) -> Lineage:
    return open_lineage(file.as_uri(), "rangkiang", store=STORE)


def kept(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def arrange(lineage: Lineage, error: BaseException | None = None) -> None:
    with lineage.step("arrange.13.05", "night/1", nominal=NIGHT, parent=PARENT) as step:
        step.input("readings/a.parquet", About(checks=CHECKS))
        read = step.name("readings/a.parquet")
        drawn = Drawn([read], {"value": {"value": IDENTITY, "row": CONDITION}})
        about = About("13.05", schema=FIGURE_COLUMNS, rows=507, version="d1", change=Change.CREATE, drawn=drawn)
        step.output("proofs/a.parquet", about)
        step.output("dataset/db1-ppwp-13.05", namespace="https://portal.example/data")
        if error:
            raise error


def test_a_step_tells_what_it_read_what_it_wrote_and_how_it_was_checked(lineage: Lineage, file: Path) -> None:
    arrange(lineage)
    start, complete = kept(file)
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == complete["run"]["runId"]
    (source,) = complete["inputs"]
    assert (source["namespace"], source["name"]) == ("s3://barn", "election/readings/a.parquet")
    assert source["inputFacets"]["dataQualityAssertions"]["assertions"] == [
        {
            "assertion": "V.C = V.A + V.B",
            "success": False,
            "severity": "warn",
            "actual": "A: selisih +5",
        },
        {"assertion": "Semua baris diisi", "success": True, "severity": "info"},
    ]
    proof, dataset = complete["outputs"]
    assert proof["outputFacets"]["outputStatistics"]["rowCount"] == 507
    assert [f["name"] for f in proof["facets"]["schema"]["fields"]] == list(FIGURE_COLUMNS)
    assert (dataset["namespace"], dataset["name"]) == ("https://portal.example", "data/dataset/db1-ppwp-13.05")
    parent = complete["run"]["facets"]["parent"]
    assert PARENT.root
    assert (parent["run"]["runId"], parent["root"]["run"]["runId"]) == (PARENT.above.run_id, PARENT.root.run_id)
    known = complete["run"]["facets"]["rangkiang_orchestration"]
    assert (known["job"], known["run"]) == PARENT.known_as
    assert complete["run"]["facets"]["nominalTime"]["nominalStartTime"] == NIGHT.isoformat()
    assert complete["job"]["facets"]["documentation"]["description"].startswith("Proves and checks")


@pytest.mark.parametrize(
    ("error", "state"), [(ValueError("no such row"), "FAIL"), (KeyboardInterrupt("stopped"), "ABORT")]
)
def test_a_step_that_fails_says_so_and_lets_the_error_through(
    lineage: Lineage, file: Path, error: BaseException, state: str
) -> None:
    with pytest.raises(type(error)) as raised:
        arrange(lineage, error)
    assert raised.value is error
    last = kept(file)[-1]
    assert last["eventType"] == state
    assert last["run"]["facets"]["errorMessage"]["message"] == f"{type(error).__name__}: {error}"
    assert len(last["inputs"]) == 1  # what it had read by then


@needs_spec
def test_every_event_and_every_facet_is_valid_by_the_specification(lineage: Lineage, file: Path) -> None:
    arrange(lineage)
    with pytest.raises(ValueError, match="no such row"):
        arrange(lineage, ValueError("no such row"))
    checked = set()
    validate = validators(SPEC)
    for event in kept(file):
        validate("https://openlineage.io/spec/2-0-2/OpenLineage.json", event)
        for name, facet in facets(event):
            validate(facet["_schemaURL"].partition("#")[0], {name: facet})
            checked.add(name)
    assert checked == {
        "documentation", "jobType", "parent", "nominalTime", "errorMessage", "processing_engine",
        "schema", "outputStatistics", "dataQualityAssertions", "columnLineage", "lifecycleStateChange",
        "ownership", "version", "datasetType", "rangkiang_orchestration",
    }  # fmt: skip


def test_of_a_table_is_said_whose_it_is_what_version_and_where_each_column_is_from(
    lineage: Lineage, file: Path
) -> None:
    arrange(lineage)
    said = kept(file)[-1]["outputs"][0]["facets"]
    assert said["ownership"]["owners"] == [{"name": "team:KPU Kabupaten Padang Pariaman", "type": "OWNER"}]
    assert (said["version"]["datasetVersion"], said["lifecycleStateChange"]["lifecycleStateChange"]) == ("d1", "CREATE")
    assert said["datasetType"]["datasetType"] == "TABLE"
    reading = {"namespace": "s3://barn", "name": "election/readings/a.parquet"}
    assert said["columnLineage"]["fields"]["value"]["inputFields"] == [
        {**reading, "field": "value", "transformations": [{"type": "DIRECT", "subtype": "IDENTITY"}]},
        {**reading, "field": "row", "transformations": [{"type": "INDIRECT", "subtype": "CONDITION"}]},
    ]


def test_columns_that_come_from_thousands_of_tables_are_not_listed(lineage: Lineage, file: Path) -> None:
    with lineage.step("file.13.05", "1") as step:
        drawn = Drawn([("s3://barn", f"proofs/{n}") for n in range(5001)], {"value": {"value": IDENTITY}})
        step.output("filed/c1.csv", About(drawn=drawn))
    assert "columnLineage" not in kept(file)[-1]["outputs"][0]["facets"]


def test_where_the_source_is_to_be_seen_is_said_where_that_is_known(file: Path) -> None:
    seen = open_lineage(file.as_uri(), "rangkiang", source="https://git.example/rangkiang/blob/v1/")
    arrange(seen)
    told = kept(file)[-1]["job"]["facets"]["sourceCodeLocation"]
    assert told["url"] == "https://git.example/rangkiang/blob/v1/include/rangkiang/steps/office.py"
    path = Path(__file__).parents[2] / told["path"]
    assert "\ndef arrange(" in path.read_text("utf-8")


@needs_spec
def test_each_facet_of_our_own_has_a_schema_that_refuses_what_is_none() -> None:
    ours = {schema["$id"]: schema for schema in schemas()}
    assert {facet._get_schema().partition("#")[0] for facet in NAMES} == set(ours)
    assert {name for schema in ours.values() for name in schema["properties"]} == set(NAMES.values())
    validate = validators(SPEC)
    facet = json.loads(Serde.to_json(DocumentDatasetFacet("13.05", "inbox/x/a.pdf", "accepted", producer=PRODUCER)))
    identity = facet["_schemaURL"].partition("#")[0]
    validate(identity, {"rangkiang_document": facet})
    for wrong in ({"state": "lost"}, {"offices": "13.05"}, {"office": "Padang"}, {"key": None}):
        with pytest.raises(ValidationError):
            validate(identity, {"rangkiang_document": facet | wrong})


def test_a_retry_is_the_same_run_only_where_it_is_the_same_try() -> None:
    first = run_id("rangkiang", "read.13.05", "night/1")
    assert run_id("rangkiang", "read.13.05", "night/1") == first
    assert len({first, run_id("rangkiang", "read.13.05", "night/2"), run_id("rangkiang", "read.13.06", "night/1")}) == 3


def test_processes_that_write_at_once_leave_whole_lines(file: Path) -> None:
    jobs = [multiprocessing.get_context("spawn").Process(target=_many, args=(file.as_uri(), n)) for n in range(3)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert [job.exitcode for job in jobs] == [0, 0, 0]
    events = kept(file)
    assert len(events) == 3 * 20 * 2
    assert all(len(e["outputs"]) == 300 for e in events if e["eventType"] == "COMPLETE")  # far beyond a write buffer


def _many(url: str, process: int) -> None:
    lineage = open_lineage(url, "rangkiang", store=STORE)
    for n in range(20):
        with lineage.step(f"file.{process}", str(n)) as step:
            for key in range(300):
                step.output(f"filed/a rather long folder name/{process}/{n}/{key}.csv", About(rows=key))


def test_a_line_that_a_killed_process_left_unfinished_spoils_no_other(lineage: Lineage, file: Path) -> None:
    arrange(lineage)
    with file.open("ab") as torn:
        torn.write(b'{"eventType": "COMP' + b"x" * 200_000)
    arrange(lineage)
    assert [e["eventType"] for e in kept(file)] == ["START", "COMPLETE"] * 2


def test_lineage_that_cannot_be_kept_does_not_stop_the_work(
    lineage: Lineage, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.mkdir()  # where the file should be
    arrange(lineage)
    assert "The lineage event of arrange.13.05 was not kept" in caplog.text


def test_an_https_url_posts_to_an_openlineage_server(monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[tuple[str, str | None, dict[str, Any]]] = []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, self.headers["Authorization"], json.loads(body)))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    monkeypatch.setenv("OPENLINEAGE_API_KEY", "k")
    monkeypatch.setitem(os.environ, "NO_PROXY", "127.0.0.1")
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        arrange(open_lineage(f"http://127.0.0.1:{server.server_port}", "rangkiang", store=STORE))
        server.shutdown()
    assert [(path, key, e["eventType"]) for path, key, e in received] == [
        ("/api/v1/lineage", "Bearer k", "START"),
        ("/api/v1/lineage", "Bearer k", "COMPLETE"),
    ]


@pytest.mark.parametrize(
    ("place", "key", "expected"),
    [
        ("file:///srv/my%20store", "a/b.csv", ("file", "/srv/my store/a/b.csv")),
        ("s3://bucket", "a/b.csv", ("s3://bucket", "a/b.csv")),
        ("https://portal.example:8443/ckan/", "dataset/x", ("https://portal.example:8443", "ckan/dataset/x")),
        ("rangkiang", "a/b.csv", ("rangkiang", "a/b.csv")),
    ],
)
def test_datasets_are_named_as_the_specification_names_them(place: str, key: str, expected: tuple[str, str]) -> None:
    assert dataset_name(place, key) == expected


def test_what_cannot_be_understood_is_refused(tmp_path: Path, lineage: Lineage) -> None:
    with pytest.raises(ValueError, match="file:// or an https:// URL"):
        open_lineage("ftp://server/events", "rangkiang")
    with pytest.raises(ValueError, match="time zone"), lineage.step("read.13.05", "1", nominal=datetime(2026, 9, 18)):
        raise AssertionError("never reached")
    assert Above.of(f"airflow/regency__13.05.read/{PARENT.above.run_id}") == PARENT.above
    with pytest.raises(ValueError, match="namespace/job/run id"):
        Above.of("airflow")
