"""``rangkiang tables``: from a file to tidy tables, every cell, and what is wrong with them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from reportlab.pdfgen.canvas import Canvas

from rangkiang import catalogue
from rangkiang.cli import cli
from rangkiang.model import Reason
from rangkiang.steps import tables

DPT = """KECAMATAN;LAKI-LAKI;PEREMPUAN;JUMLAH
LUBUK BASUNG;10;12;22
=HYPERLINK("x");1.000;-;1.000
BASO;5;6;12
"""


@pytest.fixture
def dpt(tmp_path: Path) -> Path:
    path = tmp_path / "dpt.csv"
    path.write_text(DPT, encoding="utf-8")
    return path


def test_a_table_is_written_tidy_and_with_every_cell(dpt: Path, tmp_path: Path) -> None:
    found = tables.survey(dpt)
    assert isinstance(found, tables.Survey)
    tables.write(found, tmp_path / "out")
    rows = list(csv.reader((tmp_path / "out" / "table-001.csv").open(encoding="utf-8")))
    assert rows[0] == ["KECAMATAN", "LAKI-LAKI", "PEREMPUAN", "JUMLAH"]
    assert rows[2][0] == '\'=HYPERLINK("x")'  # no spreadsheet takes it for a formula
    said = json.loads((tmp_path / "out" / "tables.json").read_text("utf-8"))
    (table,) = said["tables"]
    assert table["columns"][1] == {"name": "LAKI-LAKI", "type": "number"}
    assert len(table["cells"]) == 16
    assert table["cells"][5] == {
        "row": 1,
        "col": 1,
        "row_span": 1,
        "col_span": 1,
        "text": "10",
        "box": None,
        "page": 1,
        "engine": table["engine"],
    }


def test_the_jenis_dokumen_decides_what_else_is_demanded(dpt: Path) -> None:
    found = tables.survey(dpt, catalogue.doctype("REKAP-DPT"))
    assert isinstance(found, tables.Survey)
    (table,) = found.found
    assert [(c.name, c.detail) for c in table.checks if not c.success] == [
        ("JUMLAH = LAKI-LAKI + PEREMPUAN", "baris 3 (BASO): selisih +1")
    ]
    found = tables.survey(dpt, catalogue.doctype("DAFTAR-CALON"))
    assert isinstance(found, tables.Survey)
    assert [(c.name, c.detail) for c in found.found[0].checks if not c.success] == [
        ("Kolom yang diwajibkan ada", "NOMOR URUT; NAMA")
    ]


def test_a_file_without_tables_and_a_broken_one_have_their_reasons(tmp_path: Path) -> None:
    broken = tmp_path / "x.pdf"
    broken.write_bytes(b"%PDF-1.4\nnothing")
    found = tables.survey(broken)
    assert isinstance(found, Reason)
    assert found.code == "broken_file"


def test_a_decree_may_be_of_text_alone(tmp_path: Path) -> None:
    decree = tmp_path / "sk.pdf"
    canvas = Canvas(str(decree), invariant=1)
    for n in range(8):
        canvas.drawString(60, 700 - 14 * n, "Menetapkan hasil pemilihan umum sebagaimana tercantum dalam lampiran ini.")
    canvas.save()
    assert tables.survey(decree) == Reason("no_table")
    found = tables.survey(decree, catalogue.doctype("SK"))
    assert isinstance(found, tables.Survey)
    assert (found.found, [d.engine for d in found.decisions]) == ((), ["none"])


def test_the_command_lists_tables_and_says_what_failed(dpt: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["tables", str(dpt), "--out", str(tmp_path / "out"), "--doctype", "REKAP-DPT"])
    assert done.exit_code == 0, done.output
    assert "1 tables written" in done.output
    assert "JUMLAH = LAKI-LAKI + PEREMPUAN: baris 3 (BASO): selisih +1" in done.output
    done = CliRunner().invoke(cli, ["tables", str(dpt), "--doctype", "DAFTAR-CALON"])
    assert done.exit_code == 1
    done = CliRunner().invoke(cli, ["tables", str(dpt), "--doctype", "TIDAK-ADA"])
    assert done.exit_code == 2
