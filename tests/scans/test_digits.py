"""The recogniser reads what is printed, and says how sure it is."""

from __future__ import annotations

import numpy as np
import pytest

from rangkiang.model import Guess, Status
from rangkiang.reading.numbers import parse
from rangkiang.scans.digits import Digits, digits, value_of
from rangkiang.scans.leaf import Grey
from scans.cell_pictures import cell, crossed

PRINTED = ("0", "7", "42", "905", "1.234", "86420", "31.975", "1.000.001", "111", "-", "X20", "XXX")


@pytest.fixture(scope="module")
def engine() -> Digits:
    return digits()


def blurred(picture: Grey, seed: int) -> Grey:
    """A bad copy: half the pixels, and noise."""
    small = picture[::2, ::2].repeat(2, axis=0).repeat(2, axis=1).astype(float)
    return (small * 0.6 + 80 + np.random.default_rng(seed).normal(0, 25, small.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("text", PRINTED)
def test_reads_what_is_printed(engine: Digits, text: str) -> None:
    first = engine.guesses([cell(text, rules=2)])[0][0]
    assert first.value == value_of(text)
    assert first.p > 0.95


@pytest.mark.parametrize("size", [10, 14, 30, 44])
def test_reads_small_and_large_type(engine: Digits, size: int) -> None:
    first = engine.guesses([cell("2.718", size, (size * 6, round(size * 1.6)))])[0][0]
    assert first.value == 2718


def test_an_empty_cell_has_no_value(engine: Digits) -> None:
    (empty,) = engine.guesses([cell("", rules=1)])[0]
    assert (empty.text, empty.value) == ("", None)
    assert empty.p > 0.9


def test_what_cannot_be_seen_is_not_guessed(engine: Digits) -> None:
    assert engine.guesses([np.zeros((30, 90), np.uint8)]) == [()]


@pytest.mark.parametrize("text", ["358", "1.204", "66"])
def test_a_struck_out_number_is_in_doubt(engine: Digits, text: str) -> None:
    guesses = engine.guesses([crossed(cell(text), 0.47)])[0]
    assert all(guess.p <= 0.999 for guess in guesses)


def test_a_word_is_no_count(engine: Digits) -> None:
    guesses = engine.guesses([cell("JUMLAH")])[0]
    assert sum(guess.p for guess in guesses) < 0.5


@pytest.fixture(scope="module")
def unclear(engine: Digits) -> list[tuple[Guess, ...]]:
    return engine.guesses([blurred(cell(text, 14, (90, 22)), n) for n, text in enumerate(PRINTED)])


def test_unclear_cells_have_several_values_the_most_probable_first(unclear: list[tuple[Guess, ...]]) -> None:
    assert any(len(guesses) > 1 for guesses in unclear)
    for guesses in unclear:
        assert [guess.p for guess in guesses] == sorted((guess.p for guess in guesses), reverse=True)
        assert len({guess.value for guess in guesses}) == len(guesses)


def test_probabilities_leave_room_for_anything_else(unclear: list[tuple[Guess, ...]]) -> None:
    assert all(0 < guess.p < 1 for guesses in unclear for guess in guesses)
    assert all(sum(guess.p for guess in guesses) < 1 for guesses in unclear)


def test_every_guess_is_what_the_reader_makes_of_its_text(unclear: list[tuple[Guess, ...]]) -> None:
    for guess in (guess for guesses in unclear for guess in guesses):
        value, status = parse(guess.text)
        assert (value, status is Status.FLAGGED) == (guess.value, False)


def test_the_same_cell_is_read_the_same_alone_and_among_others(engine: Digits) -> None:
    crops = [blurred(cell(text, rules=1), n) for n, text in enumerate(PRINTED)]
    crops += [np.zeros((30, 90), np.uint8), cell("")]
    together, again = engine.guesses(crops), engine.guesses(crops)
    assert together == again
    for crop, guesses in zip(crops, together, strict=True):
        (alone,) = engine.guesses([crop])
        assert [(one.text, one.value) for one in alone] == [(one.text, one.value) for one in guesses]
        assert [one.p for one in alone] == pytest.approx([one.p for one in guesses], abs=1e-4)


def test_no_cells_no_guesses(engine: Digits) -> None:
    assert engine.guesses([]) == []
