"""Numbers settled by the sums that bind them, on sums of no form at all."""

from __future__ import annotations

import itertools
import random

import pytest

from rangkiang.model import Guess
from rangkiang.proof import DOUBT, Belief, Sum, believe, settle
from rangkiang.proof.settlement import PLAIN

ADDS_UP = Sum("L + P = JML", (0, 1, 2), (1, 1, -1))
SQUARE = [
    *(Sum(f"row {r}", (3 * r, 3 * r + 1, 3 * r + 2), (1, 1, -1)) for r in range(3)),
    *(Sum(f"column {c}", (c, 3 + c, 6 + c), (1, 1, -1)) for c in range(3)),
]
"""Two rows and two columns of numbers, their sums, and the sum of these: nine cells, row by row."""
HELD = (12, 30, 42, 105, 7, 112, 117, 37, 154)


def seen(*guesses: tuple[int | None, float]) -> Belief:
    return believe([Guess("" if value is None else str(value), value, p) for value, p in guesses])


def square(**others: Belief) -> list[Belief]:
    """Readings of HELD, all good but the others: cell_0 is the first."""
    return [others.get(f"cell_{n}", seen((value, 0.9995))) for n, value in enumerate(HELD)]


def test_numbers_that_are_read_well_and_add_up_are_settled() -> None:
    settled = settle(square(), SQUARE)
    assert tuple(settled.number) == HELD
    assert max(settled.doubt) < DOUBT / 100


def test_a_second_guess_wins_where_two_sums_ask_for_it() -> None:
    settled = settle(square(cell_0=seen((72, 0.6), (12, 0.35))), SQUARE)
    assert tuple(settled.number) == HELD
    assert max(settled.doubt) < DOUBT


def test_one_sum_alone_settles_no_number_that_is_read_badly() -> None:
    settled = settle([seen((72, 0.6), (12, 0.35)), seen((30, 0.999)), seen((42, 0.999))], [ADDS_UP])
    assert settled.number[0] == 12
    assert settled.rival[0] == 72
    assert DOUBT < settled.doubt[0] < 0.01


def test_a_correction_that_could_have_been_made_in_many_ways_stays_in_doubt() -> None:
    wide = [seen((n, 0.9), (n + 1, 0.05)) for n in range(10, 20)]
    total = seen((sum(range(10, 20)) + 1, 0.9999))
    settled = settle([*wide, total], [Sum("total", tuple(range(11)), (*[1] * 10, -1))])
    assert min(settled.doubt[:10]) > 0.01


def test_two_misreadings_of_one_kind_are_likelier_than_two_of_different_kinds() -> None:
    """A 1 taken for a 7 in L and in JML keeps the sum; so would a 1 for a 7 in L and a 0 for a 6 in JML."""
    kin = settle([seen((72, 0.995), (12, 0.004)), seen((3, 0.9999)), seen((75, 0.9999))], [ADDS_UP])
    other = settle([seen((72, 0.995), (12, 0.004)), seen((30, 0.9999)), seen((102, 0.9999))], [ADDS_UP])
    assert kin.doubt[0] > DOUBT > 10 * other.doubt[0] / 4
    assert kin.doubt[2] > 5 * other.doubt[2]


def test_a_number_that_nobody_guessed_is_what_the_sums_ask_for_and_never_certain() -> None:
    settled = settle(square(cell_4=seen((1, 0.4), (4, 0.2))), SQUARE)
    assert tuple(settled.number) == HELD
    assert settled.doubt[4] == 1.0
    assert max(d for n, d in enumerate(settled.doubt) if n != 4) < DOUBT


def test_a_cell_of_which_nothing_was_seen_harms_no_other() -> None:
    settled = settle(square(cell_8=believe([])), SQUARE)
    assert tuple(settled.number) == HELD
    assert settled.doubt[8] == 1.0
    assert max(settled.doubt[:8]) < DOUBT


def test_a_well_read_number_that_does_not_add_up_is_in_doubt_and_the_others_are_not() -> None:
    settled = settle(square(cell_1=seen((38, 0.9999))), SQUARE)
    assert (settled.number[1], settled.doubt[1]) == (30, 1.0)
    assert max(d for n, d in enumerate(settled.doubt) if n != 1) < DOUBT


def test_where_nothing_tells_which_cell_is_wrong_all_are_in_doubt() -> None:
    settled = settle([seen((12, 0.9999)), seen((30, 0.9999)), seen((43, 0.9999))], [ADDS_UP])
    assert min(settled.doubt) > PLAIN


def test_cells_without_sums_have_the_doubt_of_their_reading() -> None:
    settled = settle([seen((12, 0.9), (72, 0.06))], [])
    assert settled.doubt[0] > 0.05
    assert settled.rival == [72]


def test_an_empty_cell_counts_as_zero_whatever_it_is_taken_for() -> None:
    empty = believe([Guess("", None, 0.5), Guess("-", 0, 0.4995)])
    settled = settle([empty, seen((30, 0.9995)), seen((30, 0.9995))], [ADDS_UP])
    assert settled.number[0] == 0
    assert settled.doubt[0] < DOUBT


def test_coefficients_other_than_one() -> None:
    settled = settle([seen((8, 0.6), (3, 0.39)), seen((6, 0.9999)), seen((9, 0.9999))], [
        Sum("double", (0, 1), (2, -1)), Sum("triple", (0, 2), (3, -1)),
    ])  # fmt: skip
    assert settled.number == [3, 6, 9]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_found_costs_no_more_than_the_best_that_brute_force_finds(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    beliefs = []
    for value in HELD:
        shares = sorted((rng.uniform(0.01, 1) for _ in range(3)), reverse=True)
        numbers = [value, value + rng.choice((-5, 1, 6, 60)), value + rng.choice((3, 10, -7))]
        rng.shuffle(numbers)
        beliefs.append(seen(*((max(n, 0), s / sum(shares) * 0.98) for n, s in zip(numbers, shares, strict=True))))
    adds_up = (
        numbers for numbers in itertools.product(*(belief.named for belief in beliefs))
        if all(sum(a * numbers[c] for c, a in zip(s.cells, s.coefficients, strict=True)) == 0 for s in SQUARE)
    )  # fmt: skip
    cheapest = min(sum(b.cost(n) for b, n in zip(beliefs, numbers, strict=True)) for numbers in adds_up)
    found = settle(beliefs, SQUARE).number
    assert sum(b.cost(n) for b, n in zip(beliefs, found, strict=True)) <= cheapest + 1e-9


def test_the_same_beliefs_settle_the_same_way() -> None:
    beliefs = square(cell_0=seen((72, 0.6), (12, 0.35)), cell_5=seen((172, 0.5), (112, 0.3)), cell_7=seen((31, 0.5)))
    assert settle(beliefs, SQUARE) == settle(beliefs, SQUARE)
