"""How lines run over a page, and the homography that makes them level and upright.

Sums along all straight lines of a strip in n log n steps: Brady, A Fast Discrete Approximation Algorithm for the Radon
Transform, SIAM J. Comput. 27 (1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Grey

STEEPEST = 0.26
"""The slope (15 degrees) up to which lines are looked for."""

_TALL = 96  # rows of a block in which lines are taken to be parallel
_CLEAR = 0.25  # by what share the best slope must beat the others for the block to count
_EXPECTED = 1e-3  # how strongly uprights are held at right angles to level lines, in shares of the evidence
_FAR = 2e-4  # how strongly vanishing points are held at infinity, in shares of the evidence
_OFF = 0.64  # steps that a slope may be off before it counts for less
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Slopes:
    """Slopes at places: ``at`` (n, 2: along, across), ``slope`` (n,: dy/dx, in steps of ``step``), ``weight``."""

    at: Floats
    slope: Floats
    weight: Floats
    step: float


def slopes(strokes: Grey, width: int) -> Slopes:
    """The slope of level strokes (bright on black) in every block ``width`` wide, a power of two."""
    height = strokes.shape[0] // _TALL * _TALL
    count = strokes.shape[1] // width
    if not height or not count:
        return Slopes(np.zeros((0, 2)), np.zeros(0), np.zeros(0), 1 / width)
    strips = strokes[:height, : count * width].T.reshape(count, width, height)
    columns = np.ascontiguousarray(strips.transpose(1, 0, 2), dtype=np.uint16)
    down = _energy(_sums(columns))
    up = _energy(_sums(np.ascontiguousarray(columns[:, :, ::-1])))[:, :, ::-1]
    energy = np.concatenate([up[:0:-1], down])
    steps = np.arange(1 - len(up), len(down)) / (width - 1)
    return _best(energy, steps, width)


def _sums(columns: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """(slopes, strips, height) of columns (width, strips, height): sums along lines that fall so many pixels."""
    sums, wide = columns[None], 1
    while sums.shape[1] > 1:
        wide *= 2
        left, right = sums[:, 0::2], sums[:, 1::2]
        most = min(wide, int(STEEPEST * wide) + 2)
        joined = np.empty((most, *left.shape[1:]), dtype=np.uint16)
        for fall in range(most):
            half, rest = min(fall // 2, len(left) - 1), fall - fall // 2
            shift = min(rest, left.shape[-1])
            joined[fall] = left[half]
            joined[fall, ..., : left.shape[-1] - shift] += right[half][..., shift:]
        sums = joined
    return sums[:, 0]


def _energy(sums: NDArray[np.uint16]) -> Floats:
    """(slopes, strips, blocks): how sharply lines stand out. Squares of differences, so that grey areas are nothing."""
    sharp = np.diff(sums.astype(np.float32), axis=-1, prepend=np.float32(0)) ** 2
    energy: Floats = sharp.reshape(*sums.shape[:2], -1, _TALL).sum(axis=-1).astype(np.float64)
    return energy


def _best(energy: Floats, steps: Floats, width: int) -> Slopes:
    best = np.clip(energy.argmax(axis=0), 1, len(steps) - 2)
    before, peak, after = (np.take_along_axis(energy, (best + n)[None], axis=0)[0] for n in (-1, 0, 1))
    bend = 2 * peak - before - after
    part = np.where(bend > 0, (after - before) / np.maximum(2 * bend, 1e-9), 0.0).clip(-0.5, 0.5)
    clear = 1 - np.median(energy, axis=0) / np.maximum(peak, 1e-9)
    strip, block = np.nonzero(clear > _CLEAR)
    at = np.column_stack([(strip + 0.5) * width, (block + 0.5) * _TALL])
    weight = (peak * clear)[strip, block] ** 0.5
    step = float(steps[1] - steps[0])
    return Slopes(at, steps[best[strip, block]] + part[strip, block] * step, weight, step)


def straightening(level: Slopes, upright: Slopes, shape: tuple[int, int]) -> Floats:
    """The homography (3, 3) from a straight page to this one; the middle stays where it is.

    ``upright`` was measured on the transposed page. All lines of a kind meet in one vanishing point.
    """
    height, width = shape
    middle, size = np.array([width, height]) / 2, max(shape) / 2
    across = _vanishing(level, middle, size, 0.0)
    down = _vanishing(upright, middle[::-1], size, -across[1] / across[0])
    straight = np.column_stack([across / across[0], down[[1, 0, 2]] / down[0], [0.0, 0.0, 1.0]])
    straight[:, :2] /= np.hypot(straight[0, :2], straight[1, :2])
    norm = np.array([[1 / size, 0, -middle[0] / size], [0, 1 / size, -middle[1] / size], [0, 0, 1]])
    found: Floats = np.linalg.inv(norm) @ straight @ norm
    return found


def _vanishing(found: Slopes, middle: Floats, size: float, expected: float) -> Floats:
    """The point (homogeneous) through which lines of these slopes at these places run; far away where in doubt."""
    at = np.vstack([(found.at - middle) / size, [0.0, 0.0]])
    slope = np.append(found.slope, expected)
    weight = np.append(found.weight, _EXPECTED * found.weight.sum() + 1e-9)
    lines = np.column_stack([-slope, np.ones(len(at)), at[:, 0] * slope - at[:, 1]])
    trust = weight.copy()
    for _ in range(_ROUNDS):
        evidence = (lines * trust[:, None]).T @ lines
        evidence[2, 2] += _FAR * trust.sum()
        point: Floats = np.linalg.eigh(evidence)[1][:, 0]
        trust = weight / (1 + (lines @ point / (_OFF * found.step)) ** 2)
    return point
