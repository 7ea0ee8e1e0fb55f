"""The suite of a form: which expectations its table must meet, how much each weighs, and its name for a reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from great_expectations import ExpectationSuite
from great_expectations.expectations.core import (  # type: ignore[attr-defined]  # they are there, without __all__
    ExpectColumnSumToBeBetween,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToBeOfType,
    ExpectColumnValuesToBeUnique,
    ExpectColumnValuesToNotBeNull,
    ExpectTableColumnsToMatchSet,
)
from great_expectations.expectations.expectation import Expectation

from rangkiang.checks.wide import (
    GAPS,
    KIND,
    LABEL,
    LARGEST,
    NO_NUMBER,
    NOT_FILLED,
    SMALLEST,
    TOTALS,
    UNITS,
    derived,
    residual,
)
from rangkiang.forms import Form, LeafRow
from rangkiang.model import ColumnKind, Level, Severity

LIMITS = {
    Level.TPS: 100_000,
    Level.KELURAHAN: 1_000_000,
    Level.KECAMATAN: 5_000_000,
    Level.KABKOTA: 10_000_000,
    Level.PROVINSI: 50_000_000,
}
"""More than any area of that level can count: beyond it, digits ran together. Far above the largest real areas (a TPS
serves at most 500 voters, UU 7/2017 article 350; the largest province had 33 million), since a plausible misprint is
the proof's business and must not keep a document back."""

_SPOKEN = {
    Level.PROVINSI: "provinsi",
    Level.KABKOTA: "kabupaten/kota",
    Level.KECAMATAN: "kecamatan",
    Level.KELURAHAN: "desa/kelurahan/nagari",
    Level.TPS: "TPS",
}


def suite(form: Form) -> ExpectationSuite:
    """Every expectation of the form, from its registry entry alone. ``meta['name']`` of each is unique in the suite."""
    made = ExpectationSuite(name=form.model, meta={"form": form.digest})
    made.expectations = [*_shape(form), *_figures(form), *_equations(form)]
    return made


def _about(severity: Severity, name: str) -> dict[str, Any]:
    return {"severity": severity.value, "meta": {"name": name}}


def _shape(form: Form) -> Iterator[Expectation]:
    unit, kinds = _SPOKEN[form.unit], [ColumnKind.UNIT.value, ColumnKind.TOTAL.value]
    columns = [*(leaf.code for leaf in form.leaf_rows), *derived(form)]
    yield ExpectTableColumnsToMatchSet(
        column_set=columns, exact_match=True, **_about(Severity.CRITICAL, "Baris formulir lengkap")
    )
    yield ExpectColumnValuesToBeInSet(
        column=KIND, value_set=kinds, **_about(Severity.CRITICAL, "Setiap kolom adalah rincian atau jumlah")
    )
    yield ExpectColumnSumToBeBetween(
        column=UNITS, min_value=1, **_about(Severity.CRITICAL, f"Ada sedikitnya satu {unit}")
    )
    yield ExpectColumnValuesToNotBeNull(column=LABEL, **_about(Severity.CRITICAL, f"Setiap {unit} bernama"))
    yield ExpectColumnValuesToBeUnique(column=LABEL, **_about(Severity.CRITICAL, f"Nama {unit} tidak ganda"))
    yield ExpectColumnValuesToBeNull(column=GAPS, **_about(Severity.WARNING, "Tidak ada isian yang terlewat"))
    if form.has_total:
        yield ExpectColumnSumToBeBetween(
            column=TOTALS, min_value=1, max_value=1, **_about(Severity.CRITICAL, "Ada tepat satu kolom jumlah")
        )
        yield ExpectColumnValuesToBeNull(column=NOT_FILLED, **_about(Severity.INFO, "Semua baris diisi"))


def _figures(form: Form) -> Iterator[Expectation]:
    limit = LIMITS[form.area if form.has_total else form.unit]
    spoken = f"{limit:,}".replace(",", ".")
    yield ExpectColumnValuesToBeNull(column=NO_NUMBER, **_about(Severity.WARNING, "Semua isian adalah bilangan"))
    # A line's smallest and largest figure are whole only if all of them are.
    yield ExpectColumnValuesToBeOfType(
        column=LARGEST, type_="int64", **_about(Severity.CRITICAL, "Semua angka adalah bilangan bulat")
    )
    for column, which in ((SMALLEST, "terkecil"), (LARGEST, "terbesar")):
        yield ExpectColumnValuesToBeBetween(
            column=column,
            min_value=0,
            max_value=limit,
            **_about(Severity.CRITICAL, f"Angka {which}: antara 0 dan {spoken}"),
        )
    for leaf in form.leaf_rows:
        if _must_be_filled(form, leaf):
            yield ExpectColumnValuesToNotBeNull(
                column=leaf.code,
                **_about(Severity.CRITICAL, f"{leaf.code}: terisi pada setiap {_SPOKEN[form.unit]}"),
            )


def _must_be_filled(form: Form, leaf: LeafRow) -> bool:
    """A recap sheet may leave rows empty (the gaps are weighed as a whole); a flat table's required columns may not."""
    return not form.has_total and leaf.parent.required


def _equations(form: Form) -> Iterator[Expectation]:
    for equation in form.identities:
        yield ExpectColumnValuesToBeInSet(
            column=residual(equation), value_set=[0], **_about(Severity.WARNING, str(equation))
        )
    for bound in form.bounds:
        yield ExpectColumnValuesToBeBetween(column=residual(bound), max_value=0, **_about(Severity.INFO, str(bound)))
