"""Number words: every number is heard back from its letters, well spelt or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rangkiang.scans.c1.numerals import heard, words
from rangkiang.scans.letters import ALPHABET


def frames(text: str, sure: float = 0.9):
    """What a reader of letters would see of a text: a frame for each letter, and one for the gap after it."""
    seen = np.full((2 * len(text), len(ALPHABET)), (1 - sure) / (len(ALPHABET) - 1))
    for n, letter in enumerate(text):
        seen[2 * n, ALPHABET.index(letter)] = sure
        seen[2 * n + 1, 0] = sure
    return seen


def best(text: str) -> tuple[int, float]:
    chances = heard(frames(text))
    return int(chances.argmax()), float(chances.max())


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "NOL"),
        (10, "SEPULUH"),
        (11, "SEBELAS"),
        (17, "TUJUH BELAS"),
        (40, "EMPAT PULUH"),
        (100, "SERATUS"),
        (128, "SERATUS DUA PULUH DELAPAN"),
        (201, "DUA RATUS SATU"),
        (999, "SEMBILAN RATUS SEMBILAN PULUH SEMBILAN"),
    ],
)
def test_numbers_in_words(number, text):
    assert words(number) == text


def test_every_number_has_words_of_its_own():
    assert len({words(number) for number in range(1000)}) == 1000


@pytest.mark.parametrize("number", [-1, 1000])
def test_no_words_beyond_three_boxes(number):
    with pytest.raises(ValueError, match="three boxes"):
        words(number)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.sampled_from([str.upper, str.lower, str.title]), st.booleans())
def test_every_number_is_heard_whatever_the_case_and_the_spaces(number, case, apart):
    text = case(words(number))
    heard_number, p = best(text if apart else text.replace(" ", ""))
    assert heard_number == number
    assert p > 0.75


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.randoms(use_true_random=False))
def test_one_wrong_letter_never_makes_another_number_certain(number, chance):
    text = list(words(number))
    text[chance.randrange(len(text))] = chance.choice("ABCDEFGHIJKLMNOPRSTUW")
    heard_number, p = best("".join(text))
    assert heard_number == number or p < 0.9


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SRATUS DUA PULUH DLAPAN", 128),
        ("Seratos tiga Pulh empat", 134),
        ("SEBLAS", 11),
        ("enem puluh lma", 65),
        ("5ERATUS 5EM8ILAN", 109),
        ("nihil", 0),
    ],
)
def test_bad_spelling_is_understood(text, number):
    assert best(text)[0] == number


@pytest.mark.parametrize("text", ["", "Alue Bagok", "XXXXXXXXXX"])
def test_what_is_no_number_says_nothing(text):
    assert heard(frames(text)).max() < 0.5
