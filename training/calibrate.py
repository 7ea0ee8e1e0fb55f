"""Calibration: what the network's outputs are worth, fitted on fonts that it was not trained on.

The temperature is the one under which the truth is most probable. The floor is how often the surest guesses are wrong
after all, by Laplace's rule of succession; that of cells without ink likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from rangkiang.scans.digits import Calibration, Digits
from rangkiang.scans.strips import strips
from training.cells import Cell, cells
from training.damage import LEVELS
from training.measure import loss, outcome
from training.net import RAW, calibrated

CELLS = 12_000
"""Of each level."""
TEMPERATURES = tuple(np.round(np.arange(0.4, 2.01, 0.1), 2).tolist())
TRIED = 9_000
"""Cells on which the temperature is sought."""
SUREST = 0.9999


def calibrate(raw: Path, version: str, path: Path, seed: str = "calibration") -> Calibration:
    """Fit the outputs of the network at ``raw`` and write it, with their worth, to ``path``."""
    drawn = [cell for level in LEVELS for cell in cells("calibrate", level, CELLS, seed)]
    few = drawn[:: max(1, len(drawn) // TRIED)]
    trials = {t: loss(_with(raw, replace(RAW, temperature=t), path), few) for t in TEMPERATURES}
    fitted = replace(RAW, temperature=min(trials, key=lambda t: trials[t]), empty=_empty(drawn))
    seen = outcome(_with(raw, fitted, path), drawn)
    fitted = replace(fitted, floor=_doubt(*seen.sure(SUREST)))
    calibrated(raw, fitted, version, path)
    return fitted


def _with(raw: Path, calibration: Calibration, path: Path) -> Digits:
    calibrated(raw, calibration, "trial", path)
    return Digits(path)


def _empty(drawn: Sequence[Cell]) -> float:
    says = [cell.sample.says for cell in drawn if strips(cell.sample.crop) == ()]
    return 1 - _doubt(len(says), sum(text != "" for text in says))


def _doubt(cells: int, wrong: int) -> float:
    return (wrong + 1) / (cells + 2)
