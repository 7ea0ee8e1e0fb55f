"""A press that prints digital recap sheets of every form, in every style that offices use, with what is on them.

It knows the forms from the regulation alone and shares no code with the reader: where both agree, both are right.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from samples.press import page, sheet
from samples.press.figures import unit
from samples.press.grid import Column, lay
from samples.press.places import area
from samples.press.rows import ELECTIONS, LEVELS, Wording, lines, slate
from samples.press.sheet import MARGIN, Sheet, measure
from samples.press.slips import Slip, slipped
from samples.press.styles import Style, deal

MODELS = tuple(f"{level}-{election}" for election in ELECTIONS for level in LEVELS)
_COUNTS = {"one": (1, 1), "few": (2, 6), "many": (7, 14), "most": (20, 40)}
_MOST_BLOCKS = 2  # of a long sheet, so that 500 pages hold every form in every style


@dataclass(frozen=True, slots=True)
class Truth:
    """A figure that stands on a sheet. A zero that is printed as nothing has ``printed`` ''."""

    page: int  # of the sheet, 1-based
    row: str  # canonical code
    column_kind: str
    column_label: str
    value: int
    printed: str
    box: tuple[float, float, float, float]  # its cell, points from the bottom left of the page before /Rotate


@dataclass(frozen=True, slots=True)
class Print:
    """A printed sheet. Its truth stands in document order: block by block, row by row, from left to right; it is what
    is printed, and ``slip`` says where that is not what should be."""

    model: str
    places: tuple[tuple[str, str], ...]
    dapil: str
    style: Style
    pdf: bytes
    pages: int
    truth: tuple[Truth, ...]
    slip: Slip | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Several sheets in one file. ``first`` holds the page on which each begins; each one's ``pdf`` is empty and its
    truth counts pages from its own first."""

    pdf: bytes
    pages: int
    sheets: tuple[Print, ...]
    first: tuple[int, ...]


def sheets(seed: int, pages: int) -> Iterator[Print]:
    """Sheets of every model in turn, up to the first that brings the pages to the number wanted."""
    printed = nth = 0
    while printed < pages:
        for model in MODELS:
            yield (one := single(seed, model, nth))
            printed += one.pages
            if printed >= pages:
                return
        nth += 1


def single(seed: int, model: str, nth: int, *, font: str = "", slip: bool = False) -> Print:
    """The nth sheet of a model, in another font than its style has and with a slip of the typist's if so wished."""
    canvas = _Paper(f"{model} {nth}")
    composed, made = compose(seed, model, nth, font), None
    if slip:
        composed, made = slipped(composed, random.Random(f"{seed}/{model}/{nth}/slip"))
    one = canvas.put(composed, random.Random(f"{seed}/{model}/{nth}/ink"))
    return replace(one, pdf=canvas.done(), slip=made)


def bundles(seed: int, count: int) -> Iterator[Bundle]:
    """Files of two to five sheets of any forms, areas and styles."""
    rng = random.Random(f"{seed}/bundles")
    for n in range(count):
        canvas = _Paper(f"bundle {n}")
        parts: list[Print] = []
        first: list[int] = []
        for part in range(rng.randint(2, 5)):
            first.append(1 + sum(one.pages for one in parts))
            chosen = compose(seed, rng.choice(MODELS), 1000 + 5 * n + part)
            parts.append(canvas.put(chosen, random.Random(f"{seed}/{n}/{part}/ink")))
        yield Bundle(canvas.done(), sum(one.pages for one in parts), tuple(parts), tuple(first))


def compose(seed: int, model: str, nth: int, font: str = "") -> Sheet:
    """What stands on the nth sheet of a model, in its style but for the ``font`` where one is given."""
    level, election = model.split("-", 1)
    style = deal(seed, model, nth)
    style = replace(style, font=font) if font else style
    rng = random.Random(f"{seed}/{model}/{nth}")
    where = area(rng, level, election, rng.randint(*_COUNTS[style.units]), style.tps)
    candidates = slate(election, where.dapil)
    rows = lines(election, candidates, Wording(style.block, style.second, style.party, style.pair, style.upper))
    names = [style.single.format(name) for name in where.units] if level == "C1" else where.units
    units = [Column("unit", name, unit(rng, level, candidates)) for name in names]
    at_most = 0 if level == "C1" else _MOST_BLOCKS if "DPR" in election else len(units)
    grid = lay(units, rows, style, measure(style)[0] - 2 * MARGIN, at_most)
    return Sheet(level, election, where, style, tuple(rows), grid)


class _Paper:
    """A PDF file that sheets are put into."""

    def __init__(self, title: str) -> None:
        self._out = io.BytesIO()
        self._canvas = Canvas(self._out, invariant=1, pageCompression=1)
        self._canvas.setTitle(title)

    def put(self, one: Sheet, rng: random.Random) -> Print:
        """Draws the sheet on pages of its own; ``pdf`` stays empty until the file is done."""
        placed = sheet.pages(one)
        for number, leaf in enumerate(placed, 1):
            page.draw(self._canvas, one, leaf, number, len(placed), rng)
        truth = tuple(_truth(one, leaf, number) for number, leaf in enumerate(placed, 1))
        flat = tuple(figure for figures in truth for figure in figures)
        return Print(one.model, one.places, one.area.dapil, one.style, b"", len(placed), flat)

    def done(self) -> bytes:
        self._canvas.save()
        return self._out.getvalue()


def _truth(one: Sheet, leaf: sheet.Page, number: int) -> list[Truth]:
    found = []
    for cell in leaf.cells:
        if cell.role == "value":
            column = leaf.columns[cell.column]
            value = column.figures[cell.code]
            printed = " ".join(cell.text)
            found.append(Truth(number, cell.code, column.kind, column.label, value, printed, page.box(one, cell)))
    return found
