"""Lines of text above the tables of a page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from helpers.lettering import scanned, written
from rangkiang.scans.leaf import Floats, Grey, Lattice, Leaf
from rangkiang.scans.lines import lines, plain

SCALE = 200 / 72
TOP = 520


def page(frame: bool = False) -> Grey:
    """The head of a sheet of 200 dots to the inch, its table from TOP down."""
    grey = np.full((1100, 1700), 255, np.uint8)
    written(grey, "Halaman 2 dari 5", (80, 80), 20)
    written(grey, "MODEL DB1-PPWP", (1400, 80), 22)
    written(grey, "SERTIFIKAT REKAPITULASI HASIL PENGHITUNGAN PEROLEHAN SUARA", (420, 130), 22)
    for n, (label, name) in enumerate([("KABUPATEN/KOTA", "PASAMAN BARAT"), ("PROVINSI", "SUMATERA BARAT")]):
        written(grey, label, (80, 200 + 40 * n), 22)
        written(grey, f": {name}", (420, 200 + 40 * n), 22)
    for y in (TOP, TOP + 60, TOP + 120):
        cv2.line(grey, (80, y), (1620, y), 0, 3)
    for x in (80, 900, 1620):
        cv2.line(grey, (x, TOP), (x, TOP + 120), 0, 3)
    written(grey, "URAIAN", (400, TOP + 20), 22)
    if frame:
        cv2.rectangle(grey, (20, 20), (1680, 1080), 0, 3)
    return scanned(grey)


def leaf(grey: Grey) -> Leaf:
    return Leaf(1, grey, grey, np.eye(3), SCALE)


def lattice(xs: tuple[int, ...], ys: tuple[int, ...]) -> Lattice:
    corners: Floats = np.stack(np.meshgrid(xs, ys), axis=-1).astype(np.float64)
    return Lattice(corners, np.ones((len(ys), len(xs) - 1), bool), np.ones((len(ys) - 1, len(xs)), bool))


TABLE = lattice((80, 900, 1620), (TOP, TOP + 60, TOP + 120))


def test_what_stands_above_the_table_is_read_from_top_to_bottom() -> None:
    found = [text.replace(": ", ":") for text in plain(lines(leaf(page()), [TABLE]))]
    assert found == [
        "Halaman 2 dari 5\tMODEL DB1-PPWP",
        "SERTIFIKAT REKAPITULASI HASIL PENGHITUNGAN PEROLEHAN SUARA",
        "KABUPATEN/KOTA\t:PASAMAN BARAT",
        "PROVINSI\t:SUMATERA BARAT",
    ]


def test_a_frame_around_the_page_hides_nothing() -> None:
    found = list(plain(lines(leaf(page(frame=True)), [lattice((20, 1680), (20, 1080)), TABLE])))
    assert "Halaman 2 dari 5\tMODEL DB1-PPWP" in found
    assert len(found) == 4


def test_a_frame_that_hangs_together_with_the_table_hides_nothing() -> None:
    both = lattice((20, 80, 900, 1620, 1680), (20, TOP, TOP + 60, TOP + 120, 1080))
    both.before[[0, -1], 1:-1] = False
    found = list(plain(lines(leaf(page(frame=True)), [both])))
    assert "Halaman 2 dari 5\tMODEL DB1-PPWP" in found
    assert len(found) == 4


def test_long_titles_may_be_left_out() -> None:
    found = list(plain(lines(leaf(page()), [TABLE], longest=0.25)))
    assert found[0] == "Halaman 2 dari 5\tMODEL DB1-PPWP"
    assert not any("SERTIFIKAT" in text for text in found)


@pytest.mark.parametrize("grey", [np.full((1100, 1700), 255, np.uint8), np.full((40, 40), 255, np.uint8)])
def test_an_empty_page_says_nothing(grey: Grey) -> None:
    assert list(lines(leaf(grey), [])) == []
