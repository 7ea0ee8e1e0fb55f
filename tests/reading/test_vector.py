"""The vector reader: whatever way a table is drawn, its cells and their text come out the same."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from rangkiang.model import Table
from rangkiang.reading import Unreadable, tables
from rangkiang.reading.pdf.rules import GAP, SAME_LINE, grids, lines
from rangkiang.reading.pdf.turn import Frame
from rangkiang.settings import Limits

PDF = "application/pdf"
WIDTH, HEIGHT = 400.0, 300.0
XS, YS = (50.0, 110.0, 200.0, 260.0), (250.0, 230.0, 205.0, 190.0)
TEXTS = (("NO.", "URAIAN", "X"), ("1", "Jumlah pemilih", "1.234"), ("2", "Lain", "-"))

Drawer = Callable[[Canvas], None]


def pdf(*drawers: Drawer, rotation: int = 0, size: tuple[float, float] = (WIDTH, HEIGHT)) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    for draw in drawers:
        canvas.setFont("Helvetica", 8)
        if rotation:
            canvas.setPageRotation(rotation)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def words(canvas: Canvas, texts: Sequence[Sequence[str]] = TEXTS) -> None:
    for r, row in enumerate(texts):
        for c, text in enumerate(row):
            canvas.drawString(XS[c] + 3, YS[r + 1] + 4, text)


def long_lines(canvas: Canvas) -> None:
    for x in XS:
        canvas.line(x, YS[0], x, YS[-1])
    for y in YS:
        canvas.line(XS[0], y, XS[-1], y)


def boxes(canvas: Canvas) -> None:
    for r in range(3):
        for c in range(3):
            canvas.rect(XS[c], YS[r + 1], XS[c + 1] - XS[c], YS[r] - YS[r + 1])


def short_segments(canvas: Canvas) -> None:
    for r in range(4):
        for c in range(3):
            canvas.line(XS[c] + 0.6, YS[r], XS[c + 1] - 0.6, YS[r] + 0.3)
            canvas.line(XS[r] - 0.2, YS[c] - 0.6, XS[r] + 0.2, YS[c + 1] + 0.6)


def filled_bars(canvas: Canvas) -> None:
    for x in XS:
        canvas.rect(x - 0.4, YS[-1], 0.8, YS[0] - YS[-1], stroke=0, fill=1)
    for y in YS:
        canvas.rect(XS[0], y - 0.4, XS[-1] - XS[0], 0.8, stroke=0, fill=1)


def one_path(canvas: Canvas) -> None:
    path = canvas.beginPath()
    for x in XS:
        path.moveTo(x, YS[0])
        path.lineTo(x, YS[-1])
    for y in YS:
        path.moveTo(XS[0], y)
        path.lineTo(XS[-1], y)
    canvas.drawPath(path)


def one_path_of_bars(canvas: Canvas) -> None:
    path = canvas.beginPath()
    for x in XS:
        path.rect(x - 0.3, YS[-1], 0.6, YS[0] - YS[-1])
    for y in YS:
        path.rect(XS[0], y - 0.3, XS[-1] - XS[0], 0.6)
    canvas.drawPath(path, stroke=0, fill=1)


def dashes(canvas: Canvas) -> None:
    canvas.setDash(3, 2)
    long_lines(canvas)
    canvas.setDash()


def doubled(canvas: Canvas) -> None:
    long_lines(canvas)
    canvas.translate(0.7, -0.7)
    long_lines(canvas)
    canvas.translate(-0.7, 0.7)


def inside_a_form(canvas: Canvas) -> None:
    canvas.beginForm("rules")
    long_lines(canvas)
    canvas.endForm()
    canvas.doForm("rules")


def scaled(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.scale(0.1, 0.1)
    canvas.setLineWidth(5)
    for r in range(3):
        for c in range(3):
            canvas.rect(XS[c] * 10, YS[r + 1] * 10, (XS[c + 1] - XS[c]) * 10, (YS[r] - YS[r + 1]) * 10)
    canvas.restoreState()


STYLES: tuple[Drawer, ...] = (
    long_lines, boxes, short_segments, filled_bars, one_path, one_path_of_bars, doubled, inside_a_form, scaled, dashes,
)  # fmt: skip


def drawn(style: Drawer) -> Drawer:
    def draw(canvas: Canvas) -> None:
        style(canvas)
        words(canvas)

    return draw


def texts(table: Table) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(c.text if c else "" for c in row) for row in table.grid())


@pytest.mark.parametrize("style", STYLES, ids=lambda s: s.__name__)
def test_however_rules_are_drawn_the_cells_are_the_same(style: Drawer) -> None:
    (table,) = tables(pdf(drawn(style)), PDF)
    assert texts(table) == TEXTS
    assert {(c.row_span, c.col_span) for c in table.cells} == {(1, 1)}


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(rotation: int) -> None:
    """The page is marked as turned and its content drawn so that it looks upright, as printer drivers do."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        {90: lambda: canvas.translate(0, WIDTH), 180: lambda: canvas.translate(WIDTH, HEIGHT),
         270: lambda: canvas.translate(HEIGHT, 0)}[rotation]()  # fmt: skip
        canvas.rotate({90: -90, 180: 180, 270: 90}[rotation])
        drawn(boxes)(canvas)
        canvas.restoreState()

    size = (WIDTH, HEIGHT) if rotation == 180 else (HEIGHT, WIDTH)
    # A page turned clockwise looks upright where its content is turned the other way.
    turned = {90: 270, 180: 180, 270: 90}[rotation]
    (table,) = tables(pdf(draw, rotation=turned, size=size), PDF)
    assert texts(table) == TEXTS


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_sheet_drawn_sideways_is_read_and_its_boxes_stay_where_they_are(quarters: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(*[(0, 0), (0, WIDTH), (WIDTH, HEIGHT), (HEIGHT, 0)][quarters])
        canvas.rotate(-90 * quarters)
        drawn(long_lines)(canvas)
        canvas.restoreState()

    data = pdf(draw, size=(HEIGHT, WIDTH) if quarters % 2 else (WIDTH, HEIGHT))
    (table,) = tables(data, PDF)
    assert texts(table) == TEXTS
    cell = next(c for c in table.cells if c.text == "1.234")
    assert cell.box is not None
    page = pypdfium2.PdfDocument(data)[0]
    shown = page.get_textpage().get_text_bounded(
        cell.box.x0, page.get_height() - cell.box.y1, cell.box.x1, page.get_height() - cell.box.y0
    )
    assert "".join(shown.split()) == "1.234"


def test_missing_edges_make_spans() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(XS[0], YS[-1], XS[-1] - XS[0], YS[0] - YS[-1])
        canvas.line(XS[0], YS[1], XS[-1], YS[1])
        canvas.line(XS[1], YS[1], XS[1], YS[-1])
        canvas.line(XS[1], YS[2], XS[-1], YS[2])
        canvas.drawString(XS[0] + 5, YS[1] + 5, "JUDUL")
        canvas.drawString(XS[0] + 5, YS[2] + 2, "Kiri")

    (table,) = tables(pdf(draw), PDF)
    spans = {c.text: (c.row, c.col, c.row_span, c.col_span) for c in table.cells if c.text}
    assert spans == {"JUDUL": (0, 0, 1, 2), "Kiri": (1, 0, 2, 1)}


def test_a_frame_around_the_page_is_no_table_and_two_tables_are_two() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(5, 5, WIDTH - 10, HEIGHT - 10)
        drawn(boxes)(canvas)
        canvas.drawString(50, 270, "DI ATAS")
        canvas.translate(0, -100)
        drawn(long_lines)(canvas)

    found = tables(pdf(draw), PDF)
    assert [texts(t) for t in found] == [TEXTS, TEXTS]
    assert found[0].title == "DI ATAS"


def test_turned_names_stacked_letters_and_text_drawn_twice_are_put_together_from_their_places() -> None:
    def upward(canvas: Canvas, x: float, y: float, text: str) -> None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(90)
        canvas.drawString(0, 0, text)
        canvas.restoreState()

    def draw(canvas: Canvas) -> None:
        for x in (50, 90, 130, 170, 350):
            canvas.line(x, 280, x, 100)
        for y in (280, 100):
            canvas.line(50, y, 350, y)
        upward(canvas, 68, 110, "LUBUK")
        upward(canvas, 80, 110, "ALUNG")
        for n, letter in enumerate("AGAM"):
            canvas.drawString(105, 250 - 12 * n, letter)
        for shift in (0, 0.3):
            canvas.drawString(135 + shift, 200, "1.234")
        # A line of running text so that the page as a whole reads from left to right.
        canvas.drawString(175, 200, "Keterangan di bawah ini berlaku untuk semua baris")

    (table,) = tables(pdf(draw), PDF)
    assert texts(table)[0][:3] == ("LUBUK\nALUNG", "AGAM", "1.234")


def test_words_placed_one_by_one_and_strings_that_run_over_rules_are_shared_out_by_place() -> None:
    def draw(canvas: Canvas) -> None:
        long_lines(canvas)
        words(canvas, (TEXTS[0], ("", "", ""), TEXTS[2]))
        canvas.drawString(XS[0] + 3, YS[2] + 4, "1" + " " * 25 + "Jumlah" + " " * 40 + "7")
        text = canvas.beginText(XS[1] + 3, YS[2] + 14)
        text.textOut("pemilih")
        canvas.drawText(text)

    (table,) = tables(pdf(draw), PDF)
    row = texts(table)[1]
    assert row[0] == "1"
    assert row[1] == "pemilih\nJumlah"


def test_a_number_that_runs_into_the_next_cell_is_in_doubt() -> None:
    def draw(canvas: Canvas) -> None:
        long_lines(canvas)
        canvas.drawString(XS[1] - 12, YS[1] + 4, "123456")
        canvas.drawString(XS[2] + 3, YS[1] + 4, "42")

    (table,) = tables(pdf(draw), PDF)
    doubts = {c.text: c.doubt for c in table.cells if c.text}
    assert doubts.pop("42") == ""
    assert set(doubts.values()) == {"crosses_rule"}
    assert len(doubts) == 2


def test_numbers_set_tight_against_a_rule_are_not_in_doubt() -> None:
    def draw(canvas: Canvas) -> None:
        long_lines(canvas)
        canvas.drawRightString(XS[1] - 0.6, YS[1] + 4, "123")
        canvas.drawString(XS[1] + 0.6, YS[1] + 4, "456")

    (table,) = tables(pdf(draw), PDF)
    assert texts(table)[0][:2] == ("123", "456")
    assert not any(c.doubt for c in table.cells)


def test_a_dash_at_the_end_of_a_line_stays_a_dash() -> None:
    (table,) = tables(pdf(drawn(boxes)), PDF)
    assert texts(table)[2][2] == "-"


@pytest.mark.parametrize(
    ("module", "limits", "said"),
    [("strokes", Limits(objects=10), "10 objek"), ("page", Limits(characters=20), "20 huruf")],
)
def test_a_page_with_more_on_it_than_the_settings_allow_is_refused(
    module: str, limits: Limits, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pdf(drawn(boxes))
    monkeypatch.setattr(f"rangkiang.reading.pdf.{module}.limits", lambda: limits)
    with pytest.raises(Unreadable) as refused:
        tables(data, PDF)
    assert refused.value.reason.code == "too_large"
    assert refused.value.reason.params["limit"] == said


coordinates = st.floats(0, 500, allow_nan=False)


@given(st.lists(st.tuples(*[coordinates] * 4), min_size=1, max_size=5), st.integers(0, 3))
def test_turning_there_and_back_changes_nothing(corners: list[Any], quarters: int) -> None:
    x0, y0, x1, y1 = np.array(corners).T
    upright = np.stack([np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)], axis=1)
    frame = Frame(600.0, 500.0, quarters)
    assert np.allclose(frame.back(frame.there(upright)), upright)


@given(st.lists(st.tuples(coordinates, coordinates, st.floats(1, 100)), min_size=1, max_size=30))
def test_lines_cover_every_stroke_and_nothing_else(strokes: list[tuple[float, float, float]]) -> None:
    given_ = np.array([(at, start, start + length) for at, start, length in strokes])
    found = lines(given_)
    assert np.all(np.diff(found.at) > 0)
    for line, start, end in found.pieces.tolist():
        on_it = given_[(given_[:, 1] >= start - 1e-6) & (given_[:, 2] <= end + 1e-6)]
        assert len(on_it), "a piece of a line that nobody drew"
        assert on_it[:, 1].min() == pytest.approx(start, abs=1e-5)
        assert on_it[:, 2].max() == pytest.approx(end, abs=1e-5)
        assert np.abs(on_it[:, 0] - found.at[int(line)]).min() <= len(strokes) * SAME_LINE


def test_a_line_with_a_gap_of_a_dash_is_one_and_with_a_wider_one_two() -> None:
    near = lines(np.array([(10.0, 0.0, 20.0), (10.0, 20.0 + GAP - 0.1, 50.0)]))
    far = lines(np.array([(10.0, 0.0, 20.0), (10.0, 20.0 + GAP + 0.1, 50.0)]))
    assert (len(near.pieces), len(far.pieces)) == (1, 2)


def test_lines_that_enclose_nothing_are_no_grid() -> None:
    across = np.array([(10.0, 0.0, 100.0), (30.0, 0.0, 100.0)])
    assert grids(across, np.zeros((0, 3))) == []
    assert grids(across, np.array([(50.0, 10.0, 30.0)])) == []
    (box,) = grids(across, np.array([(0.0, 10.0, 30.0), (100.0, 10.0, 30.0)]))
    assert box.shape == (1, 1)
