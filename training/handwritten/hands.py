"""Whose hand a sign is drawn in: a pen along a skeleton, a font that looks handwritten, a real writer's digit.

The real digits are scikit-learn's copy of the UCI optical recognition set (E. Alpaydin, C. Kaynak; CC BY 4.0): 8 x 8
greys of 13 writers, in the order of writers.
"""

from __future__ import annotations

import functools
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.fonts import FontMissing
from training.handwritten.skeletons import STROKE_THROUGH, strokes, written

Part = Literal["train", "calibrate", "evaluate"]
Source = Literal["pen", "font", "real"]
Ink = NDArray[np.uint8]  # 0 nothing, 255 ink

_FONTS = Path(__file__).with_name("fonts.toml")
_REAL = {"train": slice(0, 1200), "calibrate": slice(1200, 1490), "evaluate": slice(1490, None)}
_CELL = 64  # pixels of a bitmap sign
SLANT, TURN = 0.18, 0.08
"""Standard deviations of a hand's slant (tangent) and of its turn (radians)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a sign is put, in pixels: its middle and its size."""

    x: float
    y: float
    width: float
    height: float


def draw(ink: Ink, sign: str, source: Source, part: Part, frame: Frame, pen: float, chance: random.Random) -> None:
    """Write a sign into ``ink``; ``pen`` is the width of the stroke in pixels."""
    place = _placed(frame, chance)
    if source == "pen":
        _trace(ink, strokes(sign, chance, chance.choice((0.02, 0.035, 0.05, 0.07))), place, pen)
        return
    shape = _letter(chance.choice(fonts(part)), sign) if source == "font" else chance.choice(real(part)[sign])
    _stamp(ink, _bent(shape, chance), place)


def trace(ink: Ink, way: str, frame: Frame, pen: float, chance: random.Random) -> None:
    """A pen's way through the frame, straight up."""
    _trace(ink, written(way, chance, 0.03), _plain(frame), pen)


def strike(ink: Ink, frame: Frame, pen: float, chance: random.Random) -> None:
    """One stroke through a box, from corner to corner."""
    _trace(ink, written(chance.choice(STROKE_THROUGH), chance, 0.05), _plain(frame), pen)


def scribble(ink: Ink, frame: Frame, pen: float, chance: random.Random) -> None:
    """Something that is no sign."""
    way = " ".join(f"{chance.random():.2f},{chance.random():.2f}" for _ in range(chance.randint(7, 16)))
    _trace(ink, written(way, chance, 0.02), _plain(frame), pen)


@functools.cache
def fonts(part: Part) -> tuple[str, ...]:
    """The files of a part's fonts. Raises FontMissing."""
    patterns: list[str] = tomllib.loads(_FONTS.read_text())[part]
    for pattern in patterns:
        if not any(Path("/usr/share").glob(pattern)):
            raise FontMissing(pattern)
    return tuple(sorted(str(path) for pattern in patterns for path in Path("/usr/share").glob(pattern)))


@functools.cache
def real(part: Part) -> dict[str, list[Ink]]:
    """Digits of a part's writers, by digit."""
    from sklearn.datasets import load_digits  # wanted for training only

    digits = load_digits()
    pictures, labels = digits.images[_REAL[part]], digits.target[_REAL[part]]
    found: dict[str, list[Ink]] = {str(n): [] for n in range(10)}
    for picture, label in zip(pictures, labels, strict=True):
        fine = cv2.resize(picture.astype(np.float32), (_CELL, _CELL), interpolation=cv2.INTER_CUBIC)
        found[str(label)].append(_cropped(np.clip((fine - 5.5) * 64, 0, 255).astype(np.uint8)))
    return found


@functools.lru_cache(maxsize=4096)
def _letter(path: str, sign: str) -> Ink:
    font = ImageFont.truetype(path, _CELL)
    picture = Image.new("L", (3 * _CELL, 3 * _CELL))
    ImageDraw.Draw(picture).text((_CELL, _CELL // 2), sign, fill=255, font=font)
    return _cropped(np.array(picture))


def _cropped(picture: Ink) -> Ink:
    x, y, width, height = cv2.boundingRect((picture > 60).astype(np.uint8))
    return picture[y : y + height, x : x + width] if width else np.full((1, 1), 255, np.uint8)


def _plain(frame: Frame) -> NDArray[np.float64]:
    """From the unit square to pixels (2, 3)."""
    left, top = frame.x - frame.width / 2, frame.y - frame.height / 2
    return np.array([[frame.width, 0, left], [0, frame.height, top]])


def _placed(frame: Frame, chance: random.Random) -> NDArray[np.float64]:
    """The same, slanted and turned."""
    slant, turn = chance.gauss(-0.08, SLANT), chance.gauss(0, TURN)
    lean = np.array([[1, slant], [0, 1]]) @ np.diag([frame.width, frame.height])
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ lean
    middle = np.array([frame.x, frame.y]) - turned @ (0.5, 0.5)
    return np.column_stack([turned, middle])


def _trace(ink: Ink, lines: list[NDArray[np.float64]], place: NDArray[np.float64], pen: float) -> None:
    for line in lines:
        points = line @ place[:, :2].T + place[:, 2]
        fine = np.rint(points * 16).astype(np.int32)
        cv2.polylines(ink, [fine], False, 255, max(1, round(pen)), cv2.LINE_AA, 4)


def _bent(shape: Ink, chance: random.Random) -> Ink:
    """A bitmap sign bent like rubber, its strokes a little thicker or thinner."""
    height, width = shape.shape
    wide = cv2.copyMakeBorder(shape, 10, 10, 10, 10, cv2.BORDER_CONSTANT)
    noise = np.random.default_rng(chance.getrandbits(32)).normal(0, 0.05 * height, (2, 4, 4)).astype(np.float32)
    size = (width + 20, height + 20)
    dx, dy = (cv2.resize(n, size, interpolation=cv2.INTER_CUBIC) for n in noise)
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    bent = cv2.remap(wide, x + dx, y + dy, cv2.INTER_LINEAR)
    grown = chance.choice((0, 0, 0, 1, 2, -1))
    if grown:
        kernel = np.ones((abs(grown) + 2, abs(grown) + 2), np.uint8)
        bent = cv2.dilate(bent, kernel) if grown > 0 else cv2.erode(bent, kernel)
    return _cropped(np.asarray(bent, dtype=np.uint8))


def _stamp(ink: Ink, shape: Ink, place: NDArray[np.float64]) -> None:
    height, width = shape.shape
    into = np.column_stack([place[:, :2] @ np.diag([1 / width, 1 / height]), place[:, 2]])
    size = (ink.shape[1], ink.shape[0])
    np.maximum(ink, cv2.warpAffine(shape, into, size, flags=cv2.INTER_AREA).astype(np.uint8), out=ink)
