"""What a dataset comes to: totals, turnout, completeness, how sure it is. All computed from the tidy table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rangkiang import catalogue
from rangkiang.catalogue import Area, Texts
from rangkiang.deliver.columns import code_column, coded
from rangkiang.deliver.dataset import Dataset
from rangkiang.forms.contest import VOTED, VOTERS
from rangkiang.model import ColumnKind, Level, Status

_PERMANENT = Texts("pemilih terdaftar dalam DPT", "voters on the permanent list (DPT)")
_COUNTED: Mapping[tuple[str, ...], Texts] = {
    ("I.A.4.JML",): Texts("pemilih terdaftar dalam DPT, DPTb, dan DPK", "voters on the lists DPT, DPTb and DPK"),
}
"""Who the voters are that rows add up to, where it is not those of the permanent list."""


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one row over the dataset."""

    row: str
    value: int
    known: int  # sheets (recaps) or lines (flat tables) whose value is known
    of: int  # sheets or lines there are, that have the row
    flagged: int  # sheets whose printed total is flagged; 0 for flat tables, which have none

    @property
    def complete(self) -> bool:
        return self.known == self.of


@dataclass(frozen=True, slots=True)
class Turnout:
    voted: int
    voters: int
    rows: tuple[str, ...]  # codes of the rows that add up to the voters
    counted: Texts  # who the voters are
    known: int  # sheets or lines on which both are known
    of: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many areas of one level are there, of those the catalogue expects."""

    level: Level
    present: int
    expected: int
    missing: tuple[Area, ...] = ()  # by name, where the catalogue has names for that level


def totals(made: Dataset) -> Mapping[str, Total]:
    """Sums over the dataset by row code, in the form's order; a row that nobody filled in is left out.

    So are the candidates of parties where the sheets are of several electoral districts: the same code is another
    person there.
    """
    by_sheet, flagged = made.sheets, _flagged(made)
    there = made.table.groupby("row")["sha256"].nunique() if made.form.has_total else made.units["row"].value_counts()
    found: dict[str, Total] = {}
    for leaf in made.leaves:
        apart = leaf.parent.optional and not made.one_ballot
        if leaf.code in by_sheet and not apart and by_sheet[leaf.code].notna().any():
            values, known = by_sheet[leaf.code], int(by_sheet[leaf.code].notna().sum())
            of = int(there[leaf.code]) if leaf.parent.optional else len(values)
            found[leaf.code] = Total(leaf.code, int(values.sum()), known, of, flagged.get(leaf.code, 0))
    return found


def _flagged(made: Dataset) -> Mapping[str, int]:
    """On how many sheets the printed total of a row is flagged."""
    if not made.form.has_total:
        return {}
    table = made.table
    marked = (table["column_kind"] == ColumnKind.TOTAL.value) & (table["status"] == Status.FLAGGED.value)
    return {str(row): int(n) for row, n in table.loc[marked, "row"].value_counts().items()}


def turnout(made: Dataset) -> Turnout | None:
    """Voters who voted, of all voters, over the sheets or lines on which both are known; None where there are none."""
    by_sheet = made.sheets
    for rows in VOTERS:
        if {VOTED, *rows} <= set(by_sheet.columns):
            both = by_sheet[[VOTED, *rows]].dropna()
            voters = int(both[list(rows)].to_numpy(dtype="int64").sum())
            if voters:
                return Turnout(
                    int(both[VOTED].sum()), voters, rows, _COUNTED.get(rows, _PERMANENT), len(both), len(by_sheet)
                )
    return None


def statuses(made: Dataset) -> Mapping[str, int]:
    """How many figures have each status."""
    counts = made.table["status"].value_counts()
    return {s.value: int(counts.get(s.value, 0)) for s in Status}


def known(made: Dataset) -> int:
    """How many cells of the table hold a value."""
    return int(made.table["value"].notna().sum())


def coverage(made: Dataset) -> tuple[Coverage, ...]:
    """Completeness at every level the documents speak of, from right below the office's area down to their units."""
    spoken = {made.form.area, made.form.unit, *(key.level for key in made.form.keys)}
    levels = list(Level)
    below = levels[levels.index(made.office.level) + 1 : levels.index(made.form.unit) + 1]
    return tuple(_coverage(made, level) for level in below if level in spoken)


def _coverage(made: Dataset, level: Level) -> Coverage:
    if coded(level):
        expected = _inside(made.office.code, level)
        codes = _codes(made, level)
        missing = tuple(a for a in expected if a.code not in codes)
        return Coverage(level, len(expected) - len(missing), len(expected), missing)
    official = catalogue.official_results()[made.office.code]
    return Coverage(level, _count(made, level), official.tps if level is Level.TPS else official.villages)


def _inside(office_code: str, level: Level) -> list[Area]:
    """Areas of one level inside the office's."""
    if level is Level.KECAMATAN:
        return [catalogue.area(d.code) for d in catalogue.districts(office_code)]
    return [a for a in catalogue.children(office_code) if a.level is level]


def _codes(made: Dataset, level: Level) -> set[str]:
    """Codes of the areas of one level that the dataset has something of."""
    if level is made.form.area:
        return {m.document.said.area_code for m in made.members}
    return set(made.units[area_column(made, level)])


def area_column(made: Dataset, level: Level) -> str:
    """The tidy table's column with the codes of one level; '' where the catalogue does not know them."""
    if not coded(level):
        return ""
    if level is made.form.area:
        return "kode_kemendagri"
    return code_column(level) if made.form.keys else "unit_code"


def _count(made: Dataset, level: Level) -> int:
    """How many villages or polling places there are: sheets, or their columns, or different names in a flat table."""
    return len(made.units[name_columns(made, level)].drop_duplicates())


def name_columns(made: Dataset, level: Level) -> list[str]:
    """The tidy table's columns that tell the areas of one level apart, where they have no codes."""
    if level is made.form.area:
        return ["kode_kemendagri"]
    names = [key.level.value for key in made.form.keys]
    return ["sha256", *(names[: names.index(level.value) + 1] if names else ["column_no"])]
