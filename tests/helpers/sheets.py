"""A small consistent recap sheet as a frame of figures, to be broken by the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from rangkiang.forms import Form
from rangkiang.model import FIGURE_COLUMNS

UNIT_VALUES: Mapping[str, int] = {
    **{f"I.A.1.{s}": v for s, v in (("L", 100), ("P", 110), ("JML", 210))},
    **{f"I.A.2.{s}": v for s, v in (("L", 2), ("P", 1), ("JML", 3))},
    **{f"I.A.3.{s}": v for s, v in (("L", 0), ("P", 4), ("JML", 4))},
    **{f"I.A.4.{s}": v for s, v in (("L", 102), ("P", 115), ("JML", 217))},
    **{f"I.B.1.{s}": v for s, v in (("L", 80), ("P", 90), ("JML", 170))},
    **{f"I.B.2.{s}": v for s, v in (("L", 2), ("P", 1), ("JML", 3))},
    **{f"I.B.3.{s}": v for s, v in (("L", 0), ("P", 4), ("JML", 4))},
    **{f"I.B.4.{s}": v for s, v in (("L", 82), ("P", 95), ("JML", 177))},
    **{f"II.1.{s}": v for s, v in (("L", 1), ("P", 2), ("JML", 3))},
    **{f"II.2.{s}": v for s, v in (("L", 1), ("P", 0), ("JML", 1))},
    "III.1": 215, "III.2": 1, "III.3": 37, "III.4": 177,
    "IV.01": 60, "IV.02": 110, "V.A": 170, "V.B": 7, "V.C": 177,
}  # fmt: skip


def sheet(form: Form, columns: Sequence[tuple[str, str, int]], sha256: str = "a" * 64) -> pd.DataFrame:
    """Figures of a sheet whose every unit holds UNIT_VALUES. ``columns``: (kind, label, times UNIT_VALUES)."""
    return of_rows(form, UNIT_VALUES, columns, sha256)


def of_rows(
    form: Form, rows: Mapping[str, int], columns: Sequence[tuple[str, str, int]], sha256: str = "a" * 64
) -> pd.DataFrame:
    """The same with other values; rows of the form that are not among them are not on the sheet."""
    lines = []
    for leaf in form.leaf_rows:
        for kind, label, times in columns if leaf.code in rows else ():
            value = rows[leaf.code] * times
            place = ["f.pdf", sha256, 1, form.model, leaf.code, leaf.label.id, kind, label]
            lines.append([*place, value, str(value), "read", 1.0, "test", *[0.0] * 4])
    return pd.DataFrame(lines, columns=list(FIGURE_COLUMNS)).astype(dict(FIGURE_COLUMNS))


def put(figures: pd.DataFrame, row: str, label: str, value: int | None, status: str = "read") -> pd.DataFrame:
    """The same figures with one cell changed."""
    here = (figures["row"] == row) & (figures["column_label"] == label)
    assert here.sum() == 1
    figures = figures.copy()
    figures.loc[here, "value"] = value
    figures.loc[here, "raw"] = "" if value is None else str(value)
    figures.loc[here, "status"] = status
    return figures
