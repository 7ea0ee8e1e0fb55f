"""Checks of tables that are no form."""

from __future__ import annotations

import pandas as pd
import pytest

from rangkiang.catalogue import DemandedColumn, DemandedSum, Demands, doctype
from rangkiang.checks.generic import LINE, ODD, RAGGED, Facts, check_table, residual
from rangkiang.model import Severity

SUM = DemandedSum("JUMLAH", ("L", "P"))
DEMANDS = Demands(
    2, (DemandedColumn("JUMLAH", (), True), DemandedColumn("L", (), True), DemandedColumn("P", (), True)), (SUM,)
)


def lines(*rows: tuple[str | None, str | None, int | None]) -> pd.DataFrame:
    """Ragged and odd texts, and residuals, of each line."""
    texts = {
        LINE: [f"baris {n}" for n, _ in enumerate(rows, 1)],
        RAGGED: [r[0] for r in rows],
        ODD: [r[1] for r in rows],
    }
    frame = pd.DataFrame(texts, dtype="string")
    frame[residual(SUM)] = pd.Series([r[2] for r in rows], dtype="Int64")
    return frame


def failed(facts: Facts, demands: Demands | None = None) -> dict[str, tuple[Severity, str]]:
    return {c.name: (c.severity, c.detail) for c in check_table(facts, demands) if not c.success}


def test_a_sound_table_passes_everything() -> None:
    checks = check_table(Facts(("A", "B"), lines((None, None, 0), (None, None, 0))), DEMANDS)
    assert [c.name for c in checks] == [
        "Setiap kolom berjudul",
        "Judul kolom tidak ganda",
        "Ada sedikitnya 2 baris isi",
        "Tidak ada isi di luar kolom berjudul",
        "Kolom angka berisi angka saja",
        "JUMLAH = L + P",
        "Kolom yang diwajibkan ada",
    ]
    assert all(c.success for c in checks)


@pytest.mark.parametrize(
    ("headings", "name", "detail"),
    [
        (("A", ""), "Setiap kolom berjudul", "kolom 2"),
        (("A", "B", "A"), "Judul kolom tidak ganda", "kolom 1: A; kolom 3: A"),
    ],
)
def test_headings(headings: tuple[str, ...], name: str, detail: str) -> None:
    assert failed(Facts(headings, lines((None, None, 0)))) == {name: (Severity.WARNING, detail)}


def test_what_is_wrong_with_a_line_is_named_with_the_line() -> None:
    found = failed(Facts(("A",), lines((None, None, 0), ("lebih", "n: rusak", -3))), DEMANDS)
    assert found == {
        "Tidak ada isi di luar kolom berjudul": (Severity.WARNING, "baris 2: lebih"),
        "Kolom angka berisi angka saja": (Severity.WARNING, "baris 2: n: rusak"),
        "JUMLAH = L + P": (Severity.WARNING, "baris 2: selisih -3"),
    }


def test_without_demands_sums_are_nobodys_business() -> None:
    assert failed(Facts(("A",), lines((None, None, 7)))) == {}


def test_demanded_columns_and_rows_are_critical() -> None:
    found = failed(Facts(("A",), lines((None, None, 0)), missing=("P",)), DEMANDS)
    assert found == {
        "Ada sedikitnya 2 baris isi": (Severity.CRITICAL, "ditemukan: 1"),
        "Kolom yang diwajibkan ada": (Severity.CRITICAL, "P"),
    }


def test_an_unknown_number_breaks_no_sum() -> None:
    assert failed(Facts(("A",), lines((None, None, 0), (None, None, None))), DEMANDS) == {}


def test_the_catalogue_demands_sums_of_voters_and_names_of_candidates() -> None:
    voters, candidates, decree = (doctype(code) for code in ("REKAP-DPT", "DAFTAR-CALON", "SK"))
    assert voters
    assert voters.demands
    assert residual(voters.demands.sums[0]) == "JUMLAH = LAKI-LAKI + PEREMPUAN"
    assert candidates
    assert candidates.demands
    assert [c.name for c in candidates.demands.columns] == ["NOMOR URUT", "NAMA"]
    assert decree
    assert decree.demands is None
