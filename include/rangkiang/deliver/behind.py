"""Which columns of the figures each column of the tidy table comes from. What a document says of itself is in none."""

from __future__ import annotations

from collections.abc import Mapping

from rangkiang.deliver.columns import bps_column, code_column, tidy_columns
from rangkiang.forms import Form

_SAME = {
    name: name for name in ("column_kind", "row", "value", "raw", "sha256", "page", "x0", "y0", "x1", "y1", "engine")
}
_SAME["unit_name"] = "column_label"

_MADE = {
    "column_no": ("row", "column_label"),
    "unit_level": ("column_kind",),
    "unit_code": ("column_kind", "column_label"),
    "unit_code_bps": ("column_kind", "column_label"),
    "row_label": ("row", "row_label"),
    "partai": ("row",),
    "calon": ("row",),
    "status": ("status",),  # a difference between levels flags it, and a decision settles it
    "confidence": ("confidence",),
    "picture": ("page",),
}


def behind(form: Form) -> Mapping[str, Mapping[str, bool]]:
    """By column of the table: the figures' columns behind it, True where it is just as it stands there."""
    levels = [key.level for key in form.keys]
    keys = {name for level in levels for name in (level.value, code_column(level), bps_column(level))}
    found: dict[str, Mapping[str, bool]] = {}
    for column in tidy_columns(form):
        if column.name in keys:
            found[column.name] = {"column_label": False}
        elif column.name in _SAME:
            found[column.name] = {_SAME[column.name]: True}
        elif column.name in _MADE:
            found[column.name] = dict.fromkeys(_MADE[column.name], False)
    return found
