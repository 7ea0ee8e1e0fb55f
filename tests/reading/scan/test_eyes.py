"""What stands in cells of words, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from helpers.lettering import cell
from rangkiang.catalogue import fold
from rangkiang.forms import form
from rangkiang.model import Guess
from rangkiang.reading.scan.eyes import Eyes
from rangkiang.reading.scan.heads import Heads, is_close
from rangkiang.reading.scan.said import certain
from rangkiang.scans.crops import inked
from rangkiang.scans.digits import digits
from rangkiang.scans.leaf import Grey
from rangkiang.scans.letters import Text, letters


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return Eyes(form("DC1-PPWP"), letters(), digits())


def centred(text: str) -> Grey:
    """A cell with a text in its middle, and room around it."""
    bare = cell(text, ruled=False)
    left, top, right, bottom = inked(bare).extent
    return cv2.copyMakeBorder(bare[top:bottom, left:right], 20, 20, 40, 40, cv2.BORDER_CONSTANT, value=(255,)).astype(
        np.uint8
    )


@pytest.mark.parametrize("turned", [0, 1])
@pytest.mark.parametrize("name", ["SOLOK", "KOTA PADANG", "PASAMAN"])
def test_a_name_that_may_be_the_rest_of_another_is_believed_in_the_middle_of_its_cell(
    eyes: Eyes, name: str, turned: int
) -> None:
    said = eyes.head(np.ascontiguousarray(np.rot90(centred(name), turned)))
    assert (said.text, said.sure) == (name, True)


@pytest.mark.parametrize(
    ("whole", "name", "after"),
    [("SOLOK SELATAN", "SOLOK", True), ("KOTA SOLOK", "SOLOK", False), ("KOTA PADANG PANJANG", "KOTA PADANG", True)],
)
def test_what_is_left_of_a_longer_name_is_not(eyes: Eyes, whole: str, name: str, after: bool) -> None:
    hidden = centred(whole)
    left, _, right, _ = inked(hidden).extent
    cut = left + round((right - left) * whole.index(name) / len(whole)) if not after else 0
    end = left + round((right - left) * (len(name) + 0.5) / len(whole)) if after else hidden.shape[1]
    hidden[:, :cut] = hidden[:, end:] = 255
    said = eyes.head(hidden)
    assert (said.text, said.sure) == (name, False)


def test_a_polling_place_without_its_number_is_none() -> None:
    said = Eyes(form("DAA1-PPWP"), letters(), digits()).head(centred("TPS"))
    assert (said.text, said.sure) == ("TPS", False)


@pytest.mark.parametrize(("read", "close"), [("BNA", False), ("BANA1", True), ("BINJAI", False), ("PANTI THMUR", True)])
def test_a_name_of_which_half_is_blurred_is_none_on_the_list(read: str, close: bool) -> None:
    name = "PANTI TIMUR" if "PANTI" in read else "BANAI"
    assert is_close(Text(read, (0.5,) * len(read), np.zeros((0, 1))), name) is close


@pytest.mark.parametrize(
    ("read", "name", "sure"),
    [
        ("SIJUNJUNC", "SIJUNJUNG", True),
        ("SUUNJUNG", "SIJUNJUNG", False),
        ("SOLOK SELA", "SOLOK SELA", False),
        ("KOTA PARANG", "KOTA PADANG", False),
    ],
)
def test_of_a_closed_list_a_name_that_alone_is_like_what_is_read_is_meant(
    eyes: Eyes, read: str, name: str, sure: bool
) -> None:
    """Of SOLOK SELATAN too much is missing, and KOTA PADANG may be the rest of KOTA PADANG PANJANG."""
    said = eyes.head(centred(read))
    assert (said.text, said.sure) == (name, sure)


@pytest.mark.parametrize(
    ("read", "name"),
    [("I KOTO", "III KOTO"), ("HI KOTO", "III KOTO"), ("X KOTO", None), ("KOTO", None), ("A KOTO", None)],
)
def test_what_follows_a_numeral_tells_which_it_is(read: str, name: str | None) -> None:
    """One nagari alone is called by a number of KOTO, and nothing else."""
    assert Heads(form("DA1-PPWP"), letters()).counted(fold(read)) == name


def test_a_name_that_is_not_clearly_read_and_near_one_on_the_list_is_that_one_in_doubt() -> None:
    small = cv2.resize(cell("LUBUK MALARO", ruled=False), None, fx=0.22, fy=0.22, interpolation=cv2.INTER_AREA)
    blurred = cv2.resize(small, None, fx=1 / 0.22, fy=1 / 0.22).astype(np.uint8)
    said = Eyes(form("DA1-PPWP"), letters(), digits()).head(blurred)
    assert (said.text, said.sure) == ("LUBUK MALAKO", False)


def test_what_stands_over_all_names_is_part_of_none() -> None:
    """The rule below RINCIAN DESA/KELURAHAN/NAGARI is faint."""
    village = Eyes(form("DA1-PPWP"), letters(), digits())
    for _ in range(2):  # a name on no list is believed the second time
        listed, other = village.head(centred("DESA/KELURAHA SIMPANG TONANG")), village.head(centred("NAGARI SPINANG"))
    assert (listed.text, listed.sure) == ("SIMPANG TONANG", True)
    assert (other.text, other.sure) == ("NAGARI SPINANG", False)


@pytest.mark.parametrize("turned", [0, 1])
@pytest.mark.parametrize(("whole", "hidden", "sure"), [("X KOTO", "", True), ("IX KOTO", "I", False)])
def test_a_numeral_that_may_have_lost_a_stroke_is_believed_in_the_middle_only(
    whole: str, hidden: str, sure: bool, turned: int
) -> None:
    head = centred(whole)
    if hidden:
        left, *_ = inked(head).extent
        head[:, : left + np.flatnonzero((head[:, left:] > 200).all(axis=0))[0]] = 255  # its first letter
    said = Eyes(form("DB1-PPWP"), letters(), digits()).head(np.ascontiguousarray(np.rot90(head, turned)))
    assert (said.text, said.sure) == ("X KOTO", sure)


def test_a_space_that_is_hardly_seen_casts_no_doubt() -> None:
    assert certain(Text("TPS 1", (1.0, 1.0, 1.0, 0.75, 1.0), np.zeros((0, 1))))
    assert not certain(Text("TPS 1", (1.0, 0.75, 1.0, 1.0, 1.0), np.zeros((0, 1))))


class Doubtful:
    """A reader of digits who always says the same."""

    name = "doubtful"

    def __init__(self, *guesses: Guess) -> None:
        self._said = guesses

    def guesses(self, crops: Sequence[Grey]) -> list[tuple[Guess, ...]]:
        return [self._said for _ in crops]


def test_a_candidate_s_number_on_which_two_readers_agree_is_surer_than_either_says() -> None:
    said = Doubtful(Guess("9", 9, 0.95), Guess("4", 4, 0.04))
    (number,) = Eyes(form("DC1-PPWP"), letters(), said).numbers([centred("9")])
    assert number.numbers[0].text == "9"
    assert number.numbers[0].p > 0.95
    assert sum(guess.p for guess in number.numbers) <= 1.0


def test_a_b_in_front_of_a_total_is_not_taken_for_an_eight_alone() -> None:
    (number,) = Eyes(form("DC1-PPWP"), letters(), Doubtful(Guess("8", 8, 0.9999))).numbers([centred("B")])
    assert {guess.text: round(guess.p, 1) for guess in number.numbers} == {"B": 0.5, "8": 0.5}
