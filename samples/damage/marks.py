"""What people put on a sheet: stamps and signatures, as so much ink (h, w)."""

from __future__ import annotations

import functools
from pathlib import Path

import cv2
import numpy as np
import reportlab  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from samples.damage.paper import MM
from samples.damage.pictures import Colour, Floats, Picture, Random, dimmed, field

STAMPS: tuple[Colour, ...] = ((52, 74, 190), (40, 52, 150), (112, 64, 170), (136, 84, 190), (196, 44, 52))
PENS: tuple[Colour, ...] = ((28, 44, 140), (44, 62, 176), (24, 24, 28), (40, 40, 46))

_BODIES = ("PANITIA PEMILIHAN KECAMATAN", "KOMISI PEMILIHAN UMUM", "PANITIA PEMUNGUTAN SUARA", "BADAN PENGAWAS PEMILU")
_PLACES = ("CONTOH SATU", "CONTOH DUA", "NAGARI CONTOH", "KABUPATEN CONTOH")


def stamp(rng: Random, dpi: int) -> Picture:
    """Round, 30 to 42 mm across, or a box of two lines; not all of it takes."""
    plain = _round(rng, dpi) if rng.random() < 0.8 else _boxed(rng, dpi)
    turned = plain.rotate(rng.uniform(-30, 30), Image.Resampling.BILINEAR, expand=True)
    ink = np.asarray(turned)
    taken = field(rng, ink.shape, rng.uniform(0.1, 0.6), 1.0, 8 * MM * dpi)
    grain = field(rng, ink.shape, rng.uniform(0.4, 0.8), 1.0, max(0.3 * MM * dpi, 1.5))
    return dimmed(dimmed(ink, taken), grain)


def signature(rng: Random, dpi: int, height: float) -> Picture:
    """A scribble of loops that run to the right, ``height`` in millimetres, with a flourish beneath it now and then."""
    h = int(height * MM * dpi)
    w = int(h * rng.uniform(1.6, 3.2))
    ink = np.zeros((h + 8, w + 8), np.uint8)
    along = np.linspace(0, 1, 240)
    lines = [_scribble(rng, along)]
    if rng.random() < 0.5:
        lines.append(np.column_stack([along, 0.75 + rng.uniform(-0.15, 0.2) * along + 0.05 * np.sin(5 * along)]))
    for line in lines:
        _drawn(ink, line * (w, h) + 4, rng, max(rng.uniform(0.25, 0.6) * MM * dpi, 1.0))
    return ink


def _scribble(rng: Random, along: Floats) -> Floats:
    loops, phase = rng.uniform(3, 8), rng.uniform(0, 6.3)
    fades = np.interp(along, np.sort(rng.uniform(0, 1, 5)), rng.uniform(0.25, 1.0, 5))
    x = 0.08 + 0.8 * along + rng.uniform(0.03, 0.1) * np.cos(2 * np.pi * loops * along + phase)
    y = 0.5 + 0.42 * fades * np.sin(2 * np.pi * loops * along + rng.uniform(0, 6.3))
    y += 0.06 * np.sin(2 * np.pi * rng.uniform(9, 16) * along)
    scribble: Floats = np.column_stack([x, y]).clip(0, 1)
    return scribble


def _drawn(ink: Picture, points: Floats, rng: Random, thick: float) -> None:
    """Stroke by stroke: a pen presses harder downwards."""
    fine = (points * 16).astype(np.int32)
    press = np.diff(points[:, 1], prepend=points[0, 1]) > 0
    for a, b, harder in zip(fine[:-1], fine[1:], press[1:], strict=True):
        wide = max(round(thick * (1.35 if harder else 0.9)), 1)
        cv2.line(ink, a.tolist(), b.tolist(), int(rng.integers(190, 256)), wide, cv2.LINE_AA, 4)


def _round(rng: Random, dpi: int) -> Image.Image:
    side = int(rng.uniform(30, 42) * MM * dpi)
    plain = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(plain)
    thick = max(side // 60, 1)
    for share, wide in ((0.98, thick * 2), (0.90, thick), (0.60, thick)):
        pen.ellipse(_around(side, share), outline=255, width=wide)
    upper = f"{rng.choice(_BODIES)} * {rng.choice(_PLACES)} * "
    for n, sign in enumerate(upper):
        _on_ring(plain, sign, 360 * n / len(upper), side)
    size = max(int(side * 0.13), 6)
    for n, word in enumerate((("PPK", "KPU", "PPS", "KETUA")[rng.integers(4)], "SUMBAR")):
        pen.text((side / 2, side * (0.42 + 0.15 * n)), word, 255, _letters(size), "mm")
    return plain


def _on_ring(plain: Image.Image, sign: str, degrees: float, side: int) -> None:
    size = max(int(side * 0.1), 6)
    one = Image.new("L", (2 * size, 2 * size), 0)
    ImageDraw.Draw(one).text((size, size), sign, 255, _letters(size), "mm")
    one = one.rotate(-degrees, Image.Resampling.BILINEAR)
    angle = np.radians(degrees - 90)
    x, y = side / 2 + 0.375 * side * np.cos(angle), side / 2 + 0.375 * side * np.sin(angle)
    plain.paste(255, (int(x - size), int(y - size)), one)


def _boxed(rng: Random, dpi: int) -> Image.Image:
    w, h = int(rng.uniform(34, 50) * MM * dpi), int(rng.uniform(12, 18) * MM * dpi)
    plain = Image.new("L", (w, h), 0)
    pen = ImageDraw.Draw(plain)
    pen.rectangle((0, 0, w - 1, h - 1), outline=255, width=max(h // 30, 1))
    for n, word in enumerate(
        (("DITERIMA", "SALINAN", "ASLI")[rng.integers(3)], f"TGL {rng.integers(10, 29)} MEI 2019")
    ):
        pen.text((w / 2, h * (0.3 + 0.4 * n)), word, 255, _letters(max(int(h * 0.3), 6)), "mm")
    return plain


def _around(side: int, share: float) -> tuple[float, float, float, float]:
    edge = side * (1 - share) / 2
    return edge, edge, side - edge, side - edge


@functools.cache
def _letters(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(reportlab.__file__).parent / "fonts" / "VeraBd.ttf", size)
