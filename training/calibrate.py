"""Calibration: what the network's outputs are worth, fitted on fonts that it was not trained on.

The temperature is the one under which the truth is most probable. The floor is how often the surest guesses are wrong
after all, by Laplace's rule of succession; that of cells without ink likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scipy.optimize import minimize_scalar

from rangkiang.scans.digits import Calibration, Digits
from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.strips import strips
from training.cells import Cell, cells
from training.damage import LEVELS
from training.measure import loss, outcome
from training.net import RAW, calibrated

CELLS = 12_000
"""Of each level."""
TRIED = 9_000
"""Cells on which the temperature is sought."""
COLDEST, HOTTEST = 0.3, 3.0
SUREST = 0.9999


class Remembering(Digits):
    """Reads the same cells again and again under other calibrations, and asks the network only once."""

    def __init__(self, model: Path) -> None:
        super().__init__(model)
        self._said: dict[bytes, Floats] = {}

    def logits(self, pixels: Grey) -> Floats:
        key = pixels.tobytes()
        if key not in self._said:
            self._said[key] = super().logits(pixels)
        return self._said[key]


def calibrate(raw: Path, version: str, path: Path, seed: str = "calibration") -> Calibration:
    """Fit the outputs of the network at ``raw`` and write it, with their worth, to ``path``."""
    drawn = [cell for level in LEVELS for cell in cells("calibrate", level, CELLS, seed)]
    engine = Remembering(raw)
    engine.calibration = replace(RAW, temperature=_temperature(engine, drawn), empty=_empty(drawn))
    fitted = replace(engine.calibration, floor=_doubt(*outcome(engine, drawn).sure(SUREST)))
    calibrated(raw, fitted, version, path)
    return fitted


def _temperature(engine: Digits, drawn: Sequence[Cell]) -> float:
    few = drawn[:: max(1, len(drawn) // TRIED)]

    def tried(temperature: float) -> float:
        engine.calibration = replace(RAW, temperature=float(temperature))
        return loss(engine, few)

    best = minimize_scalar(tried, bounds=(COLDEST, HOTTEST), method="bounded", options={"xatol": 0.02})
    return round(float(best.x), 3)


def _empty(drawn: Sequence[Cell]) -> float:
    says = [cell.sample.says for cell in drawn if strips(cell.sample.crop) == ()]
    return 1 - _doubt(len(says), sum(text != "" for text in says))


def _doubt(cells: int, wrong: int) -> float:
    return (wrong + 1) / (cells + 2)
