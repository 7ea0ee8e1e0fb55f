"""Codes on documents and ballots, and that the form registry says the same."""

from __future__ import annotations

from rangkiang import catalogue
from rangkiang.forms import forms


def test_stages() -> None:
    sure = {s.code for s in catalogue.stages() if s.certainty == "sure"}
    assert sure == {"PL.01.3", "PL.01.4", "PL.01.5", "PL.02.1", "PL.02.2", "PY.01.1"}
    assert {f"PL.01.{n}" for n in range(1, 10)} < {s.code for s in catalogue.stages()}
    assert all(s.example == "" or f"/{s.code}-" in s.example for s in catalogue.stages())
    assert not {s.code[:2] for s in catalogue.stages()} & {"HK", "PP", "PR"}
    assert catalogue.stage("PL.99.9") is None


def test_document_types_agree_with_the_form_registry() -> None:
    readable = {d.form: d for d in catalogue.doctypes() if d.form}
    assert set(readable) == set(forms()) - {"DC1-DPRD-KABKOTA"}  # there is no such sheet: see doctypes.yaml
    for model, doctype in readable.items():
        assert (doctype.code, doctype.stage) == (model, forms()[model].stage)
        assert forms()[model].election in {e.code for e in catalogue.elections()}


def test_only_what_offices_owe_today_is_expected_of_them() -> None:
    expected = {d.code: d.expected for d in catalogue.doctypes() if d.expected != "none"}
    assert expected == {"DA1-PPWP": "district", "DB1-PPWP": "office", "DC1-PPWP": "province", "TPS-PPWP": "office"}


def test_every_ballot_has_a_sheet_for_every_level() -> None:
    sheets = {d.code for d in catalogue.doctypes() if d.form} - {"TPS-PPWP"}
    ballots = [e.code.removesuffix("-2019") for e in catalogue.elections()]
    every = {f"{level}-{ballot}" for level in ("C1", "DAA1", "DA1", "DB1", "DC1") for ballot in ballots}
    assert every - sheets == {"DC1-DPRD-KABKOTA"}
    assert sheets < every


def test_pairs_are_named_as_on_the_forms() -> None:
    for form in (f for f in forms().values() if f.election == "PPWP-2019"):
        printed = {r.code: catalogue.fold(r.label.id) for r in form.rows if r.contestant}
        for pair in catalogue.pairs():
            assert printed.pop(pair.row) == catalogue.fold(pair.number + pair.president + pair.vice_president)
        assert printed == {}


def test_ballot_numbers_jump_from_14_to_19_outside_aceh() -> None:
    national = [p for p in catalogue.parties() if not p.aceh_only]
    assert [p.number for p in national] == [*range(1, 15), 19, 20]
    assert [p.code for p in national][-2:] == ["PBB", "PKPI"]
    assert [p.number for p in catalogue.parties() if p.aceh_only] == [15, 16, 17, 18]
