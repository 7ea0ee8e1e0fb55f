"""Cells with their truth, to calibrate and to evaluate on."""

from __future__ import annotations

import random
from dataclasses import dataclass

from rangkiang.scans.digits import value_of
from training.damage import Level
from training.fonts import Part
from training.sheets import Sample, sheet
from training.texts import OTHER


@dataclass(frozen=True, slots=True)
class Cell:
    """A sample, and the value that it has; ``counts`` is false where it holds no count or a struck-out one."""

    sample: Sample
    counts: bool
    value: int | None


def cells(part: Part, level: Level, least: int, seed: str) -> list[Cell]:
    """At least so many cells of sheets at one level, in a part's fonts."""
    drawn: list[Cell] = []
    number = 0
    while len(drawn) < least:
        drawn += map(_cell, sheet(part, level, random.Random(f"{seed}/{part}/{level}/{number}")))
        number += 1
    return drawn


def _cell(sample: Sample) -> Cell:
    counts = OTHER not in sample.says
    return Cell(sample, counts, value_of(sample.says) if counts else None)
