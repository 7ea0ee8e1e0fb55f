"""What printing, scanning and photographing do to a sheet. The picture is worn as a whole, so that neighbouring cells
share their damage as on paper."""

from __future__ import annotations

import random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.damage import Damage

LEAST_BILEVEL = 15.0
"""Pixels: nobody scans smaller type in black and white alone."""

Page = NDArray[Any]  # grey
Floats = NDArray[np.float64]


def wear(page: Page, damage: Damage, point: float, size: float, chance: random.Random) -> tuple[Page, Floats]:
    """The page as it comes off the scanner, made straight again but for a little; and the affine map (2, 3) to it.

    ``point`` and ``size``, of the type, are pixels.
    """
    dice = np.random.default_rng(chance.getrandbits(32))
    page = _printed(page, damage, point, chance, dice)
    height, width = page.shape
    places = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), damage.turn, 1), np.float64)
    places[0, 1] += chance.gauss(0, 0.01) if damage.level != "clean" else 0.0
    page = cv2.warpAffine(page, places, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    page = _light(_seen(page, damage, size, chance), damage, dice)
    page = _kept(page, damage, size, chance, dice)
    zoom = chance.choice((1.0, 1.0, 1.25, 1.6)) if damage.level == "photo" else 1.0
    if zoom > 1:
        page = cv2.resize(page, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_LINEAR)
    return page, places * zoom


def _printed(page: Page, damage: Damage, point: float, chance: random.Random, dice: np.random.Generator) -> Page:
    """Toner with gaps, the other side shining through, a watermark."""
    if damage.gaps:
        page = _gaps(page, damage.gaps, dice)
    if damage.bleed:
        other = cv2.GaussianBlur(page[:, ::-1], (0, 0), 0.5 * point)
        page = np.minimum(page, 255 - ((255 - other) * damage.bleed).astype(np.uint8))
    if damage.texture:
        page = _watermark(page, damage.texture, point, chance)
    return page


def _kept(page: Page, damage: Damage, size: float, chance: random.Random, dice: np.random.Generator) -> Page:
    """Grain, black and white alone, JPEG."""
    grain = dice.standard_normal(page.shape, np.float32) * np.float32(damage.noise * min(1.5, size / 20))
    page = (page + grain).clip(0, 255).astype(np.uint8)
    if damage.bilevel and size >= LEAST_BILEVEL:
        page = _bilevel(page, chance)
    if damage.jpeg < 100:
        packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, damage.jpeg])[1]
        page = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))
    return page


def _gaps(page: Page, strength: float, dice: np.random.Generator) -> Page:
    height, width = page.shape
    patchy = cv2.resize(dice.random((height // 3 + 1, width // 3 + 1)).astype(np.float32), (width, height))
    missing = np.clip((patchy - (1 - strength)) * 5, 0, 1) * 0.9
    return np.asarray(255 - (255 - page) * (1 - missing), np.uint8)


def _watermark(page: Page, strength: float, point: float, chance: random.Random) -> Page:
    layer = np.zeros_like(page)
    height, width = page.shape
    for _ in range(3):
        place = chance.randrange(-width // 3, width), chance.randrange(height + 1)
        word = chance.choice(("KPU", "SALINAN", "PEMILU 2019", "COPY"))
        size, thick = point * chance.uniform(0.5, 2), max(2, int(point * chance.uniform(0.5, 3)))
        cv2.putText(layer, word, place, cv2.FONT_HERSHEY_TRIPLEX, size, 255, thick, cv2.LINE_AA)
    for _ in range(chance.choice((0, 2, 6))):  # a badge's rings
        middle, radius = (chance.randrange(width), chance.randrange(height)), int(point * chance.uniform(15, 70))
        cv2.circle(layer, middle, radius, 255, max(2, int(point * chance.uniform(2, 16))), cv2.LINE_AA)
    return np.minimum(page, 255 - (layer * strength).astype(np.uint8))


def _seen(page: Page, damage: Damage, size: float, chance: random.Random) -> Page:
    """Through the lens: blur, motion, too few pixels."""
    height, width = page.shape
    shrink = min(damage.shrink, size / 8.5)
    if shrink > 1.02:
        small = cv2.resize(page, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        page = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    if damage.blur * size > 0.3:
        page = cv2.GaussianBlur(page, (0, 0), damage.blur * size)
    if damage.motion * size > 1:
        page = _moved(page, damage.motion * size, chance)
    return page


def _moved(page: Page, far: float, chance: random.Random) -> Page:
    size = 2 * int(far / 2 + 1) + 1
    kernel = np.zeros((size, size), np.float32)
    angle, middle = chance.uniform(0, np.pi), size // 2
    for step in np.linspace(-far / 2, far / 2, 4 * size):
        kernel[round(middle + step * np.sin(angle)), round(middle + step * np.cos(angle))] += 1
    return cv2.filter2D(page, -1, kernel / kernel.sum())


def _light(page: Page, damage: Damage, dice: np.random.Generator) -> Page:
    """Shadows, and what is left of contrast."""
    height, width = page.shape
    paper = dice.uniform(0.85, 1.0)
    lit = np.full((height, width), paper, np.float32)
    if damage.light:
        blobs = dice.uniform(1 - damage.light, 1.0, (3, 3)).astype(np.float32)
        lit *= cv2.resize(blobs, (width, height), interpolation=cv2.INTER_CUBIC)
    black = dice.uniform(0, 50) if damage.level != "clean" else 0.0
    return (black + page * lit * (255 - black) / 255).clip(0, 255).astype(np.uint8)


def _bilevel(page: Page, chance: random.Random) -> Page:
    """Black and white alone, as a scanner's text mode has it."""
    ink, paper = np.percentile(page, (1, 70))
    return np.where(page < ink + (paper - ink) * chance.uniform(0.45, 0.8), 0, 255).astype(np.uint8)
