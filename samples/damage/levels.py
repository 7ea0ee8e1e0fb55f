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
    """What all pages of a document have in common. ``quality`` is JPEG's, and has no say in what is bilevel."""

    dpi: int
    mode: Mode
    quality: int


def device(level: Level, rng: Random) -> Device:
    """The scanner or phone of a document."""
    return {Level.CLEAN: _clean, Level.OFFICE: _office, Level.PHOTO: _photo}[level](rng)


def _clean(rng: Random) -> Device:
    if rng.random() < 0.25:
        return Device(300, "bilevel", 0)
    return Device(200 if rng.random() < 0.2 else 300, "grey", int(rng.integers(85, 96)))


def _office(rng: Random) -> Device:
    if rng.random() < 0.25:
        return Device(300, "bilevel", 0)
    mode: Mode = "colour" if rng.random() < 0.45 else "grey"
    return Device(int(rng.integers(150, 201)), mode, int(rng.integers(50, 76)))


def _photo(rng: Random) -> Device:
    return Device(int(rng.integers(110, 171)), "colour", int(rng.integers(35, 61)))
