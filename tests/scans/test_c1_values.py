"""From what may stand in boxes, and beside them in words, to what the number may be."""

import numpy as np
import pytest

from rangkiang.scans.c1.signs import SIGNS
from rangkiang.scans.c1.values import agreed, filling, guesses, numbers


def box(*signs: str, sure: float = 0.97):
    """A box that holds one of some signs, the first one most probably."""
    chances = np.full(len(SIGNS), (1 - sure) / len(SIGNS))
    for sign, share in zip(signs, (1,) if len(signs) == 1 else (0.6, 0.4), strict=True):
        chances[SIGNS.index(sign)] += sure * share
    return chances


def boxes(text: str):
    return np.stack([box(sign) for sign in text])


def best(chances):
    return guesses(chances, str)[0]


def words_for(number: int, sure: float = 0.95):
    said = np.full(1000, (1 - sure) / 1000)
    said[number] += sure
    return said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("128", 128),
        ("X20", 20),
        ("XX5", 5),
        ("XXX", 0),
        ("XX0", 0),
        ("XX-", 0),
        ("---", 0),
        ("--7", 7),
        ("000", 0),
        ("  9", 9),
        (" 31", 31),
        ("5XX", 5),
        ("100", 100),
        ("   ", None),
    ],
)
def test_fillings_and_what_they_say(text, value):
    guess = guesses(numbers(boxes(text)), lambda number: filling(boxes(text), number))[0]
    assert guess.value == value
    assert guess.p > 0.6
    assert guess.text == text.strip()


def test_a_filler_between_digits_is_doubtful():
    found = numbers(np.stack([box("1"), box("X", "7"), box("3")]))
    assert best(found).value == 173


def test_what_is_no_sign_is_missing_to_one():
    found = numbers(np.stack([box("1"), box("?"), box("3")]))
    assert found.sum() < 0.1


def test_chances_never_exceed_one():
    dice = np.random.default_rng(1)
    for _ in range(20):
        found = numbers(dice.dirichlet(np.full(len(SIGNS), 0.3), 3))
        assert 0 <= found.sum() <= 1 + 1e-9


def test_words_decide_between_two_readings_of_a_box():
    written = numbers(np.stack([box("1"), box("2"), box("7", "1")]))
    both = best(agreed(written, words_for(121)))
    assert both.value == 121
    assert both.p > 0.95


def test_words_tell_where_boxes_are_unreadable():
    assert best(agreed(numbers(np.stack([box("?")] * 3)), words_for(206))).value == 206


def test_words_that_say_nothing_change_nothing():
    written = numbers(boxes("134"))
    assert agreed(written, np.full(1000, 1e-3))[134] == pytest.approx(written[134], abs=0.01)


def test_clear_boxes_are_not_bent_to_the_words():
    clear = numbers(np.stack([box(sign, sure=0.9999) for sign in "131"]))
    assert best(agreed(clear, words_for(137))).value == 131
