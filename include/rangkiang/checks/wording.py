"""What a failed expectation says to a reader: up to five offenders by name and value, in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from rangkiang.checks.lines import GAPS, LABEL, MISSING, NO_NUMBER, NOT_FILLED, UNKNOWN, Family, Lines
from rangkiang.forms.contest import brief
from rangkiang.model import Status

SHOWN = 5
"""Offenders named in a sentence; the others are counted."""


_ONCE = {MISSING: "tidak ada", UNKNOWN: "tidak dikenal", NOT_FILLED: "tidak diisi"}
"""Columns that say the same of every line: it is said once."""


def spoken_family(family: Family) -> str:
    """'V.C = V.A + V.B'; of several equations of one kind the first, and how many others there are."""
    others = len(family.equations) - 1
    first = brief(str(family.equations[0]))
    return f"{first}, dan {others} {'batas' if family.bound else 'persamaan'} sejenis" if others else first


def detail_of_family(family: Family, sheet: Lines) -> str:
    """Which of the equations fail, where, and by how much."""
    found = list(sheet.broken(family))
    alone = len(family.equations) == 1
    return _listed(
        [f"{b.label}: {'' if alone else f'{brief(str(b.equation))}, '}selisih {b.residual:+}" for b in found[:SHOWN]],
        len(found),
    )


def detail(result: Mapping[str, Any], figures: pd.DataFrame) -> str:
    """One line on what else failed. ``result`` is the kept result of one failed expectation."""
    kind, about = result["expectation_config"]["type"], result["result"]
    column = str(result["expectation_config"]["kwargs"].get("column", ""))
    if "observed_value" in about:  # a count of lines, or a type
        return f"ditemukan: {about['observed_value']}"
    if column in _ONCE:
        return f"{_ONCE[column]}: {about['partial_unexpected_list'][0]}"
    offenders = about.get("partial_unexpected_index_list") or []
    if kind == "expect_column_values_to_be_unique":
        names = dict.fromkeys(str(o[LABEL]) for o in offenders)
        return _listed(list(names), about["unexpected_count"] - len(offenders) + len(names))
    spoken_ones = [f"{o[LABEL]}: {_said(kind, column, o, figures)}" for o in offenders]
    return _listed(spoken_ones, about["unexpected_count"])


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
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)


def _text(row: str, label: str, figures: pd.DataFrame) -> str:
    """The text that stands where a number should."""
    here = figures[(figures["row"] == row) & (figures[LABEL] == label) & figures["value"].isna()]
    flagged = here.loc[here["status"] == Status.FLAGGED.value, "raw"]
    return f'bukan angka, tertulis "{flagged.iat[0]}"' if len(flagged) else "kosong"
