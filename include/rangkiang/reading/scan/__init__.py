"""Scans: from pictures of pages to the figures of a form, each with all that it may be and with its picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rangkiang.forms import Form
from rangkiang.model import Box, Table
from rangkiang.reading import across, pages
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.figures import Figures
from rangkiang.reading.scan import guesses, written
from rangkiang.reading.scan.blocks import blocks
from rangkiang.reading.scan.order import order
from rangkiang.reading.scan.printed import Printed
from rangkiang.reading.scan.sheet import ENGINE, Place
from rangkiang.reading.scan.sides import tables_of
from rangkiang.reading.scan.usual import usual
from rangkiang.reading.source import Decision, Source
from rangkiang.scans.c1.boxes import unruled
from rangkiang.scans.c1.layout import layouts
from rangkiang.scans.c1.read import Field, read_c1
from rangkiang.scans.errors import Unusable
from rangkiang.scans.leaf import Grey
from rangkiang.scans.letters import letters
from rangkiang.scans.lines import lines, plain
from rangkiang.scans.pictures import pictures
from rangkiang.scans.upright import upright

if TYPE_CHECKING:
    import pandas as pd

_SHORT = 0.14
"""Share of a page's width: 'Halaman 2 dari 3' is no longer. Titles and names were read when the file came in."""

LOST = 0.1
"""Of the figures of a sheet, the share that damage may hide with their rows before it goes back to its office."""

_NOTHING: Grey = np.full((1, 1), 255, np.uint8)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as it is seen: its tables, and the picture of every number in them by its page and place."""

    source: Source
    crops: Mapping[tuple[int, Place], Grey]
    written: Sequence[Field] = ()  # numbers written by hand, instead of tables


def look(data: bytes, media_type: str, form: Form) -> Sheet:
    """See a PDF of pictures, or a PNG, JPEG or TIFF. Raises Unreadable."""
    try:
        return _by_hand(data, media_type, form) or _printed(data, media_type, form)
    except Unusable as error:
        raise Unreadable(error.code, **error.params) from error


def _by_hand(data: bytes, media_type: str, form: Form) -> Sheet | None:
    """A sheet of boxes filled in by hand; None where the form has none, or this is not it."""
    if form.model not in {page.model for page in layouts()}:
        return None
    read = {leaf.number: read_c1([leaf], form.model) for leaf in map(upright, pictures(data, media_type))}
    fields = [one for found in read.values() for one in found]
    if not fields:
        return None
    decisions = [
        Decision(n, written.ENGINE, "boxes filled in by hand" if found else "no boxes") for n, found in read.items()
    ]
    crops = {(one.page, _place(one.box)): one.crop for one in fields}
    return Sheet(Source((), (), len(read), tuple(decisions)), crops, fields)


def _place(box: Box) -> Place:
    return box.x0, box.y0, box.x1, box.y1


def _printed(data: bytes, media_type: str, form: Form) -> Sheet:
    read = Printed(form)
    texts: list[str] = []
    for page in map(upright, pictures(data, media_type)):
        leaf, found = tables_of(page, read.layouts)
        texts.append(_numbered(plain(lines(leaf, [drawn.lattice for drawn in found], _SHORT))))
        read.see(leaf, found)
    tables = [one.table for one in read.tables]
    crops = {(one.table.page, place): crop for one in read.tables for place, crop in one.crops.items()}
    kept = usual(tables, lambda table, cell: cell.box is not None and (table.page, _place(cell.box)) in crops)
    return Sheet(Source(tuple(kept), tuple(texts), len(texts), tuple(_decisions(tables, len(texts)))), crops)


def _numbered(said: Iterable[str]) -> str:
    """Lines over a page's tables up to the one that numbers the page: more is not asked of them."""
    text = ""
    for line in said:
        text += f"{line}\n"
        if pages.number(text):
            break
    return text


def _decisions(tables: Collection[Table], count: int) -> list[Decision]:
    seen = {table.page for table in tables}
    return [
        Decision(n, ENGINE, "a picture" + " without a table of the form" * (n not in seen)) for n in range(1, count + 1)
    ]


def figures(sheet: Sheet, form: Form, file: str, sha256: str) -> pd.DataFrame:
    """Every figure as ``reading.read`` gives it, with ``attrs['guesses']``. Raises Unreadable."""
    from rangkiang.reading.frame import frame

    pages.check(sheet.source)
    found = written.figures(sheet.written, form) if sheet.written else _figures(sheet.source, form)
    made = frame(found, file, sha256, form.model)
    made.attrs["decisions"] = [[d.page, d.engine, d.why] for d in sheet.source.decisions]
    if sheet.written:
        made.attrs["in_words"] = written.in_words(sheet.written, form)
    return made


def _figures(source: Source, form: Form) -> Figures:
    """As :func:`across.figures` does; where rows are missing, and pages on which no table was seen, these are named."""
    seen = {table.page for table in source.tables}
    unread = [n for n in range(1, source.pages + 1) if n not in seen]
    try:
        return across.figures(pages.in_order(source), form, blocks, order, LOST, unread)
    except Unreadable as error:
        if error.reason.code != "rows_missing" or not unread:
            raise
        raise Unreadable("pages_unread", pages=", ".join(map(str, unread))) from error


def look_again(figures: pd.DataFrame, sheet: Sheet, positions: Collection[int]) -> pd.DataFrame:
    """The same figures, those at ``positions`` read by the general reader of letters as well."""
    places = _places(figures)
    crops = {n: sheet.crops[places[n]] for n in sorted(positions) if places[n] in sheet.crops}
    shown = map(unruled, crops.values()) if sheet.written else crops.values()
    second = dict(zip(crops, letters().guesses(list(shown)), strict=True))
    return guesses.combined(figures, second)


def pictures_of(figures: pd.DataFrame, sheet: Sheet) -> dict[int, list[Grey]]:
    """The pictures of the figures of each page, in document order; of a place without one, a dot of paper."""
    found: dict[int, list[Grey]] = {}
    for page, place in _places(figures):
        found.setdefault(page, []).append(sheet.crops.get((page, place), _NOTHING))
    return found


def _places(figures: pd.DataFrame) -> list[tuple[int, Place]]:
    boxes = figures[["x0", "y0", "x1", "y1"]].to_numpy(dtype=float).tolist()
    return [(int(page), (x0, y0, x1, y1)) for page, (x0, y0, x1, y1) in zip(figures["page"], boxes, strict=True)]
