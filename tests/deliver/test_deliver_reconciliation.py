"""The reconciliation is a dataset like the others: a folder, a table, a narrative."""

from __future__ import annotations

import io
import re
import sqlite3
from pathlib import Path

import openpyxl
import pandas as pd
from frictionless import validate

from rangkiang.deliver import HeldDataset, build_reconciliation
from rangkiang.proof import Agreement

UP, LOW = "a" * 64, "b" * 64


def agreement(code: str, place: str, row: str, upper: int | None, lower: int | None, state: str) -> Agreement:
    lower_sha = "" if state == "missing" else LOW
    return Agreement("kecamatan", code, place, "", row, "DB1-PPWP", UP, upper, "DA1-PPWP", lower_sha, lower, state)


AGREEMENTS = [
    agreement("13.74.01", "PADANG PANJANG TIMUR", "IV.01", 1500, 1500, "agrees"),
    agreement("13.74.01", "PADANG PANJANG TIMUR", "IV.02", 1500, 1376, "printed_error"),
    agreement("13.74.01", "PADANG PANJANG TIMUR", "V.A", 3000, 2876, "printed_error").explained(
        "d1", "siti", "tercetak demikian"
    ),
    agreement("13.74.01", "PADANG PANJANG TIMUR", "V.B", 9, None, "not_filled"),
    agreement("13.74.02", "PADANG PANJANG BARAT", "IV.01", 7, None, "missing"),
]
HELD = [HeldDataset("13.74", "PL.01.8", "DB1-PPWP", 1, live=True)]


def test_each_comparison_is_a_line_with_its_difference() -> None:
    built = build_reconciliation("13", "PL.01.8", AGREEMENTS)
    made = built.deliverable
    assert made.folder == "KPU Provinsi Sumatera Barat/PL.01.8/REKONSILIASI"
    table = pd.read_csv(io.BytesIO(built.contents[f"{made.slug}.csv"]), dtype=str, keep_default_na=False)
    assert list(table["difference"]) == ["0", "124", "124", "", ""]
    assert list(table["place_code"]) == [a.place_code for a in AGREEMENTS]
    assert list(table["decided_by"]) == ["", "", "siti", "", ""]
    states = {"agrees": 1, "explained": 1, "missing": 1, "not_filled": 1, "printed_error": 1}
    assert made.metadata["states"] == states
    rows = made.metadata["rows"]
    assert (rows[f"{made.slug}.csv"], rows["selisih.csv"]) == (5, 2)
    typed = pd.read_parquet(io.BytesIO(built.contents[f"{made.slug}.parquet"]))
    assert list(typed["difference"].dropna()) == [0, 124, 124]
    assert list(pd.read_csv(io.BytesIO(built.contents["selisih.csv"]))["row"]) == ["IV.02", "V.A"]


def test_the_narrative_and_the_workbook_show_the_differences() -> None:
    built = build_reconciliation("13", "PL.01.8", AGREEMENTS)
    text = built.contents["narasi.md"].decode()
    assert "| PADANG PANJANG TIMUR (Kota Padang Panjang) | `DB1-PPWP / DA1-PPWP` | 2 | 1 | 124 |" in text
    book = openpyxl.load_workbook(io.BytesIO(built.contents[f"{built.deliverable.slug}.xlsx"]))
    assert [book[name].max_row - 1 for name in ("Perbedaan", "Semua")] == [2, 5]


def test_every_number_of_the_narrative_is_listed_with_what_computes_it_again() -> None:
    built = build_reconciliation("13", "PL.01.8", AGREEMENTS)
    numbers = pd.read_csv(io.BytesIO(built.contents["narasi-angka.csv"]))
    with sqlite3.connect(":memory:") as base:
        pd.read_csv(io.BytesIO(built.contents[f"{built.deliverable.slug}.csv"])).to_sql("data", base)
        for told in numbers.itertuples():
            assert base.execute(told.source).fetchone()[0] == told.value, told
    text = re.sub(r"`[^`]*`|\[[^]]*\]\([^)]*\)|^#.*$", "", built.contents["narasi.md"].decode(), flags=re.MULTILINE)
    assert {int(n) for n in re.findall(r"\d+", text)} == set(numbers["value"])


def test_what_the_differences_hold_back_is_said() -> None:
    text = build_reconciliation("13", "PL.01.8", AGREEMENTS, HELD).contents["narasi.md"].decode()
    assert "| `DB1-PPWP` | KPU Kota Padang Panjang | 1 | versi sebelumnya |" in text
    assert "Yang ditahan" not in build_reconciliation("13", "PL.01.8", AGREEMENTS).contents["narasi.md"].decode()


def test_it_is_deterministic_and_valid(tmp_path: Path) -> None:
    built = build_reconciliation("13", "PL.01.8", AGREEMENTS)
    assert build_reconciliation("13", "PL.01.8", AGREEMENTS) == built
    assert build_reconciliation("13", "PL.01.8", AGREEMENTS[:1]).deliverable.digest != built.deliverable.digest
    for path, data in built.contents.items():
        (tmp_path / path).write_bytes(data)
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert set(built.contents) == {f.path for f in built.deliverable.files}


def test_nothing_that_differs_is_said_plainly() -> None:
    text = build_reconciliation("13", "PL.01.8", AGREEMENTS[:1]).contents["narasi.md"].decode()
    assert "Tidak ada angka yang berbeda." in text
