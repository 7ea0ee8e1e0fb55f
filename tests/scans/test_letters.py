"""The general reader of letters, on cells as scans show them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from helpers.lettering import cell
from rangkiang.scans.crops import inked, parts
from rangkiang.scans.letters import letters


def read(picture: np.ndarray) -> str:
    (text,) = letters().cells([picture])
    return text.text


def test_a_label_is_read_to_the_letter() -> None:
    (text,) = letters().cells([cell("Jumlah pemilih dalam DPTb (Model A.4-KPU)")])
    assert text.text == "Jumlah pemilih dalam DPTb (Model A.4-KPU)"
    assert len(text.certainty) == len(text.text)
    assert text.confidence > 0.95


@pytest.mark.parametrize(
    "lines",
    [
        ("Jumlah surat suara yang tidak", "digunakan/tidak terpakai, termasuk", "sisa surat suara cadangan"),
        ("JUMLAH", "AKHIR"),
        ("Jumlah pemilih dalam DPK (Model", "A.DPK-KPU)"),
    ],
)
def test_lines_of_a_cell_become_one_text(lines: tuple[str, ...]) -> None:
    assert read(cell(lines)) == " ".join(lines)


@pytest.mark.parametrize("turned", [1, 3])
@pytest.mark.parametrize("lines", [("BATANG KAPAS",), ("LINGGO SARI", "BAGANTI")])
def test_names_in_the_head_may_run_upwards_or_downwards(lines: tuple[str, ...], turned: int) -> None:
    assert read(cell(lines, turned=turned)) == " ".join(lines)


@pytest.mark.parametrize("turned", [1, 3])
@pytest.mark.parametrize("number", ["002", "022", "010"])
def test_a_polling_place_whose_digits_touch_may_run_upwards_or_downwards(number: str, turned: int) -> None:
    level = cell(number)
    touching = cv2.erode(level, np.ones((1, 5), np.uint8))
    assert len(parts(inked(touching).ink)[1]) < 2 + len(number), "digits touch"
    assert read(np.ascontiguousarray(np.rot90(touching, turned))) == number


def test_a_short_name_whose_letters_touch_is_no_dash() -> None:
    touching = cv2.erode(cell("BASO"), np.ones((1, 5), np.uint8))
    assert len(parts(inked(touching).ink)[1]) == 2, "one piece of ink, and the paper"
    assert read(touching) == "BASO"


def test_a_shaded_head_is_read_like_any_cell() -> None:
    assert read(cell("URAIAN", paper=215)) == "URAIAN"


def test_nothing_is_read_where_nothing_is_written() -> None:
    (text,) = letters().cells([cell("")])
    assert (text.text, text.confidence) == ("", 1.0)
    assert letters().cells([np.zeros((0, 0), np.uint8)])[0].text == ""


@pytest.mark.parametrize(("printed", "value"), [("1.234", 1234), ("207", 207), ("X20", 20), ("90.518", 90518)])
def test_a_number_cell_is_read_as_a_count(printed: str, value: int) -> None:
    (guesses,) = letters().guesses([cell(printed)])
    assert guesses[0].value == value
    assert guesses[0].p > 0.9
    assert sum(guess.p for guess in guesses) <= 1


def test_an_empty_number_cell_says_so_and_a_word_is_no_count() -> None:
    empty, word = letters().guesses([cell(""), cell("PEMILIH")])
    assert (empty[0].text, empty[0].value) == ("", None)
    assert not word or word[0].p < 0.01


@pytest.mark.parametrize("turned", [1, 3])
def test_letters_of_a_turned_name_may_touch(turned: int) -> None:
    """They are one piece of ink then; the way in which nothing at all is read is no answer."""
    touching = cell("LUNANG", turned=turned, ruled=False)
    inked = np.flatnonzero((touching < 128).any(axis=1))
    middle = touching.shape[1] // 2
    touching[inked[0] : inked[-1] + 1, middle : middle + 2] = 90
    assert read(touching) == "LUNANG"


@pytest.mark.parametrize("text", ["1", "J", "L", "7"])
def test_a_narrow_letter_is_not_turned(text: str) -> None:
    assert read(cell(text)) == text
