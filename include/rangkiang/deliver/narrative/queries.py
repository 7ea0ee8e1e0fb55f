"""Where numbers come from, as SQL: ``data`` is the tidy CSV, ``temuan`` is ``temuan.csv``. They run as they stand in
SQLite and DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.model import ColumnKind

UNITS = "FROM data WHERE column_kind = 'unit'"
CELLS = "SELECT COUNT(*) FROM data"
DOCUMENTS = "SELECT COUNT(DISTINCT sha256) FROM data"
FINDINGS = "SELECT COUNT(*) FROM temuan"

DIFFERENCES = ("printed_error", "reading_error", "explained")
"""States of a reconciliation's lines on which the levels differ."""

_TOTALS = "FROM data WHERE column_kind = 'total'"
_SHEETS = """WITH lembar AS (\
SELECT sha256, column_no, {0}, "row", value FROM data WHERE column_kind = 'total' \
UNION ALL SELECT sha256, 0, {0}, "row", CASE WHEN COUNT(value) = COUNT(*) THEN SUM(value) END \
FROM data WHERE column_kind = 'unit' AND sha256 NOT IN (SELECT sha256 FROM data WHERE column_kind = 'total') \
GROUP BY sha256, {0}, "row") """


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines that a dataset's sums are over: printed totals; units, where sheets have no total; or both."""

    before: str
    rows: str  # 'FROM … WHERE …', to be narrowed by 'AND …'

    def total(self, row: str, where: str = "") -> str:
        """The sum of one row."""
        return f'{self.before}SELECT SUM(value) {self.rows} AND "row" = {text(row)}{where}'

    def share(self, rows: Sequence[str], of: Sequence[str], where: str = "") -> str:
        """The sum of some rows in percent of others'."""
        part, whole = (f'SUM(CASE WHEN "row" IN {texts(codes)} THEN value END)' for codes in (rows, of))
        return f"{self.before}SELECT 100.0 * {part} / {whole} {self.rows}{where}"

    def known(self, row: str) -> str:
        """On how many sheets or lines a row is known."""
        return f'{self.before}SELECT COUNT(value) {self.rows} AND "row" = {text(row)}'

    def there(self, row: str) -> str:
        """How many sheets or lines have a row."""
        return f'{self.before}SELECT COUNT(*) {self.rows} AND "row" = {text(row)}'

    def incomplete(self, rows: Sequence[str], but: int) -> str:
        """How many of these rows are known in part only, but for some."""
        inner = f'SELECT "row" {self.rows} AND "row" IN {texts(rows)} GROUP BY "row" HAVING COUNT(value) < COUNT(*)'
        return f"{self.before}SELECT COUNT(*) - {but} FROM ({inner}) AS sebagian"

    def count(self) -> str:
        """How many sheets or lines there are."""
        return f"{self.before}SELECT COUNT(*) FROM (SELECT DISTINCT sha256, column_no {self.rows}) AS lembar_ada"

    def both(self, expression: str, part: str, of: Sequence[str]) -> str:
        """An expression over ``bagian`` and ``keseluruhan``, the sums of rows, on the sheets or lines that know all."""
        whole = f'CASE WHEN "row" IN {texts(of)} THEN value END'
        return (
            f"{self.before}SELECT {expression} FROM ("
            f'SELECT SUM(CASE WHEN "row" = {text(part)} THEN value END) AS bagian,'
            f" CASE WHEN COUNT({whole}) = {len(of)} THEN SUM({whole}) END AS keseluruhan {self.rows}"
            " GROUP BY sha256, column_no) AS lembar_ada WHERE bagian IS NOT NULL AND keseluruhan IS NOT NULL"
        )


def lines(made: Dataset, column: str = "kode_kemendagri") -> Lines:
    """The lines that :mod:`rangkiang.deliver.facts` sums, with a column that tells the sheets' regions apart."""
    if not made.form.has_total:
        return Lines("", UNITS)
    printed = set(made.table.loc[made.table["column_kind"] == ColumnKind.TOTAL.value, "sha256"])
    if all(member.document.sha256 in printed for member in made.members):
        return Lines("", _TOTALS)
    return Lines(_SHEETS.format(column), "FROM lembar WHERE 1 = 1")


def units() -> Lines:
    """The columns or lines of the units themselves."""
    return Lines("", UNITS)


def coverage(made: Dataset, line: facts.Coverage) -> str:
    """How many areas of a level there are."""
    column = facts.area_column(made, line.level)
    if column:
        inside = text(f"{made.office.code}.%")
        return f"SELECT COUNT(DISTINCT {column}) FROM data WHERE column_kind = 'unit' AND {column} LIKE {inside}"
    names = ", ".join(facts.name_columns(made, line.level))
    return f"SELECT COUNT(*) FROM (SELECT DISTINCT {names} {UNITS}) AS wilayah"


def status_share(code: str) -> str:
    """The share of the cells that have a status, in percent."""
    return f"SELECT 100.0 * SUM(CASE WHEN status = {text(code)} THEN 1 END) / COUNT(*) FROM data"


def sentence(finding: str, lang: str) -> str:
    """A finding's own sentence."""
    return f"SELECT sentence_{lang} FROM temuan WHERE id = {text(finding)}"


def agreements(where: Mapping[str, str]) -> str:
    """How many lines of a reconciliation are of some kind."""
    return f"{CELLS} WHERE {_conditions(where)}"


def places(upper: str, lower: str) -> str:
    """How many areas two forms were compared in."""
    return (
        f"SELECT COUNT(DISTINCT place_code) FROM data WHERE {_conditions({'upper_form': upper, 'lower_form': lower})}"
    )


def differing(what: str, where: Mapping[str, str] = MappingProxyType({})) -> str:
    """Something over the lines of a reconciliation on which the levels differ."""
    narrowed = f" AND {_conditions(where)}" if where else ""
    return f"SELECT {what} FROM data WHERE state IN {texts(DIFFERENCES)}{narrowed}"


def _conditions(where: Mapping[str, str]) -> str:
    return " AND ".join(f"{column} = {text(value)}" for column, value in where.items())


def text(value: str) -> str:
    """A text of SQL."""
    quoted = value.replace("'", "''")
    return f"'{quoted}'"


def texts(values: Sequence[str]) -> str:
    return f"({', '.join(map(text, values))})"
