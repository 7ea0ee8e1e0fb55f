"""What befalls a print before anybody scans it: toner, rules, its back shining through, holes, a watermark."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import cv2
import numpy as np
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from samples.damage.pictures import Picture, Random, blurred, dimmed, field, inked, picture

MM = 1 / 25.4  # inches
_RULE = 14.0  # millimetres: no stroke of a letter is so long
_GAP = 0.1  # of its ink is left of a rule where it is broken
_BADGE = 46.0  # millimetres from one mark of the watermark to the next


def printed(page: Any, dpi: int) -> Picture:
    """A page of pdfium's as a grey picture."""
    shown = page.render(scale=dpi / 72, grayscale=True).to_numpy()
    return np.ascontiguousarray(shown.reshape(shown.shape[:2]))


def type_size(page: Any) -> float:
    """Points: the middle one of the sizes of the digits on a page of pdfium's; 7 where there are none."""
    with closing(page.get_textpage()) as text:
        count = text.count_chars()
        digits = [n for n in range(count) if chr(pdfium.FPDFText_GetUnicode(text, n)).isdecimal()]
        return float(np.median([pdfium.FPDFText_GetFontSize(text, n) for n in digits] or [7.0]))


def uneven_toner(page: Picture, rng: Random, dpi: int) -> Picture:
    """Ink that is thinner here than there, with streaks along the way through the printer, and with specks in it."""
    dense = field(rng, page.shape, rng.uniform(0.62, 0.9), 1.0, 25 * MM * dpi)
    for _ in range(rng.integers(0, 4)):
        x, half = rng.integers(0, page.shape[1]), int(rng.uniform(0.4, 2.0) * MM * dpi)
        dense[:, max(x - half, 0) : x + half] = dense[:, max(x - half, 0) : x + half] * rng.uniform(0.5, 0.85)
    specks = field(rng, page.shape, rng.uniform(0.3, 0.8), 1.0, max(0.2 * MM * dpi, 1.5))
    return picture(255 - dimmed(dimmed(picture(255 - page), dense), specks))


def worn_rules(page: Picture, rng: Random, dpi: int, faint: float, broken: float) -> Picture:
    """Long rules with ``faint`` (0..1) of their ink and gaps along a share ``broken`` of their length."""
    ink = picture(255 - page)
    length = int(_RULE * MM * dpi)
    across, down = (cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(s, np.uint8)) for s in ((1, length), (length, 1)))
    rules = picture(cv2.max(across, down))
    gaps = field(rng, page.shape, 0.0, 1.0, rng.uniform(1.0, 3.0) * MM * dpi) < 255 * _below(broken)
    left = np.where(gaps, 255 * _GAP, 255 * faint).astype(np.uint8)
    return picture(page + (rules - dimmed(rules, left)))


def _below(share: float) -> float:
    """Of a field between 0 and 1, about that share (up to half) lies below: interpolation heaps it up in the middle."""
    return 0.5 - float(np.sqrt(2 * (0.5 - share))) / 2


def shining_through(page: Picture, back: Picture, strength: float) -> Picture:
    """With the mirrored print of its back, of which ``strength`` (0..1) comes through."""
    ghost = blurred(picture(cv2.resize(255 - back[:, ::-1], page.shape[::-1])), 1.6)
    return picture(cv2.addWeighted(page, 1, ghost, -strength, 0))


def watermarked(page: Picture, rng: Random, dpi: int) -> Picture:
    """On paper with badges all over it, as the forms of polling places have."""
    side = int(_BADGE * MM * dpi)
    badge = np.full((side, side), 255, np.uint8)
    middle, shade, thick = (side // 2, side // 2), int(rng.integers(212, 238)), max(side // 14, 2)
    cv2.ellipse(badge, middle, (int(side * 0.34), int(side * 0.42)), 0, 0, 360, shade, thick, cv2.LINE_AA)
    cv2.ellipse(badge, middle, (int(side * 0.22), int(side * 0.28)), 0, 0, 360, shade, max(thick // 4, 1), cv2.LINE_AA)
    for word, y in (("KOMISI", 0.14), ("PEMILIHAN", 0.55), ("UMUM", 0.92)):
        scale = side / 260
        (wide, _), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_DUPLEX, scale, max(thick // 5, 1))
        at = ((side - wide) // 2, int(side * y))
        cv2.putText(badge, word, at, cv2.FONT_HERSHEY_DUPLEX, scale, shade, max(thick // 5, 1), cv2.LINE_AA)
    h, w = page.shape
    whole = np.tile(badge, (h // side + 2, w // side + 2))
    x, y = rng.integers(0, side, 2)
    return dimmed(page, np.ascontiguousarray(whole[y : y + h, x : x + w]))


def punched(page: Picture, rng: Random, dpi: int) -> None:
    """Two holes at one side, in place, dark or light: ISO 838, 6 mm wide, 80 mm apart, 12 mm from the edge."""
    h, w = page.shape[:2]
    edge, apart, radius = 12 * MM * dpi, 40 * MM * dpi, int(3 * MM * dpi)
    shade = (int(rng.choice((25, 60, 200, 245))),) * 3
    side = rng.choice((0, 1))
    for sign in (-1, 1):
        x, y = (edge, h / 2 + sign * apart) if side else (w / 2 + sign * apart, edge)
        cv2.circle(page, (int(x), int(y)), radius, shade, -1, cv2.LINE_AA)


def stapled(page: Picture, rng: Random, dpi: int) -> None:
    """A staple at the top left with its shadow, in place."""
    side = int(18 * MM * dpi)
    shadow = np.zeros((side, side), np.uint8)
    angle = rng.uniform(-0.2, 1.2)
    reach = 6 * MM * dpi * np.array([np.cos(angle), -np.sin(angle)])
    ends = [tuple((side / 2 + s * reach).astype(int).tolist()) for s in (-1, 1)]
    cv2.line(shadow, ends[0], ends[1], 160, max(int(1.6 * MM * dpi), 1))
    shadow = blurred(shadow, 0.7 * MM * dpi)
    cv2.line(shadow, ends[0], ends[1], 190, max(int(0.5 * MM * dpi), 1), cv2.LINE_AA)
    inked(page, shadow, (40, 40, 45), 11 * MM * dpi, 11 * MM * dpi)
