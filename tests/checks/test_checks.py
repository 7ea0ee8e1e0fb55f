"""The gate: what keeps a document out of the release, what is only said, and what is said about it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from helpers.ballots import ballot
from helpers.sheets import UNIT_VALUES, put, sheet
from rangkiang.checks import CheckOutcome, check, lines, suite
from rangkiang.checks.lines import LARGEST, MISSING, SMALLEST, families
from rangkiang.forms import form, forms
from rangkiang.forms.contest import brief
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
    assert list(lines(DB1, sheet(DB1, COLUMNS)).table()["column_label"]) == ["A", "B", "JUMLAH AKHIR"]


def right_sheet(model: str) -> pd.DataFrame:
    """Figures of a sheet of that form on which everything is right."""
    entry = form(model)
    if entry.orientation == "down":
        return table([("K / N / TPS 1", RIGHT), ("K / N / TPS 2", RIGHT)])
    return ballot(entry, COLUMNS if entry.has_total else [("unit", "TPS 003", 1)])


@pytest.mark.parametrize("model", list(forms()))
def test_every_form_of_the_registry_makes_a_suite_that_asks_for_all_its_rows_and_equations(model: str) -> None:
    entry = form(model)
    made = suite(entry)
    names = [e.meta["name"] for e in made.expectations]
    assert len(set(names)) == len(names)
    asked = [e.column for e in made.expectations]
    assert set(asked) == set(lines(entry, right_sheet(model)).table().columns)
    told = [e for family in families(entry) for e in family.equations]
    assert sorted(e.id for e in told) == sorted(e.id for e in (*entry.identities, *entry.bounds))
    assert {family.column for family in families(entry)} <= set(asked)


@pytest.mark.parametrize("model", list(forms()))
def test_a_right_sheet_of_any_form_passes_everything(model: str) -> None:
    assert failed(check(form(model), right_sheet(model), "x.pdf")) == {}


ONE_OF_EACH = ["DB1-PPWP", "DB1-DPR", "DB1-DPD", "C1-DPRD-KABKOTA", "TPS-PPWP"]


@pytest.mark.parametrize("model", ONE_OF_EACH)
def test_every_row_that_a_form_demands_is_missed_by_name_and_every_other_is_not(model: str) -> None:
    entry, figures = form(model), right_sheet(model)
    there = list(figures["row"].unique())
    for leaf in (leaf for leaf in entry.leaf_rows if leaf.code in there):
        demanded = leaf.parent.required if entry.orientation == "down" else not leaf.parent.optional
        said = lines(entry, figures[figures["row"] != leaf.code]).table()[MISSING]
        assert (set(said) == {leaf.code}) if demanded else said.isna().all()


@pytest.mark.parametrize("model", ONE_OF_EACH)
def test_every_equation_of_every_form_is_seen_to_break(model: str) -> None:
    entry, figures = form(model), right_sheet(model)
    label = str(figures["column_label"].iat[0])
    for family in families(entry):
        for equation in family.equations:
            row = equation.left[0].row
            value = int(figures.loc[(figures["row"] == row) & (figures["column_label"] == label), "value"].iat[0])
            for off in [100_000] if family.bound else [3, -3]:
                sheet_ = lines(entry, put(figures, row, label, value + off))
                assert (label, equation.id) in {(b.label, b.equation.id) for b in sheet_.broken(family)}
                assert sheet_.table()[family.column].iloc[0] * off > 0


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
    for family in (f for f in families(DB1) if not f.bound):
        figures = sheet(DB1, [*((("unit", e.id, 1)) for e in family.equations), ("total", "J", len(family.equations))])
        for equation in family.equations:
            row = equation.left[0].row
            figures = put(figures, row, equation.id, UNIT_VALUES[row] + 5)
        found = failed(check(DB1, figures, "DB1.pdf"))
        first, *others = family.equations
        about = found[f"{first}, dan {len(others)} persamaan sejenis" if others else str(first)]
        assert about.severity is Severity.WARNING
        told = about.detail.split("; ")
        assert (f"{first.id}: {first}, selisih +5" if others else f"{first.id}: selisih +5") in told
        assert len(told) == min(6, len(family.equations))
        assert all(c.severity is not Severity.CRITICAL for c in found.values())


def test_an_exceeded_bound_is_only_mentioned() -> None:
    found = failed(check(DB1, put(sheet(DB1, COLUMNS), "II.1.L", "A", 500), "DB1.pdf"))
    about = found["II.1.L <= I.A.4.L, dan 2 batas sejenis"]
    assert (about.severity, about.detail) == (Severity.INFO, "A: II.1.L <= I.A.4.L, selisih +398")


def test_text_that_is_no_number_is_named_and_no_figure_counts_where_none_is_known() -> None:
    figures = put(sheet(DB1, COLUMNS), "II.1.P", "A", None, "flagged")
    figures.loc[figures["value"] == 0, ["value", "status"]] = [1, "read"]
    found = failed(check(DB1, figures, "DB1.pdf"))
    about = found["Semua isian adalah bilangan"]
    assert (about.severity, about.detail) == (Severity.WARNING, "A: baris II.1.P")
    nothing = figures.assign(value=figures["value"].mask(figures["column_label"] == "B"))
    assert lines(DB1, nothing).table()[SMALLEST].tolist() == [1, pd.NA, 1]
    assert lines(DB1, nothing).table()[LARGEST].isna().tolist() == [False, True, False]


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
    # … but a row nobody filled breaks nothing
    assert not [name for name in found if name.startswith("I.A.1.JML = I.A.1.L + I.A.1.P")]


def test_a_flat_table_needs_numbers_where_the_form_asks_for_them_and_says_what_stands_there_instead() -> None:
    figures = table([("K / N / TPS 1", RIGHT), ("K / N / TPS 2", (100, "?", 180, "tiga", None, 170, 10))])
    found = failed(check(TPS, figures, "t.csv"))
    assert found["Tidak ada isian yang terlewat"].detail == "K / N / TPS 2: baris I.A.1.P"
    assert {n: c.detail for n, c in found.items() if c.severity is Severity.CRITICAL} == {
        "IV.01: terisi pada setiap TPS": 'K / N / TPS 2: bukan angka, tertulis "tiga"',
        "IV.02: terisi pada setiap TPS": "K / N / TPS 2: kosong",
    }


def test_a_flat_table_may_leave_out_optional_columns_and_carry_subtotals() -> None:
    units = table([("K / N / TPS 1", RIGHT), ("K / N / TPS 2", RIGHT)])
    totals = table([("JUMLAH", RIGHT), ("JUMLAH", RIGHT)], kind="total")
    figures = pd.concat([units, totals], ignore_index=True)
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
    rows = [
        (label, [int(v) if v >= 0 else str(v) for v in values])
        for label, values in zip(labels, real[names].to_numpy(), strict=True)
    ]
    proved, findings = prove(table(rows), TPS, "13.01", "a" * 64)
    sheet_ = lines(TPS, proved)
    broken = {f.equations[0]: len(list(sheet_.broken(f))) for f in families(TPS)}
    assert sum(broken.values()) == sum(f.code == "identity_broken" for f in findings) > 0
    found = failed(check(TPS, proved, "tps.csv"))
    assert set(found) == {str(e) for e, count in broken.items() if count} | {
        "Semua isian adalah bilangan",
        "Tidak ada isian yang terlewat",
    }
    assert all(c.severity is Severity.WARNING for c in found.values())  # a real table with real errors is published


DPR, DPD, C1 = form("DB1-DPR"), form("DB1-DPD"), form("C1-DPR")


def test_a_candidate_that_a_sheet_lacks_is_not_asked_for_but_the_party_must_still_add_up() -> None:
    figures = ballot(DPR, COLUMNS)
    without = figures[figures["row"] != "IV.3.2"]
    found = failed(check(DPR, without, "DB1.pdf"))
    assert {c.severity for c in found.values()} == {Severity.WARNING}
    (about,) = found.values()
    first, third = (next(brief(str(e)) for e in DPR.identities if f"IV.{n}.0" in e.rows) for n in (1, 3))
    assert about.name == f"{first}, dan 15 persamaan sejenis"
    assert about.detail.startswith(f"A: {third}, selisih +1; B: {third}")


@pytest.mark.parametrize(
    ("row", "value", "name", "severity"),
    [
        ("IV.3.2", -1, "Angka terkecil: antara 0 dan 10.000.000", Severity.CRITICAL),
        ("IV.20.4", 10_000_001, "Angka terbesar: antara 0 dan 10.000.000", Severity.CRITICAL),
        ("IV.3.2", None, "Tidak ada isian yang terlewat", Severity.WARNING),
        ("IV.19.T", 9, "V.A = IV.1.T + IV.2.T + \N{HORIZONTAL ELLIPSIS} + IV.20.T", Severity.WARNING),
    ],
)
def test_a_candidates_figure_is_weighed_like_any_other(row: str, value: int | None, name: str, severity: str) -> None:
    status = "read" if value is not None else "blank"
    found = failed(check(DPR, put(ballot(DPR, COLUMNS), row, "A", value, status), "DB1.pdf"))
    assert found[name].severity is severity


def test_rows_that_parties_must_have_are_missed_and_strange_ones_are_named() -> None:
    figures = ballot(DPR, COLUMNS)
    stray = figures[figures["row"] == "IV.1.2"].assign(row="IV.15.1")
    figures = pd.concat([figures[~figures["row"].isin(["IV.2.0", "IV.4.T"])], stray], ignore_index=True)
    found = failed(check(DPR, figures, "DB1.pdf"))
    critical = {c.name: c.detail for c in found.values() if c.severity is Severity.CRITICAL}
    assert critical == {
        "Baris formulir lengkap": "tidak ada: IV.2.0, IV.4.T",
        "Tidak ada baris di luar formulir": "tidak dikenal: IV.15.1",
    }


def test_persons_votes_must_add_up_to_the_valid_votes() -> None:
    found = failed(check(DPD, put(ballot(DPD, COLUMNS), "IV.22", "B", 7), "DB1.pdf"))
    assert [c.detail for c in found.values()] == ["B: selisih -5"]


def test_a_polling_places_own_sheet_has_one_column_and_no_total() -> None:
    one = [("unit", "JUMLAH", 1)]
    assert failed(check(C1, ballot(C1, one), "C1.pdf")) == {}
    for columns, name in (
        ([*one, ("unit", "TPS 4", 1)], "Ada tepat satu TPS"),
        ([*one, ("total", "TPS 4", 1)], "Setiap kolom adalah rincian atau jumlah"),
        ([("total", "JUMLAH", 1)], "Ada tepat satu TPS"),
    ):
        assert failed(check(C1, ballot(C1, columns), "C1.pdf"))[name].severity is Severity.CRITICAL


def test_a_sheet_of_a_party_election_costs_no_more_than_another() -> None:
    assert len(suite(DPR).expectations) <= len(suite(DB1).expectations) + 1
    columns = [*(("unit", f"TPS {n}", 1) for n in range(40)), ("total", "JUMLAH", 40)]
    figures = ballot(form("DAA1-DPR"), columns, candidates=range(1, 100))
    assert figures["row"].nunique() == len(form("DAA1-DPR").leaf_rows) > 250
    check(form("DAA1-DPR"), figures, "warm.pdf")
    seconds = []
    for _ in range(3):
        start = time.process_time()
        check(form("DAA1-DPR"), figures, "DAA1.pdf")
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.8


def test_a_column_without_a_name_is_critical() -> None:
    figures = sheet(DB1, COLUMNS)
    figures["column_label"] = figures["column_label"].mask(figures["column_label"] == "B")
    found = failed(check(DB1, figures, "DB1.pdf"))
    assert [(c.name, c.severity) for c in found.values()] == [("Setiap kecamatan bernama", Severity.CRITICAL)]
