"""What the catalogue expects of an office."""

from __future__ import annotations

from rangkiang.catalogue.areas import Area, Office, area, children
from rangkiang.model import Level


def expected_areas(expected: str, office: Office) -> tuple[Area, ...]:
    """The areas whose document is expected of an office: itself, its districts, or none."""
    regency = office.level is Level.KABKOTA
    if (expected == "office" and regency) or (expected == "province" and not regency):
        return (area(office.code),)
    return children(office.code) if expected == "district" and regency else ()
