"""The gate: what keeps a document out of the release, what is only said, and what is said about it."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from helpers.sheets import UNIT_VALUES, put, sheet
from rangkiang.checks import CheckOutcome, check, suite, wide
from rangkiang.forms import form, forms
from rangkiang.model import FIGURE_COLUMNS, Check, Severity
from rangkiang.proof import prove

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "sumbar2019"
DB1, TPS = form("DB1-PPWP"), form("TPS-PPWP")
COLUMNS = [
    ("unit", "A", 1),
    ("carried_out", "JUMLAH PINDAHAN", 1),
    ("carried_in", "JUMLAH PINDAHAN", 1),
    ("unit", "B", 2),
    ("total", "JUMLAH AKHIR", 3),
]


def table(lines: Sequence[tuple[str, Sequence[int | str | None]]], kind: str = "unit") -> pd.DataFrame:
    """A flat table: for each unit the values of the form's rows in order; text is text that is no number."""
    rows = []
    for label, values in lines:
        for leaf, value in zip(TPS.leaf_rows, values, strict=True):
            number = value if isinstance(value, int) else None
            status = "blank" if value is None else "read" if isinstance(value, int) else "flagged"
            raw = "" if value is None else str(value)
            place = ["t.csv", "a" * 64, 1, TPS.model, leaf.code, leaf.label.id, kind, label]
            rows.append([*place, number, raw, status, 1.0, "csv", *[None] * 4])
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS)).astype(dict(FIGURE_COLUMNS))


RIGHT = (100, 110, 180, 60, 110, 170, 10)


def failed(outcome: CheckOutcome) -> dict[str, Check]:
    return {c.name: c for c in outcome.checks if not c.success}


def test_a_sheet_that_is_right_passes_everything_and_carries_are_no_units() -> None:
    outcome = check(DB1, sheet(DB1, COLUMNS), "DB1.pdf")
    assert failed(outcome) == {}
    assert outcome.result["success"] is True
    assert list(wide(DB1, sheet(DB1, COLUMNS))["column_label"]) == ["A", "B", "JUMLAH AKHIR"]


@pytest.mark.parametrize("model", list(forms()))
def test_every_form_of_the_registry_makes_a_suite_that_asks_for_all_its_rows_and_equations(model: str) -> None:
    entry = form(model)
    made = suite(entry)
    names = [e.meta["name"] for e in made.expectations]
    assert len(set(names)) == len(names)
    asked = {getattr(e, "column", None) for e in made.expectations}
    (rows,) = (e for e in made.expectations if hasattr(e, "column_set"))
    assert {leaf.code for leaf in entry.leaf_rows} <= set(rows.column_set)
    assert {f"residual:{e.id}" for e in (*entry.identities, *entry.bounds)} <= asked


def test_a_row_that_was_not_read_is_critical_and_named_once() -> None:
    figures = sheet(DB1, COLUMNS)
    found = failed(check(DB1, figures[figures["row"] != "III.2"], "DB1.pdf"))
    assert [(c.severity, c.detail) for c in found.values()] == [(Severity.CRITICAL, "tidak ada: III.2")]


def test_a_row_that_the_form_does_not_have_is_critical() -> None:
    figures = sheet(DB1, COLUMNS)
    stray = figures[figures["row"] == "V.C"].assign(row="IX.9")
    found = failed(check(DB1, pd.concat([figures, stray], ignore_index=True), "DB1.pdf"))
    assert [(c.severity, c.detail) for c in found.values()] == [(Severity.CRITICAL, "tidak dikenal: IX.9")]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ([("unit", "A", 1), ("unit", "A", 1), ("total", "J", 2)], "Nama kecamatan tidak ganda"),
        ([("unit", "A", 1)], "Ada tepat satu kolom jumlah"),
        ([("unit", "A", 1), ("total", "J", 1), ("total", "K", 1)], "Ada tepat satu kolom jumlah"),
        ([("total", "J", 1)], "Ada sedikitnya satu kecamatan"),
        ([("unit", "A", 1), ("sum", "B", 1), ("total", "J", 1)], "Setiap kolom adalah rincian atau jumlah"),
    ],
)
def test_a_sheet_of_the_wrong_shape_is_critical(columns: list[tuple[str, str, int]], name: str) -> None:
    found = failed(check(DB1, sheet(DB1, columns), "DB1.pdf"))
    assert {c.name for c in found.values() if c.severity is Severity.CRITICAL} == {name}


def test_a_count_that_cannot_be_is_critical() -> None:
    figures = put(put(sheet(DB1, COLUMNS), "II.2.L", "A", -1), "II.2.L", "B", 10_000_001)
    found = failed(check(DB1, figures, "DB1.pdf"))
    critical = {c.name: c.detail for c in found.values() if c.severity is Severity.CRITICAL}
    assert critical == {
        "Angka terkecil: antara 0 dan 10.000.000": "A: -1",
        "Angka terbesar: antara 0 dan 10.000.000": "B: 10.000.001",
    }


def test_figures_that_are_not_whole_numbers_are_critical() -> None:
    figures = sheet(DB1, COLUMNS)
    figures["value"] = figures["value"].astype("float64") + 0.5
    found = failed(check(DB1, figures, "DB1.pdf"))
    assert found["Semua angka adalah bilangan bulat"].severity is Severity.CRITICAL


