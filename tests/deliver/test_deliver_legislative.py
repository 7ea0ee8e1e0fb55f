"""Parties with their candidates, persons for DPD, polling places' own sheets, hundreds of villages."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from frictionless import validate

from deliver.conftest import votes_case
from deliver.test_deliver_package import written
from rangkiang import catalogue
from rangkiang.deliver import Built
from rangkiang.forms import form
from rangkiang.forms.contest import contestants

NAMES = {"IV.1.1": "Dra. SITI AMINAH, M.Si.", "IV.1.4": "BUDI", "IV.21": "Hj. EMMA YOHANNA"}
ONE_TPS = [("unit", "JUMLAH", 1)]


def table(built: Built) -> pd.DataFrame:
    data = built.contents[f"{built.deliverable.slug}.csv"]
    return pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)


def book(built: Built) -> Any:
    return openpyxl.load_workbook(io.BytesIO(built.contents[f"{built.deliverable.slug}.xlsx"]))


def labels(sheet: Any) -> list[tuple[str, str]]:
    """What stands in NO. and URAIAN from the first section on."""
    return [(str(a or ""), str(b or "")) for a, b in sheet.iter_rows(min_row=11, max_col=2, values_only=True)]


def narrative(built: Built) -> str:
    return built.contents["narasi.md"].decode()


def test_a_recap_of_parties_looks_like_the_form(dpr: Callable) -> None:
    sheet = book(dpr(names=NAMES).build())["KOTA PADANG PANJANG"]
    assert [sheet[f"A{n}"].value for n in (4, 5, 6)] == [
        "KABUPATEN/KOTA : KOTA PADANG PANJANG",
        "PROVINSI : SUMATERA BARAT",
        "DAERAH PEMILIHAN : SUMATERA BARAT I",
    ]
    lines = labels(sheet)
    at = lines.index(("1", "PARTAI KEBANGKITAN BANGSA"))
    assert lines[at - 1][0] == "IV"
    assert lines[at : at + 9] == [
        ("1", "PARTAI KEBANGKITAN BANGSA"),
        ("A.1", "SUARA PARTAI POLITIK"),
        ("A.2", "SUARA CALON"),
        ("1", "Dra. SITI AMINAH, M.Si."),
        ("2", "CALON IV.1.2"),
        ("4", "BUDI"),
        ("B", "JUMLAH SUARA SAH PARTAI POLITIK DAN CALON (A.1+A.2)"),
        ("2", "PARTAI GERAKAN INDONESIA RAYA"),
        ("A.1", "SUARA PARTAI POLITIK"),
    ]
    parties = [line for line in lines if line[1].startswith("PARTAI ")]
    assert [number for number, _ in parties] == [*map(str, range(1, 15)), "19", "20"]
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$8:$10"


def test_candidates_have_their_heading_whichever_of_them_is_first_and_none_where_there_are_none(dpr: Callable) -> None:
    lines = labels(book(dpr(candidates=(3, 5)).build())["KOTA PADANG PANJANG"])
    at = lines.index(("1", "PARTAI KEBANGKITAN BANGSA"))
    assert [number for number, _ in lines[at : at + 6]] == ["1", "A.1", "A.2", "3", "5", "B"]
    lines = labels(book(dpr(candidates=()).build())["KOTA PADANG PANJANG"])
    at = lines.index(("1", "PARTAI KEBANGKITAN BANGSA"))
    assert [number for number, _ in lines[at : at + 4]] == ["1", "A.1", "B", "2"]


def test_the_narrative_tells_of_parties_in_ballot_order_and_of_no_candidate(dpr: Callable) -> None:
    text = narrative(dpr(names=NAMES).build())
    votes = text[text.index("### Perolehan suara") : text.index("### Menurut wilayah")]
    rows = [line.split(" | ") for line in votes.splitlines() if " persen |" in line]
    assert [row[0].removeprefix("| ") for row in rows] == [f"{c.number} {c.name}" for c in contestants(form("DB1-DPR"))]
    assert rows[0][1] == str(3 * (170 - 16 * 4 + 4))
    assert {row[1] for row in rows[1:]} == {"12"}
    assert "Daerah pemilihan: SUMATERA BARAT I." in text
    assert "SITI AMINAH" not in text
    assert "CALON IV" not in text
    assert len(text) < 12000


def test_sheets_of_one_area_are_told_by_electoral_district(votes: Callable) -> None:
    places = [("13.74", f"PADANG PANJANG {n}") for n in (1, 2)]
    columns = [("unit", "PADANG PANJANG TIMUR", 1), ("total", "JUMLAH", 1)]
    text = narrative(votes("DB1-DPRD-KABKOTA", "13.74", places, columns).build())
    assert "| Daerah pemilihan | Suara sah |" in text
    assert [line for line in text.splitlines() if line.startswith("| PADANG PANJANG 2 |")]


def test_a_persons_election_is_told_with_the_names_on_the_sheet(votes: Callable) -> None:
    columns = [("unit", "PADANG PANJANG TIMUR", 1), ("total", "JUMLAH", 1)]
    built = votes("DB1-DPD", "13.74", [("13.74", "")], columns, names=NAMES).build()
    assert "| 21 Hj. EMMA YOHANNA | 168 | 98,82 persen |" in narrative(built)
    found = table(built)
    assert set(found.loc[found["row"] == "IV.21", "calon"]) == {"21"}
    assert "partai" not in found
    assert "dapil" not in found
    sheet = book(built)["KOTA PADANG PANJANG"]
    assert ("21", "Hj. EMMA YOHANNA") in labels(sheet)
    assert built.deliverable.metadata["row_labels"]["IV.21"] == "21 Hj. EMMA YOHANNA"
    assert "IV.23" not in built.deliverable.metadata["row_labels"]


def test_the_tidy_table_says_whose_votes_they_are(dpr: Callable) -> None:
    found = table(dpr(names=NAMES).build()).set_index("row")
    assert set(found["dapil"]) == {"SUMATERA BARAT I"}
    assert found.loc["IV.1.1", "row_label"].unique().tolist() == ["1 Dra. SITI AMINAH, M.Si."]
    for row, partai, calon in (("IV.20.4", "20", "4"), ("IV.20.T", "20", ""), ("IV.20.0", "20", ""), ("V.A", "", "")):
        assert set(found.loc[row, "partai"]) == {partai}
        assert set(found.loc[row, "calon"]) == {calon}
    assert "IV.1.3" not in found.index


@pytest.mark.parametrize(
    ("model", "area", "dapil"),
    [
        ("DB1-DPR", "13.74", "SUMATERA BARAT I"),
        ("DB1-DPD", "13.74", ""),
        ("C1-DPRD-KABKOTA", "13.74.01.1001.003", "PADANG PANJANG 1"),
        ("C1-PPWP", "13.74.01.1001.003", ""),
    ],
)
def test_the_package_is_valid_for_every_kind_of_form(
    votes: Callable, tmp_path: Path, model: str, area: str, dapil: str
) -> None:
    columns = [("unit", "A", 1), ("total", "JUMLAH", 1)] if form(model).has_total else ONE_TPS
    report = validate(str(written(votes(model, "13.74", [(area, dapil)], columns).build(), tmp_path)))
    assert report.valid, report.flatten(["type", "message"])


def test_a_polling_places_own_sheet_has_no_total(votes: Callable) -> None:
    places = [(f"13.74.01.1001.{n:03d}", "PADANG PANJANG 1") for n in (1, 2)]
    built = votes("C1-DPRD-KABKOTA", "13.74", places, ONE_TPS).build()
    found, said = table(built), built.deliverable.metadata
    assert set(found["column_kind"]) == {"unit"}
    assert set(found["unit_code"]) == {area for area, _ in places}
    assert said["totals"]["V.C"] == 2 * 177
    (coverage,) = said["coverage"]
    assert (coverage["level"], coverage["present"]) == ("tps", 2)
    first, second = book(built).sheetnames[1:3]
    assert first.startswith("TPS 001 ")
    assert second.startswith("TPS 002 ")
    sheet = book(built)[first]
    assert [sheet[f"A{n}"].value.split(" : ")[0] for n in range(4, 10)] == [
        "TPS",
        "DESA/KELURAHAN/NAGARI",
        "KECAMATAN",
        "KABUPATEN/KOTA",
        "PROVINSI",
        "DAERAH PEMILIHAN",
    ]
    assert sheet["A4"].value == "TPS : 001"
    assert "Bila 2 dokumen ini dijumlahkan" in narrative(built)


def test_sheets_of_several_electoral_districts_share_no_candidates(votes: Callable) -> None:
    columns = [("unit", "KURANJI", 1), ("total", "JUMLAH", 1)]
    places = [("13.71", "PADANG 2"), ("13.71", "PADANG 1")]
    built = votes("DB1-DPRD-KABKOTA", "13.71", places, columns, names=NAMES).build()
    said = built.deliverable.metadata
    assert said["totals"]["IV.1.T"] == 2 * 110
    assert "IV.1.1" not in said["totals"]
    assert said["row_labels"]["IV.1.1"] == "PARTAI KEBANGKITAN BANGSA - CALON NOMOR 1"
    assert [d["dapil"] for d in said["documents"]] == ["PADANG 1", "PADANG 2"]
    assert book(built).sheetnames[1:3] == ["PADANG 1", "PADANG 2"]
    assert len([p for p in built.contents if "_padang-2_" in p]) == 1
    assert "Daerah pemilihan: PADANG 1, PADANG 2." in narrative(built)
    assert set(table(built)["row_label"]) >= {"1 Dra. SITI AMINAH, M.Si."}
    with pytest.raises(ValueError, match=r"two documents .* PADANG 1"):
        votes("DB1-DPRD-KABKOTA", "13.71", [places[1], places[1]], columns).build()


def test_a_candidate_that_some_sheets_lack_is_known_on_all_that_have_it(votes: Callable) -> None:
    columns = [("unit", "A", 1), ("total", "JUMLAH", 1)]
    both = votes("DA1-DPR", "13.74", [("13.74.01", "SUMATERA BARAT I")], columns, candidates=(1, 2))
    other = votes("DA1-DPR", "13.74", [("13.74.02", "SUMATERA BARAT I")], columns, candidates=(1,), names=NAMES)
    both.members += other.members
    both.originals |= other.originals
    said = both.build().deliverable.metadata
    assert said["totals"]["IV.2.2"] == 1
    assert said["totals_known"] == {}


def test_a_table_too_long_for_a_spreadsheet_is_left_to_csv(dpr: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rangkiang.deliver.workbook.lists.LINES", 150)
    built = dpr().build()
    whole = table(built)
    sheet = book(built)["Data"]
    assert sheet["A1"].value.startswith(f"Tabel rapi memuat {len(whole)} baris. Di sini hanya kolom jumlahnya")
    assert sheet.max_row - 3 == (whole["column_kind"] == "total").sum()
    monkeypatch.setattr("rangkiang.deliver.workbook.lists.LINES", 10)
    assert "Tidak satu pun" in book(dpr().build())["Data"]["A1"].value


def test_three_hundred_villages_are_filed_at_a_reasonable_cost() -> None:
    areas = [v.code for d in catalogue.districts() for v in catalogue.villages(d.code)][:300]
    columns = [("unit", "TPS 001", 1), ("unit", "TPS 2", 1), ("total", "JUMLAH AKHIR", 2)]
    case = votes_case("DAA1-DPR", "13.01", [(area, "SUMATERA BARAT I") for area in areas], columns, candidates=(1,))
    start = time.process_time()
    built = case.build(digest="a" * 64)
    each = (time.process_time() - start) / len(areas)
    assert each < 0.3
    said = built.deliverable.metadata
    assert [(c["level"], c["present"]) for c in said["coverage"]] == [("kelurahan", 300), ("tps", 600)]
    assert said["totals"]["V.C"] == 300 * 2 * 177
    names = book(built).sheetnames
    assert len(names) == 20 + 5
    found = pd.read_parquet(io.BytesIO(built.contents[f"{built.deliverable.slug}.parquet"]))
    assert found["sha256"].nunique() == 300
    assert found.loc[found["unit_name"] == "TPS 2", "unit_code"].iloc[0] == f"{areas[0]}.002"
