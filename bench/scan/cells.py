"""Number cells cut out of scans where the truth says they are: a better cut than any reader makes for itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageSequence

from bench.scan.making import Job, chance, printed
from rangkiang.scans.leaf import Floats
from samples.damage import Level, Worn, pages
from samples.damage.files import pack
from samples.damage.pictures import Picture
from samples.press import MODELS, Print

DPI = 300
"""Cells are shown to everybody at this resolution, whatever they were scanned at."""

_INSET = 0.7  # points: rules stay outside
_ROLL = {"sideways left": 1, "sideways right": -1}  # of a cell's corners, where nothing puts the page upright


@dataclass(frozen=True, slots=True)
class Cut:
    """A file, its pages as they come out of it, and on each the cells: picture and what is printed there."""

    job: Job
    pages: tuple[Picture, ...]
    cells: tuple[tuple[Picture, str], ...]


def cuts(seed: int, level: str, wanted: int) -> Iterator[Cut]:
    """Short sheets of every form, until they hold so many numbers."""
    for nth in range(wanted):
        for model in chance(seed, level, nth).sample(MODELS, len(MODELS)):
            one = printed(seed, level, model, nth)
            if one.pages > 2:
                continue
            yield (cut := _cut(one, level, nth, chance(seed, level, model, nth, "cut").randrange(2**31)))
            wanted -= len(cut.cells)
            if wanted <= 0:
                return


def _cut(one: Print, level: str, nth: int, seed: int) -> Cut:
    worn = list(pages(one.pdf, Level(level), seed))
    data = pack([page.picture for page in worn], worn[0].device, "tiff")
    seen = tuple(np.asarray(page.convert("RGB")) for page in ImageSequence.Iterator(Image.open(io.BytesIO(data))))
    name = f"{level}-{one.model}-{nth}.tiff"
    job = Job(name, one.model, data, "image/tiff", one.pages, one.truth, one.slip)
    return Cut(job, seen, tuple(_cells(one, worn, seen)))


def _cells(one: Print, worn: list[Worn], seen: tuple[Picture, ...]) -> Iterator[tuple[Picture, str]]:
    roll = _ROLL.get(one.style.turn, 0)
    for figure in one.truth:
        if figure.printed:
            x0, y0, x1, y1 = figure.box
            corners = worn[figure.page - 1].corners((x0 + _INSET, y0 + _INSET, x1 - _INSET, y1 - _INSET))
            size = (y1 - y0, x1 - x0) if one.style.turn in (*_ROLL, "rotate 90", "rotate 270") else (x1 - x0, y1 - y0)
            yield _straight(seen[figure.page - 1], np.roll(corners, roll, axis=0), size), figure.printed


def _straight(page: Picture, corners: Floats, size: tuple[float, float]) -> Picture:
    """The quad ``corners`` as a rectangle of ``size`` points."""
    w, h = (round(side * DPI / 72) for side in size)
    to = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32)
    through = cv2.getPerspectiveTransform(corners.astype(np.float32), to)
    return np.asarray(cv2.warpPerspective(page, through, (w, h), borderMode=cv2.BORDER_REPLICATE), np.uint8)
