"""What a document is and whose it is, by what it says."""

from __future__ import annotations

import re

from rangkiang import catalogue
from rangkiang.forms import Form, flat, forms
from rangkiang.intake import areas
from rangkiang.intake.front import Front, Refused
from rangkiang.model import Classification


def classify(front: Front, office_code: str) -> Classification:
    """Form, area and stage of a document. Raises Refused: unknown_document, unknown_area, wrong_office.

    Without an office code any office's document is welcome.
    """
    office = catalogue.office(office_code) if office_code else None
    form = _form(front)
    doctype = next((d for d in catalogue.doctypes() if d.form == form.model), None)
    if doctype is None:
        raise Refused("unknown_document")
    area = (
        areas.of_sheet(form, front.lines, office_code)
        if form.orientation == "across"
        else areas.of_lines(form, front.rows, office_code)
    )
    if office and _office_of(area.code) != office.code:
        raise Refused("wrong_office", area=_spoken(area), office=office.unit_kerja)
    return Classification(form.model, doctype.code, doctype.stage, form.election, area.code, area.name, front.pages)


def _form(front: Front) -> Form:
    text = " ".join(" ".join(front.lines).upper().split())
    for form in forms().values():
        if any(re.search(pattern, text) for pattern in form.recognise):
            return form
    for form in forms().values():
        if form.orientation == "down" and front.rows and not flat.header(form, front.rows)[1].missing:
            return form
    raise Refused("unknown_document")


def _spoken(area: catalogue.Area) -> str:
    """The area with the office it belongs to, so that a clerk knows where the file should go."""
    owner = catalogue.office(_office_of(area.code))
    place = owner.unit_kerja.removeprefix("KPU ")
    return place if area.code == owner.code else f"{catalogue.level_name(area.level)} {area.name}, {place}"


def _office_of(area_code: str) -> str:
    """13.05.01 belongs to the office of 13.05, 13 to the province's."""
    return ".".join(area_code.split(".")[:2])
