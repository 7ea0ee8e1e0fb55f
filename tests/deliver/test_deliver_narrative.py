"""Every number in a narrative can be computed again from the published tables and the catalogue."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterable

import pandas as pd
import pytest

from deliver.conftest import padang_panjang
from rangkiang import catalogue
from rangkiang.deliver import Built, narrate
from rangkiang.deliver.remarks import row_ranges
from rangkiang.deliver.words import angka, persen
from rangkiang.forms import form
from rangkiang.forms.contest import contestants

NUMBER = re.compile(r"-?\d[\d.]*(?:,\d+)?")


def numbers(text: str) -> set[str]:
    return {m.group().strip(".-") for m in NUMBER.finditer(text)}


def prose(built: Built) -> str:
    """The narrative without names: codes, links, and what the catalogue and the registry call things."""
    text = built.contents["narasi.md"].decode()
    text = re.sub(r"`[^`]*`|\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\\(.)", r"\1", text)
    entry = form(built.deliverable.doctype)
    kind = catalogue.doctype(built.deliverable.doctype)
    names = [kind.name.id, *(e.name.id for e in catalogue.elections())]
    names += [row.label.id for row in entry.rows] + [leaf.label.id for leaf in entry.leaf_rows]
    names += [d.name for d in catalogue.districts()] + [o.name for o in catalogue.offices()]
    names += [f"{c.number} {c.name}" for c in contestants(entry) if c.name]
    names += list(built.deliverable.metadata["row_labels"].values())
    names += [d.get(key, "") for d in built.deliverable.metadata["documents"] for key in ("dapil", "area_name")]
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def recomputed(built: Built) -> set[str]:
    """Every figure the narrative may state, from temuan.csv, the tidy CSV and the catalogue alone."""
    made, said = built.deliverable, form(built.deliverable.doctype)
    table = pd.read_csv(io.BytesIO(built.contents[f"{made.slug}.csv"]), dtype={"kode_kemendagri": str})
    remarks = pd.read_csv(io.BytesIO(built.contents["temuan.csv"]), dtype=str)
    units = table[table["column_kind"] == "unit"]
    basis = table[table["column_kind"] == "total"] if said.has_total else units
    by_row = basis.groupby("row")["value"]
    totals, known = by_row.sum().astype(int), by_row.count()
    sheets = basis[["sha256", "column_no"]].drop_duplicates()
    counts = [*totals, *known, len(sheets), len(table), *table["status"].value_counts(), len(remarks)]
    counts += [*remarks["code"].value_counts(), table["sha256"].nunique(), len(said.identities)]
    counts += [len(units[["sha256", "column_no"]].drop_duplicates()), *_areas(made.office, units)]
    contest = [c.row for c in contestants(said) if c.row in totals]
    shares = [(int(totals[c]), int(totals[contest].sum())) for c in contest if totals[contest].sum()]
    shares += [(int(n), len(table)) for n in table["status"].value_counts()]
    counts += [*remarks["sentence_id"].str.split(" tidak terpenuhi").str[0].value_counts()]
    turnout = _turnout(basis)
    counts += [*turnout]
    shares += [turnout[:2]] if turnout else []
    found = {angka(int(n)) for n in counts} | {persen(*s).removesuffix(" persen") for s in shares}
    return found | set(itertools.chain.from_iterable(numbers(text) for text in remarks["sentence_id"]))


def _areas(office: str, units: pd.DataFrame) -> Iterable[int]:
    official = catalogue.official_results()[office]
    yield from (len(catalogue.districts(office)), official.villages, official.tps, 1)
    names = [n for n in ("kecamatan", "kelurahan", "tps") if n in units]
    for n in range(len(names)):
        yield len(units[names[: n + 1]].drop_duplicates())
    yield units["kode_kemendagri"].nunique()
    if "unit_code" in units:
        yield units["unit_code"].nunique()


def _turnout(basis: pd.DataFrame) -> tuple[int, ...]:
    wide = basis.pivot(index=["sha256", "column_no"], columns="row", values="value")
    for voters in (["I.A.4.JML"], ["I.A.1.JML"], ["I.A.1.L", "I.A.1.P"]):
        if {*voters, "I.B.4.JML"} <= set(wide):
            both = wide[[*voters, "I.B.4.JML"]].dropna()
            return int(both["I.B.4.JML"].sum()), int(both[voters].to_numpy().sum()), len(both), len(wide)
    return ()


HOLES = {"I.A.1.L": 90, "I.A.1.P": 80, "I.B.4.JML": None, "IV.01": 10, "IV.02": 20, "V.A": 31, "V.B": 1}
WHOLE = {"I.A.1.L": 91, "I.A.1.P": 82, "I.B.4.JML": 101, "IV.01": 45, "IV.02": 55, "V.A": 100, "V.B": 1}


@pytest.fixture(params=["db1", "flawed", "da1", "partial", "tps", "padang", "dpr", "dpd", "c1"])
def built(request: pytest.FixtureRequest, db1: Callable, da1: Callable, tps: Callable, votes: Callable) -> Built:
    if request.param == "padang":
        return request.getfixturevalue("padang_built")
    makers: dict[str, Callable[[], Built]] = {
        "db1": lambda: db1().build(),
        "flawed": lambda: db1(("IV.01", "JUMLAH AKHIR", 12345), ("V.B", "JUMLAH AKHIR", None)).build(),
        "da1": lambda: da1().build(),
        "partial": lambda: da1("13.01", leave_out=["13.01.02", "13.01.03"]).build(),
        "tps": lambda: tps("13.74", [("A", "B", "7", HOLES), ("A", "C", "8", WHOLE)]).build(),
        "dpr": lambda: votes("DB1-DPR", "13.74", [("13.74", "SUMATERA BARAT I")], padang_panjang()).build(),
        "dpd": lambda: votes("DB1-DPD", "13.74", [("13.74", "")], padang_panjang()).build(),
        "c1": lambda: votes(
            "C1-DPR",
            "13.74",
            [(f"13.74.01.1001.00{n}", "SUMATERA BARAT I") for n in (1, 2, 3)],
            [("unit", "JUMLAH", 1)],
        ).build(),
    }
    return makers[request.param]()


def test_every_number_of_the_narrative_comes_from_the_published_tables(built: Built) -> None:
    stated = numbers(prose(built))
    assert len(stated) > 10
    assert stated <= recomputed(built)


def test_totals_stand_in_ballot_order_with_their_share(db1: Callable) -> None:
    text = db1().build().contents["narasi.md"].decode()
    first, second = text.index("| 01 Ir. H. JOKO"), text.index("| 02 H. PRABOWO")
    assert first < second
    assert "| 180 | 35,29 persen |" in text[first:second]
    assert "Sebanyak 531 orang menggunakan hak pilih dari 651" in text
    assert "81,57 persen" in text


def test_what_is_missing_is_named(da1: Callable) -> None:
    text = da1("13.01", leave_out=["13.01.02"]).build().contents["narasi.md"].decode()
    assert "Kecamatan: 14 dari 15 menurut katalog wilayah; belum ada RANAH PESISIR." in text


def test_findings_are_counted_by_kind_in_plain_words(db1: Callable) -> None:
    clean, flawed = (db1(*faults).build() for faults in ((), (("IV.01", "JUMLAH AKHIR", 999),)))
    assert "tidak mencatat satu temuan pun" in clean.contents["narasi.md"].decode()
    text = flawed.contents["narasi.md"].decode()
    assert "mencatat 2 temuan" in text
    assert "- 1 jumlah tercetak yang berbeda dari penjumlahan kolomnya (kesalahan)." in text
    assert "| 999 (bertanda) |" in text


def test_a_row_known_in_part_is_said_to_be_so(tps: Callable) -> None:
    text = tps("13.74", [("A", "B", "7", HOLES), ("A", "C", "8", WHOLE)]).build().contents["narasi.md"].decode()
    assert "Jumlah pengguna hak pilih hanya diketahui pada 1 dari 2 TPS" in text
    assert "Sebanyak 101 orang menggunakan hak pilih dari 173" in text


def test_the_carry_columns_and_the_escaping_are_explained(db1: Callable) -> None:
    text = db1().build().contents["narasi.md"].decode()
    assert "Jumlah pindahan antarhalaman" in text
    assert "apostrof" in text


def test_text_from_a_file_is_no_markup(tps: Callable) -> None:
    unit = "<img src=x onerror=alert(1)> [klik](http://x) | *A*"
    case = tps("13.74", [(unit, "B", "7", {"IV.01": 1, "IV.02": 2, "V.A": 4, "V.B": 0})])
    text = case.build().contents["narasi.md"].decode()
    assert "onerror" in text
    assert "<img" not in text.replace("\\<img", "")
    assert "](http" not in text.replace("\\](http", "")


def test_the_narrative_by_itself_is_the_one_in_the_folder_but_for_its_files(db1: Callable) -> None:
    case = db1()
    alone = narrate("13.74", "PL.01.8", "DB1-PPWP", case.members)
    filed = case.build().contents["narasi.md"].decode()
    before, _, after = filed.partition("## Berkas")
    assert alone == before + after[after.index("## Cara memakai") :]


def test_percentages_are_rounded_half_up_in_indonesian() -> None:
    assert persen(2_936_719, 3_882_387) == "75,64 persen"
    assert persen(1, 16) == "6,25 persen"
    assert persen(5, 100_000) == "0,01 persen"
    assert angka(1_234_567) == "1.234.567"


def test_many_rows_not_filled_are_told_from_row_to_row() -> None:
    entry = form("DB1-PPWP")
    codes = [leaf.code for leaf in entry.leaf_rows]
    empty = codes[codes.index("I.A.2.L") : codes.index("III.4") + 1]
    assert row_ranges([*empty, "V.B", "I.A.1.P"], entry.leaf_rows) == "I.A.1.P, I.A.2\N{EN DASH}III.4, V.B"
    assert row_ranges(["I.A.2.L"], entry.leaf_rows) == "I.A.2.L"
    assert row_ranges(["X.9", "V.A"], entry.leaf_rows) == "V.A, X.9"


def test_broken_identities_are_counted_each_and_the_worst_is_quoted(tps: Callable) -> None:
    worse = {**WHOLE, "V.B": 90}
    lines = [("A", "B", str(n), {**WHOLE, "V.B": 2}) for n in range(1, 6)]
    text = tps("13.74", [*lines, ("A", "B", "9", worse)]).build().contents["narasi.md"].decode()
    assert "- 6 persamaan formulir yang tidak terpenuhi (kesalahan).\n  - `I.B.4.JML = V.A + V.B`: 6" in text
    first = text[text.index("mulai dari selisih terbesar:") :].split("- ")[1]
    assert "TPS 9" in first
    assert "- `V.B`: Jumlah suara tidak sah" in text


def test_many_originals_are_counted_and_not_listed(da1: Callable) -> None:
    text = da1("13.01").build().contents["narasi.md"].decode()
    assert "- `asli/`: 15 berkas asli" in text
    assert "](asli/" not in text
