"""Proof across levels: a unit's column on one sheet is the total column of that unit's own sheet, cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rangkiang import catalogue
from rangkiang.forms import Form
from rangkiang.model import UNIT_SEPARATOR, CellRef, ColumnKind, Document, Finding, Level, Severity, Status
from rangkiang.proof.readings import CLEAR

_ROMAN = dict(
    zip(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"), map(str, range(1, 12)), strict=True)
)

AGREES, NOT_FILLED, MISSING = "agrees", "not_filled", "missing"
PRINTED, READING, EXPLAINED = "printed_error", "reading_error", "explained"
DIFFERS = frozenset({PRINTED, READING})
"""The figures differ, and nobody has decided about it: both were read for certain, or one of them was not."""

COMPARED = ("row", "column_kind", "column_label", "value", "status", "confidence")
"""The columns of figures that are looked at: of a province's sheets the others do not fit into memory."""

_SUMS = frozenset({"identity_broken", "total_broken", "carry_broken"})
"""Codes of findings that say nothing about how a cell was read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A proved document, its figures, and what was found about it by itself."""

    document: Document
    form: Form
    figures: pd.DataFrame  # of the columns COMPARED, at least
    findings: Sequence[Finding] = ()

    @property
    def area(self) -> str:
        return self.document.classification.area_code if self.document.classification else ""

    @property
    def dapil(self) -> str:
        """The electoral district as printed."""
        return self.document.classification.dapil if self.document.classification else ""


@dataclass(frozen=True, slots=True)
class _Column:
    """What a sheet says in one column about all of a place: its figures by row code, and which are not surely read."""

    sheet: Sheet
    kind: ColumnKind
    label: str
    figures: Mapping[str, int | None]
    unsure: frozenset[str]

    def cell(self, row: str) -> CellRef:
        return CellRef(self.sheet.document.sha256, row, self.kind.value, self.label, self.figures.get(row))


@dataclass(frozen=True, slots=True)
class Agreement:
    """One line of the reconciliation: what two levels say about one row of one place."""

    level: str  # of the place
    place_code: str
    place: str
    dapil: str  # electoral district of the upper sheet; '' where there are none
    row: str
    upper_form: str
    upper_sha256: str
    upper: int | None
    lower_form: str
    lower_sha256: str  # '' where that sheet is missing
    lower: int | None
    state: str  # agrees | printed_error | reading_error | not_filled | missing | explained
    finding: str = ""  # id of the finding about the difference
    decision: str = ""  # id of the decision that explains it, who made it, and why
    decided_by: str = ""
    why: str = ""

    @property
    def difference(self) -> int | None:
        """Upper minus lower, where both are known."""
        return None if self.upper is None or self.lower is None else self.upper - self.lower

    def explained(self, decision: str, by: str, why: str) -> Agreement:
        """The same, a person having decided that it stands so on the papers."""
        return replace(self, state=EXPLAINED, decision=decision, decided_by=by, why=why)


def feeders(form: Form, others: Iterable[Form]) -> list[Form]:
    """Of some forms those that feed a form, the best first: the sheets right below it, then tables that have one line
    for each of its units."""
    flat = [f for f in others if f.orientation == "down" and (f.election, f.unit) == (form.election, form.unit)]
    return [*(f for f in others if f.model == form.below), *(flat if form.below else ())]


def reconcile(sheets: Sequence[Sheet], stage: str = "") -> tuple[tuple[Agreement, ...], tuple[Finding, ...]]:
    """Compare every sheet, or those of one stage, with the sheets that feed it, of whatever stage.

    Returns one agreement per place and row, in sheet order, and a finding for each that differs: it belongs to the
    upper document and binds the cells of both.
    """
    below = _Below(sheets)
    agreements: list[Agreement] = []
    findings: list[Finding] = []
    for upper in (s for s in sheets if not stage or s.document.said.stage == stage):
        kinds = feeders(upper.form, below.forms)
        for label, place in _places(upper) if kinds else ():  # else nobody has handed in that level
            column = _column(upper, ColumnKind.UNIT, label)
            lower = below.about(place, upper, kinds)
            for agreement in _compare(column, place, lower):
                if lower and agreement.state in DIFFERS:
                    findings.append(_finding(column, lower, agreement))
                    agreement = replace(agreement, finding=findings[-1].id)
                agreements.append(agreement)
    return tuple(agreements), tuple(findings)


