"""Pages on a scanner's glass: kept clean, or as offices do it."""

from __future__ import annotations

import cv2
import numpy as np

from samples.damage import marks, paper
from samples.damage.bend import Bend, askew
from samples.damage.hands import sign
from samples.damage.levels import Device
from samples.damage.paper import MM
from samples.damage.pictures import Picture, Random, blurred, coloured, dimmed, field, grainy, inked, picture

_MARGIN = 30 / 72  # inches: nothing is printed there
_PAPER, _WIDE = 8, 9  # the light is looked at on a picture so many times smaller, over so many of its pixels
_WHITENED = 0.4  # share of scanners that make paper white, and faint ink fainter


def clean(page: Picture, back: Picture, device: Device, rng: Random) -> tuple[Picture, Bend]:
    """Straight, sharp, hardly any noise; signed in the margin below, if at all. Nothing shines through."""
    page = page.copy()
    if rng.random() < 0.5:
        for _ in range(rng.integers(1, 4)):
            ink = marks.signature(rng, device.dpi, rng.uniform(5, 8))
            y = page.shape[0] - (_MARGIN / 2) * device.dpi
            inked(page, ink, (30, 30, 30), rng.uniform(0.1, 0.9) * page.shape[1], y)
    bend = askew(page.shape, rng.uniform(-0.4, 0.4), 0, (0, 0))
    seen = blurred(bend.laid(page, 255), rng.uniform(0.3, 0.6))
    seen = dimmed(seen, np.full(seen.shape, int(rng.integers(244, 256)), np.uint8))
    seen = grainy(seen, rng, rng.uniform(1, 4))
    return (_bilevel(seen, rng, 0.55, 0.7) if device.mode == "bilevel" else seen), bend


def office(page: Picture, back: Picture, device: Device, rng: Random) -> tuple[Picture, Bend]:
    """Worn paper, signed and stamped, laid on the glass in haste."""
    page = _worn(page, back, device, rng)
    if device.mode == "colour":
        page = coloured(page)
    sign(page, rng, device.dpi, among=0.3)
    if rng.random() < 0.3:
        paper.punched(page, rng, device.dpi)
    if rng.random() < 0.3:
        paper.stapled(page, rng, device.dpi)
    turn = int(rng.choice((0, 0, 0, 0, 0, 0, 0, 1, 2, 3)))
    shift = rng.uniform(-2.5, 2.5, 2) * MM * device.dpi
    bend = askew(page.shape, rng.uniform(-1.5, 1.5), turn, (shift[0], shift[1]))
    seen = bend.laid(page, int(rng.choice((255, 250, 235, 40))))
    return _scanned(seen, device, rng), bend


def _worn(page: Picture, back: Picture, device: Device, rng: Random) -> Picture:
    """Pale print is lost in black and white: nobody can read such a scan, and offices take them in grey."""
    dpi, pale = device.dpi, device.mode != "bilevel"
    if rng.random() < 0.5:
        page = paper.worn_rules(page, rng, dpi, rng.uniform(0.35 if pale else 0.6, 0.9), rng.uniform(0.0, 0.15))
    if rng.random() < 0.6 and pale:
        page = paper.uneven_toner(page, rng, dpi)
    if rng.random() < 0.35:
        page = paper.shining_through(page, back, rng.uniform(0.04, 0.14))
    return paper.watermarked(page, rng, dpi) if rng.random() < 0.15 else page.copy()


def _scanned(seen: Picture, device: Device, rng: Random) -> Picture:
    seen = blurred(seen, rng.uniform(0.4, 1.0) * device.dpi / 175)
    light = field(rng, seen.shape, rng.uniform(0.82, 0.95), 1.0, max(seen.shape[:2]) / 3)
    seen = grainy(dimmed(seen, light), rng, rng.uniform(1, 6), rng.choice((0.0, 0.7)))
    if rng.random() < _WHITENED:
        seen = picture(cv2.convertScaleAbs(seen, alpha=rng.uniform(1.05, 1.3)))
    return _bilevel(seen, rng, 0.72, 0.82) if device.mode == "bilevel" else seen


def _bilevel(seen: Picture, rng: Random, low: float, high: float) -> Picture:
    """Black and white, by one threshold for the page: a share of the paper's brightness around each place."""
    height, width = seen.shape
    small = cv2.resize(seen, (max(1, width // _PAPER), max(1, height // _PAPER)), interpolation=cv2.INTER_AREA)
    light = cv2.blur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_WIDE, _WIDE), np.uint8)), (_WIDE, _WIDE))
    paper_white = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return picture(np.where(seen < paper_white * rng.uniform(low, high), 0, 255))
