"""What people put on a sheet: pens and stamps, over the print. Lengths in points."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey
from training.damage import Damage

Floats = NDArray[Any]
Box = tuple[float, float, float, float]

_STRUCK = 0.5  # numbers struck out on a sheet


def cross(
    page: Grey, damage: Damage, point: float, xs: Floats, ys: Floats, chance: random.Random
) -> set[tuple[int, int]]:
    """Pens and stamps over the sheet, in place; the cells whose number is struck out."""
    for _ in range(_count(damage.stamps, chance)):
        _over(page, partial(_stamp, point=point, chance=chance))
    for _ in range(_count(damage.pens, chance)):
        _over(page, partial(_sign, point=point, chance=chance))
    struck = {(chance.randrange(len(ys) - 1), chance.randrange(len(xs) - 1)) for _ in range(_count(_STRUCK, chance))}
    for row, column in struck:
        box = (xs[column], ys[row], xs[column + 1], ys[row + 1])
        _over(page, partial(_strike, box=box, point=point, chance=chance))
    return struck


def _count(mean: float, chance: random.Random) -> int:
    return int(mean) + (chance.random() < mean % 1)


def _over(page: Grey, draw: Callable[[Grey], int]) -> None:
    """Ink laid over ink: ``draw`` marks a layer with 255 and says how grey its ink is."""
    layer = np.zeros_like(page)
    grey = draw(layer)
    there = layer > 0
    over = 255 - (255 - grey) * (layer[there] / 255.0)
    page[there] = (page[there] * (0.15 + 0.85 * over / 255.0)).astype(np.uint8)


def _stamp(layer: Grey, point: float, chance: random.Random) -> int:
    """A round stamp or a box, with words, turned; not all of it takes."""
    height, width = layer.shape
    middle = chance.randrange(width), chance.randrange(height)
    radius = int(point * chance.uniform(20, 60))
    thick = max(1, round(point * chance.choice((0.8, 1.2, 2.0, 3.5))))
    _frame(layer, middle, radius, thick, chance)
    for line in range(chance.randint(1, 3)):
        word = "".join(chance.choices("ABDEGHIJKLMNOPRSTU ", k=chance.randint(5, 12)))
        place = middle[0] - radius, middle[1] + int((line - 0.5) * radius * 0.4)
        size = point * chance.uniform(0.2, 0.5)
        cv2.putText(layer, word, place, cv2.FONT_HERSHEY_DUPLEX, size, 255, thick, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D(middle, chance.uniform(-40, 40), 1)
    layer[:] = cv2.warpAffine(layer, turn, (width, height))
    coarse = np.random.default_rng(chance.getrandbits(32)).random((height // 4 + 1, width // 4 + 1)).astype(np.float32)
    worn = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    layer[worn < chance.uniform(0.0, 0.45)] = 0
    return chance.randint(60, 200)


def _frame(layer: Grey, middle: tuple[int, int], radius: int, thick: int, chance: random.Random) -> None:
    if chance.random() < 0.7:
        cv2.circle(layer, middle, radius, 255, thick, cv2.LINE_AA)
        cv2.circle(layer, middle, int(radius * chance.uniform(0.6, 0.75)), 255, max(1, thick // 2), cv2.LINE_AA)
    else:
        cv2.rectangle(layer, middle, (middle[0] + 2 * radius, middle[1] + radius), 255, thick, cv2.LINE_AA)


def _sign(layer: Grey, point: float, chance: random.Random) -> int:
    """A signature, or one stroke of it: a smooth walk."""
    height, width = layer.shape
    knots = chance.randint(3, 14)
    start = np.array([chance.uniform(0, width), chance.uniform(0, height)])
    steps = np.random.default_rng(chance.getrandbits(32)).normal(0, point * chance.uniform(10, 28), (knots, 2))
    steps[:, 0] += point * chance.uniform(0, 12)
    walk = start + np.cumsum(steps, axis=0)
    fine = np.linspace(0, knots - 1, knots * 10)
    for _ in range(2):  # corners rounded
        walk[1:-1] = (walk[:-2] + 2 * walk[1:-1] + walk[2:]) / 4
    path = cv2.blur(np.column_stack([np.interp(fine, np.arange(knots), walk[:, axis]) for axis in (0, 1)]), (1, 7))
    _line(layer, path, max(1, round(point * chance.uniform(0.4, 1.3))))
    return chance.randint(20, 170)


def _strike(layer: Grey, box: Box, point: float, chance: random.Random) -> int:
    """A number struck out: one line or two through its middle, or a scribble."""
    left, top, right, bottom = box
    middle, tall = (top + bottom) / 2, bottom - top
    thick = max(1, round(point * chance.uniform(0.5, 1.4)))
    if chance.random() < 0.75:
        for _ in range(chance.choice((1, 1, 2))):
            ys = [middle + tall * chance.gauss(0, 0.07), middle + tall * chance.gauss(0, 0.07)]
            _line(layer, np.column_stack([(left + point, right - point), ys]), thick)
    else:
        xs = np.linspace(left, right, chance.randint(8, 16))
        zigzag = middle + tall * 0.3 * np.where(np.arange(len(xs)) % 2, 1, -1) * chance.uniform(0.6, 1)
        _line(layer, np.column_stack([xs, zigzag]), thick)
    return chance.randint(0, 110)


def _line(layer: Grey, points: Floats, thick: int) -> None:
    cv2.polylines(layer, [np.round(points).astype(np.int32)], False, 255, thick, cv2.LINE_AA)
