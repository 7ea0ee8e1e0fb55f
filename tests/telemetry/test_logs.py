"""Every line of the log says which document it is about: of our own code, of a library, and of a worker process."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner

from helpers import misbehaving
from helpers.nights import house, of_offices
from rangkiang import steps
from rangkiang.cli import cli
from rangkiang.errors import BatchFailed
from rangkiang.guard import jobs
from rangkiang.ledger.opening import opened
from rangkiang.settings import Settings
from rangkiang.telemetry import logs
from samples import demo

OFFICE = "13.04"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger("rangkiang")
    kept = root.handlers[:], root.level, own.level, logs._written, logs._handler
    yield
    root.handlers[:], root.level, own.level, logs._written, logs._handler = kept


def test_a_document_that_fails_is_named_on_the_lines_of_its_traceback_and_of_its_worker(
    tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "read", misbehaving.read_some)
    inbox = of_offices(demo.build()[0].files, [OFFICE])
    logs.configure("text")  # the worker begins like this
    with house(tmp_path, ledger_url, inbox) as barn:
        batch = [sha for batch in steps.collect(barn, OFFICE) for sha in batch]
        forms = {d.sha256[:12]: d.said.form for d in barn.ledger.documents(sha256s=batch)}
        capfd.readouterr()
        logs.configure("json")
        with pytest.raises(BatchFailed):
            steps.read(barn, OFFICE, batch)
    bad = {sha[:12] for sha in batch if not int(sha[0], 16) % 2}
    assert bad < forms.keys()
    lines: list[dict[str, Any]] = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    for what in ("has failed", "odd operator in a stream"):
        found = [line for line in lines if what in line["message"]]
        assert {line["document"] for line in found} == bad
        for line in found:
            assert line["office"] == OFFICE
            assert line["form"] == forms[line["document"]]
            assert line["step"] == f"read.{OFFICE}"
            assert line["run"].startswith(barn.run)
            assert datetime.fromisoformat(line["time"]).tzinfo
    failed = [line for line in lines if "exception" in line]
    assert {line["document"] for line in failed} == bad
    assert all("ZeroDivisionError: what nobody foresaw" in line["exception"] for line in failed)
    assert all("read_some" in line["exception"] for line in failed)  # the worker's own traceback


def test_lines_outside_of_a_document_name_none() -> None:
    out = io.StringIO()
    logs.configure("json", out)
    with logs.about_document("13.06", "ab" * 32, "DA1-PPWP"):
        logging.getLogger("x").warning("within")
    logging.getLogger("rangkiang.x").info("behind")
    logging.getLogger("x").info("not said")
    within, behind = map(json.loads, out.getvalue().splitlines())
    assert (within["document"], within["form"], within["level"], within["logger"]) == (
        "abababababab",
        "DA1-PPWP",
        "warning",
        "x",
    )
    assert "document" not in behind


def test_a_worker_is_told_of_the_document_and_of_nothing_else_that_is_bound() -> None:
    with structlog.contextvars.bound_contextvars(task="not for a reader"), logs.about_document("13.06", "ab" * 32):
        assert logs.told() == {"office": "13.06", "document": "abababababab"}


def test_for_people_it_is_a_line_of_text() -> None:
    out = io.StringIO()
    logs.configure("text", out)
    with logs.about_document("13.06", "ab" * 32):
        logging.getLogger("x").warning("a line for people")
    assert "a line for people" in out.getvalue()
    assert "document=abababababab" in out.getvalue()
    assert "\033" not in out.getvalue()


def test_the_shell_says_whose_night_is_late_and_what_is_measured_for_nobody(
    tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANGKIANG_HOME", str(tmp_path))
    monkeypatch.setenv("RANGKIANG_LEDGER", ledger_url)
    new = CliRunner().invoke(cli, ["status", "--late"])
    assert new.exit_code == 1
    assert "no night has begun yet" in new.output
    with opened(Settings()) as ledger:
        ledger.begin_night("13.06", date(2026, 11, 25))
    said = CliRunner().invoke(cli, ["status", "--late"])
    assert said.exit_code == 1
    assert said.output.count("never done") > 20
    monkeypatch.setenv("RANGKIANG_LEDGER", "postgresql://127.0.0.1:1/nobody")
    away = CliRunner().invoke(cli, ["status", "--late"])
    assert away.exit_code == 1
    assert "does not answer" in away.output
