"""A narrative as PDF: A4, its typeface embedded, charts as drawings."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reportlab.graphics.shapes import Drawing, Rect, String  # type: ignore[import-untyped]
from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
)

from rangkiang.deliver.prose import Prose, fonts
from rangkiang.deliver.prose.bars import INK, LINE, Bars, Box, height, shapes
from rangkiang.deliver.prose.blocks import Block, Heading, Item, Picture, Run, Table, blocks, plain
from rangkiang.deliver.prose.blocks import Paragraph as Said

MARGIN, FOOT = 56.0, 60.0
WIDTH = A4[0] - 2 * MARGIN
SIZE, LEAD = 9.5, 13.5
CELL = 8.5
PAGE = {"id": "Halaman {} dari {}", "en": "Page {} of {}"}
GREY = HexColor("#555555")
RULE = HexColor("#9AA5AB")
BAND = HexColor("#E9EEF1")

_BODY = ParagraphStyle(
    "isi", fontName=fonts.REGULAR, fontSize=SIZE, leading=LEAD, spaceBefore=3, spaceAfter=4, textColor=HexColor(INK)
)
_HEADS = {
    1: ParagraphStyle("judul", _BODY, fontName=fonts.BOLD, fontSize=17, leading=22, spaceAfter=10),
    2: ParagraphStyle("bab", _BODY, fontName=fonts.BOLD, fontSize=12.5, leading=16, spaceBefore=11, spaceAfter=5),
    3: ParagraphStyle("subbab", _BODY, fontName=fonts.BOLD, fontSize=10, leading=14, spaceBefore=7, spaceAfter=4),
}
_QUOTED = ParagraphStyle("kutipan", _BODY, leftIndent=10, borderPadding=6, backColor=BAND, spaceBefore=4, spaceAfter=12)
_CAPTION = ParagraphStyle(
    "gambar", _BODY, fontName=fonts.ITALIC, fontSize=CELL, leading=11, spaceBefore=4, spaceAfter=3
)
_CELL = ParagraphStyle("sel", _BODY, fontSize=CELL, leading=11, spaceBefore=0, spaceAfter=0)
_RIGHT = ParagraphStyle("bilangan", _CELL, alignment=2)
_HEAD = ParagraphStyle("kepala", _CELL, fontName=fonts.BOLD)
_RIGHT_HEAD = ParagraphStyle("kepala-bilangan", _HEAD, alignment=2)
_GRID = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
    ("LINEABOVE", (0, 0), (-1, 0), 0.8, RULE),
    ("BACKGROUND", (0, 0), (-1, 0), BAND),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 2.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
]


def pdf(prose: Prose) -> bytes:
    """The bytes; the same prose gives the same ones."""
    fonts.embedded()
    buffer = io.BytesIO()
    frame = Frame(MARGIN, FOOT, WIDTH, A4[1] - FOOT - MARGIN, 0, 0, 0, 0)
    book = BaseDocTemplate(
        buffer, pagesize=A4, title=prose.title, author=prose.author, subject=prose.running, lang=prose.lang, invariant=1
    )
    book.addPageTemplates(PageTemplate("isi", [frame]))
    book.build(list(_kept(prose)), canvasmaker=_canvas(prose))
    return buffer.getvalue()


def _kept(prose: Prose) -> Iterator[Flowable]:
    """Everything that is on the pages; a heading stays with what follows it."""
    held: list[Flowable] = []
    for number, block in enumerate(blocks(prose.text)):
        parts = list(_flowables(block, number, prose))
        if isinstance(block, Heading):
            held += parts
        elif not held:
            yield from parts
        elif isinstance(block, Table) and len(block.lines) > _SHORT:
            yield from (*held, *parts)
            held = []
        else:
            yield KeepTogether([*held, *parts])
            held = []
    yield from held


_SHORT = 12
"""Lines of a table that is not torn from its heading."""


def _flowables(block: Block, number: int, prose: Prose) -> Iterator[Flowable]:
    match block:
        case Heading():
            yield _Anchor(plain(block.runs), block.level, f"bab-{number}")
            yield Paragraph(_markup(block.runs), _HEADS[min(block.level, 3)])
        case Said():
            yield Paragraph(_markup(block.runs), _QUOTED if block.quoted else _BODY)
        case Item():
            indent = 11.0 * block.depth
            style = ParagraphStyle(
                "butir", _BODY, leftIndent=indent, bulletIndent=indent - 9, spaceBefore=0, spaceAfter=2.5
            )
            yield Paragraph(_markup(block.runs), style, bulletText="•" if block.depth == 1 else "–")
        case Table():
            yield _table(block)
            yield Spacer(1, 8)
        case Picture():
            chart = prose.charts[block.name]
            yield KeepTogether([Paragraph(escape(chart.title), _CAPTION), _drawing(chart), Spacer(1, 6)])


class _Anchor(Flowable):  # type: ignore[misc]
    """An entry of the outline that readers show beside the pages."""

    def __init__(self, text: str, level: int, key: str) -> None:
        super().__init__()
        self._text, self._level, self._key = text, level, key

    def wrap(self, *_: float) -> tuple[float, float]:
        return 0.0, 0.0

    def draw(self) -> None:
        self.canv.bookmarkHorizontal(self._key, 0, 20)
        self.canv.addOutlineEntry(self._text, self._key, self._level - 1, closed=False)


def _markup(runs: Sequence[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = escape(run.text)
    if run.link.startswith(("http://", "https://")):
        text = f"<a href={quoteattr(run.link)}>{text}</a>"
    if run.look == "bold":
        return f"<b>{text}</b>"
    return f"<i>{text}</i>" if run.look in ("italic", "code") else text


def _table(table: Table) -> LongTable:
    """Numbers stay whole; the first column takes the room that is left."""
    widths = [
        max(fonts.width(plain(head), CELL, fonts.BOLD), *(fonts.width(plain(line[n]), CELL) for line in table.lines))
        + 9
        for n, head in enumerate(table.head)
    ]
    rest = sum(widths[1:])
    if rest > WIDTH * 0.75:
        widths = [w * WIDTH * 0.75 / rest for w in widths]
        rest = sum(widths[1:])
    widths[0] = WIDTH - rest
    head = [Paragraph(_markup(c), _RIGHT_HEAD if r else _HEAD) for c, r in zip(table.head, table.right, strict=True)]
    lines = [
        [Paragraph(_markup(c), _RIGHT if r else _CELL) for c, r in zip(line, table.right, strict=True)]
        for line in table.lines
    ]
    return LongTable([head, *lines], colWidths=widths, repeatRows=1, style=_GRID, hAlign="LEFT")


def _drawing(chart: Bars) -> Drawing:
    high = height(chart, WIDTH, fonts.width)
    drawing = Drawing(WIDTH, high)
    anchors = {"left": "start", "middle": "middle", "right": "end"}
    for shape in shapes(chart, WIDTH, fonts.width):
        if isinstance(shape, Box):
            bottom = high - shape.y - shape.height
            outline, fill = HexColor(LINE), HexColor(shape.fill)
            drawing.add(
                Rect(shape.x, bottom, shape.width, shape.height, fillColor=fill, strokeColor=outline, strokeWidth=0.4)
            )
        else:
            at, colour = high - shape.y, HexColor(shape.colour)
            anchor = anchors[shape.side]
            drawing.add(
                String(
                    shape.x,
                    at,
                    shape.text,
                    fontName=fonts.REGULAR,
                    fontSize=shape.size,
                    fillColor=colour,
                    textAnchor=anchor,
                )
            )
    return drawing


def _canvas(prose: Prose) -> type[Canvas]:
    """A canvas that knows at the end how many pages there are."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                self._foot(number)
                super().showPage()
            super().save()

        def _foot(self, number: int) -> None:
            self.setStrokeColor(RULE)
            self.setLineWidth(0.5)
            self.line(MARGIN, 44, A4[0] - MARGIN, 44)
            self.setFont(fonts.REGULAR, 7.5)
            self.setFillColor(GREY)
            self.drawString(MARGIN, 33, prose.running)
            self.drawRightString(A4[0] - MARGIN, 33, PAGE[prose.lang].format(number, len(self._pages)))

    return Numbered