def flag(figures: pd.DataFrame, sha256: str, findings: Collection[Finding]) -> pd.DataFrame:
    """The figures of one document, those bound by one of these findings flagged."""
    places = {(c.row, c.column_kind, c.column_label) for f in findings for c in f.cells if c.sha256 == sha256}
    if not places:
        return figures
    bound = [p in places for p in zip(figures["row"], figures["column_kind"], figures["column_label"], strict=True)]
    return figures.assign(status=figures["status"].mask(pd.Series(bound, index=figures.index), Status.FLAGGED.value))


class _Below:
    """What sheets say about whole areas, looked up by place; of each form only once it is asked for."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self._found: dict[str, dict[str, list[_Column]]] = {}
        self.forms = tuple({sheet.form.model: sheet.form for sheet in sheets}.values())

    def about(self, place: catalogue.Area, upper: Sheet, kinds: Sequence[Form]) -> _Column | None:
        """The column about a place on a sheet of the first of these forms that has one for the upper sheet's district:
        several where a ballot has electoral districts."""
        found = (_same_district(upper, self._of(form).get(place.code, ())) for form in kinds)
        return next((column for column in found if column), None)

    def _of(self, form: Form) -> dict[str, list[_Column]]:
        if form.model not in self._found:
            by_place = self._found.setdefault(form.model, {})
            for sheet in (s for s in self._sheets if s.form is form):
                for code, column in _whole(sheet):
                    by_place.setdefault(code, []).append(column)
        return self._found[form.model]


def _whole(sheet: Sheet) -> Iterator[tuple[str, _Column]]:
    """Places of which a sheet says everything, and the column that does."""
    if sheet.form.orientation == "down":
        by_label = dict(tuple(_units(sheet).groupby("column_label", sort=False)))
        for label, place in _places(sheet):
            yield place.code, _made(sheet, ColumnKind.UNIT, label, by_label[label])
    elif sheet.form.area is sheet.form.unit:  # a polling place's sheet: its one column is all there is
        yield sheet.area, _column(sheet, ColumnKind.UNIT)
    elif sheet.form.has_total:
        yield sheet.area, _column(sheet, ColumnKind.TOTAL)


def _units(sheet: Sheet) -> pd.DataFrame:
    return sheet.figures[sheet.figures["column_kind"] == ColumnKind.UNIT.value]


def _places(sheet: Sheet) -> Iterator[tuple[str, catalogue.Area]]:
    levels = [key.level for key in sheet.form.keys] or [sheet.form.unit]
    for label in dict.fromkeys(_units(sheet)["column_label"]):
        place = _find(levels, label.split(UNIT_SEPARATOR) if len(levels) > 1 else [label], sheet.area)
        if place is not None:
            yield label, place


def _find(levels: Sequence[Level], names: Sequence[str], within: str) -> catalogue.Area | None:
    """The place with these names, from the larger area to the smaller."""
    if len(levels) != len(names):
        return None
    place = None
    for level, name in zip(levels, names, strict=True):
        place = catalogue.find_area(level, name, within=within)
        if place is None:
            return None
        within = place.code
    return place


def _same_district(upper: Sheet, lower: Sequence[_Column]) -> _Column | None:
    """Of the columns about one place the one of the same electoral district; the only one, where either names none."""
    same = [column for column in lower if _district(column.sheet) == _district(upper)]
    unnamed = [column for column in lower if not (_district(column.sheet) and _district(upper))]
    return same[-1] if same else unnamed[0] if len(lower) == len(unnamed) == 1 else None


def _district(sheet: Sheet) -> str:
    """The electoral district, its number in digits: SUMATERA BARAT I and Sumatera Barat 1 are one."""
    name, _, number = sheet.dapil.upper().rpartition(" ")
    return catalogue.fold(f"{name}{_ROMAN.get(number, number)}")


def _column(sheet: Sheet, kind: ColumnKind, label: str | None = None) -> _Column:
    """The one column of that kind, or of that label."""
    figures = sheet.figures[sheet.figures["column_kind"] == kind.value]
    if label is None:
        label = str(figures["column_label"].iat[0]) if len(figures) else ""
    else:
        figures = figures[figures["column_label"] == label]
    return _made(sheet, kind, label, figures)


def _made(sheet: Sheet, kind: ColumnKind, label: str, figures: pd.DataFrame) -> _Column:
    """In the sheet's order; None where nothing is known."""
    rows = figures["row"].to_list()
    values = {row: None if pd.isna(v) else int(v) for row, v in zip(rows, figures["value"], strict=True)}
    flagged = figures[figures["status"] == Status.FLAGGED.value]
    unsure = set(flagged.loc[flagged["confidence"] < 1 - CLEAR, "row"])
    if len(flagged):
        places = (
            (c.row, c.column_kind, c.column_label)
            for f in sheet.findings
            if f.severity is Severity.ERROR and f.code not in _SUMS
            for c in f.cells
        )
        unsure |= {row for row, *of in places if of == [kind.value, label]} & set(flagged["row"])
    return _Column(sheet, kind, label, values, frozenset(unsure))


