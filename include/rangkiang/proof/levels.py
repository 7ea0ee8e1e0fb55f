"""Proof across levels: a unit's column on one sheet is the total column of that unit's own sheet, cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rangkiang import catalogue
from rangkiang.forms import Form
from rangkiang.model import CellRef, ColumnKind, Document, Finding, Severity, Status

_ROMAN = dict(
    zip(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"), map(str, range(1, 12)), strict=True)
)

AGREES, DIFFERS, NOT_FILLED, MISSING = "agrees", "differs", "not_filled", "missing"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A proved document and its figures."""

    document: Document
    form: Form
    figures: pd.DataFrame

    @property
    def area(self) -> str:
        return self.document.classification.area_code if self.document.classification else ""


@dataclass(frozen=True, slots=True)
class _Whole:
    """What a sheet says about all of its area."""

    sheet: Sheet
    kind: ColumnKind
    column: Mapping[str, int | None]  # by row code


@dataclass(frozen=True, slots=True)
class Agreement:
    """One line of the reconciliation: what two levels say about one row of one place."""

    level: str  # of the place
    place_code: str
    place: str
    row: str
    upper_form: str
    upper_sha256: str
    upper: int | None
    lower_form: str
    lower_sha256: str  # '' where that sheet is missing
    lower: int | None
    state: str  # agrees | differs | not_filled | missing

    @property
    def difference(self) -> int | None:
        """Upper minus lower, where both are known."""
        return None if self.upper is None or self.lower is None else self.upper - self.lower


def reconcile(sheets: Sequence[Sheet]) -> tuple[tuple[Agreement, ...], tuple[Finding, ...]]:
    """Compare every sheet with the sheets that feed it.

    Returns one agreement per place and row, in sheet order, and a finding for each that differs: it belongs to the
    upper document and binds the cells of both.
    """
    whole = _by_area(sheets)
    models = {sheet.form.model for sheet in sheets}
    agreements: list[Agreement] = []
    findings: list[Finding] = []
    for upper in sheets:
        if upper.form.below is None or upper.form.below not in models:
            continue  # nobody has handed in that level: nothing to compare
        for label, place in _places(upper):
            lower = _same_district(upper, whole.get((upper.form.below, place.code), ()))
            for agreement in _compare(upper, label, place, lower):
                agreements.append(agreement)
                if lower and agreement.state == DIFFERS:
                    findings.append(_finding(upper, label, lower, agreement))
    return tuple(agreements), tuple(findings)


def flag(figures: pd.DataFrame, sha256: str, findings: Collection[Finding]) -> pd.DataFrame:
    """The figures of one document, those bound by one of these findings flagged."""
    places = {(c.row, c.column_kind, c.column_label) for f in findings for c in f.cells if c.sha256 == sha256}
    if not places:
        return figures
    bound = [p in places for p in zip(figures["row"], figures["column_kind"], figures["column_label"], strict=True)]
    return figures.assign(status=figures["status"].mask(pd.Series(bound, index=figures.index), Status.FLAGGED.value))


def _places(sheet: Sheet) -> Iterator[tuple[str, catalogue.Area]]:
    units = sheet.figures.loc[sheet.figures["column_kind"] == ColumnKind.UNIT.value, "column_label"]
    for label in dict.fromkeys(units):
        place = catalogue.find_area(sheet.form.unit, label, within=sheet.area)
        if place is not None:
            yield label, place


def _by_area(sheets: Sequence[Sheet]) -> Mapping[tuple[str, str], list[_Whole]]:
    """What each sheet says about all of its area, by model and area: several where a ballot has electoral districts."""
    found: dict[tuple[str, str], list[_Whole]] = {}
    for sheet in sheets:
        single = sheet.form.area is sheet.form.unit  # a polling place's sheet: its one column is all there is
        if single or sheet.form.has_total:
            kind = ColumnKind.UNIT if single else ColumnKind.TOTAL
            found.setdefault((sheet.form.model, sheet.area), []).append(_Whole(sheet, kind, _column(sheet, kind)))
    return found


def _same_district(upper: Sheet, lower: Sequence[_Whole]) -> _Whole | None:
    """Of the sheets about one place the one of the same electoral district; the only one, where either names none."""
    same = [whole for whole in lower if _district(whole.sheet) == _district(upper)]
    unnamed = [whole for whole in lower if not (_district(whole.sheet) and _district(upper))]
    return same[-1] if same else unnamed[0] if len(lower) == len(unnamed) == 1 else None


def _district(sheet: Sheet) -> str:
    """The electoral district, its number in digits: SUMATERA BARAT I and Sumatera Barat 1 are one."""
    said = sheet.document.classification.dapil if sheet.document.classification else ""
    name, _, number = said.upper().rpartition(" ")
    return catalogue.fold(f"{name}{_ROMAN.get(number, number)}")


def _column(sheet: Sheet, kind: ColumnKind, label: str | None = None) -> Mapping[str, int | None]:
    """Row code to value, in the sheet's order; None where nothing is known."""
    figures = sheet.figures[sheet.figures["column_kind"] == kind.value]
    if label is not None:
        figures = figures[figures["column_label"] == label]
    return {row: None if pd.isna(v) else int(v) for row, v in zip(figures["row"], figures["value"], strict=True)}


def _compare(upper: Sheet, label: str, place: catalogue.Area, lower: _Whole | None) -> Iterator[Agreement]:
    for row, above, below in _side_by_side(upper, label, lower):
        if lower is None:
            state = MISSING
        elif above is None or below is None:
            state = NOT_FILLED
        else:
            state = AGREES if above == below else DIFFERS
        yield Agreement(
            level=place.level.value,
            place_code=place.code,
            place=place.name,
            row=row,
            upper_form=upper.form.model,
            upper_sha256=upper.document.sha256,
            upper=above,
            lower_form=upper.form.below or "",
            lower_sha256=lower.sheet.document.sha256 if lower else "",
            lower=below,
            state=state,
        )


def _side_by_side(upper: Sheet, label: str, lower: _Whole | None) -> Iterator[tuple[str, int | None, int | None]]:
    """Row code and what both say, in sheet order. A row that may be absent and that only one has is 0 on the other."""
    above, below = _column(upper, ColumnKind.UNIT, label), lower.column if lower else {}
    for leaf in upper.form.leaf_rows:
        absent = 0 if leaf.parent.optional and lower else None
        if leaf.code in above or (leaf.code in below and leaf.parent.optional):
            yield leaf.code, above.get(leaf.code, absent), below.get(leaf.code, absent)


def _finding(upper: Sheet, label: str, lower: _Whole, found: Agreement) -> Finding:
    of_kind = lower.sheet.figures["column_kind"] == lower.kind.value
    total = lower.sheet.figures.loc[of_kind, "column_label"].iat[0]
    return Finding(
        office=upper.document.office,
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
        cells=(
            CellRef(found.upper_sha256, found.row, ColumnKind.UNIT.value, label, found.upper),
            CellRef(found.lower_sha256, found.row, lower.kind.value, str(total), found.lower),
        ),
    )
