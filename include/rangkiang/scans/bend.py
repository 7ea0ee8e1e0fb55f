"""The bend that is left in a straightened page: paper curls, lenses bow. It is smooth, so a polynomial tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.slopes import Slopes

ALONG, ACROSS = 4, 2
"""Degrees of the polynomial along lines and across them."""
STIFF = 0.003
"""How strongly paper resists bending, in shares of the evidence."""
FLAT = 0.8
"""Pixels: a page that bends less than this lies flat."""

_STEP = 16  # pixels between those whose places are computed
_ANGLE = 0.003  # what a measured slope may be off before it counts for less
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Sag:
    """How far lines of one kind stray from where they begin in the middle: a polynomial of places along and across."""

    size: float  # pixels to which places are scaled
    middle: tuple[float, float]
    terms: Floats  # (ALONG, ACROSS + 1)

    def at(self, along: Floats, across: Floats) -> Floats:
        """Pixels by which a line at ``across`` strays at ``along``; the arguments are broadcast against each other."""
        x, y = (along - self.middle[0]) / self.size, (across - self.middle[1]) / self.size
        powers = np.einsum("ab,b...->a...", self.terms, np.stack([y**b for b in range(ACROSS + 1)]))
        return self.size * sum((powers[a - 1] * x**a for a in range(1, ALONG + 1)), np.zeros(()))

    def enlarged(self, times: float) -> Sag:
        """The same of a page so many times as large."""
        return Sag(times * self.size, (times * self.middle[0], times * self.middle[1]), self.terms)


@dataclass(frozen=True, slots=True)
class Bend:
    """From flat places (u, v) to places on a page: level lines sag by one polynomial, upright ones by another."""

    level: Sag
    upright: Sag

    def places(self, u: Floats, v: Floats) -> tuple[Floats, Floats]:
        return u + self.upright.at(v, u), v + self.level.at(u, v)

    def flattening(self, shape: tuple[int, ...]) -> Callable[[Grey], Grey]:
        """What takes the bend out of pictures of a shape (height, width); what lies flat is left as it is."""
        height, width = shape
        u, v = (
            np.arange(0, width + _STEP, _STEP, dtype=np.float64),
            np.arange(0, height + _STEP, _STEP, dtype=np.float64),
        )
        across, down = self.upright.at(v[:, None], u[None, :]), self.level.at(u[None, :], v[:, None])
        if max(np.abs(across).max(), np.abs(down).max()) < FLAT:
            return lambda grey: grey
        x, y = (_finer(part, (width, height)) for part in (across + u[None, :], down + v[:, None]))
        return lambda grey: cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT).astype(
            np.uint8, copy=False
        )


def _finer(coarse: Floats, size: tuple[int, int]) -> NDArray[np.float32]:
    """A map (width, height) of which every few pixels are known."""
    stretch = np.array([[1 / _STEP, 0, 0], [0, 1 / _STEP, 0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(coarse.astype(np.float32), stretch, size, flags=flags).astype(np.float32, copy=False)


def sag(found: Slopes, shape: tuple[int, int]) -> Sag:
    """The polynomial whose slopes are those found on a page (height, width) along its width."""
    size, middle = max(shape) / 2, (shape[1] / 2, shape[0] / 2)
    x, y = ((found.at - middle) / size).T
    basis = [a * x ** (a - 1) * y**b for a in range(1, ALONG + 1) for b in range(ACROSS + 1)]
    slopes = np.stack(basis, axis=1) if len(x) else np.zeros((0, ALONG * (ACROSS + 1)))
    stiff = np.diag(
        [STIFF * max(found.weight.sum(), 1.0) * (a + b) for a in range(1, ALONG + 1) for b in range(ACROSS + 1)]
    )
    trust = found.weight.copy()
    terms = np.zeros(slopes.shape[1])
    for _ in range(_ROUNDS):
        weighed = slopes * trust[:, None]
        terms = np.linalg.solve(weighed.T @ slopes + stiff, weighed.T @ found.slope)
        trust = found.weight / (1 + ((slopes @ terms - found.slope) / _ANGLE) ** 2)
    return Sag(size, middle, terms.reshape(ALONG, ACROSS + 1))
