"""A C1 sheet drawn from its layout: rules, corner marks, black bars, a watermark, and marks in its boxes."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping

import cv2
import numpy as np
from PIL import Image

from rangkiang.scans.c1.layout import Lembar, layouts
from rangkiang.scans.leaf import Floats, Grey, Leaf

WIDTH, HEIGHT = 1240, 1770
LAYOUTS = layouts()
VOTERS = {
    **dict.fromkeys((place.row for place in LAYOUTS[0].places), "XXX"),
    **{f"I.{part}.{line}.{split}": n for part, of in (("A", ("X94", "X96", "190")), ("B", ("X75", "X78", "153")))
       for line in (1, 4) for split, n in zip(("L", "P", "JML"), of, strict=True)},
    "III.1": "194", "III.3": "X41", "III.4": "153",
}  # fmt: skip
ONTO = np.array([[1155.0, 0, 38], [0, 1672.0, 45], [0, 0, 1]])
"""From the layout's lengths to pixels."""


def sheet(page: Lembar, dotted: Collection[tuple[str, int]] = (), ink: int = 0) -> Grey:
    """The page; ``dotted`` boxes (row code, which of the three) hold a dot."""
    picture = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for n in range(7):
        cv2.putText(picture, "KOMISI PEMILIHAN UMUM", (20, 120 + 240 * n), cv2.FONT_HERSHEY_SIMPLEX, 3, 228, 24)
    for y, x0, x1 in page.level:
        _line(picture, (x0, y), (x1, y), ink)
    for x, y0, y1 in page.upright:
        _line(picture, (x, y0), (x, y1), ink)
    for x, y in ((0, 0), (1, 0), (1, 1), (0, 1)):
        left, top = at(x, y)
        cv2.rectangle(picture, (left - 13, top - 13), (left + 13, top + 13), ink, -1)
    for place in page.places:
        for n in range(3):
            if (place.row, n) in dotted:
                middle = at((place.stops[n] + place.stops[n + 1]) / 2, (place.top + place.bottom) / 2)
                cv2.circle(picture, middle, 9, ink, -1)
    return picture


def filled(page: Lembar, numbers: Mapping[str, str], words: Mapping[str, str]) -> Grey:
    """The page with a sign in each box of the numbers, and words in their lines."""
    picture = sheet(page)
    for place in page.places:
        for n, sign in enumerate(numbers[place.row]):
            x, y = at((place.stops[n] + place.stops[n + 1]) / 2, (place.top + place.bottom) / 2)
            cv2.putText(picture, sign, (x - 10, y + 12), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2, cv2.LINE_AA)
    for row, text in words.items():
        x0, _, _, y1 = page.words[row]
        x, y = at(x0 + 0.1, y1)
        cv2.putText(picture, text, (x, y - 12), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2, cv2.LINE_AA)
        x, y = at(page.hint + 0.005, y1)
        cv2.putText(picture, "(ditulis dengan huruf)", (x, y - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.35, 0, 1, cv2.LINE_AA)
    return picture


def filled_sheet() -> bytes:
    """Both pages of a sheet that adds up, as one TIFF."""
    votes = {"IV.01": "X20", "IV.02": "128", "V.A": "148", "V.B": "XX5", "V.C": "153"}
    said = ("DUA PULUH", "SERATUS DUA PULUH DELAPAN", "SERATUS EMPAT PULUH DELAPAN", "LIMA", "SERATUS LIMA PULUH TIGA")
    second = filled(LAYOUTS[1], votes, dict(zip(votes, said, strict=True)))
    return tiff(filled(LAYOUTS[0], VOTERS, {}), second)


def tiff(*pages: Grey) -> bytes:
    """Pages at 150 dots an inch as one file."""
    out = io.BytesIO()
    first, *others = (Image.fromarray(page) for page in pages)
    first.save(out, "TIFF", save_all=True, append_images=others, compression="tiff_lzw", dpi=(150, 150))
    return out.getvalue()


def at(x: float, y: float) -> tuple[int, int]:
    """The pixel of a place of the layout."""
    there = ONTO @ (x, y, 1)
    return round(there[0]), round(there[1])


def leaf(picture: Grey) -> Leaf:
    return Leaf(1, picture, picture, np.eye(3), 2.0)


def bent(picture: Grey, *, degrees: float = 0.0, shift: float = 0.0) -> tuple[Grey, Floats]:
    """Turned a little about the middle and with one corner pulled by ``shift`` pixels; and the matrix (3, 3) to it."""
    turn = np.vstack([cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, 1), [0, 0, 1]])
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    pulled = corners + np.array([[0, 0], [-shift, shift], [0, 0], [0, 0]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, pulled) @ turn
    return cv2.warpPerspective(picture, matrix, (WIDTH, HEIGHT), borderValue=255).astype(np.uint8), matrix


def _line(picture: Grey, start: tuple[float, float], end: tuple[float, float], ink: int) -> None:
    cv2.line(picture, at(*start), at(*end), ink, 2)
