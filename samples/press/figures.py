"""Figures that agree with one another: every identity and bound of a sheet holds in every unit, so in every sum."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

from samples.press.rows import SPLITS, Slate

Figures = dict[str, int]
"""Votes, voters or ballots by canonical row code."""

_VOTERS = {"C1": (60, 300), "DAA1": (60, 300), "DA1": (300, 6000), "DB1": (4000, 70000), "DC1": (35000, 620000)}


def unit(rng: random.Random, level: str, slate: Slate) -> Figures:
    """One unit's figures; few stands for what is often nobody at a polling place."""
    low, high = _VOTERS[level]
    voters = rng.randint(low, high)
    figures = _people(rng, voters)
    votes = figures["I.B.4.JML"]
    returned = rng.choice((0, 0, rng.randint(0, voters // 60)))
    received = math.ceil(voters * 1.02)
    figures |= {"III.1": received, "III.2": returned, "III.3": received - returned - votes, "III.4": votes}
    invalid = rng.choice((0, rng.randint(0, votes // 8), rng.randint(0, votes // 8)))
    figures |= _votes(rng, votes - invalid, slate)
    return figures | {"V.A": votes - invalid, "V.B": invalid, "V.C": votes}


def total(units: Iterable[Figures]) -> Figures:
    """Sums by row."""
    summed: Figures = {}
    for figures in units:
        for code, value in figures.items():
            summed[code] = summed.get(code, 0) + value
    return summed


def _people(rng: random.Random, voters: int) -> Figures:
    """Sections I and II. Guests are few: with them, fewer vote than ballots were received."""
    men = rng.randint(voters * 4 // 10, voters * 6 // 10)
    guests = [[rng.choice((0, rng.randint(0, voters // 80))) for _ in range(2)] for _ in range(2)]
    lists = [[men, voters - men], *guests]
    used = [
        [rng.randint(n * 5 // 10, n * 9 // 10) for n in lists[0]],
        *([rng.randint(0, n) for n in g] for g in guests),
    ]
    lists.append([sum(column) for column in zip(*lists, strict=True)])
    used.append([sum(column) for column in zip(*used, strict=True)])
    disabled = [rng.choice((0, rng.randint(0, n // 50))) for n in lists[3]]
    came = [rng.randint(0, n) for n in disabled]
    figures: Figures = {}
    for n, (there, voted) in enumerate(zip(lists, used, strict=True), 1):
        figures |= _split(f"I.A.{n}", there) | _split(f"I.B.{n}", voted)
    return figures | _split("II.1", disabled) | _split("II.2", came)


def _split(code: str, men_women: list[int]) -> Figures:
    return {f"{code}.{part}": n for part, n in zip(SPLITS, (*men_women, sum(men_women)), strict=True)}


def _votes(rng: random.Random, valid: int, slate: Slate) -> Figures:
    """Section IV."""
    if not slate:
        return dict(zip(("IV.01", "IV.02"), _shares(rng, valid, 2), strict=True))
    if 0 in slate:
        codes = [f"IV.{n}" for n, _ in slate[0]]
        return dict(zip(codes, _shares(rng, valid, len(codes)), strict=True))
    figures: Figures = {}
    for (party, candidates), votes in zip(slate.items(), _shares(rng, valid, len(slate)), strict=True):
        codes = [f"IV.{party}.0", *(f"IV.{party}.{n}" for n, _ in candidates)]
        figures |= dict(zip(codes, _shares(rng, votes, len(codes)), strict=True)) | {f"IV.{party}.T": votes}
    return figures


def _shares(rng: random.Random, whole: int, count: int) -> list[int]:
    """Whole numbers that sum to the whole, very unequal, some of them zero."""
    weights = [rng.random() ** 3 * (rng.random() > 0.15) for _ in range(count)]
    sum_of_weights = sum(weights) or 1.0
    shares = [int(whole * weight / sum_of_weights) for weight in weights]
    shares[rng.randrange(count)] += whole - sum(shares)
    return shares
