"""Strips by the ten thousand, made once and kept: drawing takes longer than reading them again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey
from rangkiang.scans.strips import HEIGHT, Strip, strips
from training.fonts import Part
from training.sheets import Sample, samples

SHEETS = 200
"""Sheets of a shard: some 15,000 cells."""


@dataclass(frozen=True, slots=True)
class Shard:
    """``strips`` of different widths and what they say."""

    strips: list[Grey]
    says: list[str]


def make(part: Part, number: int, folder: Path) -> Path:
    """Draw a shard, if it is not there yet, and say where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{part}-{number:03}.npz"
    if not path.exists():
        cv2.setNumThreads(1)
        cells = [one for sheet in range(SHEETS) for one in samples(part, f"{part}/{number}/{sheet}")]
        kept = [(one.pixels, says) for cell in cells for one, says in told(cell)]
        half = path.with_suffix(".half.npz")
        np.savez(
            half,
            pixels=np.concatenate([pixels.ravel() for pixels, _ in kept]),
            widths=np.array([pixels.shape[1] for pixels, _ in kept]),
            says=np.array([says for _, says in kept]),
        )
        half.rename(path)
    return path


def told(cell: Sample) -> Iterator[tuple[Strip, str]]:
    """The cell's strips with what each is to say: the text where it stands, nothing elsewhere.

    A cell whose text stands on no strip teaches nothing.
    """
    found = strips(cell.crop) or ()
    where = [_holds(one, cell.middle) for one in found]
    if not cell.says or sum(where) == 1:
        yield from ((one, cell.says if holds else "") for one, holds in zip(found, where, strict=True))


def _holds(one: Strip, point: tuple[float, float]) -> bool:
    left, top, right, bottom = one.place
    return left <= point[0] <= right and top <= point[1] <= bottom


def read(path: Path) -> Shard:
    """A shard as it was made."""
    with np.load(path) as kept:
        widths, says = kept["widths"], [str(one) for one in kept["says"]]
        parts: list[NDArray[Any]] = np.split(kept["pixels"], np.cumsum(widths * HEIGHT)[:-1])
    return Shard([part.reshape(HEIGHT, width) for part, width in zip(parts, widths, strict=True)], says)


def stream(part: Part, count: int, folder: Path) -> Iterator[Shard]:
    """Shards 0 to count - 1, each followed by two older ones; then all of them again and again.

    They are drawn in a process beside this one, which is the slower of the two: hence the older ones.
    """
    chance = random.Random(count)
    with ProcessPoolExecutor(1) as beside:
        waiting = [beside.submit(make, part, number, folder) for number in range(count)]
        for number in range(count):
            for chosen in (number, chance.randint(0, number), chance.randint(0, number)):
                yield read(waiting[chosen].result())
    while True:
        yield read(waiting[chance.randrange(count)].result())
