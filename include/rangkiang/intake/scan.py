"""Scans: what the first pages say above their tables, or that they are a form filled in by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from rangkiang import catalogue
from rangkiang.intake.areas import announced
from rangkiang.intake.classify import model_line, recognised
from rangkiang.intake.front import FRONT_PAGES, Front, Illegible, Refused
from rangkiang.model import Level

if TYPE_CHECKING:
    from rangkiang.scans.expected import Expected
    from rangkiang.scans.leaf import Leaf
    from rangkiang.scans.lines import Line

# What reads scans takes a second and a hundred megabytes to load: not for a worker that meets none.

_OF_FILES = frozenset({"broken_file", "too_large"})
_SMALLEST = 3  # rows and columns of a table of figures
_WORD, _SURE = 6, 0.8  # letters of a text that says something, and how sure they are
_ONE = re.compile(r"\b(MODEL\s*:?\s*(?:C|DAA|D[A-E]))[I|l](?=\s*[-.])")  # 'MODEL DAI-PPWP'


def front(data: bytes, media_type: str, pages: int) -> Front:
    """The lines of the first pages up to the one that names its model, or is known by its boxes.

    Raises Refused: broken_file, too_large; Illegible: page_empty, page_dark and the like, no_sheet.
    """
    from rangkiang.scans.errors import Unusable

    try:
        return _front(data, media_type, pages)
    except Unusable as error:
        raise (Refused if error.code in _OF_FILES else Illegible)(error.code, **error.params) from error


def _front(data: bytes, media_type: str, pages: int) -> Front:
    """Raises Unusable, also where no page names a model, and one shows no table or no text that can be read."""
    from rangkiang.scans.errors import Unusable
    from rangkiang.scans.faults import fault
    from rangkiang.scans.lattice import lattices
    from rangkiang.scans.lines import lines
    from rangkiang.scans.pictures import pictures
    from rangkiang.scans.upright import upright

    found: list[str] = []
    faults: list[Unusable] = []
    for picture in islice(pictures(data, media_type), FRONT_PAGES):
        leaf = upright(picture)
        tables = [table for table in lattices(leaf) if min(table.shape) >= _SMALLEST]
        said = list(lines(leaf, tables))
        found += map(_mended, said)
        if model := _by_hand(leaf, found):
            return Front((f"MODEL {model}",), (), pages, by_hand=True)
        if model_line(found)[1]:
            return Front(tuple(found), (), pages)
        readable = any(part.confidence >= _SURE for line in said for part in line if len(part.text) >= _WORD)
        faults += [] if tables and readable else [fault(picture)]
    if faults:
        raise faults[0]
    return Front(tuple(found), (), pages)


def _by_hand(leaf: Leaf, lines: Sequence[str]) -> str:
    """The model of a page of boxes that a hand fills in; '' for any other page, and where lines name another model."""
    from rangkiang.scans.c1.layout import layouts
    from rangkiang.scans.c1.register import place

    named = recognised(lines) if model_line(lines)[1] else None
    pages = [page for page in layouts() if named is None or named.model == page.model]
    found = place(leaf, pages) if pages else None
    return found.page.model if found else ""


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
