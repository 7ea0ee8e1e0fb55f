"""The suite of a table that is no known form: its headings, its lines, and what its jenis dokumen demands of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from great_expectations import ExpectationSuite
from great_expectations.expectations.core import (  # type: ignore[attr-defined]  # they are there, without __all__
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToBeUnique,
    ExpectColumnValuesToNotBeNull,
    ExpectTableRowCountToBeBetween,
)
from great_expectations.expectations.expectation import Expectation

from rangkiang.catalogue import DemandedSum, Demands
from rangkiang.checks import engine
from rangkiang.checks.running import CannotCheck
from rangkiang.model import Check, Severity

SHOWN = 5
"""Offenders named in a sentence; the others are counted."""

HEADING, FOUND = "heading", "found"
LINE, RAGGED, ODD = "line", "ragged", "odd"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a tidy table, ready to be checked.

    ``headings`` are the columns' names, '' where there is none. ``lines`` has a row per record: ``line`` says which it
    is, ``ragged`` what stands under no heading, ``odd`` what is no number among numbers (null where there is nothing),
    and a column of residuals (total minus parts, null where one is no number) for every demanded sum.
    ``missing`` names the demanded columns that are not there.
    """

    headings: tuple[str, ...]
    lines: pd.DataFrame
    missing: tuple[str, ...] = ()


def residual(demanded: DemandedSum) -> str:
    """Name of the column of residuals: 'JUMLAH = LAKI-LAKI + PEREMPUAN'."""
    return f"{demanded.total} = {' + '.join(demanded.of)}"


def check_table(facts: Facts, demands: Demands | None) -> tuple[Check, ...]:
    """Every check of a table, in the order of the suite. Raises CannotCheck."""
    headings = pd.DataFrame(
        {HEADING: [name or None for name in facts.headings], LINE: _numbered("kolom", len(facts.headings))}
    ).astype("string")
    found = _validated(headings, list(_of_headings()))
    found += _validated(facts.lines, list(_of_lines(facts, demands)))
    if demands is not None:
        wanted = [column.name for column in demands.columns]
        there = pd.DataFrame({LINE: wanted, FOUND: [None if n in facts.missing else n for n in wanted]}).astype(
            "string"
        )
        found += _validated(there, [_not_null(FOUND, Severity.CRITICAL, "Kolom yang diwajibkan ada")])
    return tuple(found)


def _of_headings() -> Iterator[Expectation]:
    yield _not_null(HEADING, Severity.WARNING, "Setiap kolom berjudul")
    yield ExpectColumnValuesToBeUnique(column=HEADING, **_about(Severity.WARNING, "Judul kolom tidak ganda"))


def _of_lines(facts: Facts, demands: Demands | None) -> Iterator[Expectation]:
    least = demands.rows if demands else 1
    yield ExpectTableRowCountToBeBetween(
        min_value=least, **_about(Severity.CRITICAL, f"Ada sedikitnya {least} baris isi")
    )
    yield ExpectColumnValuesToBeNull(column=RAGGED, **_about(Severity.WARNING, "Tidak ada isi di luar kolom berjudul"))
    yield ExpectColumnValuesToBeNull(column=ODD, **_about(Severity.WARNING, "Kolom angka berisi angka saja"))
    for demanded in demands.sums if demands else ():
        if residual(demanded) in facts.lines:
            yield ExpectColumnValuesToBeInSet(
                column=residual(demanded), value_set=[0], **_about(Severity.WARNING, residual(demanded))
            )


def _not_null(column: str, severity: Severity, name: str) -> Expectation:
    return ExpectColumnValuesToNotBeNull(column=column, **_about(severity, name))


def _about(severity: Severity, name: str) -> dict[str, Any]:
    return {"severity": severity.value, "meta": {"name": name}}


def _numbered(what: str, count: int) -> list[str]:
    return [f"{what} {n}" for n in range(1, count + 1)]


def _validated(table: pd.DataFrame, asked: Sequence[Expectation]) -> list[Check]:
    batch = engine.batch(table)
    form = {"result_format": "SUMMARY", "unexpected_index_column_names": [LINE], "partial_unexpected_count": SHOWN}
    outcome = batch.validate(ExpectationSuite(name="table", expectations=list(asked)), result_format=form)
    found = {r["expectation_config"]["meta"]["name"]: r for r in outcome.to_json_dict()["results"]}  # type: ignore[no-untyped-call]
    return [_check(e, found[e.meta["name"]]) for e in asked if e.meta]


def _check(expectation: Expectation, result: Mapping[str, Any]) -> Check:
    name = str((expectation.meta or {})["name"])
    if result["exception_info"].get("raised_exception", True):
        raise CannotCheck(name, result["exception_info"])
    success = bool(result["success"])
    return Check(name, Severity(expectation.severity.value), success, "" if success else _said(expectation, result))


def _said(expectation: Expectation, result: Mapping[str, Any]) -> str:
    about = result["result"]
    if "observed_value" in about:
        return f"ditemukan: {about['observed_value']}"
    column = str(getattr(expectation, "column", ""))
    offenders = about.get("partial_unexpected_index_list") or []
    shown = [_offender(column, o) for o in offenders[:SHOWN]]
    rest = int(about["unexpected_count"]) - len(shown)
    return "; ".join(shown) + (f"; dan {rest} lainnya" if rest > 0 else "")


def _offender(column: str, offender: Mapping[str, Any]) -> str:
    value = offender.get(column)
    if value is None:
        return str(offender[LINE])
    return f"{offender[LINE]}: {f'selisih {value:+d}' if isinstance(value, int) else value}"
