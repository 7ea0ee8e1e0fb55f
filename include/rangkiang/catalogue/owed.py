"""What the catalogue expects of an office, against what there is: absence is as visible as presence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rangkiang.catalogue.areas import Area, Office, area, children
from rangkiang.catalogue.codes import doctypes
from rangkiang.model import Level


@dataclass(frozen=True, slots=True)
class Owed:
    """What is expected of one office for one kind of document."""

    doctype: str
    stage: str
    expected: int
    missing: tuple[Area, ...]  # areas whose document has not been received

    @property
    def received(self) -> int:
        return self.expected - len(self.missing)


def owed(office: Office, covered: Collection[tuple[str, str]] = ()) -> Iterator[Owed]:
    """Every kind of document that an office owes; ``covered``: document types and areas of which there is one."""
    for doctype in doctypes():
        if areas := _expected(doctype.expected, office):
            missing = tuple(a for a in areas if (doctype.code, a.code) not in covered)
            yield Owed(doctype.code, doctype.stage, len(areas), missing)


def _expected(expected: str, office: Office) -> tuple[Area, ...]:
    """The areas whose document is expected of an office: itself, its districts, or none."""
    regency = office.level is Level.KABKOTA
    if (expected == "office" and regency) or (expected == "province" and not regency):
        return (area(office.code),)
    return children(office.code) if expected == "district" and regency else ()
