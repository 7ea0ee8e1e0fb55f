"""One YAML adds a form: every file of the registry is whole, and its equations say what FORMS says."""

from __future__ import annotations

import pytest

from rangkiang.forms import Form, forms
from rangkiang.forms.equations import parse


@pytest.mark.parametrize("entry", forms().values(), ids=lambda f: f.model)
def test_a_form_is_whole(entry: Form) -> None:
    codes = [leaf.code for leaf in entry.leaf_rows]
    assert codes
    assert len(codes) == len(set(codes))
    assert all(leaf.label.id and leaf.label.en for leaf in entry.leaf_rows)
    assert {s.code for s in entry.sections} >= {row.section for row in entry.rows}
    assert entry.identities


@pytest.mark.parametrize("model", ["DA1-PPWP", "DB1-PPWP", "DC1-PPWP"])
def test_the_recap_forms_hold_the_identities_of_the_regulation(model: str) -> None:
    written = {str(e) for e in forms()[model].identities}
    assert {
        "I.A.1.JML = I.A.1.L + I.A.1.P",
        "I.B.4.P = I.B.1.P + I.B.2.P + I.B.3.P",
        "III.1 = III.2 + III.3 + III.4",
        "V.A = IV.01 + IV.02",
        "V.C = V.A + V.B",
        "V.C = III.4",
        "V.C = I.B.4.JML",
    } <= written
    assert len(written) == 10 + 3 + 3 + 5


def test_each_level_is_fed_by_the_one_below() -> None:
    chain = {m: f.below for m, f in forms().items()}
    assert (chain["DC1-PPWP"], chain["DB1-PPWP"]) == ("DB1-PPWP", "DA1-PPWP")
    for model, below in chain.items():
        if below in forms():
            assert forms()[model].unit == forms()[below].area


@pytest.mark.parametrize("text", ["V.A + V.B", "V.A = ", "V.A = V.B V.C", "V.A = 12x"])
def test_what_is_no_equation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no '='|row code"):
        list(parse({"id": "x", "equation": text}))


def test_an_equation_knows_its_residual() -> None:
    (equation,) = parse({"id": "x", "equation": "2*V.A - V.B <= V.C"})
    assert dict(equation.residual) == {"V.A": 2, "V.B": -1, "V.C": -1}
    assert str(equation) == "2 * V.A - V.B <= V.C"
