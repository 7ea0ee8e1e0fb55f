"""Pages whose rules are gone are read by their print, where other pages of the sheet say how they were ruled."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from rangkiang.reading.scan.eyes import Eyes
from rangkiang.reading.scan.faded import faded
from rangkiang.reading.scan.layout import Layout
from rangkiang.scans.leaf import Grey, Leaf
from scans.cell_pictures import VERA
from scans.drawn_pages import SCALE

XS = (80, 120, 430, 480, 620, 760, 900)
FIRST, HIGH = 200, 32
ROWS = 14
SECTION, WRAPPED = 4, 7
LAYOUT = Layout(3, (np.array(XS) - XS[0]) / (XS[-1] - XS[0]), False, (XS[-1] - XS[0]) / SCALE)
NARROWER = replace(LAYOUT, edges=LAYOUT.edges * [1, 1, 1, 1, 0.97, 0.94, 1], width=0.8 * LAYOUT.width)


class _Titled:
    """Eyes that know the title wherever it may stand."""

    def is_title(self, crop: Grey) -> bool:
        return bool((crop < 128).any())


def page(rules: int = 255, second: bool = False, names: bool = False, ink: int = 0) -> Leaf:
    """Rows of figures under a head; the rules are as dark as ``rules``, print is as ``ink``. There may be two figures
    in every cell, and names below."""
    paper = Image.new("L", (980, 760), 255)
    pen = ImageDraw.Draw(paper)
    font = ImageFont.truetype(VERA, 15)
    bottom = FIRST + ROWS * HIGH
    for x in XS:
        pen.line((x, FIRST - HIGH, x, bottom), rules, 2)
    for x, text in zip((275, 550, 690, 830), ("URAIAN", "TPS 1", "TPS 2", "JUMLAH"), strict=True):
        pen.text((x, FIRST - HIGH / 2), text, 0, font, "mm")
    for n in range(ROWS):
        y = FIRST + (n + 0.5) * HIGH
        if n == SECTION:
            pen.text((90, y), "II. DATA PENGGUNAAN SURAT SUARA DAN", 0, font, "lm")
            continue
        pen.text((100, y), str(n + 1), 0, font, "mm")
        label = ("Jumlah surat suara yang", "dikembalikan") if n == WRAPPED else ("Jumlah surat suara",)
        for at, part in zip((y - 8, y + 8) if n == WRAPPED else (y,), label, strict=True):
            pen.text((126, at), part, 0, font, "lm")
        for x in XS[4:]:
            pen.text((x - 5, y), str(x + 17 * n), 0, font, "rm")
            if second:
                pen.text((x - 90, y), str(n + 3), 0, font, "rm")
    for n in range(4 if names else 0):
        y = bottom + 60 + n * HIGH
        for x, text in ((100, str(n)), (300, "..............."), (690, "ANGGOTA")):
            pen.text((x, y), text, 0, font, "mm")
    grey = np.maximum(np.array(paper), np.uint8(ink))
    return Leaf(2, grey, grey, np.eye(3), SCALE)


@pytest.mark.parametrize("rules", [255, 250, 225])
def test_columns_and_rows_of_a_page_without_rules_are_those_of_the_others(rules: int) -> None:
    found = next(faded(page(rules), [NARROWER, LAYOUT], cast(Eyes, _Titled())), None)
    assert found is not None
    drawn, layout = found
    assert layout is LAYOUT
    assert drawn.lattice.shape == (ROWS + 1, len(XS) - 1)
    corners = drawn.lattice.corners
    assert np.abs(corners[:, :, 0] - XS).max() < (12 if rules == 255 else 4), "anything white parts columns"
    assert np.abs(corners[1:-1, :, 1].mean(axis=1) - FIRST - HIGH * np.arange(ROWS)).max() < HIGH / 2
    regions = [quad.region for quad in drawn.quads]
    assert (0, 1, 1, 3) in regions, "the title stands over L, P and JML"
    assert (WRAPPED + 1, 1, WRAPPED + 2, 2) in regions


def test_names_and_signatures_below_are_none_of_its_rows() -> None:
    (drawn, _), *_ = faded(page(names=True), [LAYOUT], cast(Eyes, _Titled()))
    assert drawn.lattice.shape == (ROWS + 1, len(XS) - 1)


def test_where_all_print_is_pale_it_is_taken_to_be_darker() -> None:
    ((drawn, _),) = faded(page(ink=220), [LAYOUT], cast(Eyes, _Titled()))
    assert drawn.lattice.shape == (ROWS + 1, len(XS) - 1)
    assert drawn.leaf.printed.min() < 220, "and is shown so to those who read it"


def test_print_that_stands_in_other_columns_is_left_alone() -> None:
    assert not list(faded(page(second=True), [LAYOUT], cast(Eyes, _Titled())))
    assert not list(faded(page(), [NARROWER], cast(Eyes, _Titled())))
    assert not list(faded(page(), [], cast(Eyes, _Titled())))
