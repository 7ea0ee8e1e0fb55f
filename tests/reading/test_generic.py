"""Tables that are no known form: what is their head, what is a record, what is a total."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rangkiang.model import Cell, Table
from rangkiang.reading import generic
from rangkiang.reading.generic import Column
from rangkiang.reading.looks import is_figure, is_number


def table(*rows: Sequence[str], spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> Table:
    """A table of these texts; ``spans`` gives rows and columns of the cells that cover several."""
    cells = (
        Cell(r, c, text, None, *(spans or {}).get((r, c), (1, 1)))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text or (r, c) in (spans or {})
    )
    return Table(1, "test", tuple(cells))


DPT = table(
    ("NO", "KECAMATAN", "PEMILIH", "", ""),
    ("", "", "LAKI-LAKI", "PEREMPUAN", "JUMLAH"),
    ("1", "2", "3", "4", "5"),
    ("1", "LUBUK BASUNG", "10", "12", "22"),
    ("", "", "", "", ""),
    ("2", "AMPEK NAGARI", "1.000", "-", "1.000"),
    ("JUMLAH", "", "1.010", "12", "1.022"),
    spans={(0, 0): (2, 1), (0, 1): (2, 1), (0, 2): (1, 3), (6, 0): (1, 2)},
)


def test_headings_of_several_rows_are_joined_and_numbered_columns_are_no_record() -> None:
    tidy = generic.tidy(DPT)
    assert [c.name for c in tidy.columns] == [
        "NO",
        "KECAMATAN",
        "PEMILIH / LAKI-LAKI",
        "PEMILIH / PEREMPUAN",
        "PEMILIH / JUMLAH",
    ]
    assert [c.numbers for c in tidy.columns] == [False, False, True, True, True]
    assert [r.texts for r in tidy.records] == [
        ("1", "LUBUK BASUNG", "10", "12", "22"),
        ("2", "AMPEK NAGARI", "1.000", "-", "1.000"),
        ("JUMLAH", "", "1.010", "12", "1.022"),
    ]
    assert [r.row for r in tidy.records] == [3, 5, 6]
    assert [r.is_total for r in tidy.records] == [False, False, True]


def test_columns_are_found_by_any_of_their_names() -> None:
    tidy = generic.tidy(DPT)
    assert generic.find_column(tidy, ("laki - laki",)) == 2
    assert generic.find_column(tidy, ("TOTAL", "Jumlah")) == 4
    assert generic.find_column(tidy, ("NAGARI",)) is None


@pytest.mark.parametrize(
    ("rows", "head"),
    [
        ([("", "2018", "2019"), ("Agam", "1", "2")], 1),  # years over the figures
        ([("Partai", "1", "2", "3"), ("PKB", "20", "10", "5")], 1),  # numbers that count up
        ([("Agam", "10", "25", "35"), ("Solok", "1", "2", "3")], 0),  # a table that goes on: no head
        ([("Nama", "Jabatan"), ("A", "Ketua"), ("B", "Anggota")], 1),  # texts only
        ([("Nama", "Suara"), ("", "sah"), ("Agam", "1")], 2),
    ],
)
def test_head_rows(rows: list[tuple[str, ...]], head: int) -> None:
    assert generic.head_rows(table(*rows).grid()) == head


def test_a_table_of_texts_has_its_wide_cells_for_head() -> None:
    rows = (("Penugasan", ""), ("Peran", "Uraian"), ("Ketua", "memimpin"))
    assert generic.head_rows(table(*rows, spans={(0, 0): (1, 2)}).grid()) == 2


def test_a_merged_label_stands_in_every_record_it_reaches_over_and_repeated_heads_in_none() -> None:
    rows = (
        ("Tahun", "Jenis", "n"),
        ("1991", "Pria", "11"),
        ("", "Wanita", "16"),
        ("Tahun", "Jenis", "n"),
        ("1996", "Pria", "9"),
    )
    tidy = generic.tidy(table(*rows, spans={(1, 0): (2, 1)}))
    assert [r.texts for r in tidy.records] == [("1991", "Pria", "11"), ("1991", "Wanita", "16"), ("1996", "Pria", "9")]


@pytest.mark.parametrize(
    ("texts", "total"),
    [
        (("Jumlah", "12"), True),
        (("", "JML. L + P", "3"), True),
        (("7", "Sub-Total", "3"), True),
        (("GRAND TOTAL", "3"), True),
        (("Jumlahan", "3"), False),
        (("Total Energi Nusantara PT", "3"), True),  # a name that begins so is taken for one
        (("Agam", "Jumlah"), False),
        (("12", "13"), False),
    ],
)
def test_totals(texts: tuple[str, ...], total: bool) -> None:
    assert generic.is_total(texts) is total


@pytest.mark.parametrize("text", ["12", "1.234.567", "12,5%", "(3)", "-7", "Rp 1.000", "1 234", "5*", "$3.50"])
def test_numbers(text: str) -> None:
    assert is_number(text)
    assert is_figure(text)


@pytest.mark.parametrize("text", ["", "12a", "TPS 1", "1/2/2019", "I", "2 x 11 Kayu Tanam"])
def test_what_is_no_number(text: str) -> None:
    assert not is_number(text)


def test_a_text_among_numbers_is_odd() -> None:
    rows = (("Nama", "n"), *((str(n) + " a", str(n)) for n in range(9)), ("x", "rusak"))
    tidy = generic.tidy(table(*rows))
    assert tidy.columns[1] == Column("n", True)
    assert [list(generic.odd_texts(tidy, r)) for r in tidy.records][-2:] == [[], [("n", "rusak")]]
