"""Pages photographed on a table."""

from __future__ import annotations

import cv2
import numpy as np

from samples.damage import paper
from samples.damage.bend import Bend, aslant
from samples.damage.hands import sign
from samples.damage.levels import Device
from samples.damage.paper import MM
from samples.damage.pictures import Colour, Floats, Picture, Random, blurred, coloured, dimmed, grainy, picture

_TABLES: tuple[Colour, ...] = ((120, 82, 50), (84, 60, 44), (60, 66, 72), (150, 120, 90), (40, 74, 52), (176, 170, 160))
_COARSE = 16  # pixels: light changes slowly


def photo(page: Picture, back: Picture, device: Device, rng: Random) -> tuple[Picture, Bend]:
    """Seen aslant, bent, badly lit, out of focus and not held still. The back does not shine through."""
    dpi = device.dpi
    if rng.random() < 0.5:
        page = paper.uneven_toner(page, rng, dpi)
    page = coloured(page)
    sign(page, rng, dpi, among=0.6)
    bend = aslant(page.shape, rng, rng.uniform(0.005, 0.035), rng.uniform(0.3, 2.2) * MM * dpi, rng.uniform(0.03, 0.09))
    seen = _on_table(page, bend, rng)
    seen = dimmed(seen, _light(seen.shape, rng))
    seen = _cast(seen, rng)
    seen = _unsharp(seen, dpi, rng)
    return grainy(seen, rng, rng.uniform(2, 7), 0.6), bend


def _on_table(page: Picture, bend: Bend, rng: Random) -> Picture:
    """The paper over the table, with the shadow that its edge throws."""
    seen = bend.laid(page, 0)
    whole = bend.laid(np.full(page.shape[:2], 255, np.uint8), 0)
    offset = np.array([[1, 0, rng.uniform(-9, 9)], [0, 1, rng.uniform(-9, 9)]])
    shadow = blurred(picture(cv2.warpAffine(whole, offset, bend.size)), rng.uniform(3, 9))
    under = dimmed(_table(bend.size, rng), picture(255 - shadow // 2))
    return picture(cv2.add(seen, dimmed(under, picture(255 - whole))))


def _table(size: tuple[int, int], rng: Random) -> Picture:
    """Wood, whose grain runs across, or cloth."""
    w, h = size
    stretch = rng.choice((1, 24))
    grain = rng.normal(0, 14, (h // 3 + 1, w // (3 * stretch) + 1, 1))
    coarse = (grain + _TABLES[rng.integers(len(_TABLES))]).clip(0, 255).astype(np.uint8)
    return picture(cv2.resize(coarse, (w, h), interpolation=cv2.INTER_LINEAR))


def _light(shape: tuple[int, ...], rng: Random) -> Picture:
    """Brighter on one side, darker towards the corners, and with the soft shadow of a hand or a phone now and then."""
    h, w = shape[:2]
    y, x = np.mgrid[-1 : 1 : (h // _COARSE) * 1j, -1 : 1 : (w // _COARSE) * 1j]
    angle, fall = rng.uniform(0, 2 * np.pi), rng.uniform(0.02, 0.2)
    light = 1 - fall * (1 + x * np.cos(angle) + y * np.sin(angle)) / 2 - rng.uniform(0, 0.12) * (x**2 + y**2) / 2
    if rng.random() < 0.6:
        light *= _shadow(x, y, rng)
    light *= rng.uniform(0.78, 1.0) / light.max()
    return picture(cv2.resize((255 * light).astype(np.uint8), (w, h), interpolation=cv2.INTER_LINEAR))


def _shadow(x: Floats, y: Floats, rng: Random) -> Floats:
    """Beyond a line across the picture; its edge is soft."""
    angle, at, soft = rng.uniform(0, 2 * np.pi), rng.uniform(-0.2, 0.8), rng.uniform(0.04, 0.3)
    beyond = x * np.cos(angle) + y * np.sin(angle) + 0.15 * np.sin(3 * (x - y)) - at
    shadow: Floats = 1 - rng.uniform(0.15, 0.45) / (1 + np.exp(-beyond / soft))
    return shadow


def _cast(seen: Picture, rng: Random) -> Picture:
    """Warm or cold light."""
    warm = rng.uniform(-0.1, 0.14)
    gain = np.array([1 + min(warm, 0), 1 - abs(warm) * 0.35, 1 - max(warm, 0)])
    table = (np.arange(256)[:, None] * gain).clip(0, 255).astype(np.uint8)
    return picture(cv2.LUT(seen, table.reshape(1, 256, 3)))


def _unsharp(seen: Picture, dpi: int, rng: Random) -> Picture:
    """Out of focus by a disc, shaken along a line; both grow with the resolution, as they do on a table."""
    lens = _disc(rng.uniform(0.5, 1.25) * dpi / 140)
    if rng.random() < 0.5:
        hand = _line(rng.uniform(1.0, 2.6) * dpi / 140, rng.uniform(0, np.pi))
        lens = np.asarray(cv2.filter2D(np.pad(lens, len(hand) // 2), -1, hand), np.float64)
    return picture(cv2.filter2D(seen, -1, lens))


def _disc(radius: float) -> Floats:
    reach = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = (radius + 0.5 - np.hypot(x, y)).clip(0, 1)
    kernel: Floats = disc / disc.sum()
    return kernel


def _line(length: float, angle: float) -> Floats:
    reach = int(np.ceil(length / 2)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along, beside = x * np.cos(angle) + y * np.sin(angle), x * np.sin(angle) - y * np.cos(angle)
    line = (1 - np.abs(beside)).clip(0, 1) * (length / 2 + 0.5 - np.abs(along)).clip(0, 1)
    kernel: Floats = line / line.sum()
    return kernel
