"""How a page comes to lie in a picture: bent a little, then turned or seen aslant. Points can be carried over."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.damage.pictures import Colour, Floats, Picture, Random, picture

Singles = NDArray[np.float32]

_STEP = 16  # pixels between the points that are bent exactly; between them paper is straight
_ROUNDS = 4  # of finding where a bent point came from


@dataclass(frozen=True, slots=True)
class Bend:
    """``seen`` (3, 3) leads from pixels (x, y) of the bent page to pixels of the picture, which is ``size`` (w, h).

    ``waves`` (n, 6: along x, along y, turns over the page's width, over its height, phase, 1 / longer side) push every
    point of the page by a sine, in pixels.
    """

    seen: Floats
    size: tuple[int, int]
    waves: Floats

    def places(self, points: Floats) -> Floats:
        """Where pixels (n, 2) of the flat page are in the picture."""
        return _through(self.seen, points + self._push(points))

    def laid(self, page: Picture, around: Colour | int) -> Picture:
        """The picture of the page, with one colour around it."""
        fill = (around,) * 3 if isinstance(around, int) else around
        if not len(self.waves):
            return picture(cv2.warpPerspective(page, self.seen, self.size, borderValue=fill))
        x, y = self._maps()
        return picture(cv2.remap(page, x, y, cv2.INTER_LINEAR, borderValue=fill))

    def _maps(self) -> tuple[Singles, Singles]:
        """For every pixel of the picture, where on the flat page it comes from."""
        w, h = self.size
        across, down = np.meshgrid(np.linspace(0, w - 1, w // _STEP + 2), np.linspace(0, h - 1, h // _STEP + 2))
        there = _through(
            np.asarray(np.linalg.inv(self.seen), np.float64), np.column_stack([across.ravel(), down.ravel()])
        )
        here = there.copy()
        for _ in range(_ROUNDS):
            here = there - self._push(here)
        coarse = here.reshape(*across.shape, 2).astype(np.float32)
        stretch = _stretch(across.shape, w, h)
        x, y = (cv2.warpAffine(c, stretch, (w, h), borderMode=cv2.BORDER_REPLICATE) for c in cv2.split(coarse))
        return np.asarray(x, np.float32), np.asarray(y, np.float32)

    def _push(self, points: Floats) -> Floats:
        pushed = np.zeros_like(points)
        for dx, dy, across, down, phase, scale in self.waves:
            wave = np.sin(2 * np.pi * scale * (points @ (across, down)) + phase)
            pushed += wave[:, None] * (dx, dy)
        return pushed


def _stretch(shape: tuple[int, ...], w: int, h: int) -> Floats:
    """From a coarse grid whose outer points are the picture's corners to the picture."""
    return np.array([[(w - 1) / (shape[1] - 1), 0, 0], [0, (h - 1) / (shape[0] - 1), 0]], dtype=np.float64)


def _through(homography: Floats, points: Floats) -> Floats:
    on = np.column_stack([points, np.ones(len(points))]) @ homography.T
    there: Floats = on[:, :2] / on[:, 2:]
    return there


def askew(shape: tuple[int, ...], degrees: float, turn: int, shift: tuple[float, float]) -> Bend:
    """On a scanner's glass: a little askew, ``turn`` quarter turns against the clock, shifted by so many pixels."""
    h, w = shape[:2]
    size = (h, w) if turn % 2 else (w, h)
    angle = np.radians(degrees + 90 * turn)
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = size[0] / 2 + shift[0], size[1] / 2 + shift[1]
    seen = [[cos, sin, x - cos * w / 2 - sin * h / 2], [-sin, cos, y + sin * w / 2 - cos * h / 2], [0, 0, 1]]
    return Bend(np.array(seen), size, np.zeros((0, 6)))


def aslant(shape: tuple[int, ...], rng: Random, slant: float, curl: float, margin: float) -> Bend:
    """Before a phone: each corner strays by up to ``slant`` of the page's sides from a rectangle that leaves ``margin``
    of them free; paper is bent by up to ``curl`` pixels."""
    h, w = shape[:2]
    sides = np.array([w, h])
    size = (int(w * (1 + 2 * margin)), int(h * (1 + 2 * margin)))
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float64)
    turned = _turned(corners - sides / 2, rng.uniform(-2.5, 2.5)) + np.array(size) / 2
    there = turned + rng.uniform(-slant, slant, (4, 2)) * sides
    seen = cv2.getPerspectiveTransform(corners.astype(np.float32), there.astype(np.float32))
    phases = rng.uniform(0, 2 * np.pi, 2)
    waves = [
        [0, curl * rng.uniform(0.3, 1), rng.uniform(0.4, 1.1), rng.uniform(-0.2, 0.2), phases[0], 1 / max(w, h)],
        [curl * rng.uniform(0.1, 0.5), 0, rng.uniform(-0.2, 0.2), rng.uniform(0.4, 1.0), phases[1], 1 / max(w, h)],
    ]
    return Bend(np.asarray(seen, dtype=np.float64), size, np.array(waves))


def _turned(points: Floats, degrees: float) -> Floats:
    angle = np.radians(degrees)
    turned: Floats = points @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return turned
