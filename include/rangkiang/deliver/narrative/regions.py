"""The dataset by region: who voted and for whom in each, as far as one page can show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rangkiang import catalogue
from rangkiang.catalogue import Texts
from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.narrative import queries

_DISTRICT = Texts("daerah pemilihan", "electoral district")
MOST = 24
"""Regions that a page can show; more are put together by the area that they lie in."""


@dataclass(frozen=True, slots=True)
class Region:
    """One region's sums by row code; a row of which a part is not known is left out."""

    name: str
    sums: Mapping[str, int]
    where: str  # condition of SQL that narrows the lines to it


@dataclass(frozen=True, slots=True)
class Regions:
    level: str  # what a region is, as a column's head says it
    each: tuple[Region, ...]
    lines: queries.Lines


def regions(made: Dataset, rows: Sequence[str], lang: str = "id") -> Regions | None:
    """The regions with the sums of ``rows``, in the order of the documents; None where there is but one, or where they
    are too many and cannot be put together."""
    column = _column(made)
    if column in ("dapil", "kode_kemendagri"):
        table, lines = _by_sheet(made, column), queries.lines(made, column)
    else:
        table, lines = made.units.assign(key=made.units[column]), queries.units()
    table = table[table["row"].isin(list(rows))]
    table, folded = _folded(table) if _coded(column) else (table, False)
    keys = list(dict.fromkeys(table["key"]))
    if not 1 < len(keys) <= MOST:
        return None
    known = table.assign(unknown=table["value"].isna()).groupby(["key", "row"], sort=False)
    sums = known["value"].sum()[~known["unknown"].any()].reset_index()
    found: dict[str, dict[str, int]] = {key: {} for key in keys}
    for key, row, value in zip(sums["key"], sums["row"], sums["value"], strict=True):
        found[key][row] = int(value)
    names = {key: _name(key, column) for key in keys}
    each = tuple(Region(names[k], found[k], _where(column, k, folded)) for k in keys)
    return Regions(_level(made, keys, column, lang), each, lines)


def _column(made: Dataset) -> str:
    """The tidy table's column that tells the regions apart: of several sheets the areas, or the electoral districts of
    one area; else the units, by name where the catalogue does not know one of them."""
    if len(made.members) > 1 and not made.form.keys:
        one = len({m.document.said.area_code for m in made.members}) == 1
        return "dapil" if one else "kode_kemendagri"
    level = made.form.keys[0].level if made.form.keys else made.form.unit
    code, name = (facts.area_column(made, level), level.value) if made.form.keys else ("unit_code", "unit_name")
    return code if code and (made.units[code].fillna("") != "").all() else name


def _coded(column: str) -> bool:
    return column.endswith("_code") or column == "kode_kemendagri"


def _by_sheet(made: Dataset, column: str) -> pd.DataFrame:
    """One line per sheet and row: key, row, value."""
    said = {m.document.sha256: m.document.said for m in made.members}
    keys = {sha256: one.dapil if column == "dapil" else one.area_code for sha256, one in said.items()}
    wide = made.sheets
    key = pd.Series([keys[sha256] for sha256 in wide.index.get_level_values("sha256")], index=wide.index)
    long: pd.DataFrame = wide.assign(key=key).melt("key", var_name="row").sort_values("key", kind="stable")
    return long


def _folded(table: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Areas put together by the one that they lie in, until they are few enough."""
    folded = False
    while table["key"].nunique() > MOST and table["key"].str.contains(".", regex=False).all():
        table, folded = table.assign(key=table["key"].str.rpartition(".")[0]), True
    return table, folded


def _name(key: str, column: str) -> str:
    return catalogue.area(key).name if _coded(column) else key


def _level(made: Dataset, keys: Sequence[str], column: str, lang: str) -> str:
    if column == "dapil":
        return _DISTRICT.get(lang)
    if _coded(column):
        return catalogue.level_name(catalogue.area(keys[0]).level, lang)
    return catalogue.level_name(made.form.keys[0].level if made.form.keys else made.form.unit, lang)


def _where(column: str, key: str, folded: bool) -> str:
    if folded:
        return f" AND {column} LIKE {queries.text(f'{key}.%')}"
    return f" AND {column} = {queries.text(key)}"
