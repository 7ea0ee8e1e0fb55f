"""The inbox of real figures holds them as they stand."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from rangkiang.forms import form
from rangkiang.intake import media_type
from rangkiang.reading import read
from samples import real
from samples.inbox import Inbox

FILLED = {"I.A.1.L", "I.A.1.P", "I.A.1.JML", "IV.01", "IV.02", "V.A"}


@pytest.fixture(scope="module")
def data(shared_data: Path) -> Path:
    return shared_data / "sumbar2019"


@pytest.fixture(scope="module")
def inbox(data: Path) -> Inbox:
    return real.build(data)


def source(data: Path, level: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((data / f"{level}_kawalpemilu_ppwp.csv").read_text("utf-8"))))


def figures(inbox: Inbox, model: str, ending: str) -> pd.DataFrame:
    (key,) = (k for k in inbox.files if k.endswith(ending))
    content = inbox.files[key]
    return read(content, media_type(content), form(model), key, hashlib.sha256(content).hexdigest())


def value(frame: pd.DataFrame, row: str, kind: str, label: str) -> int:
    here = frame[(frame["row"] == row) & (frame["column_kind"] == kind) & (frame["column_label"] == label)]
    return int(here["value"].iat[0])


def test_one_sheet_for_every_area_and_one_table_for_every_regency(inbox: Inbox) -> None:
    kinds = [key.split("/")[3] for key in inbox.files]
    assert {k: kinds.count(k) for k in kinds} == {"DC1-PPWP": 1, "DB1-PPWP": 19, "DA1-PPWP": 179, "TPS-PPWP": 19}


def test_tps_tables_hold_every_line_as_it_stands(inbox: Inbox, data: Path) -> None:
    found: list[tuple[str, ...]] = []
    formats = set()
    for key, content in inbox.files.items():
        if "/TPS-PPWP/" in key:
            formats.add(key[-4:])
            found += rows(content)
    assert formats == {".csv", "xlsx"}
    assert sorted(found) == sorted(tuple(r[c] for c in real.TPS_COLUMNS) for r in source(data, "tps"))


def rows(content: bytes) -> list[tuple[str, ...]]:
    if content.startswith(b"PK"):
        page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        lines = [tuple(str(v) for v in row) for row in page.iter_rows(values_only=True)]
    else:
        lines = [tuple(line) for line in csv.reader(io.StringIO(content.decode("utf-8"), newline=""))]
    assert lines[0] == real.TPS_COLUMNS
    return lines[1:]


def test_a_da1_has_the_villages_and_leaves_blank_what_nobody_knows(inbox: Inbox, data: Path) -> None:
    frame = figures(inbox, "DA1-PPWP", "DA1-PPWP KOTO XI TARUSAN.xlsx")
    villages = [v for v in source(data, "kelurahan") if v["kecamatan"] == "KOTO XI TARUSAN"]
    assert set(frame.loc[frame["value"].notna(), "row"]) == FILLED
    assert set(frame.loc[frame["value"].isna(), "status"]) == {"blank"}
    for village in villages:
        assert value(frame, "IV.02", "unit", village["kelurahan"]) == int(village["rekap_02"])
    assert value(frame, "IV.02", "total", "JUMLAH AKHIR") == total(villages, "rekap_02")


def test_a_db1_keeps_a_gap_between_levels_open(inbox: Inbox, data: Path) -> None:
    """RANAH AMPEK HULU TAPAN is one of the 11 kecamatan whose kelurahan do not add up."""
    name = "RANAH AMPEK HULU TAPAN"
    frame = figures(inbox, "DB1-PPWP", "DB1-PPWP PESISIR SELATAN.pdf")
    district = next(d for d in source(data, "kecamatan") if d["kecamatan"] == name)
    villages = [v for v in source(data, "kelurahan") if v["kecamatan"] == name]
    assert value(frame, "IV.01", "unit", name) == int(district["rekap_01"]) != total(villages, "rekap_01")
    below = figures(inbox, "DA1-PPWP", f"DA1-PPWP {name}.xlsx")
    assert value(below, "IV.01", "total", "JUMLAH AKHIR") == total(villages, "rekap_01")


def test_the_dc1_comes_to_the_announced_total(inbox: Inbox) -> None:
    frame = figures(inbox, "DC1-PPWP", "DC1-PPWP.pdf")
    assert value(frame, "IV.01", "total", "JUMLAH AKHIR") == 407_761
    assert value(frame, "IV.02", "total", "JUMLAH AKHIR") == 2_488_733


def total(records: list[dict[str, str]], column: str) -> int:
    return sum(int(r[column]) for r in records)
