"""The lines of a PDF page as its reader sees them, pages that are drawn sideways too."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

_SAMPLES = 60
"""So many characters, spread over a page, show which way its text runs: the names of columns may run another way."""
_SAME_LINE = 0.5  # of the height of its text: how far a run may lie off its line
_UPWARDS, _DOWNWARDS = 1, 3  # quarter turns against the clock


def lines(text: Any) -> list[str]:
    """The lines of a text page (``pypdfium2.PdfTextPage``), in the order in which they are drawn or, of a page drawn
    sideways, read: there pdfium sees no line end.
    """
    turn = _turn(text)
    if turn not in (_UPWARDS, _DOWNWARDS):
        return str(text.get_text_bounded()).splitlines()
    boxes = [text.get_rect(n) for n in range(text.count_rects())]
    # Text that runs upwards goes on in lines from left to right, text that runs downwards from right to left.
    sign = 1 if turn == _UPWARDS else -1
    runs = sorted((sign * (left + right) / 2, sign * bottom, n) for n, (left, bottom, right, _) in enumerate(boxes))
    found: list[list[tuple[float, int]]] = []
    at = -math.inf
    for across, along, n in runs:
        if across - at > _SAME_LINE * (boxes[n][2] - boxes[n][0]):
            found.append([])
            at = across
        found[-1].append((along, n))
    return [" ".join(text.get_text_bounded(*boxes[n]).strip() for _, n in sorted(line)) for line in found]


def _turn(text: Any) -> int:
    """Quarter turns against the clock of most of the text."""
    count = text.count_chars()
    angles = (pdfium.FPDFText_GetCharAngle(text, n) for n in range(0, count, max(1, count // _SAMPLES)))
    turns = Counter(round(angle / (math.pi / 2)) % 4 for angle in angles)
    return turns.most_common(1)[0][0] if turns else 0
