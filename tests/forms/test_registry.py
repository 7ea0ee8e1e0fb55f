"""One YAML adds a form: every file of the registry is whole, and its rows and equations are those of FORMS."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import product

import pytest

from rangkiang.catalogue import elections, fold, parties
from rangkiang.forms import Form, form, forms, parts, registry
from rangkiang.forms.contest import contestants
from rangkiang.forms.equations import parse

LEVELS = ("C1", "DAA1", "DA1", "DB1", "DC1")
BALLOTS = ("PPWP", "DPR", "DPD", "DPRD-PROV", "DPRD-KABKOTA")
SHEETS = [f"{level}-{ballot}" for level, ballot in product(LEVELS, BALLOTS)]
PARTIES = [str(n) for n in (*range(1, 15), 19, 20)]

SHARED = {
    *(f"{row}.JML = {row}.L + {row}.P" for row in [*(f"I.{p}.{n}" for p in "AB" for n in "1234"), "II.1", "II.2"]),
    *(f"I.{p}.4.{s} = I.{p}.1.{s} + I.{p}.2.{s} + I.{p}.3.{s}" for p in "AB" for s in ("L", "P", "JML")),
    "III.1 = III.2 + III.3 + III.4",
    "V.C = V.A + V.B",
    "V.C = III.4",
    "V.C = I.B.4.JML",
}

PRINTED = {
    "PPWP": ["PPWP"],
    "DPR": ["DPR", "DPR RI"],
    "DPD": ["DPD"],
    "DPRD-PROV": ["DPRD PROVINSI", "DPRD-PROV", "DPRD PROV"],
    "DPRD-KABKOTA": ["DPRD KAB/KOTA", "DPRD-KABKOTA", "DPRD KABUPATEN/KOTA", "DPRD KOTA"],
}
TITLES = {
    "PPWP": "PRESIDEN DAN WAKIL PRESIDEN",
    "DPR": "ANGGOTA DEWAN PERWAKILAN RAKYAT",
    "DPD": "ANGGOTA DEWAN PERWAKILAN DAERAH",
    "DPRD-PROV": "ANGGOTA DEWAN PERWAKILAN RAKYAT DAERAH PROVINSI",
    "DPRD-KABKOTA": "ANGGOTA DEWAN PERWAKILAN RAKYAT DAERAH KABUPATEN/KOTA",
}


@pytest.mark.parametrize("entry", forms().values(), ids=lambda f: f.model)
def test_a_form_is_whole(entry: Form) -> None:
    codes = [leaf.code for leaf in entry.leaf_rows]
    assert codes
    assert len(codes) == len(set(codes))
    assert all(leaf.label.id and leaf.label.en for leaf in entry.leaf_rows)
    assert [s.code for s in entry.sections if any(f"{r.section}.".startswith(f"{s.code}.") for r in entry.rows)] == [
        s.code for s in entry.sections
    ]
    assert entry.identities
    assert entry.election in {e.code for e in elections()}
    left = repr((entry.name, entry.title, entry.rows, entry.headings, entry.sections, entry.recognise))
    assert not re.search(r"\$\{|\{(it|n|party|name|NAME)\}", left), "a placeholder was not filled"


def test_every_level_has_every_ballot_and_the_flat_table_stays() -> None:
    assert set(forms()) == {*SHEETS, "TPS-PPWP"}
    assert {(f.model, f.stage) for f in forms().values() if f.stage == "PL.01.7"} == {
        *((f"C1-{ballot}", "PL.01.7") for ballot in BALLOTS),
        ("TPS-PPWP", "PL.01.7"),
    }


@pytest.mark.parametrize("model", SHEETS)
def test_rows_stand_in_the_order_of_the_sheet(model: str) -> None:
    codes = [row.code for row in form(model).rows]
    votes = [code for code in codes if code.startswith("IV.")]
    above, below = codes[: codes.index(votes[0])], codes[codes.index(votes[-1]) + 1 :]
    assert above == [*(f"I.{p}.{n}" for p in "AB" for n in "1234"), "II.1", "II.2", *(f"III.{n}" for n in "1234")]
    assert below == ["V.A", "V.B", "V.C"]
    ballot = model.partition("-")[2]
    if ballot == "PPWP":
        assert votes == ["IV.01", "IV.02"]
    elif ballot == "DPD":
        assert votes[:3] == ["IV.21", "IV.22", "IV.23"]
        assert all(row.optional and row.contestant == row.number for row in form(model).rows if row.code in votes)
    else:
        assert votes == [f"IV.{p}.{n}" for p in PARTIES for n in ("0", *map(str, range(1, 16)), "T")]


@pytest.mark.parametrize("model", [m for m in SHEETS if "DPR" in m])
def test_a_partys_block_has_its_number_its_names_and_its_total(model: str) -> None:
    entry = form(model)
    names = {str(p.number): p.name for p in parties()}
    for party in PARTIES:
        block = [row for row in entry.rows if row.party == party]
        assert {row.code.split(".")[1] for row in block} == {party}
        assert [row.code[-1] for row in block if not row.optional] == ["0", "T"]
        assert (block[0].number, block[-1].number) == ("A.1", "B")
        assert fold(names[party]) in {fold(label) for label in block[0].printed}
        assert {row.code for row in block if row.contestant} == {f"IV.{party}.T"}
        assert [h.printed for h in entry.headings if h.before == f"IV.{party}.0"] == [names[party].upper()]
    assert [(c.number, c.row) for c in contestants(entry)] == [(p, f"IV.{p}.T") for p in PARTIES]
    assert not any(row.party or row.optional for row in entry.rows if not row.code.startswith("IV."))


@pytest.mark.parametrize("model", SHEETS)
def test_the_forms_hold_the_identities_of_the_regulation(model: str) -> None:
    entry = form(model)
    written = {str(e) for e in entry.identities}
    assert written >= SHARED
    more = written - SHARED
    ballot = model.partition("-")[2]
    if ballot == "PPWP":
        assert more == {"V.A = IV.01 + IV.02"}
    elif ballot == "DPD":
        assert more == {"V.A = " + " + ".join(row.code for row in entry.rows if row.optional)}
    else:
        assert more == {
            "V.A = " + " + ".join(f"IV.{p}.T" for p in PARTIES),
            *(f"IV.{p}.T = " + " + ".join(f"IV.{p}.{n}" for n in range(16)) for p in PARTIES),
        }
    assert {str(e) for e in entry.bounds} >= {"I.B.1.L <= I.A.1.L", "II.2.JML <= II.1.JML", "II.1.P <= I.A.4.P"}


@pytest.mark.parametrize("model", SHEETS)
def test_each_level_is_fed_by_the_one_below(model: str) -> None:
    entry = form(model)
    level, _, ballot = model.partition("-")
    if level == "C1":
        assert (entry.below, entry.area, entry.has_total) == (None, entry.unit, False)
        return
    assert entry.below == f"{LEVELS[LEVELS.index(level) - 1]}-{ballot}"
    assert entry.unit is form(entry.below).area
    assert entry.has_total
    assert [row.code for row in entry.rows] == [row.code for row in form(entry.below).rows]


def recognised(text: str) -> set[str]:
    return {f.model for f in forms().values() for pattern in f.recognise if re.search(pattern, text)}


@pytest.mark.parametrize("model", SHEETS)
def test_a_model_line_is_recognised_as_that_model_only(model: str) -> None:
    level, _, ballot = model.partition("-")
    for spelled in PRINTED[ballot]:
        for line in (
            f"MODEL {level}-{spelled}",
            f"MODEL : {level} - {spelled}",
            f"X MODEL {level}-{spelled} HALAMAN 1",
        ):
            assert recognised(line) == {model}, line


@pytest.mark.parametrize("model", SHEETS)
def test_a_title_is_recognised_as_that_model_only(model: str) -> None:
    title = f"{form(model).title} AGAM PEMILIHAN UMUM {TITLES[model.partition('-')[2]]} TAHUN 2019"
    assert recognised(title) == {model}


@pytest.mark.parametrize("text", ["MODEL DB2-KPU", "JUMLAH PEMILIH DALAM DPT (MODEL A.3-KPU)", "MODEL DB1-DPRK"])
def test_other_models_are_not_recognised(text: str) -> None:
    assert recognised(text) == set()


def test_the_registry_loads_quickly() -> None:
    program = (
        "import time, rangkiang.forms as f, rangkiang.catalogue as c; c.parties();"
        "t = time.process_time(); f.forms(); print(time.process_time() - t)"
    )
    took = float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)
    assert took < 0.5


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rows": []}, "should be non-empty|is too short"),
        ({"area": "benua"}, "'benua' is not one of"),
        ({"sections": [{"code": "I", "id": "x", "en": "x"}]}, "sections that the form does not have"),
        ({"identities": [{"id": "x", "equation": "V.A = IX.1"}]}, "names rows that the form does not have"),
        ({"surprise": 1}, "'surprise' was unexpected"),
        ({"title": None}, "None is not of type 'string'"),
    ],
)
def test_a_file_that_is_wrong_is_named_with_its_fault(change: dict, fault: str, monkeypatch) -> None:  # type: ignore[no-untyped-def,type-arg]
    whole = parts.whole("db1-ppwp")
    monkeypatch.setattr(parts, "whole", lambda name: whole | change)
    with pytest.raises(ValueError, match=rf"forms/registry/x\.yaml: .*({fault})"):
        registry._form("x")


@pytest.mark.parametrize("text", ["V.A + V.B", "V.A = ", "V.A = V.B V.C", "V.A = 12x", "V.A = sum(IV.#)"])
def test_what_is_no_equation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no '='|row code|fits no row"):
        list(parse({"id": "x", "equation": text}, ["V.A", "IV.1.T"]))


def test_an_equation_knows_its_residual() -> None:
    (equation,) = parse({"id": "x", "equation": "2*V.A - V.B <= V.C"})
    assert dict(equation.residual) == {"V.A": 2, "V.B": -1, "V.C": -1}
    assert str(equation) == "2 * V.A - V.B <= V.C"


def test_a_sum_is_over_the_rows_that_fit_and_no_others() -> None:
    rows = ["IV.1.0", "IV.1.1", "IV.1.12", "IV.1.T", "IV.2.1", "IV.11.1", "V.A"]
    one, two = parse({"id": "x", "each": "parties", "equation": "IV.{it}.T = IV.{it}.0 + sum(IV.{it}.#)"}, rows, "12")
    assert str(one) == "IV.1.T = IV.1.0 + IV.1.1 + IV.1.12"
    assert (two.id, str(two)) == ("x:2", "IV.2.T = IV.2.0 + IV.2.1")


def test_an_equation_over_the_rows_that_a_sheet_has() -> None:
    (equation,) = parse({"id": "x", "equation": "V.A = IV.21 + IV.22 + IV.23"})
    assert str(equation.over({"V.A", "IV.22"})) == "V.A = IV.22"
    assert str(equation.over({"V.A"})) == "V.A = 0"
