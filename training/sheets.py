"""Small sheets of cells: numbers between rules, damaged as a whole, and cut into rough crops."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from rangkiang.scans.leaf import Grey
from training import fonts
from training.damage import LEVELS, Damage, Level
from training.marks import cross
from training.texts import OTHER, Habit, habit, text, truth
from training.wear import wear

ROWS, COLUMNS, WIDE_COLUMNS = 10, 8, 4


@dataclass(frozen=True, slots=True)
class Sample:
    """One cell's rough crop, what it says, and where: the middle of the text (x, y) in the crop."""

    crop: Grey
    says: str
    middle: tuple[float, float]
    family: str
    level: Level


@dataclass(frozen=True, slots=True)
class Layout:
    """Edges of rows and columns in pixels, and the size of the type."""

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    size: float  # pixels
    point: float  # pixels


def samples(part: fonts.Part, seed: str) -> Iterator[Sample]:
    """The cells of one sheet, drawn with a part's fonts."""
    chance = random.Random(seed)
    level = chance.choices(LEVELS, (20, 40, 40))[0]
    yield from sheet(part, level, chance)


def sheet(part: fonts.Part, level: Level, chance: random.Random) -> Iterator[Sample]:
    """The cells of one sheet at one level of damage."""
    damage = Damage.draw(level, chance)
    family, path = fonts.draw(part, chance)
    layout, how = _layout(damage, chance), habit(chance)
    picture = Image.new("L", (int(layout.xs[-1] + 12), int(layout.ys[-1] + 12)), 255)
    pen = ImageDraw.Draw(picture)
    if chance.random() < 0.1:
        _shade(pen, layout, chance)
    says = _write(picture, layout, path, how, damage, chance)
    _rule(pen, layout, chance)
    page = np.array(picture)
    struck = cross(page, damage, layout.point, layout.xs, layout.ys, chance)
    page, places = wear(page, damage, layout.point, layout.size, chance)
    for (row, column), (said, middle) in says.items():
        crop, corner = _crop(page, places, layout, row, column, chance)
        if min(crop.shape) >= 6:
            x, y = cv2.transform(np.array([[middle]]), places)[0, 0] - corner
            yield Sample(crop, OTHER * len(said) if (row, column) in struck else said, (x, y), family, level)


def _layout(damage: Damage, chance: random.Random) -> Layout:
    point = damage.dpi / 72
    size = chance.choice((5, 6, 6, 7, 7, 8, 8, 9, 10)) * chance.uniform(0.93, 1.07) * point
    size = max(size, damage.least)
    air = chance.choice((1.25, 1.35, 1.45, 1.6, 1.8))
    heights = [size * air * (chance.uniform(1.2, 3.5) if chance.random() < 0.15 else 1) for _ in range(ROWS)]
    across = chance.choice((2.4, 3.2, 4.0, 4.0, 5.0, 6.5, 9.0, 13.0, 18.0))
    columns = COLUMNS if across < 8 else WIDE_COLUMNS
    widths = [size * across * chance.uniform(0.85, 1.3) for _ in range(columns)]
    return Layout(np.cumsum([6.0, *widths]), np.cumsum([6.0, *heights]), size, point)


def _shade(pen: ImageDraw.ImageDraw, layout: Layout, chance: random.Random) -> None:
    grey = chance.randint(190, 240)
    for row in range(ROWS):
        if chance.random() < 0.6:
            pen.rectangle((layout.xs[0], layout.ys[row], layout.xs[-1], layout.ys[row + 1]), fill=grey)


