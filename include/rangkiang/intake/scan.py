"""Scans: what the first pages say above their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from rangkiang import catalogue
from rangkiang.intake.areas import announced
from rangkiang.intake.classify import model_line
from rangkiang.intake.front import FRONT_PAGES, Front, Illegible, Refused
from rangkiang.model import Level

if TYPE_CHECKING:
    from rangkiang.scans.expected import Expected
    from rangkiang.scans.leaf import Picture
    from rangkiang.scans.lines import Line

# What reads scans takes a second and a hundred megabytes to load: not for a worker that meets none.

_OF_FILES = frozenset({"broken_file", "too_large"})
_ONE = re.compile(r"\b(MODEL\s*:?\s*(?:C|DAA|D[A-E]))[I|l](?=\s*[-.])")  # 'MODEL DAI-PPWP'


def front(data: bytes, media_type: str, pages: int) -> Front:
    """The lines of the first pages up to the one that names its model.

    Raises Refused: broken_file, too_large; Illegible: page_empty, page_dark and the like, no_sheet.
    """
    from rangkiang.scans.errors import Unusable
    from rangkiang.scans.pictures import pictures

    found: list[str] = []
    try:
        for picture in islice(pictures(data, media_type), FRONT_PAGES):
            found += _lines(picture)
            if model_line(found)[1]:
                break
    except Unusable as error:
        raise (Refused if error.code in _OF_FILES else Illegible)(error.code, **error.params) from error
    return Front(tuple(found), (), pages)


def _lines(picture: Picture) -> Iterator[str]:
    from rangkiang.scans.lattice import lattices
    from rangkiang.scans.lines import lines
    from rangkiang.scans.upright import upright

    leaf = upright(picture)
    return map(_mended, lines(leaf, lattices(leaf)))


def _mended(line: Line) -> str:
    """A line as a digital sheet would have it: 'KECAMATAN : MATUR', where colon and name are blurred."""
    label = _labels().snap(line[0])
    if label is None or len(line) == 1:
        return _ONE.sub(r"\g<1>1", "\t".join(part.text.strip() for part in line))
    level, (name, *rest) = announced()[label], (part.text.strip(" :") for part in line[1:])
    known = _names(level).snap(line[1]) if level else None
    return "\t".join([f"{label} : {known or name}", *rest])


@cache
def _labels() -> Expected:
    from rangkiang.scans.expected import EASY, Expected

    return Expected(announced(), EASY)


@cache
def _names(level: Level) -> Expected:
    from rangkiang.scans.expected import Expected

    return Expected(catalogue.spellings(level))
