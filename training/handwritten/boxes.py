"""Boxes with one sign, or none, as they are cut out of a scanned sheet: neighbours, rules, watermark and damage."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.scans.c1.signs import AROUND, INSIDE, SIDE
from rangkiang.scans.leaf import Grey
from training.handwritten import hands
from training.handwritten.hands import Frame, Ink, Part, Source
from training.handwritten.skeletons import STROKE_THROUGH

SHARES = {**dict.fromkeys("0123456789", 7.0), "X": 14.0, "-": 4.0, " ": 8.0, "?": 5.0}
"""How often a sign is drawn."""
SOURCES: dict[Source, float] = {"pen": 6, "font": 2, "real": 2}
LETTERS = "AEFHKMNPRTWYaemw"
"""Letters that are like no digit."""
BLOCKS = ((3, 1), (3, 2), (2, 1), (1, 2), (9, 2))
"""Boxes across and down that are struck out with one cross."""


@dataclass(frozen=True, slots=True)
class Sample:
    """``picture`` (SIDE, SIDE), 255 paper."""

    picture: Grey
    sign: str
    source: Source


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the boxes of a sheet have in common. Lengths in pixels of the scan."""

    width: float  # of a box
    height: float
    pen: float
    neat: float  # 0..1: how small and central signs are
    filler: float  # size of an X to its box


def sample(part: Part, seed: str, source: Source | None = None) -> Sample:
    """One box. ``source`` draws digits from that source only."""
    chance = random.Random(seed)
    sheet = _sheet(chance)
    sign = chance.choices(list(SHARES), list(SHARES.values()))[0]
    hand = source or chance.choices(list(SOURCES), list(SOURCES.values()))[0]
    ink = np.zeros((round(sheet.height * SIDE / INSIDE), round(sheet.width * SIDE / INSIDE)), np.uint8)
    for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        if chance.random() < 0.7:
            other = chance.choices("0123456789X- ", (*[5] * 10, 40, 4, 6))[0]
            _write(ink, other, "pen", part, sheet, (across, down), chance)
    _write(ink, sign, hand, part, sheet, (0, 0), chance)
    page = _scanned(ink, _ruled(sheet, ink.shape, chance), chance)
    return Sample(_cut(page, sheet, chance), sign, hand)


def _sheet(chance: random.Random) -> Sheet:
    width = chance.choice((36, 44, 50, 50, 50, 62, 80, 100))
    tall = chance.choice((0.85, 0.95, 0.95, 1.0, 1.1, 1.75))
    return Sheet(
        width, width * tall, max(1.0, width * chance.uniform(0.022, 0.085)), chance.random(), chance.uniform(0.25, 1.15)
    )


def _write(
    ink: Ink, sign: str, source: Source, part: Part, sheet: Sheet, box: tuple[int, int], chance: random.Random
) -> None:
    """Write a sign into a box, counted from the one in the middle."""
    middle = ink.shape[1] / 2 + box[0] * sheet.width, ink.shape[0] / 2 + box[1] * sheet.height
    frame = _frame(sign, sheet, middle, chance)
    if sign in "0123456789":
        hands.draw(ink, sign, source, part, frame, sheet.pen, chance)
    elif sign == "X" and box != (0, 0):
        hands.draw(ink, sign, "pen", part, frame, sheet.pen, chance)
    elif sign == "X":
        _fill(ink, sheet, part, frame, middle, chance)
    elif sign == "-":
        hands.draw(ink, sign, "font" if source == "font" else "pen", part, frame, sheet.pen, chance)
    elif sign == "?":
        _nonsense(ink, sheet, part, frame, chance)


