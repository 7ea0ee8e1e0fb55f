"""Sheets with parties and candidates: blocks of rows that look alike, names no form knows, gaps, lines to spare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise

import pandas as pd
import pytest

from helpers.grids import table
from rangkiang.catalogue import parties
from rangkiang.forms import Form, form
from rangkiang.model import Cell, Table
from rangkiang.proof import prove
from rangkiang.reading import across
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.frame import frame

DPR, DPD, C1 = form("DB1-DPR"), form("DA1-DPD"), form("C1-DPRD-PROV")
NAMES = {str(p.number): p.name.upper() for p in parties() if not p.aceh_only}
SLATE = {party: [1, 2, 4] if party == "7" else [1, 2] for party in NAMES} | {"20": []}
"""Numbers of each party's candidates: a gap, and a party without any."""

Print = Callable[[str], str]  # the figures of a row: code -> '12|13'


def numbers(columns: int) -> Print:
    """Another number in every cell, so that no two can be taken for each other."""
    counted = count(1)
    return lambda code: "|".join(str(next(counted)) for _ in range(columns))


def voters(say: Print, stub: str = "merged") -> Iterator[str]:
    """Sections I to III."""
    labels = {
        row.code: (row.number, row.label.id) for row in DPR.rows if row.split or row.code.startswith(("II.", "III."))
    }
    yield "=I. DATA PEMILIH DAN PENGGUNA HAK PILIH"
    for code, (number, label) in labels.items():
        if code in ("I.A.1", "I.B.1", "II.1", "III.1"):
            heading = {"I.A.1": "A. DATA PEMILIH", "I.B.1": "B. PENGGUNA HAK PILIH"}
            yield f"={heading.get(code) or DPR.sections[3 if code == 'II.1' else 4].label.id}"
        if code.startswith("III"):
            yield f"{number}|{label}|>|{say(code)}"
            continue
        for n, split in enumerate(("L", "P", "JML")):
            above = {"merged": "^|^", "first": "|", "repeated": f"{number}|{label}"}[stub]
            yield f"{above if n else f'{number}|{label}'}|{split}|{say(f'{code}.{split}')}"


def block(say: Print, party: str, style: str, second: bool = True) -> Iterator[str]:
    """A party's rows, in the ways in which they are printed."""
    name = NAMES[party]
    if style == "heading":
        yield f"={party}. {name}"
    elif style == "cells":
        yield f"{party}|{name}|>|{'|'.join([''] * len(say(f'IV.{party}.0').split('|')))}"
    own = {"label": name, "numbered": f"{party}. {name}"}.get(style, "SUARA PARTAI POLITIK")
    yield f"A.1|{own}|>|{say(f'IV.{party}.0')}"
    if second:
        yield "=A.2 SUARA CALON"
    for n in SLATE[party]:
        yield f"{n}|CONTOH NAMA {party} KE {n}|>|{say(f'IV.{party}.{n}')}"
    yield f"B|JUMLAH SUARA SAH PARTAI POLITIK DAN CALON (A.1+A.2)|>|{say(f'IV.{party}.T')}"


def totals(say: Print) -> Iterator[str]:
    yield "=V. DATA SUARA SAH DAN TIDAK SAH"
    for code, label in (("A", "JUMLAH SELURUH SUARA SAH"), ("B", "JUMLAH SUARA TIDAK SAH")):
        yield f"{code}|{label}|>|{say(f'V.{code}')}"
    yield f"C|JUMLAH SELURUH SUARA SAH DAN SUARA TIDAK SAH (A+B)|>|{say('V.C')}"


def sheet(say: Print, style: str = "heading", second: bool = True, stub: str = "merged") -> list[str]:
    votes = (line for party in NAMES for line in block(say, party, style, second))
    heading = "=IV. DATA PEROLEHAN SUARA PARTAI POLITIK DAN SUARA CALON ANGGOTA DPR"
    return [*voters(say, stub), heading, *votes, *totals(say)]


CODES = [
    *(leaf.code for leaf in DPR.leaf_rows if leaf.parent.section not in ("IV", "V")),
    *(f"IV.{party}.{n}" for party in NAMES for n in ("0", *SLATE[party], "T")),
    *("V.A", "V.B", "V.C"),
]


def read(tables: Sequence[Table], entry: Form = DPR) -> pd.DataFrame:
    return frame(across.figures(iter(tables), entry), "x", "0" * 64, entry.model)


def said(figures: pd.DataFrame) -> list[tuple[str, str, int]]:
    return list(zip(figures["row"], figures["column_label"], figures["value"], strict=True))


def expected(*blocks: Sequence[str]) -> list[tuple[str, str, int]]:
    numbered = count(1)
    return [(code, column, next(numbered)) for columns in blocks for code in CODES for column in columns]


