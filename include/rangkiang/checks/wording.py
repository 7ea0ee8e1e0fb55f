"""What a failed expectation says to a reader: up to five offenders by name and value, in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from rangkiang.checks.wide import GAPS, LABEL, NO_NUMBER, NOT_FILLED
from rangkiang.model import Status

SHOWN = 5
"""Offenders named in a sentence; the others are counted."""


def detail(result: Mapping[str, Any], figures: pd.DataFrame) -> str:
    """One line on what failed. ``result`` is the kept result of one failed expectation."""
    kind, about = result["expectation_config"]["type"], result["result"]
    column = str(result["expectation_config"]["kwargs"].get("column", ""))
    if kind == "expect_table_columns_to_match_set":
        return _columns(about.get("details", {}).get("mismatched", {}))
    if "observed_value" in about:  # a count of lines, or a type
        return f"ditemukan: {about['observed_value']}"
    if column == NOT_FILLED:
        return f"tidak diisi: {about['partial_unexpected_list'][0]}"
    offenders = about.get("partial_unexpected_index_list") or []
    if kind == "expect_column_values_to_be_unique":
        names = dict.fromkeys(str(o[LABEL]) for o in offenders)
        return _listed(list(names), about["unexpected_count"] - len(offenders) + len(names))
    spoken = [f"{o[LABEL]}: {_said(kind, column, o, figures)}" for o in offenders]
    return _listed(spoken, about["unexpected_count"])


def _columns(mismatched: Mapping[str, Sequence[str]]) -> str:
    """``mismatched`` as Great Expectations gives it: names that are missing, names that are unexpected."""
    said = []
    for word, names in (("tidak ada", mismatched.get("missing")), ("tidak dikenal", mismatched.get("unexpected"))):
        if names:
            said.append(f"{word}: {', '.join(sorted(names))}")
    return "; ".join(said)


def _listed(spoken: Sequence[str], count: int) -> str:
    shown = spoken[:SHOWN]
    rest = count - len(shown)
    return "; ".join(shown) + (f"; dan {rest} lainnya" if rest > 0 else "")


def _said(kind: str, column: str, offender: Mapping[str, Any], figures: pd.DataFrame) -> str:
    value = offender.get(column)
    if kind == "expect_column_values_to_not_be_null":
        return _text(column, str(offender[LABEL]), figures)
    if column in (GAPS, NO_NUMBER):
        return f"baris {value}"
    if column.startswith("residual:"):
        return f"selisih {int(value or 0):+d}"
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)


def _text(row: str, label: str, figures: pd.DataFrame) -> str:
    """The text that stands where a number should."""
    here = figures[(figures["row"] == row) & (figures[LABEL] == label) & figures["value"].isna()]
    flagged = here.loc[here["status"] == Status.FLAGGED.value, "raw"]
    return f'bukan angka, tertulis "{flagged.iat[0]}"' if len(flagged) else "kosong"