def _compare(upper: _Column, place: catalogue.Area, lower: _Column | None) -> Iterator[Agreement]:
    for row, above, below in _side_by_side(upper, lower):
        yield Agreement(
            level=place.level.value,
            place_code=place.code,
            place=place.name,
            dapil=upper.sheet.dapil,
            row=row,
            upper_form=upper.sheet.form.model,
            upper_sha256=upper.sheet.document.sha256,
            upper=above,
            lower_form=lower.sheet.form.model if lower else upper.sheet.form.below or "",
            lower_sha256=lower.sheet.document.sha256 if lower else "",
            lower=below,
            state=_state(row, above, below, upper, lower),
        )


def _state(row: str, above: int | None, below: int | None, upper: _Column, lower: _Column | None) -> str:
    if lower is None:
        return MISSING
    if above is None or below is None:
        return NOT_FILLED
    if above == below:
        return AGREES
    return READING if row in upper.unsure or row in lower.unsure else PRINTED


def _side_by_side(upper: _Column, lower: _Column | None) -> Iterator[tuple[str, int | None, int | None]]:
    """Row code and what both say, in sheet order. A row that may be absent and that only one has is 0 on the other; one
    that the lower form does not have at all is not compared."""
    above, below = upper.figures, lower.figures if lower else {}
    known = {leaf.code for leaf in lower.sheet.form.leaf_rows} if lower else None
    for leaf in upper.sheet.form.leaf_rows:
        absent = 0 if leaf.parent.optional and lower else None
        if known is not None and leaf.code not in known and leaf.code not in below:
            continue
        if leaf.code in above or (leaf.code in below and leaf.parent.optional):
            yield leaf.code, above.get(leaf.code, absent), below.get(leaf.code, absent)


def _finding(upper: _Column, lower: _Column, found: Agreement) -> Finding:
    return Finding(
        office=upper.sheet.document.office,
        sha256=found.upper_sha256,
        code="level_differs",
        severity=Severity.ERROR,
        subject=f"{found.row} @ {found.place_code}",
        params={
            "row": found.row,
            "place": found.place,
            "upper_form": found.upper_form,
            "upper": found.upper,
            "lower_form": found.lower_form,
            "lower": found.lower,
            "difference": found.difference,
        },
        # Where one of the two may lack the row, what binds it is 0 all the same.
        cells=(
            replace(upper.cell(found.row), value=found.upper),
            replace(lower.cell(found.row), value=found.lower),
        ),
    )