def _frame(sign: str, sheet: Sheet, middle: tuple[float, float], chance: random.Random) -> Frame:
    usual = min(sheet.height, 1.25 * sheet.width)
    height = usual * (chance.uniform(0.45, 0.75) if sheet.neat > 0.4 else chance.uniform(0.5, 1.05))
    width = height * chance.uniform(0.4, 0.85)
    if sign == "1":
        width = height * chance.uniform(0.02, 0.45)
    if sign == "X":
        size = float(np.clip(chance.gauss(sheet.filler, 0.12), 0.2, 1.3))
        width, height = size * sheet.width * chance.uniform(0.75, 1.1), size * sheet.height * chance.uniform(0.75, 1.1)
    if sign == "-":
        width, height = sheet.width * chance.uniform(0.2, 0.9), sheet.height * chance.uniform(0.1, 0.4)
    stray = 0.09 + 0.07 * (1 - sheet.neat)
    return Frame(
        middle[0] + chance.gauss(0, stray) * sheet.width,
        middle[1] + chance.gauss(0, stray) * sheet.height,
        width,
        height,
    )


def _fill(ink: Ink, sheet: Sheet, part: Part, frame: Frame, middle: tuple[float, float], chance: random.Random) -> None:
    """A box that is filled because it is not needed: a cross, a stroke, or its piece of a cross over many boxes."""
    way = chance.random()
    whole = Frame(*middle, sheet.width * chance.uniform(0.8, 1.15), sheet.height * chance.uniform(0.8, 1.15))
    if way < 0.12:
        hands.strike(ink, whole, sheet.pen, chance)
    elif way < 0.3:
        _block(ink, sheet, middle, chance)
    else:
        hands.draw(ink, "X", "font" if way > 0.92 else "pen", part, frame, sheet.pen, chance)


def _block(ink: Ink, sheet: Sheet, middle: tuple[float, float], chance: random.Random) -> None:
    """A cross over several boxes, as far as it comes through this one."""
    before = int(np.count_nonzero(_inner(ink)))
    for _ in range(8):
        across, down = chance.choice(BLOCKS)
        x = middle[0] + ((across - 1) / 2 - chance.randrange(across)) * sheet.width
        y = middle[1] + ((down - 1) / 2 - chance.randrange(down)) * sheet.height
        size = across * sheet.width * chance.uniform(0.9, 1.1), down * sheet.height * chance.uniform(0.9, 1.1)
        for way in STROKE_THROUGH:
            hands.trace(ink, way, Frame(x, y, *size), sheet.pen, chance)
        if np.count_nonzero(_inner(ink)) - before > 0.5 * sheet.width * sheet.pen:
            return
    hands.strike(ink, Frame(*middle, sheet.width, sheet.height), sheet.pen, chance)


