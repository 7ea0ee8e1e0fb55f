"""What printing, stamping, scanning and photographing do to a sheet, at three levels. The picture is damaged as a
whole, so that neighbouring cells share their damage as on paper."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.leaf import Grey

Level = Literal["clean", "office", "photo"]
LEVELS: tuple[Level, ...] = get_args(Level)

Floats = NDArray[np.float64]


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
    bilevel: bool
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
        "clean", chance.choice((200, 240, 300, 300, 300)), 11, (0, 60), _some(chance, 0.3, 0, 2), _some(chance, 0.1, 0, 1),
        _some(chance, 0.6, 0.01, 0.035), 0, 1, _some(chance, 0.7, 1, 6), chance.choice((100, 95, 90, 80)),
        0, _some(chance, 0.1, 0.02, 0.1), _some(chance, 0.15, 0.02, 0.12), 0, chance.random() < 0.06, chance.gauss(0, 0.1),
    )  # fmt: skip


def _office(chance: random.Random) -> Damage:
    return Damage(
        "office", chance.choice((140, 150, 160, 180, 200, 200, 240, 300)), 9.5, (0, 110), _some(chance, 0.6, 0, 4),
        _some(chance, 0.3, 0.3, 1.5), chance.uniform(0.015, 0.06), _some(chance, 0.1, 0.05, 0.15), chance.uniform(1, 1.3),
        chance.uniform(2, 14), chance.choice((90, 75, 65, 55, 45)), _some(chance, 0.3, 0.05, 0.25),
        _some(chance, 0.3, 0.03, 0.2), _some(chance, 0.25, 0.03, 0.22), _some(chance, 0.25, 0.1, 0.6),
        chance.random() < 0.2, chance.gauss(0, 0.25),
    )  # fmt: skip


def _photo(chance: random.Random) -> Damage:
    return Damage(
        "photo", chance.choice((110, 125, 140, 155, 170, 200)), 9, (0, 110), _some(chance, 0.6, 0, 4),
        _some(chance, 0.3, 0.3, 1.5), chance.uniform(0.03, 0.09), _some(chance, 0.35, 0.06, 0.22), chance.uniform(1, 1.55),
        chance.uniform(3, 18), chance.choice((80, 60, 50, 40, 30)), chance.uniform(0.05, 0.5),
        _some(chance, 0.3, 0.03, 0.2), _some(chance, 0.3, 0.03, 0.2), _some(chance, 0.2, 0.1, 0.6),
        chance.random() < 0.1, chance.gauss(0, 0.5),
    )  # fmt: skip


def cross(
    page: Grey, damage: Damage, point: float, xs: Floats, ys: Floats, chance: random.Random
) -> set[tuple[int, int]]:
    """Pens and stamps over the sheet, in place; the cells whose number is struck out."""
    for _ in range(_count(damage.stamps, chance)):
        _over(page, lambda layer: _stamp(layer, point, chance))
    for _ in range(_count(damage.pens, chance)):
        _over(page, lambda layer: _sign(layer, point, chance))
    struck = {(chance.randrange(len(ys) - 1), chance.randrange(len(xs) - 1)) for _ in range(_count(0.5, chance))}
    for row, column in struck:
        box = (xs[column], ys[row], xs[column + 1], ys[row + 1])
        _over(page, lambda layer, box=box: _strike(layer, box, point, chance))  # type: ignore[misc]
    return struck


def _count(mean: float, chance: random.Random) -> int:
    return int(mean) + (chance.random() < mean % 1)


def _over(page: Grey, draw: Callable[[Grey], int]) -> None:
    """Ink laid over ink: ``draw`` marks a layer with 255 and says how grey its ink is."""
    layer = np.zeros_like(page)
    grey = draw(layer)
    there = layer > 0
    over = 255 - (255 - grey) * (layer[there] / 255.0)
    page[there] = (page[there] * (0.15 + 0.85 * over / 255.0)).astype(np.uint8)


def _stamp(layer: Grey, point: float, chance: random.Random) -> int:
    height, width = layer.shape
    middle = chance.randrange(width), chance.randrange(height)
    radius = int(point * chance.uniform(20, 60))
    thick = max(1, round(point * chance.choice((0.8, 1.2, 2.0, 3.5))))
    if chance.random() < 0.7:
        cv2.circle(layer, middle, radius, 255, thick, cv2.LINE_AA)
        cv2.circle(layer, middle, int(radius * chance.uniform(0.6, 0.75)), 255, max(1, thick // 2), cv2.LINE_AA)
    else:
        corner = middle[0] + 2 * radius, middle[1] + radius
        cv2.rectangle(layer, middle, corner, 255, thick, cv2.LINE_AA)
    for line in range(chance.randint(1, 3)):
        word = "".join(chance.choices("ABDEGHIJKLMNOPRSTU ", k=chance.randint(5, 12)))
        place = middle[0] - radius, middle[1] + int((line - 0.5) * radius * 0.4)
        cv2.putText(layer, word, place, cv2.FONT_HERSHEY_DUPLEX, point * chance.uniform(0.2, 0.5), 255, thick, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D(middle, chance.uniform(-40, 40), 1)
    layer[:] = cv2.warpAffine(layer, turn, (width, height))
    worn = np.random.default_rng(chance.getrandbits(32)).random((height // 4 + 1, width // 4 + 1)).astype(np.float32)
    worn = cv2.resize(worn, (width, height), interpolation=cv2.INTER_LINEAR)
    layer[worn < chance.uniform(0.0, 0.45)] = 0
    return chance.randint(60, 200)


def _sign(layer: Grey, point: float, chance: random.Random) -> int:
    """A signature, or one stroke of it: a smooth walk."""
    height, width = layer.shape
    knots = chance.randint(3, 14)
    start = np.array([chance.uniform(0, width), chance.uniform(0, height)])
    steps = np.random.default_rng(chance.getrandbits(32)).normal(0, point * chance.uniform(10, 28), (knots, 2))
    steps[:, 0] += point * chance.uniform(0, 12)
    walk = start + np.cumsum(steps, axis=0)
    fine = np.linspace(0, knots - 1, knots * 10)
    for _ in range(2):  # corners rounded
        walk[1:-1] = (walk[:-2] + 2 * walk[1:-1] + walk[2:]) / 4
    path = np.column_stack([np.interp(fine, np.arange(knots), walk[:, axis]) for axis in (0, 1)])
    path = cv2.blur(path, (1, 7))
    thick = max(1, round(point * chance.uniform(0.4, 1.3)))
    cv2.polylines(layer, [np.round(path).astype(np.int32)], False, 255, thick, cv2.LINE_AA)
    return chance.randint(20, 170)


def _strike(layer: Grey, box: tuple[float, float, float, float], point: float, chance: random.Random) -> int:
    """A number struck out: one line or two through its middle, or a scribble."""
    left, top, right, bottom = box
    middle, tall = (top + bottom) / 2, bottom - top
    thick = max(1, round(point * chance.uniform(0.5, 1.4)))
    if chance.random() < 0.75:
        for _ in range(chance.choice((1, 1, 2))):
            ends = [(left + point, middle + tall * chance.gauss(0, 0.07)), (right - point, middle + tall * chance.gauss(0, 0.07))]
            cv2.polylines(layer, [np.round(ends).astype(np.int32)], False, 255, thick, cv2.LINE_AA)
    else:
        xs = np.linspace(left, right, chance.randint(8, 16))
        ys = middle + tall * 0.3 * np.where(np.arange(len(xs)) % 2, 1, -1) * chance.uniform(0.6, 1)
        cv2.polylines(layer, [np.round(np.column_stack([xs, ys])).astype(np.int32)], False, 255, thick, cv2.LINE_AA)
    return chance.randint(0, 110)


def wear(page: Grey, damage: Damage, point: float, size: float, chance: random.Random) -> tuple[Grey, Floats]:
    """The page as it comes off the scanner, made straight again but for a little; and the affine map (2, 3) to it."""
    dice = np.random.default_rng(chance.getrandbits(32))
    height, width = page.shape
    if damage.gaps:
        page = _gaps(page, damage.gaps, dice)
    if damage.bleed:
        other = cv2.GaussianBlur(page[:, ::-1], (0, 0), 0.5 * point)
        page = np.minimum(page, 255 - ((255 - other) * damage.bleed).astype(np.uint8))
    if damage.texture:
        page = _watermark(page, damage.texture, point, chance)
    places = cv2.getRotationMatrix2D((width / 2, height / 2), damage.turn, 1)
    places[0, 1] += chance.gauss(0, 0.01) if damage.level != "clean" else 0.0
    page = cv2.warpAffine(page, places, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    page = _seen(page, damage, size, chance)
    page = _light(page, damage, dice)
    page = cv2.add(page.astype(np.float32), _grain(page.shape, damage.noise * min(1.5, size / 20), dice)).clip(0, 255).astype(np.uint8)
    if damage.bilevel:
        page = _bilevel(page, chance)
    if damage.jpeg < 100:
        page = cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, damage.jpeg])[1], cv2.IMREAD_GRAYSCALE)
    zoom = chance.choice((1.0, 1.0, 1.25, 1.6)) if damage.level == "photo" else 1.0
    if zoom > 1:
        page = cv2.resize(page, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_LINEAR)
    return page, places * zoom


def _grain(shape: tuple[int, ...], strength: float, dice: np.random.Generator) -> NDArray[np.float32]:
    return dice.standard_normal(shape, np.float32) * np.float32(strength)


def _gaps(page: Grey, strength: float, dice: np.random.Generator) -> Grey:
    height, width = page.shape
    patchy = cv2.resize(dice.random((height // 3 + 1, width // 3 + 1)).astype(np.float32), (width, height))
    missing = np.clip((patchy - (1 - strength)) * 5, 0, 1) * 0.9
    return (255 - (255 - page) * (1 - missing)).astype(np.uint8)


def _watermark(page: Grey, strength: float, point: float, chance: random.Random) -> Grey:
    layer = np.zeros_like(page)
    height, width = page.shape
    for _ in range(3):
        place = chance.randrange(-width // 3, width), chance.randrange(height + 1)
        cv2.putText(layer, chance.choice(("KPU", "SALINAN", "PEMILU 2019", "COPY")), place, cv2.FONT_HERSHEY_TRIPLEX, point * chance.uniform(0.5, 2), 255, max(2, int(point * chance.uniform(0.5, 3))), cv2.LINE_AA)
    for _ in range(chance.choice((0, 2, 6))):  # a badge's rings
        middle, radius = (chance.randrange(width), chance.randrange(height)), int(point * chance.uniform(15, 70))
        cv2.circle(layer, middle, radius, 255, max(2, int(point * chance.uniform(2, 16))), cv2.LINE_AA)
    return np.minimum(page, 255 - (layer * strength).astype(np.uint8))


def _seen(page: Grey, damage: Damage, size: float, chance: random.Random) -> Grey:
    """Through the lens: blur, motion, too few pixels."""
    height, width = page.shape
    shrink = min(damage.shrink, size / 8.5)
    if shrink > 1.02:
        small = cv2.resize(page, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        page = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    if damage.blur * size > 0.3:
        page = cv2.GaussianBlur(page, (0, 0), damage.blur * size)
    if damage.motion * size > 1:
        page = _moved(page, damage.motion * size, chance)
    return page


def _moved(page: Grey, far: float, chance: random.Random) -> Grey:
    size = 2 * int(far / 2 + 1) + 1
    kernel = np.zeros((size, size), np.float32)
    angle, middle = chance.uniform(0, np.pi), size // 2
    for step in np.linspace(-far / 2, far / 2, 4 * size):
        kernel[round(middle + step * np.sin(angle)), round(middle + step * np.cos(angle))] += 1
    return cv2.filter2D(page, -1, kernel / kernel.sum())


def _light(page: Grey, damage: Damage, dice: np.random.Generator) -> Grey:
    """Shadows, and what is left of contrast."""
    height, width = page.shape
    paper = dice.uniform(0.85, 1.0)
    lit = np.full((height, width), paper, np.float32)
    if damage.light:
        blobs = dice.uniform(1 - damage.light, 1.0, (3, 3)).astype(np.float32)
        lit *= cv2.resize(blobs, (width, height), interpolation=cv2.INTER_CUBIC)
    black = dice.uniform(0, 50) if damage.level != "clean" else 0.0
    return (black + page * lit * (255 - black) / 255).clip(0, 255).astype(np.uint8)


def _bilevel(page: Grey, chance: random.Random) -> Grey:
    """Black and white alone, as a scanner's text mode has it."""
    ink, paper = np.percentile(page, (1, 70))
    return np.where(page < ink + (paper - ink) * chance.uniform(0.45, 0.8), 0, 255).astype(np.uint8)