def test_each_broken_identity_is_a_warning_that_names_the_unit_and_the_difference() -> None:
    figures = sheet(DB1, [*((("unit", e.id, 1)) for e in DB1.identities), ("total", "J", len(DB1.identities))])
    for equation in DB1.identities:
        row = equation.left[0].row
        figures = put(figures, row, equation.id, UNIT_VALUES[row] + 5)
    found = failed(check(DB1, figures, "DB1.pdf"))
    for equation in DB1.identities:
        about = found[str(equation)]
        assert about.severity is Severity.WARNING
        assert f"{equation.id}: selisih +5" in about.detail.split("; ")
    assert all(c.severity is not Severity.CRITICAL for c in found.values())


def test_an_exceeded_bound_is_only_mentioned() -> None:
    found = failed(check(DB1, put(sheet(DB1, COLUMNS), "II.1.L", "A", 500), "DB1.pdf"))
    assert (found["II.1.L <= I.A.4.L"].severity, found["II.1.L <= I.A.4.L"].detail) == (
        Severity.INFO,
        "A: selisih +398",
    )


def test_a_row_nobody_filled_is_mentioned_but_one_gap_is_a_warning() -> None:
    figures = sheet(DB1, COLUMNS)
    figures.loc[figures["row"] == "II.1.L", ["value", "raw", "status"]] = [pd.NA, "", "blank"]
    found = failed(check(DB1, put(figures, "III.2", "B", None, "blank"), "DB1.pdf"))
    assert (found["Semua baris diisi"].severity, found["Semua baris diisi"].detail) == (
        Severity.INFO,
        "tidak diisi: II.1.L",
    )
    gap = found["Tidak ada isian yang terlewat"]
    assert (gap.severity, gap.detail) == (Severity.WARNING, "B: baris III.2")
    assert found["III.1 = III.2 + III.3 + III.4"].detail == "B: selisih +2"  # an empty cell counts as zero …
    assert "II.1.JML = II.1.L + II.1.P" not in found  # … but a row nobody filled breaks nothing


def test_a_flat_table_needs_numbers_where_the_form_asks_for_them_and_says_what_stands_there_instead() -> None:
    figures = table([("K / N / TPS 1", RIGHT), ("K / N / TPS 2", (100, "?", 180, "tiga", None, 170, 10))])
    found = failed(check(TPS, figures, "t.csv"))
    assert found["Tidak ada isian yang terlewat"].detail == "K / N / TPS 2: baris I.A.1.P"
    assert {n: c.detail for n, c in found.items() if c.severity is Severity.CRITICAL} == {
        "IV.01: terisi pada setiap TPS": 'K / N / TPS 2: bukan angka, tertulis "tiga"',
        "IV.02: terisi pada setiap TPS": "K / N / TPS 2: kosong",
    }


def test_a_flat_table_may_leave_out_optional_columns_and_carry_subtotals() -> None:
    lines = table([("K / N / TPS 1", RIGHT), ("K / N / TPS 2", RIGHT)])
    totals = table([("JUMLAH", RIGHT), ("JUMLAH", RIGHT)], kind="total")
    figures = pd.concat([lines, totals], ignore_index=True)
    assert failed(check(TPS, figures[~figures["row"].isin(["I.A.1.L", "I.B.4.JML"])], "t.csv")) == {}
    found = failed(check(TPS, figures[figures["row"] != "V.A"], "t.csv"))
    assert [(c.severity, c.detail) for c in found.values()] == [(Severity.CRITICAL, "tidak ada: V.A")]


def test_only_five_offenders_are_named_and_the_others_counted() -> None:
    figures = table([(f"K / N / TPS {n}", (100, 110, 180, 61, 110, 170, 10)) for n in range(1, 9)])
    detail = failed(check(TPS, figures, "t.csv"))["V.A = IV.01 + IV.02"].detail
    assert detail.startswith("K / N / TPS 1: selisih -1; ")
    assert detail.endswith("K / N / TPS 5: selisih -1; dan 3 lainnya")


def test_the_kept_result_is_json_the_same_every_time_and_made_without_the_network(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    figures = put(sheet(DB1, COLUMNS), "V.C", "A", 1)
    first, second = (json.dumps(check(DB1, figures, "DB1.pdf").result, allow_nan=False) for _ in range(2))
    assert first == second
    assert not [word for word in ("run_id", "ge_load_time", "batch_id", "traceback") if word in first]
    assert capfd.readouterr() == ("", "")  # no progress bars


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data/sumbar2019")
def test_on_a_real_table_the_broken_identities_are_those_that_the_proof_finds() -> None:
    real = pd.read_csv(DATA / "tps_kawalpemilu_ppwp.csv").query("kabkota == 'PESISIR SELATAN'").head(600)
    names = ["dpt_l", "dpt_p", "situng_pengguna", "situng_01", "situng_02", "situng_sah", "situng_tsah"]
    labels = [f"{k} / {n} / TPS {t}" for k, n, t in zip(real["kecamatan"], real["kelurahan"], real["tps"], strict=True)]
    lines = [
        (label, [int(v) if v >= 0 else str(v) for v in values])
        for label, values in zip(labels, real[names].to_numpy(), strict=True)
    ]
    proved, findings = prove(table(lines), TPS, "13.01", "a" * 64)
    broken = {e: (wide(TPS, proved)[f"residual:{e.id}"] != 0).sum() for e in TPS.identities}
    assert sum(broken.values()) == sum(f.code == "identity_broken" for f in findings) > 0
    found = failed(check(TPS, proved, "tps.csv"))
    assert set(found) == {str(e) for e, count in broken.items() if count} | {
        "Semua isian adalah bilangan",
        "Tidak ada isian yang terlewat",
    }
    assert all(c.severity is Severity.WARNING for c in found.values())  # a real table with real errors is published
