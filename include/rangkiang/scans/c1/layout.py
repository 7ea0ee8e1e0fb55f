"""Where a handwritten sheet has its rules, boxes and fields: data beside the code, one file per sheet model.

Lengths are in the frame of the sheet's corner marks: their centres are (0, 0), (1, 0), (1, 1), (0, 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from rangkiang.scans.leaf import Floats

Field = tuple[float, float, float, float]
"""x0, y0, x1, y1."""


@dataclass(frozen=True, slots=True)
class Place:
    """The boxes of one number. ``stops`` (boxes + 1) are their upright rules, from left to right."""

    row: str  # canonical row code
    stops: tuple[float, ...]
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Lembar:
    """One page of a sheet. ``level`` (n, 3: y, from x, to x) and ``upright`` (n, 3: x, from y, to y) are its rules."""

    model: str
    number: int
    aspect: float  # width : height of the rectangle of corner marks
    level: Floats
    upright: Floats
    places: tuple[Place, ...]
    words: Mapping[str, Field]  # lines of words, by row code
    hint: float  # x from which the form itself prints '(ditulis dengan huruf)' in the lower half of such a line

    @property
    def rows(self) -> frozenset[str]:
        """Codes of the rows whose numbers stand on it."""
        return frozenset(place.row for place in self.places)


@cache
def layouts() -> tuple[Lembar, ...]:
    """Every page of every sheet that is known."""
    folder = files(__package__) / "layouts"
    sheets = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return tuple(page for f in sheets for page in _pages(yaml.safe_load(f.read_text(encoding="utf-8"))))


def _pages(sheet: Mapping[str, Any]) -> Iterator[Lembar]:
    for page in sheet["pages"]:
        places = tuple(_places(page["boxes"]))
        yield Lembar(
            model=sheet["model"],
            number=page["lembar"],
            aspect=sheet["aspect"],
            level=np.array(page["level"] + [rule for p in places for rule in _level(p)]),
            upright=np.array(page["upright"] + [[x, p.top, p.bottom] for p in places for x in p.stops]),
            places=places,
            words={row: tuple(field) for row, field in page.get("words", {}).items()},
            hint=page.get("hint", 1.0),
        )


def _places(groups: list[Any]) -> Iterator[Place]:
    for group in groups:
        for row, (top, bottom) in group["rows"].items():
            for suffix, stops in group["stops"].items():
                yield Place(row + suffix, tuple(stops), top, bottom)


def _level(place: Place) -> list[list[float]]:
    return [[y, place.stops[0], place.stops[-1]] for y in (place.top, place.bottom)]
