"""Pages with a small recap table, drawn with the font that comes with reportlab, and what befalls them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from rangkiang.scans.leaf import Floats, Grey, Leaf, Picture
from scans.cell_pictures import VERA

SCALE = 150 / 72
XS = (80, 120, 430, 480, 620, 760, 900)
YS = (120, 160, 200, 230, 262, 294, 326, 358, 390, 422, 454)
SPANS = {
    **{(0, c): (2, 1) for c in (0, 1, 5)},
    (0, 1): (2, 2),
    (0, 3): (1, 2),  # RINCIAN over two units
    (2, 0): (1, 6),  # a section row
    **{(r, c): (3, 1) for r in (3, 6) for c in (0, 1)},  # a label beside L, P, JML
    (9, 1): (1, 2),
}
TEXTS = {
    (0, 0): "NO.", (0, 1): "URAIAN", (0, 3): "RINCIAN TPS", (0, 5): "JUMLAH", (1, 3): "TPS 1", (1, 4): "TPS 2",
    (2, 0): "I. DATA PEMILIH DAN PENGGUNA HAK PILIH", (3, 0): "1", (6, 0): "2", (9, 0): "3",
    (3, 1): "Jumlah pemilih dalam DPT", (6, 1): "Jumlah pemilih dalam DPTb", (9, 1): "Jumlah pengguna hak pilih",
    **{(r, 2): part for r, part in zip(range(3, 9), ("L", "P", "JML") * 2, strict=True)},
    **{(r, c): str(137 * r + 41 * c) for r in range(3, 10) for c in (3, 4, 5)},
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A drawn page and where the crossings of its first table are: (rows + 1, columns + 1, 2)."""

    grey: Grey
    corners: Floats

    @property
    def picture(self) -> Picture:
        return Picture(1, self.grey, self.grey, SCALE)

    @property
    def leaf(self) -> Leaf:
        return Leaf(1, self.grey, self.grey, np.eye(3), SCALE)

    def seen(self, back: Floats, size: tuple[int, int] | None = None, around: int = 255) -> Page:
        """As it looks through a homography (3, 3) from this page to the picture."""
        size = size or (self.grey.shape[1], self.grey.shape[0])
        grey = cv2.warpPerspective(self.grey, back, size, flags=cv2.INTER_AREA, borderValue=(around,)).astype(np.uint8)
        return Page(grey, through(back, self.corners))

    def turned(self, quarters: int) -> Page:
        """A quarter turn against the clock, so many times."""
        return replace(self, grey=np.ascontiguousarray(np.rot90(self.grey, quarters)))


def through(homography: Floats, corners: Floats) -> Floats:
    on = np.concatenate([corners, np.ones((*corners.shape[:-1], 1))], axis=-1) @ homography.T
    there: Floats = on[..., :2] / on[..., 2:]
    return there


def recap(ink: int = 0, thick: int = 2) -> Page:
    """A title, a table with merged cells, and a table for signatures; rules as dark as ``ink``."""
    paper = Image.new("L", (980, 760), 255)
    pen = ImageDraw.Draw(paper)
    font, bold = ImageFont.truetype(VERA, 17), ImageFont.truetype(VERA, 20)
    pen.text((490, 40), "SERTIFIKAT REKAPITULASI HASIL PENGHITUNGAN SUARA", 0, bold, "mm")
    pen.text((80, 80), "KECAMATAN : PANCUNG SOAL", 0, font, "lm")
    for box in boxes():
        _box(pen, box, ink, thick)
    for (row, column), text in TEXTS.items():
        rows, columns = SPANS.get((row, column), (1, 1))
        middle = (YS[row] + YS[row + rows]) / 2
        left = column < 3 and row > 1
        x = XS[column] + 6 if left else (XS[column] + XS[column + columns]) / 2
        pen.text((x, middle), text, 0, font, "lm" if left else "mm")
    for n, x in enumerate(range(80, 800, 205)):
        _box(pen, (x, 600, x + 205, 630), ink, thick)
        _box(pen, (x, 630, x + 205, 690), ink, thick)
        pen.text((x + 100, 615), f"ANGGOTA {n}", 0, font, "mm")
    return Page(np.array(paper), np.stack(np.meshgrid(XS, YS), axis=-1).astype(np.float64))


def boxes() -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of the first table's cells, merged ones once, row by row."""
    taken: set[tuple[int, int]] = set()
    found = []
    for place in ((r, c) for r in range(len(YS) - 1) for c in range(len(XS) - 1)):
        if place not in taken:
            rows, columns = SPANS.get(place, (1, 1))
            taken |= {(place[0] + r, place[1] + c) for r in range(rows) for c in range(columns)}
            found.append((XS[place[1]], YS[place[0]], XS[place[1] + columns], YS[place[0] + rows]))
    return found


def _box(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], ink: int, thick: int) -> None:
    left, top, right, bottom = box
    for x0, y0, x1, y1 in ((left, top, right, top), (left, bottom, right, bottom), (left, top, left, bottom)):
        pen.line((x0, y0, x1, y1), ink, thick)
    pen.line((right, top, right, bottom), ink, thick)


def rotation(degrees: float, size: tuple[int, int] = (980, 760)) -> Floats:
    turn = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), degrees, 1.0)
    return np.vstack([turn, [0, 0, 1]])


def quad(*corners: tuple[float, float], size: tuple[int, int] = (980, 760)) -> Floats:
    """From the page to a picture in which its corners lie there: clockwise from the top left."""
    width, height = size
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    return cv2.getPerspectiveTransform(page, np.array(corners, dtype=np.float32)).astype(np.float64)


def worn(grey: Grey, noise: float, blur: float = 0.0) -> Grey:
    grain = np.random.default_rng(2019).normal(0, noise, grey.shape)
    soft = cv2.GaussianBlur(grey, (0, 0), blur) if blur else grey
    return (soft + grain).clip(0, 255).astype(np.uint8)
