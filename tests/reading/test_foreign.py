"""Scans of which no form is known: their tables, and how sure their figures are."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from rangkiang.model import Cell, Guess, Status, Table
from rangkiang.proof import prove_table
from rangkiang.reading import survey
from rangkiang.reading.scan.twice import together
from samples.damage import MEDIA_TYPES, Kind, Level, wear

LEFT, TOP, WIDE, HIGH, LABEL = 60, 720, 52, 18, 110
NAMES = ("NAMA", "UTARA", "SELATAN", "TIMUR", "BARAT", "JUMLAH")
Grid = Sequence[Sequence[str]]


def votes(rows: int, seed: int = 4) -> list[list[str]]:
    """Lines with a total at the right, and a line of totals."""
    inner = np.random.default_rng(seed).integers(0, 600, (rows, 4))
    below = np.vstack([inner, inner.sum(axis=0)])
    whole = np.hstack([below, below.sum(axis=1, keepdims=True)])
    labels = [*(f"Calon {chr(65 + n)}" for n in range(rows)), "JUMLAH"]
    return [[label, *map(str, line)] for label, line in zip(labels, whole.tolist(), strict=True)]


def print_table(canvas: Canvas, rows: Grid, top: float, ruled: bool = True) -> float:
    """Print lines below each other, and return where they end."""
    for n, row in enumerate(rows):
        y = top - n * HIGH
        for c, text in enumerate(row):
            x, wide = (LEFT, LABEL) if c == 0 else (LEFT + LABEL + (c - 1) * WIDE, WIDE)
            if ruled:
                canvas.rect(x, y - HIGH, wide, HIGH)
            (canvas.drawString if c == 0 else canvas.drawRightString)(x + 4 if c == 0 else x + wide - 4, y - 13, text)
    return top - len(rows) * HIGH


def printed(*parts: tuple[Grid, bool] | str) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont("Helvetica", 10)
    y = float(TOP)
    for part in parts:
        if isinstance(part, str):
            canvas.drawString(LEFT + 4, y - 13, part)
            y -= HIGH
        else:
            y = print_table(canvas, part[0], y, part[1])
    canvas.save()
    return out.getvalue()


def read(pdf: bytes, kind: Kind = "pdf", level: Level = Level.OFFICE) -> list[Table]:
    scan = wear(pdf, level, 11, kind)
    return [prove_table(table) for table in survey(scan, MEDIA_TYPES[kind]).tables]


def under(table: Table, row: str, column: str) -> Cell:
    """The cell where a line meets a column, both by their names."""
    grid = table.grid()
    r = next(n for n, line in enumerate(grid) if line[0] and line[0].text == row)
    c = next(c for line in grid for c, cell in enumerate(line) if cell and cell.text == column)
    cell = grid[r][c]
    assert cell is not None
    return cell


def figures(table: Table, rows: Grid) -> list[tuple[str, Cell]]:
    return [(text, under(table, row[0], name)) for row in rows for name, text in zip(NAMES[1:], row[1:], strict=True)]


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_a_ruled_table_is_read_off_pictures_of_every_kind_and_proved(kind: Kind) -> None:
    rows = votes(7)
    (table,) = read(printed(([NAMES], True), (rows, True)), kind=kind)
    found = figures(table, rows)
    assert [text for text, cell in found if cell.text != text and cell.status is not Status.FLAGGED] == []
    assert sum(cell.status is Status.PROVED for _, cell in found) >= 0.9 * len(found)
    assert {(one.down, len(one.parts)) for one in table.sums} == {(True, 7), (False, 4)}


def test_sections_with_the_same_columns_are_one_table_under_one_head() -> None:
    one, two = votes(3, 5)[:3], votes(4, 6)[:4]
    two = [[f"Pilihan {row[0]}", *row[1:]] for row in two]
    (table,) = read(printed(([NAMES], True), "PRESIDEN", (one, True), "GUBERNUR", (two, True)))
    found = figures(table, [*one, *two])
    assert [text for text, cell in found if cell.text != text and cell.status is not Status.FLAGGED] == []
    assert [row[0].text for row in table.grid() if row[0] and not row[0].text.startswith(("Calon", "Pilihan"))] == [
        "NAMA",
        "PRESIDEN",
        "GUBERNUR",
    ]


def test_lines_without_rules_make_a_table() -> None:
    rows = votes(9)
    (table,) = read(printed("Hasil penghitungan suara", "", ([NAMES, *rows], False)), level=Level.CLEAN)
    found = figures(table, rows)
    assert [text for text, cell in found if cell.text != text and cell.status is not Status.FLAGGED] == []
    assert sum(cell.status is Status.PROVED for _, cell in found) >= 0.9 * len(found)
    assert "Hasil penghitungan suara" in table.title


def test_a_figure_that_does_not_add_up_is_flagged_and_left_as_it_is() -> None:
    rows = votes(7)
    wrong = str(int(rows[-1][2]) + 30)
    rows[-1][2] = wrong
    (table,) = read(printed(([NAMES], True), (rows, True)))
    cell = under(table, "JUMLAH", "SELATAN")
    assert (cell.text, cell.status) == (wrong, Status.FLAGGED)


def test_a_letter_is_no_table() -> None:
    assert read(printed(*(["Bersama ini kami sampaikan laporan hasil pemilihan umum"] * 12))) == []


def test_two_readers_who_agree_leave_little_and_who_do_not_leave_much() -> None:
    agree = together([Guess("57", 57, 0.999)], [Guess("57", 57, 0.98)])
    differ = together([Guess("57", 57, 0.999)], [Guess("51", 51, 0.98)])
    assert 1 - agree[0].p < 2e-4
    assert differ[0].p < 0.7
    assert {guess.value for guess in differ} == {57, 51}


def test_what_one_reader_does_not_know_the_other_may() -> None:
    (first, *_) = together([], [Guess("57", 57, 0.98)])
    assert first.value == 57
    assert together([], []) == ()


def test_votes_of_a_real_canvass_are_found_and_none_is_silently_wrong(shared_data: Path) -> None:
    pdf = shared_data / "openelections" / "scanned" / "ky_2016_general_elliott.pdf"
    if not pdf.exists():
        pytest.skip(f"the canvasses are not here ({pdf})")
    with pdf.with_suffix(".truth.csv").open(encoding="utf-8", newline="") as lines:
        truth = list(csv.DictReader(lines))
    (table,) = [prove_table(table) for table in survey(pdf.read_bytes(), "application/pdf").tables]
    votes = Counter(line["votes"] for line in truth if line["votes"].isdigit() and int(line["votes"]))
    sure = Counter(cell.text for cell in table.cells if cell.status in {Status.PROVED, Status.READ})
    assert (votes & sure).total() >= 0.98 * votes.total()
    grid = table.grid()
    rows = {row[0].text: row for row in grid if row[0]}
    columns = {cell.text.strip(): c for c, cell in enumerate(grid[0]) if cell}
    for line in truth:
        if line["precinct"] in rows and line["candidate"] in columns:
            cell = rows[line["precinct"]][columns[line["candidate"]]]
            assert cell is None or cell.doubt or (cell.text or "0") == (line["votes"] or "0"), line
