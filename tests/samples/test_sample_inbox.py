"""The sample inbox as a reader meets it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
import pypdfium2  # type: ignore[import-untyped]
import pytest

from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.intake import inspect, media_type
from rangkiang.model import Level
from rangkiang.reading import read
from samples import demo, papers
from samples.faults import Fault
from samples.inbox import Inbox
from samples.region import RegencyTally

LABEL = "Contoh: pembagian per kecamatan dan bagian I–III adalah data sintetis"


@pytest.fixture(scope="module")
def clean(tallies: tuple[RegencyTally, ...]) -> Inbox:
    """The inbox before any fault is sown."""
    return demo.whole(tallies)


def figures(box: Inbox, key: str, model: str) -> pd.DataFrame:
    data = box.files[key]
    return read(data, media_type(data), form(model), key.rpartition("/")[2], hashlib.sha256(data).hexdigest())


def column(frame: pd.DataFrame, kind: str, label: str) -> dict[str, int]:
    here = frame[(frame["column_kind"] == kind) & (frame["column_label"] == label)]
    return dict(zip(here["row"], here["value"].astype(int), strict=True))


def test_the_same_bytes_on_every_run(box: Inbox, repository: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": "include", "PYTHONHASHSEED": "7", "TZ": "Asia/Jakarta"}
    command = [sys.executable, "-m", "samples.demo", "--out", str(tmp_path)]
    subprocess.run(command, cwd=repository, env=environment, check=True, capture_output=True)
    written = {str(p.relative_to(tmp_path)): p.read_bytes() for p in (tmp_path / "inbox").rglob("*") if p.is_file()}
    assert {key for key in written if written[key] != box.files.get(key)} == set()
    assert set(written) == set(box.files)


def test_writing_again_touches_nothing(box: Inbox, tmp_path: Path) -> None:
    assert box.write(tmp_path) == len(box.files)
    assert box.write(tmp_path) == 0


def test_every_document_is_accepted_before_faults_are_sown(clean: Inbox) -> None:
    refused = {}
    for key, data in clean.files.items():
        office = catalogue.office_of_slug(key.split("/")[1])
        assert office is not None
        verdict = inspect(data, key, office.code)
        if verdict.classification is None or verdict.classification.remarks:
            refused[key] = verdict
    assert refused == {}
    assert len(clean.files) == 1 + 19 + 19 + sum(demo.DA1_SHEETS.values())


@pytest.mark.parametrize("code", ["13.03", "13.04", "13.06", "13.72"])  # turned names; no carries; carries; few units
def test_a_db1_reads_back_as_it_was_meant(clean: Inbox, tallies: tuple[RegencyTally, ...], code: str) -> None:
    tally = next(t for t in tallies if t.office.code == code)
    frame = figures(clean, papers.db1_key(tally.office), "DB1-PPWP")
    assert column(frame, "total", "JUMLAH AKHIR") == tally.figures
    for entry in tally.districts:
        assert column(frame, "unit", entry.district.name) == entry.figures


def test_the_dc1_has_the_totals_of_the_db1(clean: Inbox, tallies: tuple[RegencyTally, ...]) -> None:
    key = next(k for k in clean.files if "DC1" in k)
    frame = figures(clean, key, "DC1-PPWP")
    assert set(frame["column_kind"]) == {"unit", "carried_in", "carried_out", "total"}
    for tally in tallies:
        assert column(frame, "unit", tally.office.name) == tally.figures


def test_a_da1_has_the_column_of_its_db1(clean: Inbox, tallies: tuple[RegencyTally, ...]) -> None:
    entry = next(t for t in tallies if t.office.code == "13.71").districts[0]
    key = next(k for k in clean.files if k.endswith(papers.da1_path(entry, ".xlsx")))
    assert column(figures(clean, key, "DA1-PPWP"), "total", "JUMLAH AKHIR") == entry.figures


def test_every_page_says_that_it_is_an_example_and_which_page_it_is(clean: Inbox) -> None:
    for key, data in clean.files.items():
        if not key.endswith(".pdf"):
            continue
        with closing(pypdfium2.PdfDocument(data)) as document:
            count = len(document)
            texts = [page.get_textpage().get_text_bounded() for page in document]
        for number, text in enumerate(texts, 1):
            assert LABEL in text, (key, number)
            assert f"Halaman {number} dari {count}" in text, (key, number)


def test_tables_come_in_several_dialects(clean: Inbox) -> None:
    tables = [data for key, data in clean.files.items() if key.endswith(".csv")]
    heads = [data.split(b"\r\n")[0] for data in tables]
    assert {mark for mark in b",;\t" if any(mark in head for head in heads)} == set(b",;\t")
    assert any(data.startswith(b"\xef\xbb\xbf") for data in tables)
    assert any(b"\x96 SINTETIS" in data for data in tables), "none is in Windows-1252"
    assert any(b"JUMLAH;" in data and b"." in data.splitlines()[-1] for data in tables), "none has thousands with a dot"
    assert all(
        b"SINTETIS" in line for data in tables for line in data.splitlines()[1:] if not line.startswith(b"JUMLAH")
    )
    assert all(20 <= len(data.splitlines()) <= 60 for data in tables)


def test_every_office_has_an_inbox(box: Inbox) -> None:
    slugs = {key.split("/")[1] for key in box.files}
    assert slugs == {o.slug for o in catalogue.offices()}
    assert sum(o.level is Level.KABKOTA for o in catalogue.offices()) == 19


def test_faults_leave_every_other_file_alone(box: Inbox, clean: Inbox, faults: dict[str, Fault]) -> None:
    touched = {key for key in clean.files if box.files.get(key) != clean.files[key]}
    assert len(touched) == 3  # the wrong sum, the bad table, the missing one
    assert {k for k in touched if k in box.files} == {faults["sum_error"].key, faults["check_failed"].key}