def _write(
    picture: Image.Image, layout: Layout, path: str, how: Habit, damage: Damage, chance: random.Random
) -> dict[tuple[int, int], tuple[str, tuple[float, float]]]:
    """Write every cell; what the recogniser is to say of each, and where. What does not fit its cell is left out."""
    align, ink = chance.choice("lcr"), chance.randint(*damage.ink)
    pad = layout.size * chance.choice((0.1, 0.1, 0.25, 0.45))
    lift = layout.size * chance.gauss(0.0, 0.035)
    if chance.random() < 0.06:  # text that touches a rule
        lift = layout.size * chance.choice((-1, 1)) * chance.uniform(0.1, 0.3)
    pen, says = ImageDraw.Draw(picture), {}
    for row in range(ROWS):
        font = fonts.font(path, round(layout.size * chance.uniform(0.96, 1.04), 1))
        middle = (layout.ys[row] + layout.ys[row + 1]) / 2 + 0.355 * layout.size + lift
        for column in range(len(layout.xs) - 1):
            printed = text(how, chance)
            left, right = layout.xs[column], layout.xs[column + 1]
            wide = font.getlength(printed)
            if wide > right - left - 2:
                continue
            room = max(right - left - wide, 0.0)
            x = left + {"l": min(pad, room / 2), "c": room / 2, "r": room - min(pad, room / 2)}[align]
            pen.text((x, middle), printed, font=font, anchor="ls", fill=ink)
            says[row, column] = truth(printed), (x + wide / 2, middle - 0.355 * layout.size)
            if chance.random() < 0.02:
                _neighbour(picture, layout, path, (row, column), ink, chance)
    return says


def _neighbour(
    picture: Image.Image, layout: Layout, path: str, cell: tuple[int, int], ink: int, chance: random.Random
) -> None:
    """Letters of the line above that hang into the cell."""
    row, column = cell
    (left, right), (top, bottom) = (
        np.round(edges[n : n + 2]).astype(int).tolist() for edges, n in ((layout.xs, column), (layout.ys, row))
    )
    hanging = Image.new("L", (right - left, bottom - top), 255)
    word = chance.choice(("gjy", "pq", "J g", "yang"))
    at = chance.uniform(0, 9), layout.size * chance.uniform(-0.12, 0.06)
    ImageDraw.Draw(hanging).text(at, word, font=fonts.font(path, round(layout.size)), anchor="ls", fill=ink)
    box = left, top, right, bottom
    picture.paste(ImageChops.darker(picture.crop(box), hanging), box)


def _rule(pen: ImageDraw.ImageDraw, layout: Layout, chance: random.Random) -> None:
    """Rules between the cells, or none in one direction; some with gaps."""
    grey = chance.choice((0, 0, 40, 90, 140, 190))
    width = max(1, round(layout.point * chance.choice((0.2, 0.4, 0.6, 0.9, 1.4))))
    gaps = chance.choice((0.0, 0.0, 0.05, 0.3))
    for y in layout.ys if chance.random() < 0.95 else ():
        for start, end in pairwise(layout.xs):
            if chance.random() >= gaps:
                pen.line((start, y, end, y), fill=grey, width=width)
    for x in layout.xs if chance.random() < 0.95 else ():
        for start, end in pairwise(layout.ys):
            if chance.random() >= gaps:
                pen.line((x, start, x, end), fill=grey, width=width)


def _crop(
    page: Grey, places: NDArray[np.float64], layout: Layout, row: int, column: int, chance: random.Random
) -> tuple[Grey, NDArray[np.float64]]:
    """A cell cut out along rules that were found a little beside where they are, and its corner on the page (x, y)."""
    corners = [(layout.xs[column + dx], layout.ys[row + dy]) for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))]
    there = cv2.transform(np.array([corners]), places)[0]
    off = [max(-2.5, min(2.5, chance.gauss(0.0, 0.9))) + 0.3 for _ in range(4)]
    left, right = there[[0, 3], 0].mean() + off[0], there[[1, 2], 0].mean() - off[1]
    top, bottom = there[[0, 1], 1].mean() + off[2], there[[2, 3], 1].mean() - off[3]
    left, top = max(0, round(left)), max(0, round(top))
    return page[top : round(bottom) + 1, left : round(right) + 1].copy(), np.array([left, top])
