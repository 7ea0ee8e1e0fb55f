"""Texts that were read on another row or page: found again, and never taken for one another."""

from __future__ import annotations

from itertools import permutations

import pytest

from helpers.lettering import cell, scanned
from rangkiang.scans.crops import inked
from rangkiang.scans.leaf import Grey
from rangkiang.scans.seen import Seen

ALIKE = (
    ("TPS 001", "TPS 002", "TPS 011", "TPS 007"),
    ("KECAMATAN IV", "KECAMATAN VI"),
    ("Jumlah pemilih dalam DPT (Model A.3-KPU)", "Jumlah pemilih dalam DPT (Model A.4-KPU)"),
    ("Jumlah pengguna hak pilih dalam DPT", "Jumlah pengguna hak pilih dalam DPK"),
    ("II", "B", "L", "P"),
    ("6", "8"),
)


def cut(text: str, size: int, seed: int) -> tuple[Grey, float]:
    """A text on another place of the paper: its grain differs."""
    picture = scanned(cell(text, size), seed)
    found = inked(picture)
    left, top, right, bottom = found.extent
    return picture[top:bottom, left:right], found.tall


@pytest.mark.parametrize("size", [18, 26, 40])
def test_a_text_is_found_again(size: int) -> None:
    seen = Seen[str]()
    text = "Jumlah pemilih dalam DPTb (Model A.4-KPU)"
    picture, tall = cut(text, size, 1)
    assert seen.find(picture, tall) is None
    seen.keep(picture, text)
    assert seen.find(*cut(text, size, 2)) == text


@pytest.mark.parametrize("size", [17, 20, 26, 40])
def test_texts_that_differ_in_a_letter_are_never_taken_for_each_other(size: int) -> None:
    for group in ALIKE:
        for one, other in permutations(group, 2):
            seen = Seen[str]()
            seen.keep(cut(one, size, 1)[0], one)
            assert seen.find(*cut(other, size, 2)) is None, (one, other)


def test_small_print_is_not_compared_but_the_same_picture_is_known() -> None:
    seen = Seen[str]()
    picture, _ = cut("DATA PEMILIH", 11, 1)
    seen.keep(picture, "DATA PEMILIH")
    assert seen.find(*cut("DATA PEMILIH", 11, 2)) is None
    assert seen.find(*cut("DATA PEMILIH", 11, 1)) == "DATA PEMILIH"
