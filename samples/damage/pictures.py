"""Small things done to pictures: fields of light, grain, ink laid on."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Random = np.random.Generator
Picture = NDArray[np.uint8]
"""Grey (h, w), black or white where it is bilevel, or RGB (h, w, 3)."""

Floats = NDArray[np.float64]
Colour = tuple[int, int, int]

_TILE = 509  # of grain: prime, so that it falls in step with no table
_LUMA = (0.299, 0.587, 0.114)


def picture(found: Any) -> Picture:
    """What OpenCV gives: its own types do not say that it is one."""
    return np.asarray(found, np.uint8)


def field(rng: Random, shape: tuple[int, ...], low: float, high: float, step: float) -> Picture:
    """(h, w): values between low and high (0..1, as 0..255) that change over about ``step`` pixels."""
    h, w = shape[:2]
    coarse = rng.uniform(low * 255, high * 255, (int(h / step) + 2, int(w / step) + 2))
    return picture(cv2.resize(coarse.astype(np.uint8), (w, h), interpolation=cv2.INTER_LINEAR))


def dimmed(seen: Picture, light: Picture) -> Picture:
    """The picture under a light of shape (h, w), 255 being full light."""
    if seen.ndim == 3:
        light = coloured(light)
    return picture(cv2.multiply(seen, light, scale=1 / 255))


def grainy(seen: Picture, rng: Random, sigma: float, blur: float = 0.0) -> Picture:
    """With noise of a normal distribution; ``blur`` makes its grains larger, in pixels."""
    h, w = seen.shape[:2]
    tile = rng.standard_normal((_TILE, _TILE), np.float32)
    if blur:
        tile = np.asarray(cv2.GaussianBlur(tile, (0, 0), blur), np.float32)
        tile /= tile.std()
    whole: Any = np.tile((tile * sigma).round().astype(np.int16), (h // _TILE + 1, w // _TILE + 1))[:h, :w]
    if seen.ndim == 3:
        whole = cv2.merge([whole] * 3)
    return picture(cv2.add(seen, whole, dtype=cv2.CV_8U))


def inked(seen: Picture, ink: Picture, colour: Colour, x: float, y: float) -> None:
    """Lays ink on the picture, in place: ``ink`` (h, w) is how much of it, its middle comes to (x, y).

    Ink takes light away and covers nothing: what is printed beneath it stays the darker.
    """
    h, w = ink.shape
    left, top = int(x - w / 2), int(y - h / 2)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + w, seen.shape[1]), min(top + h, seen.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = ink[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32) / 255
    takes = 1 - np.array(colour, np.float32) / 255
    through = 1 - part[..., None] * takes if seen.ndim == 3 else 1 - part * float(takes @ np.array(_LUMA))
    seen[y0:y1, x0:x1] = (seen[y0:y1, x0:x1] * through).astype(np.uint8)


def coloured(grey: Picture) -> Picture:
    return picture(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB))


def blurred(seen: Picture, sigma: float) -> Picture:
    """``sigma`` in pixels."""
    return picture(cv2.GaussianBlur(seen, (0, 0), sigma))
