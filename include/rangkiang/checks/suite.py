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
)
from great_expectations.expectations.expectation import Expectation

from rangkiang.checks.lines import (
    GAPS,
    KIND,
    LABEL,
    LARGEST,
    MISSING,
    NO_NUMBER,
    NOT_FILLED,
    SMALLEST,
    TOTALS,
    UNITS,
    UNKNOWN,
    demanded,
    families,
    is_flat,
)
from rangkiang.checks.wording import spoken_family
from rangkiang.forms import Form
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
    unit, kinds = _SPOKEN[form.unit], [ColumnKind.UNIT.value, *([ColumnKind.TOTAL.value] if form.has_total else [])]
    yield ExpectColumnValuesToBeNull(column=MISSING, **_about(Severity.CRITICAL, "Baris formulir lengkap"))
    yield ExpectColumnValuesToBeNull(column=UNKNOWN, **_about(Severity.CRITICAL, "Tidak ada baris di luar formulir"))
    yield ExpectColumnValuesToBeInSet(
        column=KIND, value_set=kinds, **_about(Severity.CRITICAL, "Setiap kolom adalah rincian atau jumlah")
    )
    yield _count_of_units(form)
    yield ExpectColumnValuesToNotBeNull(column=LABEL, **_about(Severity.CRITICAL, f"Setiap {unit} bernama"))
    yield ExpectColumnValuesToBeUnique(column=LABEL, **_about(Severity.CRITICAL, f"Nama {unit} tidak ganda"))
    yield ExpectColumnValuesToBeNull(column=GAPS, **_about(Severity.WARNING, "Tidak ada isian yang terlewat"))
    if form.has_total:
        yield ExpectColumnSumToBeBetween(
            column=TOTALS, min_value=1, max_value=1, **_about(Severity.CRITICAL, "Ada tepat satu kolom jumlah")
        )
    if not is_flat(form):
        yield ExpectColumnValuesToBeNull(column=NOT_FILLED, **_about(Severity.INFO, "Semua baris diisi"))


def _count_of_units(form: Form) -> Expectation:
    """A sheet about one unit has one column; every other has at least one."""
    single = form.area is form.unit
    name = f"Ada {'tepat' if single else 'sedikitnya'} satu {_SPOKEN[form.unit]}"
    return ExpectColumnSumToBeBetween(
        column=UNITS, min_value=1, max_value=1 if single else None, **_about(Severity.CRITICAL, name)
    )


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
        # A recap sheet may leave rows empty (the gaps are weighed as a whole); a flat table's required columns may not.
        if is_flat(form) and demanded(form, leaf):
            yield ExpectColumnValuesToNotBeNull(
                column=leaf.code,
                **_about(Severity.CRITICAL, f"{leaf.code}: terisi pada setiap {_SPOKEN[form.unit]}"),
            )


def _equations(form: Form) -> Iterator[Expectation]:
    for family in families(form):
        if family.bound:
            yield ExpectColumnValuesToBeBetween(
                column=family.column, max_value=0, **_about(Severity.INFO, spoken_family(family))
            )
        else:
            yield ExpectColumnValuesToBeInSet(
                column=family.column, value_set=[0], **_about(Severity.WARNING, spoken_family(family))
            )
