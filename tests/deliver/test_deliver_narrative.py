"""What the narrative says. That its numbers are right is tested in ``test_deliver_numbers``."""

from __future__ import annotations

import re
from collections.abc import Callable

from rangkiang import catalogue
from rangkiang.deliver import narrate
from rangkiang.deliver.remarks import row_ranges
from rangkiang.deliver.words import angka, persen
from rangkiang.forms import form

HOLES = {"I.A.1.L": 90, "I.A.1.P": 80, "I.B.4.JML": None, "IV.01": 10, "IV.02": 20, "V.A": 31, "V.B": 1}
WHOLE = {"I.A.1.L": 91, "I.A.1.P": 82, "I.B.4.JML": 101, "IV.01": 45, "IV.02": 55, "V.A": 100, "V.B": 1}


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
    before, _, after = filed.partition("### Seluruh berkas")
    cited = re.compile(r" Versi `[0-9a-f]{16}`.")
    assert alone == before + cited.sub("", after[after.index("## Cara memakai") :])


def test_it_is_told_in_english_as_well(decided: Callable) -> None:
    case = decided()
    text = narrate("13.74", "PL.01.8", "DB1-PPWP", case.members, lang="en")
    assert "| 180 | 35.29 per cent |" in text
    assert "Of 651 voters on the lists DPT, DPTb and DPK, 531 voted: 81.57 per cent." in text
    assert "accepted by siti" in text
    assert "## Findings and decisions" in text
    assert "Jumlah" not in text.replace("JUMLAH AKHIR", "")


def test_decisions_are_told_apart_from_findings_with_who_and_why(decided: Callable) -> None:
    text = decided().build().contents["narasi.md"].decode()
    told = text[text.index("## Temuan dan keputusan") : text.index("## Cara pembuatan")]
    assert "Petugas telah mengambil 1 keputusan" in told
    assert "diterima oleh siti pada 2019-05-03" in told
    assert "lembar asli memang memuat 999 \\| \\*tebal\\*" in told


def test_regions_are_put_together_until_they_fit_a_page(tps: Callable) -> None:
    district, other = catalogue.districts("13.74")
    lines = [
        (d.name, v.name, str(n), WHOLE) for d in (district, other) for n, v in enumerate(catalogue.villages(d.code), 1)
    ]
    text = tps("13.74", lines).build().contents["narasi.md"].decode()
    table = text[text.index("### Menurut wilayah") : text.index("### Data pemilih")]
    assert [line.split(" | ")[0] for line in table.splitlines() if "persen" in line] == [
        f"| {district.name}",
        f"| {other.name}",
    ]


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
