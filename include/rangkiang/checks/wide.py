"""From the figures of a document to the table that is checked: a line per printed column, a column per row code."""

from __future__ import annotations

import pandas as pd

from rangkiang.forms import Equation, Form
from rangkiang.model import ColumnKind, Status

LABEL, KIND = "column_label", "column_kind"
UNITS, TOTALS = "units", "totals"
"""1 where the line is one, else 0: to be counted by their sums."""
GAPS = "gaps"
"""Row codes without a figure in this line although other lines have one: 'III.2, V.B'; null where there are none."""
NO_NUMBER = "no_number"
"""Row codes whose text in this line is no whole number: 'II.1.P'; null where all are."""
SMALLEST, LARGEST = "smallest", "largest"
"""The extreme figures of a line; null where it has none. Two columns to check instead of one for every row code."""
NOT_FILLED = "not_filled"
"""Row codes without a figure in any line; the same text in every line."""

_PLACE = [KIND, LABEL, "occurrence"]
_NOT_LINES = (ColumnKind.CARRIED_IN.value, ColumnKind.CARRIED_OUT.value)


def residual(equation: Equation) -> str:
    """Name of the column that holds left minus right of an equation."""
    return f"residual:{equation.id}"


def derived(form: Form) -> tuple[str, ...]:
    """Columns that are computed and not read, in order."""
    shape = (TOTALS, NOT_FILLED) if form.has_total else ()
    return (
        LABEL,
        KIND,
        UNITS,
        GAPS,
        NO_NUMBER,
        SMALLEST,
        LARGEST,
        *shape,
        *(residual(e) for e in (*form.identities, *form.bounds)),
    )


def wide(form: Form, figures: pd.DataFrame) -> pd.DataFrame:
    """Lines in document order; row codes as ``Int64``, null where no whole number is known.

    Carries are running totals and no lines; so are totals inside a flat table. Codes that the form does not have keep
    their column, codes that were not read have none, except those a flat table may leave out: they are empty.
    """
    lines = figures[~figures[KIND].isin(_NOT_LINES)]
    if not form.has_total:
        lines = lines[lines[KIND] != ColumnKind.TOTAL.value]
    lines = lines.assign(occurrence=lines.groupby(["row", KIND, LABEL], dropna=False).cumcount())
    value, status = _pivot(lines, "value"), _pivot(lines, "status")
    places = value.index.to_frame(index=False).astype("string")
    value, status = value.reset_index(drop=True), status.reset_index(drop=True)
    blank, flagged = status == Status.BLANK.value, status == Status.FLAGGED.value
    read = _in_form_order(value, form)
    shape = {TOTALS: _is(places[KIND], ColumnKind.TOTAL), NOT_FILLED: _not_filled(read, form)} if form.has_total else {}
    return pd.DataFrame(
        {
            **{str(code): read[code] for code in read},
            LABEL: places[LABEL],
            KIND: places[KIND],
            UNITS: _is(places[KIND], ColumnKind.UNIT),
            GAPS: _gaps(read, form),
            NO_NUMBER: _named(flagged & value.isna()),
            SMALLEST: read.min(axis=1),
            LARGEST: read.max(axis=1),
            **shape,
            **_residuals(read, blank, form),
        }
    )


def _in_form_order(value: pd.DataFrame, form: Form) -> pd.DataFrame:
    empty = pd.Series([pd.NA] * len(value), dtype="Int64")
    optional = {leaf.code for leaf in form.leaf_rows if not (form.has_total or leaf.parent.required)}
    codes = [leaf.code for leaf in form.leaf_rows if leaf.code in value or leaf.code in optional]
    codes += [str(code) for code in value if code not in codes]
    return pd.DataFrame({code: value.get(code, empty) for code in codes})


def _pivot(lines: pd.DataFrame, column: str) -> pd.DataFrame:
    """By place and row code. ``occurrence`` keeps two printed columns of one name apart."""
    order = pd.MultiIndex.from_frame(lines[_PLACE].drop_duplicates())
    return lines.set_index([*_PLACE, "row"])[column].unstack("row").reindex(order)


def _is(kinds: pd.Series[str], kind: ColumnKind) -> pd.Series[int]:
    return (kinds == kind.value).fillna(False).astype("Int64")


def _gaps(value: pd.DataFrame, form: Form) -> pd.Series[str]:
    """A flat table's required rows are asked for one by one and do not count here."""
    codes = [leaf.code for leaf in form.leaf_rows if form.has_total or not leaf.parent.required]
    known = value[[code for code in codes if code in value]].notna()
    return _named(~known[known.columns[known.any()]])


def _named(mask: pd.DataFrame) -> pd.Series[str]:
    """Per line, the names of the columns that are true."""
    lines = mask.fillna(False).to_numpy(dtype=bool)
    return pd.Series([", ".join(mask.columns[line]) or None for line in lines], dtype="string")


def _not_filled(value: pd.DataFrame, form: Form) -> pd.Series[str]:
    empty = [leaf.code for leaf in form.leaf_rows if leaf.code in value and not value[leaf.code].notna().any()]
    return pd.Series([", ".join(empty) or None] * len(value), dtype="string")


def _residuals(value: pd.DataFrame, blank: pd.DataFrame, form: Form) -> dict[str, pd.Series[int]]:
    """Identities count an empty cell as zero, as the proof does, unless its whole row is empty; bounds ask for both."""
    zeroed = value.copy()
    for code in value.columns[value.notna().any()]:
        zeroed.loc[blank[code].fillna(True).astype(bool) & value[code].isna(), code] = 0
    found = {residual(e): _left_minus_right(e, zeroed) for e in form.identities}
    return found | {residual(e): _left_minus_right(e, value) for e in form.bounds}


def _left_minus_right(equation: Equation, value: pd.DataFrame) -> pd.Series[int]:
    """Null where a figure is not known, or its row was not read."""
    if not set(equation.residual) <= set(value.columns):
        return pd.Series([pd.NA] * len(value), dtype="Int64")
    total = pd.Series([0] * len(value), dtype="Int64")
    for row, coefficient in equation.residual.items():
        total = total + coefficient * value[row]
    return total
