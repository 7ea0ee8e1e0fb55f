"""How well a recogniser does on cells whose truth is known: what it gets right, and whether it knows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Guess
from rangkiang.scans.engine import Engine
from training.cells import Cell

SURE = (0.99, 0.999, 0.9999)
LEAST = 1e-3
BINS = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line per cell: ``p`` of the first guess (0: none), whether it is ``right``, and whether the cell ``counts``.

    Where a cell holds no count, no guess is right.
    """

    p: NDArray[np.float64]
    right: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    milliseconds: float  # per cell

    @property
    def accuracy(self) -> float:
        """Share of the counts read right."""
        return float(self.right[self.counts].mean())

    def sure(self, least: float) -> tuple[int, int]:
        """How many cells are read with at least this probability, and how many of them wrong."""
        chosen = self.p >= least
        return int(chosen.sum()), int((chosen & ~self.right).sum())

    def reliability(self) -> list[tuple[float, float, int, float, float]]:
        """For each bin of p: from, to, cells, mean p, share right."""
        lines = []
        for low, high in pairwise(BINS):
            chosen = (self.p > 0) & (self.p >= low) & ((self.p < high) | (high == 1.0))
            if count := int(chosen.sum()):
                lines.append((low, high, count, float(self.p[chosen].mean()), float(self.right[chosen].mean())))
        return lines


def outcome(engine: Engine, cells: Sequence[Cell]) -> Outcome:
    """Read the cells and compare."""
    start = time.process_time()
    read = engine.guesses([cell.sample.crop for cell in cells])
    spent = time.process_time() - start
    return Outcome(
        np.array([guesses[0].p if guesses else 0.0 for guesses in read]),
        np.array([_right(guesses, cell) for guesses, cell in zip(read, cells, strict=True)]),
        np.array([cell.counts for cell in cells]),
        1000 * spent / len(cells),
    )


def _right(guesses: tuple[Guess, ...], cell: Cell) -> bool:
    return cell.counts and bool(guesses) and guesses[0].value == cell.value


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Outcomes put together."""
    return Outcome(
        np.concatenate([one.p for one in outcomes]),
        np.concatenate([one.right for one in outcomes]),
        np.concatenate([one.counts for one in outcomes]),
        float(np.average([one.milliseconds for one in outcomes], weights=[len(one.p) for one in outcomes])),
    )


def loss(engine: Engine, cells: Sequence[Cell]) -> float:
    """Mean of -log of what the recogniser gave the truth. Cells that nobody could read count alike: LEAST."""
    given = []
    for guesses, cell in zip(engine.guesses([cell.sample.crop for cell in cells]), cells, strict=True):
        if cell.counts:
            given.append(sum(guess.p for guess in guesses if guess.value == cell.value))
        else:
            given.append(1 - sum(guess.p for guess in guesses))
    return float(-np.log(np.maximum(given, LEAST)).mean())
