"""What a scanner or a phone makes of a printed sheet, at three levels.

Tests and benches read what is made here, so it shares nothing with the material that the recogniser learns from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]

from samples.damage import phone, scanner
from samples.damage.bend import Bend
from samples.damage.files import MEDIA_TYPES, ONE_PAGE, Kind, pack
from samples.damage.levels import Device, Level, device
from samples.damage.paper import printed, type_size
from samples.damage.pictures import Floats, Picture

__all__ = ["MEDIA_TYPES", "ONE_PAGE", "Kind", "Level", "Worn", "pages", "wear"]

_WAYS = {Level.CLEAN: scanner.clean, Level.OFFICE: scanner.office, Level.PHOTO: phone.photo}


@dataclass(frozen=True, slots=True)
class Worn:
    """A page as it was scanned: a grey or RGB picture, and how it lies in it.

    ``shown`` (2, 3) leads from points of the page as it is drawn, origin bottom left, before /Rotate, to points of the
    page as it is looked at, origin top left.
    """

    picture: Picture
    device: Device
    bend: Bend
    shown: Floats

    def places(self, points: Floats) -> Floats:
        """Pixels (n, 2: x, y) of points of the page as it is looked at, origin top left."""
        return self.bend.places(points * (self.device.dpi / 72))

    def corners(self, box: tuple[float, float, float, float]) -> Floats:
        """Pixels (4, 2) of the corners of a box as the press gives it, clockwise from the one that is top left for
        whoever looks at the page."""
        x0, y0, x1, y1 = box
        drawn = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]])
        (left, top), (right, bottom) = (edge(drawn @ self.shown.T, axis=0) for edge in (np.min, np.max))
        return self.places(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))


def wear(pdf: bytes, level: Level, seed: int, kind: Kind = "pdf") -> bytes:
    """A scan of all pages, the same for the same seed. Raises ValueError where the kind of file cannot hold them."""
    worn = list(pages(pdf, level, seed))
    return pack([page.picture for page in worn], worn[0].device, kind)


def pages(pdf: bytes, level: Level, seed: int) -> Iterator[Worn]:
    """The scanned pages, before they are put into a file."""
    which = list(Level).index(level)
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        used = device(level, np.random.default_rng([seed, which]), type_size(document[0]))
        back = printed(document[len(document) - 1], used.dpi)
        for number in range(len(document)):
            front = printed(document[number], used.dpi)
            picture, bend = _WAYS[level](front, back, used, np.random.default_rng([seed, which, number]))
            yield Worn(picture, used, bend, _shown(document[number]))
            back = front


def _shown(page: Any) -> Floats:
    w, h = page.get_size()
    turn = page.get_rotation()
    return np.array(
        {
            0: [[1, 0, 0], [0, -1, h]],
            90: [[0, 1, 0], [1, 0, 0]],
            180: [[-1, 0, w], [0, 1, 0]],
            270: [[0, -1, w], [-1, 0, h]],
        }[turn],
        dtype=np.float64,
    )
