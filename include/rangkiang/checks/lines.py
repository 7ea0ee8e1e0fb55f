"""From the figures of a document to the table that is checked: a line per printed column, a column per question.

A sheet may have three hundred rows. What is asked of all of them stands in one column each (the largest figure, the
rows left out, the worst of a family of equations), so that a suite costs the same however long its form is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rangkiang.forms import Equation, Form, LeafRow
from rangkiang.model import ColumnKind, Status

LABEL, KIND = "column_label", "column_kind"
UNITS, TOTALS = "units", "totals"
"""1 where the line is one, else 0: to be counted by their sums."""
MISSING, UNKNOWN = "missing", "unknown"
"""Row codes that the form asks for and the document lacks, and the other way round; the same text in every line."""
GAPS = "gaps"
"""Row codes without a figure in this line although other lines have one: 'III.2, V.B'; null where there are none."""
NO_NUMBER = "no_number"
"""Row codes whose text in this line is no whole number: 'II.1.P'; null where all are."""
SMALLEST, LARGEST = "smallest", "largest"
"""The extreme figures of a line; null where it has none."""
NOT_FILLED = "not_filled"
"""Row codes without a figure in any line; the same text in every line."""

_NOT_LINES = (ColumnKind.CARRIED_IN.value, ColumnKind.CARRIED_OUT.value)

_LOWEST, _HIGHEST = np.iinfo(np.int64).min, np.iinfo(np.int64).max

Mask = NDArray[np.bool_]


class Broken(NamedTuple):
    """An equation that does not hold in one line."""

    label: str
    equation: Equation
    residual: int


@dataclass(frozen=True)
class Family:
    """Equations of one registry entry: asked for together, since they fail for one and the same reason."""

    name: str
    equations: tuple[Equation, ...]

    @property
    def column(self) -> str:
        """Name of the column that holds the residual furthest off of each line; null where none is known."""
        return f"{'bound' if self.bound else 'residual'}:{self.name}"

    @property
    def bound(self) -> bool:
        return self.equations[0].relation == "<="


def families(form: Form) -> tuple[Family, ...]:
    """The form's equations by the registry entry they come from: identities, then bounds."""
    found: dict[tuple[str, str], list[Equation]] = {}
    for equation in (*form.identities, *form.bounds):
        found.setdefault((equation.family, equation.relation), []).append(equation)
    return tuple(Family(name, tuple(equations)) for (name, _), equations in found.items())


def is_flat(form: Form) -> bool:
    """Is it a table with a line per unit? Its required columns must be filled, others may be absent."""
    return form.orientation == "down"


def demanded(form: Form, leaf: LeafRow) -> bool:
    """Must a document have that row?"""
    return leaf.parent.required if is_flat(form) else not leaf.parent.optional


@dataclass(frozen=True)
class Lines:
    """The figures of one document as matrices of shape (printed columns, row codes), in document order.

    Carries are running totals and no lines; so are totals inside a flat table.
    """

    form: Form
    places: pd.DataFrame  # KIND and LABEL of each line
    codes: tuple[str, ...]  # of the rows that were read, in the form's order, then what the form does not have
    value: NDArray[Any]  # int64, or float64 where a figure is no whole number; 0 where not known
    known: Mask
    blank: Mask  # nothing stands there
    flagged: Mask

    @cached_property
    def at(self) -> Mapping[str, int]:
        return {code: n for n, code in enumerate(self.codes)}

    def table(self) -> pd.DataFrame:
        """What the suite is run on."""
        totals = {TOTALS: self._is(ColumnKind.TOTAL)} if self.form.has_total else {}
        not_filled = {} if is_flat(self.form) else {NOT_FILLED: self._not_filled()}
        required = [leaf.code for leaf in self.form.leaf_rows if is_flat(self.form) and demanded(self.form, leaf)]
        return pd.DataFrame(
            {
                LABEL: self.places[LABEL],
                KIND: self.places[KIND],
                UNITS: self._is(ColumnKind.UNIT),
                MISSING: self._all(leaf.code for leaf in self.form.leaf_rows if self._lacks(leaf)),
                UNKNOWN: self._all(code for code in self.codes if code not in self._of_form),
                GAPS: self._gaps(),
                NO_NUMBER: self._named(self.flagged & ~self.known),
                SMALLEST: self._where_any(np.where(self.known, self.value, _HIGHEST).min(axis=1, initial=_HIGHEST)),
                LARGEST: self._where_any(np.where(self.known, self.value, _LOWEST).max(axis=1, initial=_LOWEST)),
                **totals,
                **not_filled,
                **{code: self._column(code) for code in required if code in self.at},
                **{family.column: self._furthest_off(family) for family in families(self.form)},
            }
        )

    def broken(self, family: Family) -> Iterator[Broken]:
        """Every equation of the family that does not hold, line by line."""
        residual, known = self._residuals(family)
        wrong = known & ((residual > 0) if family.bound else (residual != 0))
        for line, number in np.argwhere(wrong).tolist():
            yield Broken(str(self.places[LABEL].iat[line]), family.equations[number], residual[line, number].item())

    @cached_property
    def _optional(self) -> frozenset[str]:
        return frozenset(leaf.code for leaf in self.form.leaf_rows if leaf.parent.optional)

    @cached_property
    def _of_form(self) -> frozenset[str]:
        return frozenset(leaf.code for leaf in self.form.leaf_rows)

    def _lacks(self, leaf: LeafRow) -> bool:
        return leaf.code not in self.at and demanded(self.form, leaf)

    def _is(self, kind: ColumnKind) -> pd.Series[int]:
        return (self.places[KIND] == kind.value).fillna(False).astype("Int64")

    def _all(self, codes: Iterator[str]) -> pd.Series[str]:
        """The same text in every line; null where there are no codes."""
        return pd.Series([", ".join(codes) or None] * len(self.places), dtype="string")

    def _named(self, mask: Mask) -> pd.Series[str]:
        """Per line, the codes of the rows that are true."""
        codes = np.array(self.codes, dtype=object)
        return pd.Series([", ".join(codes[line]) or None for line in mask], dtype="string")

    def _gaps(self) -> pd.Series[str]:
        """A flat table's required rows are asked for one by one and do not count here."""
        asked = {leaf.code for leaf in self.form.leaf_rows if not (is_flat(self.form) and demanded(self.form, leaf))}
        counts = np.array([code in asked for code in self.codes], dtype=bool)
        return self._named(~self.known & self._filled & counts)

    def _not_filled(self) -> pd.Series[str]:
        return self._all(c for c, filled in zip(self.codes, self._filled, strict=True) if not filled)

    @cached_property
    def _filled(self) -> Mask:
        """Per row: does any line have a figure?"""
        return np.asarray(self.known.any(axis=0))

    def _where_any(self, found: NDArray[Any]) -> pd.Series[Any]:
        return _nullable(found, np.asarray(self.known.any(axis=1)))

    def _column(self, code: str) -> pd.Series[Any]:
        return _nullable(self.value[:, self.at[code]], self.known[:, self.at[code]])

    def _furthest_off(self, family: Family) -> pd.Series[Any]:
        """Per line the residual that is furthest off, upwards for bounds; null where no equation says anything."""
        residual, known = self._residuals(family)
        size = residual if family.bound else np.abs(residual)
        worst = np.where(known, size, _LOWEST).argmax(axis=1)
        return _nullable(residual[np.arange(len(self.places)), worst], np.asarray(known.any(axis=1)))

    def _residuals(self, family: Family) -> tuple[NDArray[Any], Mask]:
        """Left minus right by line and equation, and where it is known.

        Identities count an empty cell as zero, as the proof does, unless its whole row is empty; bounds ask for every
        figure. A row that a sheet may lack and lacks adds nothing.
        """
        counted = self.known if family.bound else self.known | (self.blank & self._filled)
        residuals, known = [], []
        for equation in family.equations:
            rows = {row: n for row, n in equation.residual.items() if row in self.at or row not in self._optional}
            if rows.keys() <= self.at.keys():
                at = [self.at[row] for row in rows]
                residuals.append(self.value[:, at] @ np.array(list(rows.values()), dtype=self.value.dtype))
                known.append(counted[:, at].all(axis=1))
            else:
                residuals.append(np.zeros(len(self.places), dtype=self.value.dtype))
                known.append(np.zeros(len(self.places), dtype=bool))
        return np.stack(residuals, axis=1), np.stack(known, axis=1)


