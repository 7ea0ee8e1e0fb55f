"""Words tell which way up a page lies."""

from __future__ import annotations

import numpy as np

from helpers.lettering import written
from rangkiang.scans.leaf import Grey
from rangkiang.scans.legible import legible


def test_words_are_read_the_right_way_up_and_not_upside_down() -> None:
    grey: Grey = np.full((400, 900), 255, np.uint8)
    for n, text in enumerate(("SERTIFIKAT REKAPITULASI HASIL", "JUMLAH SELURUH SUARA SAH", "DAERAH PEMILIHAN")):
        written(grey, text, (60, 60 + 90 * n), 28)
    upright, turned = legible(grey, 200 / 72), legible(np.ascontiguousarray(np.rot90(grey, 2)), 200 / 72)
    assert upright > 0.9
    assert upright > turned + 0.1


def test_an_empty_page_has_no_words() -> None:
    assert legible(np.full((400, 900), 255, np.uint8), 200 / 72) == 0.0