@pytest.mark.parametrize("stub", ["merged", "first", "repeated"])
@pytest.mark.parametrize("style", ["heading", "label", "numbered"])
@pytest.mark.parametrize("second", [True, False])
def test_a_partys_block_is_read_however_it_is_printed(style: str, second: bool, stub: str) -> None:
    figures = read([table(["LUNANG", "JUMLAH AKHIR"], sheet(numbers(2), style, second, stub))])
    assert said(figures) == expected(["LUNANG", "JUMLAH AKHIR"])
    assert "rows_unknown" not in figures.attrs


def test_a_heading_that_is_no_merged_cell() -> None:
    lines = sheet(numbers(1), "heading")
    plain = [f"|{line[1:]}||" if line.startswith("=") else line.replace("|>|", "||") for line in lines]
    assert said(read([table(["LUNANG"], plain)])) == expected(["LUNANG"])


def test_candidates_are_called_by_their_number_and_name_and_other_rows_by_the_registry() -> None:
    figures = read([table(["LUNANG"], sheet(numbers(1)))]).set_index("row")["row_label"]
    assert figures["IV.7.4"] == "4 CONTOH NAMA 7 KE 4"
    assert figures["IV.7.0"] == "PARTAI BERKARYA - SUARA PARTAI POLITIK"
    assert figures["V.A"] == "JUMLAH SELURUH SUARA SAH"


def test_rows_that_go_on_over_pages_with_and_without_a_head() -> None:
    lines = sheet(numbers(1), "label", stub="first")
    cuts = [0, 5, 40, 71, len(lines)]  # the first in the middle of L, P, JML
    pages = [
        table(["LUNANG"], lines[a:b], page=n, head=n != 3, ruled=True) for n, (a, b) in enumerate(pairwise(cuts), 1)
    ]
    figures = read(pages)
    assert said(figures) == expected(["LUNANG"])
    assert sorted(set(figures["page"])) == [1, 2, 3, 4]


def test_a_box_for_signatures_between_the_pages_is_no_continuation() -> None:
    lines = sheet(numbers(1), "label")
    signed = table(["x"], [f"{n}|NAMA {n}|.....|{n + 4}" for n in range(1, 5)], head=False, ruled=True)
    boxes = Table(1, "test", tuple(_shifted(c) for c in signed.cells))
    first = table(["LUNANG"], lines[:60], ruled=True)
    figures = read([first, boxes, table(["LUNANG"], lines[60:], page=2, ruled=True), boxes])
    assert said(figures) == expected(["LUNANG"])
    assert "rows_unknown" not in figures.attrs


def _shifted(cell: Cell) -> Cell:
    assert cell.box
    return replace(cell, box=replace(cell.box, x0=cell.box.x0 * 1.7 + 9, x1=cell.box.x1 * 1.7 + 9))


def test_columns_that_go_on_sideways_come_block_by_block() -> None:
    counted = numbers(3)
    first = sheet(counted, "label")
    tables = [
        table(["LUNANG", "SUTERA", "JUMLAH PINDAHAN"], first),
        table(["JUMLAH PINDAHAN", "BAYANG", "JUMLAH AKHIR"], sheet(counted, "label"), page=2),
    ]
    figures = read(tables)
    blocks = ["LUNANG", "SUTERA", "JUMLAH PINDAHAN"], ["JUMLAH PINDAHAN", "BAYANG", "JUMLAH AKHIR"]
    assert said(figures) == expected(*blocks)
    kinds = dict.fromkeys(zip(figures["column_label"], figures["column_kind"], strict=True))
    assert [kind for _, kind in kinds] == ["unit", "unit", "carried_out", "carried_in", "unit", "total"]


def test_two_tables_on_a_page_each_with_a_head_of_its_own() -> None:
    lines = sheet(numbers(1), "numbered")
    cut = next(n for n, line in enumerate(lines) if line.startswith("=IV."))
    figures = read([table(["LUNANG"], lines[:cut]), table(["LUNANG"], lines[cut:], numbered=False)])
    assert said(figures) == expected(["LUNANG"])


def test_candidates_without_votes_whose_zeros_are_left_empty() -> None:
    counted = numbers(1)

    def say(code: str) -> str:
        value = counted(code)
        return "" if code in ("IV.7.4", "IV.8.1", "IV.9.0") else value

    figures = read([table(["LUNANG"], sheet(say, "label"))])
    assert [(row, raw) for row, raw in zip(figures["row"], figures["raw"], strict=True) if not raw] == [
        ("IV.7.4", ""),
        ("IV.8.1", ""),
        ("IV.9.0", ""),
    ]
    assert list(figures["row"]) == CODES


def test_a_row_of_one_block_that_another_lacks_is_missing() -> None:
    counted = numbers(1)
    whole = sheet(counted, "label")
    lacking = [line for line in sheet(counted, "label") if "CONTOH NAMA 7 KE 4" not in line]
    with pytest.raises(Unreadable) as error:
        read([table(["LUNANG"], whole), table(["SUTERA"], lacking, page=2)])
    assert (error.value.reason.code, error.value.reason.params) == ("rows_missing", {"rows": "IV.7.4"})


