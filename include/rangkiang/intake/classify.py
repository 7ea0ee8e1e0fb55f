"""What a document is and whose it is, by what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rangkiang import catalogue
from rangkiang.forms import Form, flat, forms
from rangkiang.intake import areas
from rangkiang.intake.front import Front, Refused
from rangkiang.model import Classification, Level, Reason

# 'MODEL DB2-KPU' is a head whether that form is registered or not; 'Model A.3-KPU)' is part of a row's label.
_MODEL = re.compile(
    r"MODEL\s*:?\s*((?:C|DAA|D[A-E])[12]?(?:\.PLANO)?\s*[-.]?\s*[A-Z][A-Z/ -]*?)(?:\s+(?:HALAMAN|LEMBAR)\b.*)?"
)


def classify(front: Front, office_code: str, filed_as: catalogue.Area | None = None) -> Classification:
    """Form, area, electoral district and stage of a document. Raises Refused: unknown_document, unknown_area,
    wrong_office. ``filed_as`` is the place that a handwritten sheet's file is named after.

    Without an office code any office's document is welcome, and so is a sheet from elsewhere: its area has no code,
    and what is not known of it is a remark.
    """
    office = catalogue.office(office_code) if office_code else None
    form = _form(front)
    doctype = next((d for d in catalogue.doctypes() if d.form == form.model), None)
    if doctype is None and office:  # no jenis dokumen: there is no folder to file it in
        raise Refused("unknown_document")
    # A sheet is read from its head on, whatever a letter in front of it names; what stands above the head counts too.
    named = areas.named([*front.lines[model_line(front.lines)[0] :], *front.lines])
    area, remarks = _filed(form, filed_as) if front.by_hand else _area(form, front, named, office_code)
    if office and area.code and _office_of(area.code) != office.code:
        raise Refused("wrong_office", area=_spoken(area), office=office.unit_kerja)
    per_dapil = _per_dapil(form)
    return Classification(
        form=form.model,
        doctype=doctype.code if doctype else form.model,
        stage=doctype.stage if doctype else form.stage,
        election=form.election,
        area_code=area.code,
        area_name=area.name,
        pages=front.pages,
        remarks=(*front.remarks, *remarks, *([Reason("dapil_missing")] if per_dapil and not named.dapil else [])),
        dapil=named.dapil if per_dapil else "",
    )


def recognised(lines: Sequence[str]) -> Form | None:
    """The form that a line 'MODEL …' names; without such a line, the one whose model or title stands first, or None.

    A line of its own is the sheet's head: a letter in front of it, or the sheet's text, may mention other forms.
    """
    _, model = model_line(lines)
    return _matched([f"MODEL {model}"] if model else lines)


def model_line(lines: Sequence[str]) -> tuple[int, str]:
    """Where the first line (or cell of a line) stands that is nothing but 'MODEL …', and what it names; ''."""
    for n, line in enumerate(lines):
        if "MODEL" in (upper := line.upper()):
            for cell in upper.split("\t"):
                if found := _MODEL.fullmatch(" ".join(cell.split())):
                    return n, found[1]
    return 0, ""


def _matched(lines: Sequence[str]) -> Form | None:
    text = " ".join(" ".join(lines).upper().split())
    found = [(match.start(), n) for n, (pattern, _) in enumerate(_patterns()) if (match := pattern.search(text))]
    return _patterns()[min(found)[1]][1] if found else None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Form], ...]:
    return tuple((re.compile(pattern), form) for form in forms().values() for pattern in form.recognise)


def _area(form: Form, front: Front, named: areas.Named, office_code: str) -> tuple[catalogue.Area, tuple[Reason, ...]]:
    """The area of a document, and what is to be said about it."""
    if form.orientation == "down":
        return areas.of_lines(form, front.rows, office_code), ()
    try:
        return areas.of_sheet(form, named.areas, office_code), ()
    except Refused as refusal:
        if office_code or form.area not in named.areas:
            raise
        return catalogue.Area("", form.area, named.areas[form.area]), (refusal.reason,)


def _filed(form: Form, place: catalogue.Area | None) -> tuple[catalogue.Area, tuple[Reason, ...]]:
    """The place that a handwritten sheet's file is named after."""
    if place is None or place.level is not form.area:
        return catalogue.Area("", form.area, ""), (Reason("place_unread"),)
    return place, (Reason("place_by_name", {"place": f"{place.name} ({place.code})"}),)


def _form(front: Front) -> Form:
    if form := recognised(front.lines):
        return form
    for form in forms().values():
        if form.orientation == "down" and front.rows and not flat.header(form, front.rows)[1].missing:
            return form
    raise Refused("unknown_document")


def _per_dapil(form: Form) -> bool:
    """Where parties stand, each electoral district has a sheet of its own."""
    return any(e.code == form.election and e.contest == "party" for e in catalogue.elections())


def _spoken(area: catalogue.Area) -> str:
    """The area with the office it belongs to, so that a clerk knows where the file should go."""
    owner = catalogue.office(_office_of(area.code))
    place = owner.unit_kerja.removeprefix("KPU ")
    if area.code == owner.code:
        return place
    kind = "" if area.level is Level.TPS else f"{catalogue.level_name(area.level)} "
    return f"{kind}{area.name}, {place}"


def _office_of(area_code: str) -> str:
    """13.05.01 belongs to the office of 13.05, 13 to the province's."""
    return ".".join(area_code.split(".")[:2])
