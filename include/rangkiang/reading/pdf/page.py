"""A page as numbers: its characters and its straight rules, off pdfium, as the reader sees the page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from numpy.typing import NDArray

from rangkiang.reading.errors import crowded
from rangkiang.reading.pdf.calls import LOOSE_BOX, addresses, ask, handle
from rangkiang.reading.pdf.strokes import strokes
from rangkiang.reading.pdf.turn import Floats, Frame, main_way, word_ways
from rangkiang.settings import limits

_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-"}  # pdfium's marks for a dash at the end of a line
_BLANK = np.array([chr(code).isspace() for code in range(0x3002)])  # there is no white space beyond


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page. Lengths in points, origin top left, turned so that most of the text reads from left to right.

    ``text`` has one character per row of ``boxes`` (n, 4: x0, y0, x1, y1); white space, some of it made up by pdfium
    between words and lines, is among it. ``across`` (n, 3: y, x0, x1) and ``down`` (n, 3: x, y0, y1) are the rules.
    ``frame`` leads back to the page as it is shown.
    """

    number: int  # 1-based
    width: float
    height: float
    text: str
    boxes: Floats
    across: Floats
    down: Floats
    frame: Frame
    middle: Floats  # (n, 2) of each character
    solid: NDArray[np.bool_]  # which characters are no white space
    breaks: NDArray[np.int64]  # how many line ends there are in the text up to each character
    ways: NDArray[np.int64]  # (n,) quarter turns clockwise after which the text reads from left to right; -1: unknown


def pages(data: bytes) -> Iterator[Page]:
    """Every page, one after the other.

    Raises pypdfium2.PdfiumError for a broken file, Unreadable('too_large') for an absurd page.
    """
    with closing(pypdfium2.PdfDocument(data)) as document:
        for number in range(len(document)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                yield _page(number + 1, page, text)


def _page(number: int, page: Any, textpage: Any) -> Page:
    left, bottom, right, top = page.get_bbox()
    shown = Frame(right - left, top - bottom, page.get_rotation() // 90)
    text, boxes = _characters(textpage)
    lines = strokes(page)
    # pdfium's y grows upwards from the corner of the page's box
    origin = np.array([left, top, left, top])
    flip = np.array([1.0, -1.0, 1.0, -1.0])
    boxes, lines = shown.there((boxes - origin) * flip), shown.there((lines - origin) * flip)
    codes = _codes(text)
    solid = ~_BLANK[np.minimum(codes, len(_BLANK) - 1)]
    ways = _with_lying(word_ways(solid, boxes), solid, boxes, textpage, shown.quarters)
    frame = Frame(shown.far_width, shown.far_height, main_way(ways))
    boxes, lines = frame.there(boxes), frame.there(lines)
    ways = np.where(ways >= 0, (ways - frame.quarters) % 4, ways)
    if frame.quarters % 2:  # what lies now stood upright before
        ways = _with_lying(ways, solid, boxes, textpage, shown.quarters + frame.quarters)
    flat = lines[:, 3] - lines[:, 1] <= lines[:, 2] - lines[:, 0]
    across, down = lines[flat], lines[~flat]
    return Page(
        number,
        frame.far_width,
        frame.far_height,
        text,
        boxes,
        np.column_stack([(across[:, 1] + across[:, 3]) / 2, across[:, 0], across[:, 2]]),
        np.column_stack([(down[:, 0] + down[:, 2]) / 2, down[:, 1], down[:, 3]]),
        frame,
        (boxes[:, :2] + boxes[:, 2:]) / 2,
        solid,
        np.cumsum((codes == ord("\r")) | (codes == ord("\n"))),
        ways,
    )


def _with_lying(
    ways: NDArray[np.int64], solid: NDArray[np.bool_], boxes: Floats, textpage: Any, quarters: int
) -> NDArray[np.int64]:
    """The ways of characters wider than high, too, that no neighbour tells: letters of a turned word, set singly.

    ``quarters`` is by how much the page has been turned since it was drawn.
    """
    wide = boxes[:, 2] - boxes[:, 0] > boxes[:, 3] - boxes[:, 1]
    lying = np.flatnonzero(solid & wide & (ways < 0))
    angles = np.array([pdfium.FPDFText_GetCharAngle(textpage, n) for n in lying.tolist()])
    ways[lying] = (-np.round(angles / (np.pi / 2)).astype(np.int64) - quarters) % 4
    return ways


def _codes(text: str) -> NDArray[np.uint32]:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _characters(textpage: Any) -> tuple[str, Floats]:
    """The text of a page, and a box (left, bottom, right, top) for each character: as wide as its advance."""
    count = textpage.count_chars()
    if count > limits().characters:
        raise crowded(count, limits().characters, "huruf")
    boxes = np.zeros((max(count, 1), 4), dtype=np.float32)
    ask(LOOSE_BOX, repeat(handle(textpage), count), range(count), addresses(boxes))
    return _text(textpage, count), boxes[:count, [0, 3, 2, 1]].astype(np.float64)


def _text(textpage: Any, count: int) -> str:
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    pdfium.FPDFText_GetText(textpage, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[: 2 * count].decode("utf-16-le", errors="replace")
    if len(text) != count or "\0" in text:  # characters without a code, or beyond the sixteen bits
        codes = [pdfium.FPDFText_GetUnicode(textpage, n) for n in range(count)]
        text = "".join(chr(code) if 0 < code < 0x110000 else "\N{REPLACEMENT CHARACTER}" for code in codes)
    return text.translate(_HYPHENS)
