"""Draws small recap sheets with reportlab: carry columns, rotated headers, merged labels, ruled signature boxes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from rangkiang.forms import Form

SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=6, leading=7)
WIDTHS = (20, 190, 24)


class Upward(Flowable):
    """Text that reads from bottom to top, one line per string."""

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self.lines = lines

    def wrap(self, *_: float) -> tuple[float, float]:
        return 8.0 * len(self.lines), 70.0

    def draw(self) -> None:
        self.canv.rotate(90)
        self.canv.setFont("Helvetica", 6)
        for n, line in enumerate(self.lines):
            self.canv.drawString(0, -8 * (n + 1) + 2, line)


@dataclass(frozen=True)
class Page:
    """What one drawn page shows: column headers (lines of text each) and the printed text of every figure."""

    columns: Sequence[tuple[str, ...]]
    rows: Sequence[str]  # leaf row codes
    text: Callable[[str, int], str]  # (row code, position of the column) -> printed
    numbers_from: int = 1
    label: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def _body(form: Form, page: Page) -> tuple[list[list[Any]], list[tuple[Any, ...]]]:
    wanted = set(page.rows)
    lines: list[list[Any]] = []
    spans: list[tuple[Any, ...]] = []
    seen: set[str] = set()
    width = len(WIDTHS) + len(page.columns)
    for leaf in form.leaf_rows:
        if leaf.code not in wanted:
            continue
        for section in form.sections:
            in_it = leaf.parent.section == section.code or leaf.parent.section.startswith(section.code + ".")
            if in_it and section.code not in seen:
                seen.add(section.code)
                spans.append(("SPAN", (0, len(lines)), (width - 1, len(lines))))
                lines.append(
                    [Paragraph(f"{section.code.split('.')[-1]}. {section.label.id}", SMALL), *[""] * (width - 1)]
                )
        row, at = leaf.parent, len(lines)
        values = [page.text(leaf.code, n) for n in range(len(page.columns))]
        first = not leaf.split or lines[-1][3:] == [""] * len(page.columns) or row.code not in seen
        label = Paragraph(row.label.id, SMALL) if first else ""
        if leaf.split:
            if first:
                height = len([s for s in form.splits if f"{row.code}.{s.code}" in wanted])
                spans += [("SPAN", (c, at), (c, at + height - 1)) for c in (0, 1)]
            lines.append([row.number if first else "", label, leaf.split, *values])
        else:
            spans.append(("SPAN", (1, at), (2, at)))
            lines.append([row.number, label, "", *values])
        seen.add(row.code)
    return lines, spans


def _table(form: Form, page: Page) -> Table:
    n = len(page.columns)
    numbers = ["1", "2", "", *[str(page.numbers_from + 2 + i) for i in range(n)]]
    head = [
        ["NO.", "URAIAN", "", f"RINCIAN {form.printed_unit}", *[""] * (n - 1)],
        ["", "", "", *[Upward(*c) for c in page.columns]],
        numbers,
    ]
    body, spans = _body(form, page)
    moved = [(op, (a[0], a[1] + 3), (b[0], b[1] + 3)) for op, a, b in spans]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("FONT", (0, 0), (-1, -1), "Helvetica", 6),
        ("SPAN", (0, 0), (0, 1)),
        ("SPAN", (1, 0), (2, 1)),
        ("SPAN", (3, 0), (-1, 0)),
        ("SPAN", (1, 2), (2, 2)),
        ("ALIGN", (3, 3), (-1, -1), "RIGHT"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        *moved,
    ]
    return Table(head + body, colWidths=[*WIDTHS, *[28] * n], style=style)


@pytest.fixture(scope="session")
def draw() -> Callable[[Form, str, Sequence[Page]], bytes]:
    """``draw(form, area, pages) -> PDF``."""

    def build(form: Form, area: str, pages: Sequence[Page]) -> bytes:
        out, story = io.BytesIO(), []
        for number, page in enumerate(pages, 1):
            top = f"MODEL {form.model}<br/>{form.title} PEMILIHAN UMUM PRESIDEN DAN WAKIL PRESIDEN TAHUN 2019"
            lines = [top, f"{form.printed_area} : {area}", "PROVINSI : SUMATERA BARAT", page.label]
            story += [Paragraph(line or f"Halaman {number} dari {len(pages)}", SMALL) for line in lines]
            signatures = Table(
                [["Nama", "Tanda tangan"], ["1. ", ""], ["2. ", ""]],
                style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)],
            )
            story += [Spacer(1, 4), _table(form, page), Spacer(1, 6), signatures, PageBreak()]
        SimpleDocTemplate(out, pagesize=landscape(A4), margins=20, topMargin=15, bottomMargin=10, invariant=1).build(
            story
        )
        return out.getvalue()

    return build


@pytest.fixture(scope="session")
def page() -> type[Page]:
    return Page
