"""How badly a sheet is worn, at three levels: clean print, office scan, bad photo."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal, get_args

Level = Literal["clean", "office", "photo"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Damage:
    """How one sheet is worn. Lengths in points unless said otherwise."""

    level: Level
    dpi: int
    least: float  # pixels: no type is smaller
    ink: tuple[int, int]  # grey of the type
    pens: float  # strokes on a sheet
    stamps: float
    blur: float  # share of the type's size
    motion: float  # share of the type's size
    shrink: float  # the picture is made smaller by this and blown up again
    noise: float  # grey levels, for type of 20 pixels
    jpeg: int  # quality; 100 for none
    light: float  # darkness of shadows
    bleed: float  # of the other side
    texture: float
    gaps: float  # of toner
    bilevel: bool  # unless the type is too small for it
    turn: float  # degrees

    @staticmethod
    def draw(level: Level, chance: random.Random) -> Damage:
        """The wear of a sheet at a level."""
        return {"clean": _clean, "office": _office, "photo": _photo}[level](chance)


def _some(chance: random.Random, share: float, low: float, high: float) -> float:
    """A strength for this share of sheets, and none for the others."""
    return chance.uniform(low, high) if chance.random() < share else 0.0


def _clean(chance: random.Random) -> Damage:
    return Damage(
        level="clean",
        dpi=chance.choice((200, 240, 300, 300, 300)),
        least=11,
        ink=(0, 60),
        pens=_some(chance, 0.3, 0, 2),
        stamps=_some(chance, 0.1, 0, 1),
        blur=_some(chance, 0.6, 0.01, 0.035),
        motion=0,
        shrink=1,
        noise=_some(chance, 0.7, 1, 6),
        jpeg=chance.choice((100, 95, 90, 80)),
        light=0,
        bleed=_some(chance, 0.1, 0.02, 0.1),
        texture=_some(chance, 0.15, 0.02, 0.12),
        gaps=0,
        bilevel=chance.random() < 0.06,
        turn=chance.gauss(0, 0.1),
    )


def _office(chance: random.Random) -> Damage:
    return Damage(
        level="office",
        dpi=chance.choice((140, 150, 160, 180, 200, 200, 240, 300)),
        least=8.5,
        ink=(0, 110),
        pens=_some(chance, 0.6, 0, 4),
        stamps=_some(chance, 0.3, 0.3, 1.5),
        blur=chance.uniform(0.015, 0.06),
        motion=_some(chance, 0.1, 0.05, 0.15),
        shrink=chance.uniform(1, 1.3),
        noise=chance.uniform(2, 14),
        jpeg=chance.choice((90, 75, 65, 55, 45)),
        light=_some(chance, 0.3, 0.05, 0.25),
        bleed=_some(chance, 0.3, 0.03, 0.2),
        texture=_some(chance, 0.25, 0.03, 0.22),
        gaps=_some(chance, 0.25, 0.05, 0.35),
        bilevel=chance.random() < 0.2,
        turn=chance.gauss(0, 0.25),
    )


def _photo(chance: random.Random) -> Damage:
    return Damage(
        level="photo",
        dpi=chance.choice((110, 125, 140, 155, 170, 200)),
        least=7.6,
        ink=(0, 110),
        pens=_some(chance, 0.6, 0, 4),
        stamps=_some(chance, 0.3, 0.3, 1.5),
        blur=chance.uniform(0.03, 0.08),
        motion=_some(chance, 0.3, 0.06, 0.15),
        shrink=chance.uniform(1, 1.55),
        noise=chance.uniform(3, 16),
        jpeg=chance.choice((80, 60, 50, 40, 30)),
        light=chance.uniform(0.05, 0.5),
        bleed=_some(chance, 0.3, 0.03, 0.2),
        texture=_some(chance, 0.3, 0.03, 0.2),
        gaps=_some(chance, 0.2, 0.05, 0.35),
        bilevel=chance.random() < 0.1,
        turn=chance.gauss(0, 0.5),
    )
