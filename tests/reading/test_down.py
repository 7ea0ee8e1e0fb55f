"""Flat tables, whatever their delimiter, encoding and habits."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from rangkiang.forms import form
from rangkiang.reading import Unreadable, read, tables

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = form("TPS-PPWP")
HEADER = ["Kecamatan", "Desa/Kelurahan", "No. TPS", "DPT L", "DPT P", "Pengguna", "01", "02", "Sah", "Tidak Sah"]
LINES = [
    ["PANCUNG SOAL", "INDERAPURA", "001", "1.152", "137", "215", "25", "190", "215", "0"],
    ["PANCUNG SOAL", "MUARO SAKAI, INDERAPURA", "TPS 02", "117", "121", "186", "-", "1 148", "184", ""],
    ["LINGGO SARI BAGANTI", "AIR HAJI\nBARAT", "10", "117", "n/a", "186", "36", "148", "184", "2"],
]
LABELS = [
    "PANCUNG SOAL / INDERAPURA / TPS 1",
    "PANCUNG SOAL / MUARO SAKAI, INDERAPURA / TPS 2",
    "LINGGO SARI BAGANTI / AIR HAJI BARAT / TPS 10",
]
VALUES = [[1152, 137, 215, 25, 190, 215, 0], [117, 121, 186, 0, 1148, 184, None], [117, None, 186, 36, 148, 184, 2]]


def text(delimiter: str, newline: str = "\r\n") -> str:
    quoted = ([f'"{v}"' if any(c in v for c in ",;|\n") else v for v in line] for line in [HEADER, *LINES])
    return "".join(delimiter.join(line) + newline for line in quoted)


def check(data: bytes, media_type: str = "text/csv") -> None:
    frame = read(data, media_type, FORM, "tps", "0" * 64)
    assert list(dict.fromkeys(frame.column_label)) == LABELS
    codes = ["I.A.1.L", "I.A.1.P", "I.B.4.JML", "IV.01", "IV.02", "V.A", "V.B"]
    assert frame.row.tolist() == codes * 3
    values = [None if missing else int(v) for v, missing in zip(frame.value, frame.value.isna(), strict=True)]
    assert values == [v for line in VALUES for v in line]
    assert frame.status[frame.value.isna()].tolist() == ["blank", "flagged"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    check(text(delimiter).encode(encoding))


def test_a_title_above_the_header_and_excels_own_first_line() -> None:
    check(b"sep=;\r\n" + b"TABEL HASIL PER TPS;;;;;;;;;\r\n" + text(";").encode())


def test_letters_of_a_western_encoding() -> None:
    data = text(";").replace("INDERAPURA", "INDÉRAPURA").encode("cp1252")
    assert tables(data, "text/csv")[0].cells[11].text == "INDÉRAPURA"


def test_a_workbook_with_names_written_once_and_a_total() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(["PANCUNG SOAL", "INDERAPURA", 1, 10, 10, 20, 5.0, 14, 19, 1])
    sheet.append([None, None, 2, 10, 10, 20, 5, 14, 19, 1])
    sheet.append(["JUMLAH", None, None, 20, 20, 40, 10, 28, 38, 2])
    out = io.BytesIO()
    book.save(out)
    frame = read(out.getvalue(), XLSX, FORM, "t", "0" * 64)
    labels = list(dict.fromkeys(zip(frame.column_kind, frame.column_label, strict=True)))
    assert labels == [
        ("unit", "PANCUNG SOAL / INDERAPURA / TPS 1"),
        ("unit", "PANCUNG SOAL / INDERAPURA / TPS 2"),
        ("total", "JUMLAH"),
    ]
    assert frame.value[frame.row == "IV.01"].tolist() == [5, 5, 10]


def test_a_total_named_in_the_column_of_the_regency() -> None:
    lines = b"kabkota,kecamatan,kelurahan,tps,01,02,sah,tsah\nAGAM,A,B,1,1,2,3,0\nJUMLAH,,,,1,2,3,0\n"
    frame = read(lines, "text/csv", FORM, "t", "0" * 64)
    assert list(dict.fromkeys(zip(frame.column_kind, frame.column_label, strict=True))) == [
        ("unit", "A / B / TPS 1"),
        ("total", "JUMLAH"),
    ]


def test_missing_columns_are_named() -> None:
    with pytest.raises(Unreadable) as error:
        read(b"kecamatan,kelurahan,tps,01,sah\nA,B,1,2,2\n", "text/csv", FORM, "t", "0" * 64)
    assert (error.value.reason.code, error.value.reason.params) == ("columns_missing", {"columns": "02, tsah"})


def test_real_polling_places_come_back_exactly(shared_data: Path) -> None:
    with (shared_data / "sumbar2019" / "tps_kawalpemilu_ppwp.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["kabkota"] == "KOTA SOLOK"]
    kept = ["kecamatan", "kelurahan", "tps", "situng_01", "situng_02", "situng_sah", "situng_tsah"]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(kept)
    for line in lines:
        sheet.append([line[k] if k in kept[:2] else int(line[k]) for k in kept])
    out = io.BytesIO()
    book.save(out)
    frame = read(out.getvalue(), XLSX, FORM, "t", "0" * 64)
    expected = [
        (f"{line['kecamatan']} / {line['kelurahan']} / TPS {line['tps']}", row, int(line[name]))
        for line in lines
        for row, name in zip(["IV.01", "IV.02", "V.A", "V.B"], kept[3:], strict=True)
    ]
    assert len(lines) == 207
    assert list(zip(frame.column_label, frame.row, frame.value, strict=True)) == expected
