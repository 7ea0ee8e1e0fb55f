"""How badly a sheet is worn: what devices there are at each level, and which one a document went through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from samples.damage.pictures import Random

Mode = Literal["bilevel", "grey", "colour"]


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


def device(level: Level, rng: Random) -> Device:
    """The scanner or phone of a document."""
    return {Level.CLEAN: _clean, Level.OFFICE: _office, Level.PHOTO: _photo}[level](rng)


def _clean(rng: Random) -> Device:
    if rng.random() < 0.25:
        return Device(300, "bilevel", 0, 300)
    dpi = 200 if rng.random() < 0.2 else 300
    return Device(dpi, "grey", int(rng.integers(85, 96)), dpi)


def _office(rng: Random) -> Device:
    if rng.random() < 0.25:
        return Device(300, "bilevel", 0, 300)
    mode: Mode = "colour" if rng.random() < 0.45 else "grey"
    dpi = int(rng.integers(150, 201))
    return Device(dpi, mode, int(rng.integers(50, 76)), dpi)


def _photo(rng: Random) -> Device:
    return Device(int(rng.integers(110, 171)), "colour", int(rng.integers(35, 61)), 72)
