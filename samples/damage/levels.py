"""How badly a sheet is worn: what devices there are at each level, and which one a document went through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from samples.damage.pictures import Random

Mode = Literal["bilevel", "grey", "colour"]

LEAST = 8.0
"""Pixels from the foot of a figure to its head."""

_DIGIT = 0.72  # height of a digit, in sizes of its font


class Level(StrEnum):
    """From the best that an office sends to the worst that is still meant to be read."""

    CLEAN = "clean"
    OFFICE = "office"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Device:
    """What all pages of a document have in common.

    ``quality`` is JPEG's, and has no say in what is bilevel; ``claimed`` are the dots per inch that its pictures say
    they have: a phone cannot know.
    """

    dpi: int
    mode: Mode
    quality: int
    claimed: int


def device(level: Level, rng: Random, size: float) -> Device:
    """The scanner or phone of a document whose figures are ``size`` points high.

    Who scans or photographs sees to it that the figures can be made out: none has less than LEAST pixels.
    """
    least = 72 * LEAST / (_DIGIT * size)
    return {Level.CLEAN: _clean, Level.OFFICE: _office, Level.PHOTO: _photo}[level](rng, least)


def _clean(rng: Random, least: float) -> Device:
    if rng.random() < 0.25:
        return Device(300, "bilevel", 0, 300)
    dpi = 200 if rng.random() < 0.2 and least <= 200 else 300
    return Device(dpi, "grey", int(rng.integers(85, 96)), dpi)


def _office(rng: Random, least: float) -> Device:
    if rng.random() < 0.25:
        return Device(300, "bilevel", 0, 300)
    mode: Mode = "colour" if rng.random() < 0.45 else "grey"
    dpi = _between(rng, max(150, least), 200)
    return Device(dpi, mode, int(rng.integers(50, 76)), dpi)


def _photo(rng: Random, least: float) -> Device:
    return Device(_between(rng, max(110, least), 170), "colour", int(rng.integers(35, 61)), 72)


def _between(rng: Random, low: float, high: float) -> int:
    return round(rng.uniform(min(low, high), high))