def _inner(ink: Ink) -> Ink:
    height, width = ink.shape
    return ink[height // 4 : -(height // 4), width // 4 : -(width // 4)]


def _nonsense(ink: Ink, sheet: Sheet, part: Part, frame: Frame, chance: random.Random) -> None:
    way = chance.random()
    if way < 0.35:
        hands.scribble(ink, frame, sheet.pen, chance)
    elif way < 0.65:  # written over: nobody knows which one counts
        for sign in chance.sample("0123456789", 2):
            hands.draw(ink, sign, "pen", part, frame, sheet.pen, chance)
    elif way < 0.8:
        hands.draw(ink, chance.choice(LETTERS), "font", part, frame, sheet.pen, chance)
    elif way < 0.9:  # two digits in one box
        half = frame.width * 0.7
        for side in (-1, 1):
            beside = Frame(frame.x + side * half * 0.6, frame.y, half, frame.height)
            hands.draw(ink, chance.choice("0123456789"), "pen", part, beside, sheet.pen, chance)
    else:
        cv2.circle(ink, (round(frame.x), round(frame.y)), round(frame.height * chance.uniform(0.15, 0.4)), 255, -1)


def _ruled(sheet: Sheet, shape: tuple[int, ...], chance: random.Random) -> Ink:
    """The rules around the box, broken here and there; beside it a black bar, over it the number of a column."""
    drawn = np.zeros(shape, np.uint8)
    height, width = shape
    edge_x, edge_y = sheet.width * AROUND / INSIDE, sheet.height * AROUND / INSIDE
    thin, thick = sheet.width * chance.uniform(0.012, 0.04), sheet.width * chance.uniform(0.03, 0.09)
    for n, at in enumerate((edge_x, width - edge_x, edge_y, height - edge_y)):
        wide = max(1, round(thick if chance.random() < 0.3 else thin))
        start, end = ((at, 0.0), (at, height)) if n < 2 else ((0.0, at), (width, at))
        cv2.line(drawn, (round(start[0]), round(start[1])), (round(end[0]), round(end[1])), 255, wide)
        cut = chance.random()
        if n >= 2 and cut < 0.15:  # the sheet's outer border: nothing beyond it
            beyond = drawn[: round(at)] if n == 2 else drawn[round(at) + wide :]
            beyond[:] = 0
    if chance.random() < 0.08:
        drawn[round(edge_y * chance.uniform(0.3, 1)) : round(height - edge_y), : round(edge_x * 0.9)] = 255
    if chance.random() < 0.06:
        cv2.putText(
            drawn, chance.choice(("(2)", "(3)", "(4)")), (round(width * 0.3), round(edge_y * 0.6)),
            cv2.FONT_HERSHEY_SIMPLEX, sheet.width / 90, 255, 1, cv2.LINE_AA,
        )  # fmt: skip
    gaps = chance.choice((0.0, 0.0, 0.1, 0.3, 0.6, 0.9))
    missing = _patches(shape, max(2.0, sheet.width / 10), chance) < gaps
    drawn[missing] = 0
    return drawn


def _patches(shape: tuple[int, ...], size: float, chance: random.Random) -> NDArray[np.float32]:
    """Even noise (0..1) whose spots have this size."""
    dice = np.random.default_rng(chance.getrandbits(32))
    coarse = dice.random((max(2, round(shape[0] / size)), max(2, round(shape[1] / size))), np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _scanned(ink: Ink, drawn: Ink, chance: random.Random) -> Grey:
    """Ink and print on paper, scanned: black and white with a watermark laid over, in greys, or photographed."""
    way = chance.random()
    faint = chance.random() < 0.15
    strength = chance.uniform(0.45, 0.7) if faint else chance.uniform(0.7, 1.0)
    worn = 1 - chance.uniform(0.1, 0.8) * _patches(ink.shape, chance.uniform(2, 8), chance) * (
        faint or chance.random() < 0.2
    )
    page = 255 - np.maximum(ink * worn * strength, drawn * chance.uniform(0.6, 1.0)).astype(np.float32)
    blur = chance.uniform(0.3, 0.9) if way < 0.9 else chance.uniform(0.8, 0.02 * ink.shape[1] + 0.8)
    page = cv2.GaussianBlur(page, (0, 0), blur)
    dice = np.random.default_rng(chance.getrandbits(32))
    page += dice.standard_normal(page.shape, np.float32) * chance.uniform(1, 16)
    mark = (_patches(ink.shape, ink.shape[1] / 4, chance) > 0.5) * chance.uniform(8, 38) * (chance.random() < 0.5)
    if way < 0.6:
        dark = float(np.percentile(page, 1))
        page = np.where(page < dark + (255 - dark) * chance.uniform(0.4, 0.75), 0, 255).astype(np.float32)
    page = np.clip(np.minimum(page, 255 - mark), 0, 255).astype(np.uint8)
    if chance.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, chance.randint(30, 95)]
        page = cv2.imdecode(cv2.imencode(".jpg", page, quality)[1], cv2.IMREAD_GRAYSCALE)
    return np.asarray(page, dtype=np.uint8)


def _cut(page: Grey, sheet: Sheet, chance: random.Random) -> Grey:
    """The picture of the box, not quite where its rules are."""
    height, width = page.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    stray = [[chance.gauss(0, 0.02) * sheet.width for _ in range(2)] for _ in range(4)]
    moved = corners + np.array(stray, np.float32)
    fine = np.array([[0, 0], [2 * SIDE, 0], [2 * SIDE, 2 * SIDE], [0, 2 * SIDE]], np.float32)
    flat = cv2.warpPerspective(
        page, cv2.getPerspectiveTransform(moved, fine), (2 * SIDE, 2 * SIDE), borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cv2.resize(flat, (SIDE, SIDE), interpolation=cv2.INTER_AREA), dtype=np.uint8)