def test_a_party_that_is_not_on_the_sheet_is_missing() -> None:
    lines = sheet(numbers(1), "heading")
    at = lines.index("=14. PARTAI DEMOKRAT")
    end = next(n for n in range(at, len(lines)) if lines[n].startswith("B|"))
    with pytest.raises(Unreadable) as error:
        read([table(["LUNANG"], lines[:at] + lines[end + 1 :])])
    assert error.value.reason.params == {"rows": "IV.14.0, IV.14.T"}


@pytest.mark.parametrize("extra", ["16|CALON TAMBAHAN|>|5", "|SELISIH|>|5", "2|NAMA DUA KALI|>|5"])
def test_a_line_with_figures_that_is_no_row_is_a_finding(extra: str) -> None:
    lines = sheet(numbers(1), "label")
    at = next(n for n, line in enumerate(lines) if "CONTOH NAMA 3 KE 2" in line)
    figures = read([table(["LUNANG"], [*lines[: at + 1], extra, *lines[at + 1 :]])])
    assert said(figures) == expected(["LUNANG"])
    printed = " ".join(extra.split("|")[:2]).strip()
    assert figures.attrs["rows_unknown"] == [printed]
    findings = [f for f in prove(figures, DPR, "13.01", "0" * 64)[1] if f.code == "rows_unknown"]
    assert [(f.severity, f.params) for f in findings] == [("error", {"rows": printed, "count": 1})]


def test_signatures_below_the_last_row_are_no_rows() -> None:
    signed = ["|PADANG, 12 MEI 2019||", "1|KETUA||4", "2|ANGGOTA||5"]
    figures = read([table(["LUNANG"], [*sheet(numbers(1), "label"), *signed])])
    assert said(figures) == expected(["LUNANG"])
    assert "rows_unknown" not in figures.attrs


def parts(lines: Sequence[str]) -> list[Table]:
    cuts = [0, 39, 71, len(lines)]  # in the midst of parties
    return [table(["LUNANG"], lines[a:b], page=n) for n, (a, b) in enumerate(pairwise(cuts), 1)]


def test_a_page_that_was_put_in_twice_is_read_once() -> None:
    first, second, third = parts(sheet(numbers(1), "label"))
    figures = read([first, second, second, third, first])
    assert said(figures) == expected(["LUNANG"])
    assert "rows_unknown" not in figures.attrs


def test_rows_that_stand_twice_with_other_figures_are_not_guessed_at() -> None:
    first, second, third = parts(sheet(numbers(1), "label"))
    other = parts(sheet(lambda code: "7", "label"))[1]
    with pytest.raises(Unreadable) as error:
        read([first, second, other, third])
    assert error.value.reason.code == "rows_repeated"
    assert "A.1 PARTAI GOLONGAN KARYA" in error.value.reason.params["rows"]


def test_labels_with_slips_are_still_known() -> None:
    lines = [
        line.replace("JUMLAH SUARA SAH PARTAI POLITIK DAN CALON (A.1+A.2)", "JML SUARA SAH PARPOL DAN CALON (A1+A2)")
        .replace("PARTAI PERSATUAN PEMBANGUNAN", "PARTAI PERSATUAN PEMBANGUNAN (PPP)")
        .replace("digunakan", "di gunakan")
        for line in sheet(numbers(1), "label")
    ]
    assert said(read([table(["LUNANG"], lines)])) == expected(["LUNANG"])


def people(say: Print, candidates: Sequence[int]) -> list[str]:
    names = (f"{n}|CONTOH NAMA {n}|>|{say(f'IV.{n}')}" for n in candidates)
    return [*voters(say), "=IV. DATA PEROLEHAN SUARA CALON ANGGOTA DPD", *names, *totals(say)]


def test_persons_on_the_ballot_for_dpd() -> None:
    figures = read([table(["NAGARI X", "JUMLAH"], people(numbers(2), [21, 22, 25, 38]), unit="DESA/KELURAHAN")], DPD)
    votes = figures[figures["row"].str.startswith("IV.")]
    assert list(votes["row"]) == [code for n in (21, 22, 25, 38) for code in [f"IV.{n}"] * 2]
    assert list(votes["row_label"])[::2] == [f"{n} CONTOH NAMA {n}" for n in (21, 22, 25, 38)]


def test_a_sheet_without_any_candidate_lacks_its_section() -> None:
    with pytest.raises(Unreadable) as error:
        read([table(["NAGARI X"], people(numbers(1), []))], DPD)
    assert (error.value.reason.code, error.value.reason.params) == ("rows_missing", {"rows": "IV"})


@pytest.mark.parametrize("head", ["TPS 003", "JUMLAH", "RINCIAN PEROLEHAN"])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_polling_places_own_sheet_has_one_column(head: str, numbered: bool) -> None:
    lines = ["NO.|URAIAN|>|" + head, *(["1|2|>|3"] if numbered else []), *sheet(numbers(1), "numbered")]
    figures = read([table([head], lines, head=False)], C1)
    assert said(figures) == expected([head])
    assert set(figures["column_kind"]) == {"unit"}
