"""Words that are expected, on pictures that are read with doubt."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from helpers.lettering import cell, scanned
from rangkiang.scans.expected import EASY, Expected
from rangkiang.scans.letters import Text, letters

PLACES = Expected(["IV KOTO", "V KOTO", "VI KOTO", "VII KOTO", "SUTERA", "KOTO PADANG", "SOLOK SELATAN"])


def blurred(text: str) -> Text:
    """Read off a picture with little more than ten pixels for a letter."""
    small = cv2.resize(cell(text), None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    return letters().cells([scanned(np.asarray(small, np.uint8), blur=1.0)])[0]


@pytest.mark.parametrize("name", ["IV KOTO", "V KOTO", "VI KOTO", "VII KOTO", "SOLOK SELATAN"])
def test_names_that_differ_in_a_stroke_are_told_apart(name: str) -> None:
    assert PLACES.snap(letters().cells([cell(name)])[0]) == name


@pytest.mark.parametrize("name", ["IV KOTO", "V KOTO", "VI KOTO", "VII KOTO", "SOLOK SELATAN"])
def test_a_doubtful_picture_never_shows_another_name(name: str) -> None:
    assert PLACES.snap(blurred(name)) in (name, None)


def test_a_name_that_is_not_listed_is_not_made_one_that_is() -> None:
    assert PLACES.snap(letters().cells([cell("KOTO GADANG")])[0]) is None
    assert PLACES.snap(letters().cells([cell("ANDI CONTOH SARI, S.H.")])[0]) is None


def test_case_spaces_and_punctuation_make_no_difference() -> None:
    labels = Expected(["Jumlah pemilih (1+2+3)"], EASY)
    assert labels.snap(letters().cells([cell("JUMLAH PEMILIH(1 + 2 + 3)")])[0]) == "Jumlah pemilih (1+2+3)"


def test_of_two_words_that_a_text_may_be_it_is_neither() -> None:
    frames = np.full((3, 96), 1e-4)
    frames[[0, 2], 0] = 1.0
    frames[1, ord("8") - ord(" ") + 1] = frames[1, ord("B") - ord(" ") + 1] = 0.5
    text = Text("8", (0.5,), frames)
    assert Expected(["8", "B"], EASY).snap(text) is None
    assert Expected(["B", "L", "P"], EASY).snap(text) == "B"


def test_nothing_is_no_word() -> None:
    assert PLACES.snap(letters().cells([cell("")])[0]) is None
    assert Expected([]).snap(letters().cells([cell("SUTERA")])[0]) is None