def lines(form: Form, figures: pd.DataFrame) -> Lines:
    """Lay the figures out. Two printed columns of one name stay two; a figure that is not there is an empty one."""
    left_out = [*_NOT_LINES, ColumnKind.TOTAL.value] if is_flat(form) else _NOT_LINES
    figures = figures[~figures[KIND].isin(left_out)]
    row, read = pd.factorize(figures["row"].to_numpy(dtype=object))
    order = _in_form_order(form, [str(code) for code in read])
    position = np.array([order.index(str(code)) for code in read], dtype=np.int64)
    line, first = _line_numbers(figures, row)
    shape = (len(first), len(order))
    column = position[row] if len(row) else row
    value, known, flagged = np.zeros(shape, _dtype(figures["value"])), np.zeros(shape, bool), np.zeros(shape, bool)
    blank = np.ones(shape, bool)
    value[line, column] = figures["value"].fillna(0).to_numpy(dtype=value.dtype)
    known[line, column] = figures["value"].notna().to_numpy()
    flagged[line, column] = (figures["status"] == Status.FLAGGED.value).fillna(False).to_numpy(dtype=bool)
    blank[line, column] = (figures["status"] == Status.BLANK.value).fillna(True).to_numpy(dtype=bool)
    places = figures[[KIND, LABEL]].iloc[first].astype("string").reset_index(drop=True)
    return Lines(form, places, tuple(order), value, known, blank & ~known, flagged)


def _nullable(numbers: NDArray[Any], known: Mask) -> pd.Series[Any]:
    """A column of these numbers, null where they are not known."""
    return pd.Series(numbers).astype("Int64" if numbers.dtype.kind == "i" else "Float64").where(pd.Series(known))


def _dtype(values: pd.Series[Any]) -> type[np.int64] | type[np.float64]:
    return np.int64 if pd.api.types.is_integer_dtype(values.dtype) else np.float64


def _in_form_order(form: Form, read: Sequence[str]) -> list[str]:
    there = set(read)
    known = [leaf.code for leaf in form.leaf_rows if leaf.code in there]
    return [*known, *(code for code in read if code not in set(known))]


def _line_numbers(figures: pd.DataFrame, row: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The line of every figure, and the first figure of every line, in document order."""
    kind, label = (pd.factorize(figures[name].to_numpy(dtype=object))[0] for name in (KIND, LABEL))
    keys = pd.DataFrame({"kind": kind, "label": label, "row": row})
    keys["occurrence"] = keys.groupby(["row", "kind", "label"]).cumcount()
    line = keys.groupby(["kind", "label", "occurrence"], sort=False).ngroup().to_numpy(dtype=np.int64)
    return np.asarray(line), np.asarray(np.unique(line, return_index=True)[1], dtype=np.int64)
