"""Runs a form's suite on the figures of one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations import ExpectationSuite
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.expectations.expectation import Expectation

from rangkiang.checks import engine
from rangkiang.checks.lines import LABEL, Lines, families, lines
from rangkiang.checks.suite import suite
from rangkiang.checks.wording import SHOWN, detail, detail_of_family
from rangkiang.forms import Form
from rangkiang.model import Check, Severity

CHECKS = "checks-2"
"""Version of what checks: part of the name of everything a check decides about."""

_OFFENDERS = {
    "result_format": "SUMMARY",
    "unexpected_index_column_names": [LABEL],
    "partial_unexpected_count": SHOWN,
}


class CannotCheck(RuntimeError):
    """Great Expectations stumbled over an expectation. That is a fault of ours and says nothing about the document."""

    def __init__(self, name: str, information: object) -> None:
        super().__init__(f"The check {name!r} could not be carried out: {information}")


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One check per expectation, in the order of the suite, and Great Expectations' own result, JSON-able.

    The result holds neither times nor run ids: the same figures give the same bytes.
    """

    checks: tuple[Check, ...]
    result: dict[str, Any]


def check(form: Form, figures: pd.DataFrame, name: str) -> CheckOutcome:
    """Check the figures of one document. ``figures`` has FIGURE_COLUMNS; ``name`` is what its readers call it.

    What is missing is named by the check of completeness, and nothing else is asked about it. Raises CannotCheck.
    """
    sheet = lines(form, figures)
    table = sheet.table()
    asked = [e for e in suite(form).expectations if getattr(e, "column", None) in (None, *table.columns)]
    batch = engine.batch(table)
    found = _validate(batch, form, asked, "BASIC")
    failed = [e for e in asked if not found[_name(e)]["success"]]
    # The names of the offenders cost as much as the whole suite, so only what failed is asked for them.
    found |= _validate(batch, form, failed, _OFFENDERS) if failed else {}
    checks = tuple(_check(e, found[_name(e)], sheet, figures) for e in asked)
    results = [{**found[c.name], "meta": {"detail": c.detail}} for c in checks]
    return CheckOutcome(checks, _kept(form, name, results))


def _validate(batch: Batch, form: Form, asked: Sequence[Expectation], detail: Any) -> dict[str, dict[str, Any]]:
    """Results by the expectation's name."""
    outcome = batch.validate(ExpectationSuite(name=form.model, expectations=list(asked)), result_format=detail)
    return {r["expectation_config"]["meta"]["name"]: r for r in map(_lasting, outcome.to_json_dict()["results"])}  # type: ignore[no-untyped-call]


def _lasting(result: Mapping[str, Any]) -> dict[str, Any]:
    """What of a result is about the document, and not about this run."""
    config = dict(result["expectation_config"])
    raised = result["exception_info"]
    if raised.get("raised_exception", True):
        raise CannotCheck(config["meta"]["name"], raised)
    config["kwargs"] = {k: v for k, v in config["kwargs"].items() if k != "batch_id"}
    return {"success": result["success"], "expectation_config": config, "result": result["result"]}


def _name(expectation: Expectation) -> str:
    return str((expectation.meta or {})["name"])


def _check(expectation: Expectation, result: Mapping[str, Any], sheet: Lines, figures: pd.DataFrame) -> Check:
    success = bool(result["success"])
    said = "" if success else _detail(expectation, result, sheet, figures)
    return Check(_name(expectation), Severity(expectation.severity.value), success, said)


def _detail(expectation: Expectation, result: Mapping[str, Any], sheet: Lines, figures: pd.DataFrame) -> str:
    asked = {family.column: family for family in families(sheet.form)}
    family = asked.get(str(getattr(expectation, "column", "")))
    return detail_of_family(family, sheet) if family else detail(result, figures)


def _kept(form: Form, name: str, results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    passed = sum(bool(r["success"]) for r in results)
    return {
        "document": name,
        "suite_name": form.model,
        "success": passed == len(results),
        "statistics": {
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100 * passed / len(results),
        },
        "results": list(results),
        "meta": {"great_expectations_version": gx.__version__, "checks": CHECKS, "form": form.digest},
    }
