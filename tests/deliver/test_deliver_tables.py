"""The published tables: one line per unit and row, the same in CSV and Parquet, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from rangkiang import catalogue
from rangkiang.deliver import Built
from rangkiang.harmless import unescape
from rangkiang.portal.manifest import main_table

TEXTS = {"dtype": str, "keep_default_na": False}


def tidy(built: Built) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(built.contents[f"{built.deliverable.slug}.csv"]), **TEXTS)


def parquet(built: Built) -> pd.DataFrame:
    return pq.read_table(io.BytesIO(built.contents[f"{built.deliverable.slug}.parquet"])).to_pandas()


def test_one_line_per_unit_or_total_and_row_and_no_carries(db1: Callable) -> None:
    table = tidy(db1().build())
    assert len(table) == 39 * 3
    assert set(table["column_kind"]) == {"unit", "total"}
    assert not table.duplicated(["sha256", "column_no", "row"]).any()
    total = table[(table["column_kind"] == "total") & (table["row"] == "IV.02")].iloc[0]
    assert (total["value"], total["unit_level"], total["unit_code"]) == ("330", "kabkota", "13.74")


def test_units_carry_their_kemendagri_code_where_the_catalogue_knows_it(db1: Callable, da1: Callable) -> None:
    units = tidy(db1().build()).query("column_kind == 'unit'")
    expected = {d.name: d.code for d in catalogue.districts("13.74")}
    assert dict(zip(units["unit_name"], units["unit_code"], strict=True)) == expected
    villages = tidy(da1().build()).query("column_kind == 'unit'")
    assert set(villages["unit_code"]) == {""}
    assert set(villages["kode_kemendagri"]) == {d.code for d in catalogue.districts("13.77")}


def test_a_flat_table_has_its_keys_in_columns_of_their_own(tps: Callable) -> None:
    values = {"IV.01": 10, "IV.02": 20, "V.A": 30, "V.B": 1}
    table = tidy(tps("13.74", [("PADANG PANJANG TIMUR", "GUGUK MALINTANG", "12", values)]).build())
    line = table.iloc[0]
    assert (line["kecamatan"], line["kelurahan"], line["tps"]) == ("PADANG PANJANG TIMUR", "GUGUK MALINTANG", "12")
    assert line["kecamatan_code"] == next(d.code for d in catalogue.districts("13.74") if d.name.endswith("TIMUR"))
    assert "unit_name" not in table
    assert list(table["value"]) == ["10", "20", "30", "1"]


def test_csv_and_parquet_say_the_same(db1: Callable) -> None:
    built = db1(("V.B", "JUMLAH AKHIR", None), ("IV.01", "JUMLAH AKHIR", 5)).build()
    text, typed = tidy(built), parquet(built)
    assert list(text.columns) == list(typed.columns)
    assert str(typed["value"].dtype) in ("float64", "int64")
    for name in text.columns:
        expected = ["" if pd.isna(v) else v for v in typed[name]]
        if typed[name].dtype.kind in "if":
            assert [float(v) if v else "" for v in text[name]] == expected
        else:
            assert [unescape(v) for v in text[name]] == expected


def test_parquet_is_typed(db1: Callable) -> None:
    built = db1().build()
    schema = pq.read_schema(io.BytesIO(built.contents[f"{built.deliverable.slug}.parquet"]))
    assert {schema.field(n).type.__str__() for n in ("value", "page", "column_no")} == {"int64"}
    assert str(schema.field("kode_kemendagri").type) == "string"


def test_a_value_that_is_not_known_is_empty_and_never_zero(db1: Callable) -> None:
    first = catalogue.districts("13.74")[0].name
    table = tidy(db1(("III.2", first, None)).build())
    cell = table[(table["row"] == "III.2") & (table["unit_name"] == first)].iloc[0]
    assert (cell["value"], cell["status"]) == ("", "flagged")


def test_a_formula_in_a_file_is_text_in_every_output(tps: Callable) -> None:
    values = {"IV.01": None, "IV.02": 20, "V.A": 20, "V.B": 1}
    built = tps("13.74", [("@SUM(A1)", "=cmd|' /C calc'!A0", "1", values)], raw='=HYPERLINK("x")').build()
    for path in (f"{built.deliverable.slug}.csv", "temuan.csv"):
        for line in csv.reader(io.StringIO(built.contents[path].decode())):
            assert not [cell for cell in line if cell.startswith(("=", "@", "+"))]
    assert '=HYPERLINK("x")' in set(parquet(built)["raw"])


def test_findings_say_what_they_are_about_in_both_languages(db1: Callable) -> None:
    case = db1(("IV.01", "JUMLAH AKHIR", 999))
    built = case.build()
    table = pd.read_csv(io.BytesIO(built.contents["temuan.csv"]), **TEXTS)
    assert sorted(table["id"]) == sorted(f.id for f in case.members[0].findings)
    total = table[table["code"] == "total_broken"].iloc[0]
    assert "tercetak 999" in total["sentence_id"]
    assert "printed as 999" in total["sentence_en"]
    assert total["document"] == "DB1 Padang Panjang.pdf"
    assert '"value":999' in total["cells"]


def test_a_real_table_of_2457_lines_adds_up_to_its_source(padang: Any, padang_built: Built) -> None:
    built, table = padang_built, tidy(padang_built)
    source = padang.members[0].figures
    for row, total in built.deliverable.metadata["totals"].items():
        assert total == source.loc[source["row"] == row, "value"].sum()
        assert total == pd.to_numeric(table.loc[table["row"] == row, "value"]).sum()
    assert built.deliverable.metadata["units"] == 2457
    assert built.deliverable.metadata["expected_units"] == 2457


def test_portals_take_the_tidy_table_for_the_datasets_own(db1: Callable) -> None:
    made = db1().build().deliverable
    assert main_table([file.path for file in made.files]) == f"{made.slug}.csv"
