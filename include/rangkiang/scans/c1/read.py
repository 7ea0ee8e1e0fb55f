"""From the leaves of a handwritten sheet to its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from rangkiang.model import Box, Guess
from rangkiang.scans.c1 import values
from rangkiang.scans.c1.boxes import Boxed, boxed, cut
from rangkiang.scans.c1.layout import layouts
from rangkiang.scans.c1.numerals import words
from rangkiang.scans.c1.register import Placed, place
from rangkiang.scans.c1.signs import signs
from rangkiang.scans.c1.words import spoken
from rangkiang.scans.leaf import Floats, Grey, Leaf
from rangkiang.scans.letters import letters


@dataclass(frozen=True, slots=True)
class Field:
    """One number of a sheet. ``guesses`` are what boxes and words say together, ``written`` and ``spoken`` each alone;
    ``spoken`` is empty where the form has no words."""

    row: str  # canonical row code
    page: int  # 1-based page of the file
    box: Box
    guesses: tuple[Guess, ...]
    written: tuple[Guess, ...]
    spoken: tuple[Guess, ...]
    crop: Grey  # its boxes


def read_c1(leaves: Iterable[Leaf], model: str = "") -> list[Field]:
    """The numbers of a sheet, page by page as the sheet counts them, however its leaves lie.

    ``model`` names the sheet where it is known. Leaves that show no page of it give nothing; two that show the same
    page give its numbers twice, the clearer one's first.
    """
    pages = [page for page in layouts() if model in ("", page.model)]
    placed = [found for leaf in leaves if (found := place(leaf, pages))]
    placed.sort(key=lambda one: (one.page.number, -one.found))
    return [field for one in placed for field in fields(one)]


def fields(placed: Placed) -> Iterator[Field]:
    """The numbers of one page, in the layout's order."""
    found = boxed(placed)
    seen = signs().chances(np.concatenate([number.pictures for number in found]))
    for number, chances in zip(found, np.split(seen, len(found)), strict=True):
        yield _field(placed, number, chances)


def _field(placed: Placed, number: Boxed, chances: Floats) -> Field:
    written = values.numbers(chances)
    said = _said(placed, number.row)
    filled = partial(values.filling, chances)
    return Field(
        row=number.row,
        page=placed.leaf.number,
        box=placed.leaf.box(number.corners),
        guesses=values.guesses(written if said is None else values.agreed(written, said), filled),
        written=values.guesses(written, filled),
        spoken=() if said is None else values.guesses(said, words),
        crop=number.crop,
    )


def _said(placed: Placed, row: str) -> Floats | None:
    page = placed.page
    if row not in page.words:
        return None
    x0, _, x1, _ = page.words[row]
    return spoken(cut(placed, page.words[row]), (page.hint - x0) / (x1 - x0), letters())
