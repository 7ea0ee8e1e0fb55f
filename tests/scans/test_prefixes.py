"""Probabilities of words agree with counting every path through the frames."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest

from rangkiang.scans.leaf import Floats
from rangkiang.scans.prefixes import Word, plainest, probability, words

SIGNS = 4  # the blank among them
NEVER = 99


def frames(seed: int, steps: int = 4) -> Floats:
    drawn: Floats = np.random.default_rng(seed).dirichlet(np.full(SIGNS, 0.7), steps)
    return drawn


def counted(line: Floats) -> dict[Word, float]:
    """Every path, one by one."""
    found: dict[Word, float] = defaultdict(float)
    for path in itertools.product(range(SIGNS), repeat=len(line)):
        word = tuple(sign for sign, _ in itertools.groupby(path) if sign)
        found[word] += float(np.prod(line[np.arange(len(line)), path]))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_probability_counts_all_ways_to_lay_a_word(seed: int) -> None:
    lines = np.stack([frames(seed), frames(seed + 100)])
    truth = [counted(line) for line in lines]
    for word in ((), (1,), (1, 1), (2, 1, 3)):
        assert probability(lines, [word, word]) == pytest.approx([one[word] for one in truth])


@pytest.mark.parametrize("seed", range(5))
def test_search_finds_the_most_probable_words(seed: int) -> None:
    line = frames(seed)
    truth = counted(line)
    found = words(line, NEVER)
    best = max(truth, key=lambda word: truth[word])
    assert found[best] == pytest.approx(truth[best], rel=0.05)
    assert all(p <= truth[word] + 1e-9 for word, p in found.items())


def test_a_forbidden_sign_is_in_no_word() -> None:
    assert all(2 not in word for word in words(frames(3), 2))


def test_the_plainest_word_parts_equal_signs_by_a_blank() -> None:
    assert plainest(np.eye(3)[[1, 1, 0, 1, 2, 2]]) == (1, 1, 2)


def test_a_word_without_room_is_impossible() -> None:
    assert probability(frames(1, 2)[None], [(1, 1)]) == pytest.approx([0.0])
