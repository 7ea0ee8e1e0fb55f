"""Tables without rules, or with some: drawn with known texts, they come out cell by cell."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from rangkiang.model import Table
from rangkiang.reading import survey
from rangkiang.reading.source import Source

LEFT, TOP, LEADING, SIZE = 60.0, 640.0, 14.0, 9
RIGHTS = (250.0, 320.0, 390.0, 460.0)  # right edges of the columns of figures
HEAD = ("Kecamatan", "Laki-laki", "Perempuan", "Jumlah")
PROSE = (
    "Daftar pemilih tetap ditetapkan dalam rapat pleno terbuka yang dihadiri oleh saksi dan pengawas",
    "pemilihan umum, lalu diumumkan di kantor desa, kelurahan, atau nagari selama tujuh hari sehingga",
    "setiap orang dapat memeriksa apakah namanya sudah tercantum sebagaimana mestinya dalam daftar itu.",
)
NAMES = (
    "Lubuk Basung",
    "IV Nagari",
    "Tanjung Raya",
    "Palembayan",
    "Ampek Angkek",
    "Baso",
    "2 x 11 Kayu Tanam",
    "Sungai Pua",
    "Malalak",
    "Kamang Magek",
)

Row = tuple[str, ...]
Drawer = Callable[[Canvas], None]


def pdf(*drawers: Drawer) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont("Helvetica", SIZE)
    for draw in drawers:
        draw(canvas)
    canvas.save()
    return out.getvalue()


def read(*drawers: Drawer) -> Source:
    return survey(pdf(*drawers), "application/pdf")


def texts(table: Table) -> list[Row]:
    return [tuple(cell.text if cell else "" for cell in row) for row in table.grid()]


def records(count: int, seed: int = 7) -> list[Row]:
    """Lines that add up, one in six figures missing."""
    chance = random.Random(seed)  # noqa: S311
    rows = []
    for name in NAMES[:count]:
        men, women = chance.randint(1, 40_000), chance.randint(1, 40_000)
        figures = (f"{n:,}".replace(",", ".") for n in (men, women, men + women))
        rows.append((name, *(figure if chance.random() > 1 / 6 else "-" for figure in figures)))
    return rows


def prose(y: float) -> Drawer:
    def draw(canvas: Canvas) -> None:
        for n, line in enumerate(PROSE):
            canvas.drawString(LEFT, y - n * LEADING, line)

    return draw


def lines(rows: Sequence[Row], top: float = TOP, leading: float = LEADING) -> Drawer:
    def draw(canvas: Canvas) -> None:
        for r, (label, *figures) in enumerate(rows):
            canvas.drawString(LEFT, top - r * leading, label)
            for right, figure in zip(RIGHTS[1:], figures, strict=True):
                canvas.drawRightString(right, top - r * leading, figure)

    return draw


def rules(*ys: float, left: float = LEFT - 4, right: float = RIGHTS[-1] + 4) -> Drawer:
    def draw(canvas: Canvas) -> None:
        for y in ys:
            canvas.line(left, y, right, y)

    return draw


def uprights(top: float, bottom: float, *xs: float) -> Drawer:
    def draw(canvas: Canvas) -> None:
        for x in xs:
            canvas.line(x, top, x, bottom)

    return draw


@pytest.mark.parametrize("count", [3, 6, 10])
@pytest.mark.parametrize("seed", range(4))
def test_figures_in_columns_are_a_table_and_the_prose_around_them_is_none(count: int, seed: int) -> None:
    rows = [HEAD, *records(count, seed)]
    found = read(prose(TOP + 100), lines(rows), prose(TOP - len(rows) * LEADING - 60))
    assert [texts(t) for t in found.tables] == [rows]
    assert [(d.engine, d.why) for d in found.decisions] == [("loose", "text stands in columns without rules")]


def test_prose_alone_is_no_table() -> None:
    found = read(*(prose(y) for y in (700, 620, 540)))
    assert found.tables == ()
    assert found.decisions[0].engine == "none"


def test_two_columns_of_prose_are_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(20):
            canvas.drawString(LEFT, TOP - n * LEADING, PROSE[n % 3][:48])
            canvas.drawString(LEFT + 270, TOP - n * LEADING, PROSE[(n + 1) % 3][:48])

    assert read(draw).tables == ()


def test_numbered_points_are_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(9):
            canvas.drawString(LEFT, TOP - n * LEADING, f"{n + 1}.")
            canvas.drawString(LEFT + 24, TOP - n * LEADING, PROSE[n % 3])

    assert read(draw).tables == ()


def test_rules_above_and_below_the_head_and_at_the_foot_make_a_table() -> None:
    rows = [HEAD, *records(8)]
    bottom = TOP - (len(rows) - 1) * LEADING - 5
    found = read(prose(TOP + 60), lines(rows), rules(TOP + 11, TOP - 4, bottom), prose(bottom - 15))
    assert [texts(t) for t in found.tables] == [rows]
    assert found.tables[0].engine == "half-ruled"


def test_sides_left_open_are_closed() -> None:
    rows = [HEAD, *records(6)]
    ys = [TOP + 11 - r * LEADING for r in range(len(rows) + 1)]
    inner = uprights(ys[0], ys[-1], *(right + 5 for right in RIGHTS[:-1]))
    found = read(lines(rows), rules(*ys), inner)
    assert [texts(t) for t in found.tables] == [rows]
    assert found.tables[0].engine == "half-ruled"


def test_a_full_grid_is_read_by_its_rules_alone() -> None:
    rows = [HEAD, *records(6)]
    ys = [TOP + 11 - r * LEADING for r in range(len(rows) + 1)]
    xs = (LEFT - 4, *(right + 5 for right in RIGHTS[:-1]), RIGHTS[-1] + 4)
    found = read(lines(rows), rules(*ys), uprights(ys[0], ys[-1], *xs))
    assert [texts(t) for t in found.tables] == [rows]
    assert (found.decisions[0].engine, found.decisions[0].why) == ("vector", "rules make the grid")


def test_a_head_with_uprights_over_ruled_lines_without_them() -> None:
    """As agencies set them: only the head is boxed, the lines are parted by level rules."""
    rows = [HEAD, *records(8)]
    ys = [TOP + 11 - r * LEADING for r in range(len(rows) + 1)]
    xs = (LEFT - 4, *(right + 5 for right in RIGHTS[:-1]), RIGHTS[-1] + 4)
    found = read(lines(rows), rules(*ys), uprights(ys[0], ys[1], *xs), uprights(ys[0], ys[-1], xs[0], xs[-1]))
    assert [texts(t) for t in found.tables] == [rows]


def test_lines_outside_boxes_that_go_on_in_their_columns_belong_to_the_table() -> None:
    """A head printed above a box that has only the figures in it."""
    rows = [HEAD, *records(6)]
    ys = [TOP + 11 - r * LEADING for r in range(1, len(rows) + 1)]
    xs = (LEFT - 4, *(right + 5 for right in RIGHTS[:-1]), RIGHTS[-1] + 4)
    found = read(lines(rows), rules(*ys), uprights(ys[0], ys[-1], *xs))
    assert [texts(t) for t in found.tables] == [rows]


def test_a_heading_over_several_columns_spans_them() -> None:
    def group(canvas: Canvas) -> None:
        canvas.drawCentredString((RIGHTS[1] + RIGHTS[2]) / 2 - 20, TOP + LEADING, "Pemilih menurut jenis kelamin")

    found = read(group, lines([HEAD, *records(8)]))
    (cell,) = (c for c in found.tables[0].cells if c.text.startswith("Pemilih"))
    assert (cell.row, cell.col, cell.col_span) == (0, 1, 2)


def test_a_label_that_had_no_room_goes_on_in_the_next_line() -> None:
    def wrapped(canvas: Canvas) -> None:
        canvas.drawString(LEFT, TOP - 12, "Pemilih yang pindah memilih dari")
        canvas.drawString(LEFT, TOP - 22, "kabupaten lain")
        for right, figure in zip(RIGHTS[1:], ("1", "2", "3"), strict=True):
            canvas.drawRightString(right, TOP - 12, figure)

    found = read(lines([HEAD]), wrapped, lines(records(5), TOP - 44))
    assert texts(found.tables[0])[1] == ("Pemilih yang pindah memilih dari\nkabupaten lain", "1", "2", "3")


def test_columns_of_figures_that_nothing_explains_are_left_to_camelot() -> None:
    """Too thinly filled for a table without rules, yet full of figures."""
    rows = [tuple(f"{r}{c}7" if (c + 3 * r) % 11 < 3 else "" for c in range(11)) for r in range(12)]

    def draw(canvas: Canvas) -> None:
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                canvas.drawRightString(LEFT + 20 + 42 * c, TOP - r * LEADING, text)

    found = read(draw)
    assert [(d.engine, d.why) for d in found.decisions] == [
        ("camelot-hybrid", "columns of figures that neither rules nor text explained")
    ]
    seen = {text for table in found.tables for cell in table.cells for text in cell.text.split()}
    assert {text for row in rows for text in row if text} <= seen


def test_boxes_lead_back_to_the_page() -> None:
    rows = [HEAD, *records(4)]
    cells = {cell.text: cell.box for cell in read(lines(rows)).tables[0].cells}
    box = cells["Kecamatan"]
    assert box
    assert box.x0 == pytest.approx(LEFT, abs=1)
    assert 842 - TOP - SIZE - 2 < box.y0 < 842 - TOP < box.y1 < 842 - TOP + 4
