"""Where people put their marks on a page."""

from __future__ import annotations

from samples.damage import marks
from samples.damage.paper import MM
from samples.damage.pictures import Picture, Random, inked


def sign(page: Picture, rng: Random, dpi: int, among: float) -> None:
    """Signs and stamps, in place: at the foot, where ink reaches the figures above it, and with a share ``among`` of
    the stamps, and some pens, anywhere on the page."""
    h, w = page.shape[:2]
    for _ in range(rng.integers(0, 6)):
        pen = marks.PENS[rng.integers(len(marks.PENS))]
        ink = marks.signature(rng, dpi, rng.uniform(9, 20))
        inked(page, ink, pen, rng.uniform(0.08, 0.92) * w, _down(h, rng, dpi, among / 4))
    for _ in range(rng.choice((0, 1, 1, 2))):
        pad = marks.STAMPS[rng.integers(len(marks.STAMPS))]
        inked(page, marks.stamp(rng, dpi), pad, rng.uniform(0.1, 0.9) * w, _down(h, rng, dpi, among))


def _down(h: int, rng: Random, dpi: int, among: float) -> float:
    foot = h - float(rng.uniform(9, 36)) * MM * dpi
    return float(rng.uniform(0.15, 0.9)) * h if rng.random() < among else foot
