"""Figures of several documents as one tidy table: one line per unit or total and row code. Carries are left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from rangkiang import catalogue
from rangkiang.deliver import pictures
from rangkiang.deliver.columns import bps_column, code_column, tidy_columns
from rangkiang.forms import Form, LeafRow
from rangkiang.model import PUBLISHED, UNIT_SEPARATOR, ColumnKind, Level, Member

DTYPES = {"string": "string", "integer": "Int64", "number": "Float64"}


def tidy(members: Sequence[Member], form: Form, unit_kerja: str) -> pd.DataFrame:
    """One line per document, published column and row code, in document order. Columns: ``tidy_columns(form)``."""
    columns = tidy_columns(form)
    parts = [_one(member, form).assign(unit_kerja=unit_kerja) for member in members]
    table = pd.concat(parts, ignore_index=True)[[c.name for c in columns]]
    return table.astype({c.name: DTYPES[c.type] for c in columns})


def _one(member: Member, form: Form) -> pd.DataFrame:
    said = member.document.said
    figures: pd.DataFrame = member.figures.assign(picture=pictures.places(member))
    figures = figures[figures["column_kind"].isin(PUBLISHED)].reset_index(drop=True)
    # Every row has the same columns, so a cell's position among its row's cells is its column's.
    figures["column_no"] = figures.groupby("row", sort=False).cumcount() + 1
    figures["kode_kemendagri"] = said.area_code
    figures["kode_bps"] = catalogue.bps_code(said.area_code)
    figures["area_name"] = said.area_name
    figures["form"] = said.form
    figures["confidence"] = figures["confidence"].round(4)
    figures["dapil"] = said.dapil
    labels = {leaf.code: leaf.label.id for leaf in form.leaf_rows if not leaf.parent.optional}
    figures["row_label"] = figures["row"].map(labels).fillna(figures["row_label"])
    figures["partai"] = figures["row"].map(
        {leaf.code: int(leaf.parent.party) for leaf in form.leaf_rows if leaf.parent.party}
    )
    figures["calon"] = figures["row"].map(
        {leaf.code: candidate(leaf) for leaf in form.leaf_rows if leaf.parent.optional}
    )
    places = _places(figures, form, said.area_code)
    return figures.merge(places, on=["column_kind", "column_label"], how="left", sort=False, validate="many_to_one")


def candidate(leaf: LeafRow) -> int:
    """The number of the candidate whose row it is: 7 for IV.3.7, 21 for IV.21."""
    return int(leaf.code.rpartition(".")[2])


def _places(figures: pd.DataFrame, form: Form, within: str) -> pd.DataFrame:
    """Level, codes and name of every distinct column."""
    distinct = figures[["column_kind", "column_label"]].drop_duplicates()
    lines = []
    for kind, label in zip(distinct["column_kind"], distinct["column_label"], strict=True):
        place = _place(kind, label, form, within)
        bps = catalogue.bps_code(place["unit_code"])
        lines.append({"column_kind": kind, "column_label": label, **place, "unit_code_bps": bps})
    return pd.DataFrame(lines).astype({"column_kind": "string", "column_label": "string"})


def _place(kind: str, label: str, form: Form, within: str) -> dict[str, Any]:
    if form.keys:
        return {"unit_level": form.unit.value if kind == "unit" else "", **_keys(label, form, within)}
    if kind == ColumnKind.TOTAL.value:
        return {"unit_level": form.area.value, "unit_code": within, "unit_name": label}
    if form.area is form.unit:  # a polling place's own sheet, whatever stands above its one column
        return {"unit_level": form.unit.value, "unit_code": within, "unit_name": label}
    place = catalogue.find_area(form.unit, label, within=within)
    return {"unit_level": form.unit.value, "unit_code": place.code if place else "", "unit_name": label}


def _keys(label: str, form: Form, within: str) -> dict[str, str]:
    """A flat table's label taken apart, each name looked up in the area before it; a label with fewer parts, a total's,
    stays whole in the first column. The last name is the unit's."""
    parts = label.split(UNIT_SEPARATOR)
    whole = len(parts) == len(form.keys)
    if not whole:
        parts = [label, *[""] * (len(form.keys) - 1)]
    found: dict[str, str] = {}
    for key, part in zip(form.keys, parts, strict=True):
        within = _code(key.level, part, within)
        if key.level is not Level.TPS:
            found[code_column(key.level)], found[bps_column(key.level)] = within, catalogue.bps_code(within)
        found[key.level.value] = part.removeprefix("TPS ") if key.level is Level.TPS else part
    return {**found, "unit_code": within if whole else ""}


def _code(level: Level, name: str, within: str) -> str:
    """'' also where the area that it is to lie in is not known."""
    found = catalogue.find_area(level, name, within=within) if name and within else None
    return found.code if found else ""
