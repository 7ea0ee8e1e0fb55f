"""The lines of a PDF page as its reader sees them, pages that are drawn sideways too."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from ctypes import byref, c_double
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

_SAMPLES = 60
_LEVEL = re.compile(r"MODEL|JUMLAH|PROVINSI|KABUPATEN|SERTIFIKAT", re.IGNORECASE)
"""Words that run as the page is looked at; names of columns may be turned on it."""

_SAME_LINE = 1.5  # points between the baselines of what stands on one line
_APART = 2.5  # times the usual step from letter to letter: what is farther off does not belong to the word
_DOWNWARDS, _UPWARDS = 1, 3  # quarter turns with the clock


def lines(text: Any) -> list[str]:
    """The lines of a text page (``pypdfium2.PdfTextPage``): in the order in which they are drawn or, of a page drawn
    sideways, where pdfium sees no line end, from the head down.
    """
    turn = _turn(text)
    return _sideways(text, turn) if turn in (_DOWNWARDS, _UPWARDS) else str(text.get_text_bounded()).splitlines()


def _turn(text: Any) -> int:
    """Quarter turns with the clock of the text that is level for who looks at the page."""
    count = text.count_chars()
    turns = _turns(text, range(0, count, max(1, count // _SAMPLES)))
    if len(turns) > 1:
        turns = _turns(text, (word.start() for word in _LEVEL.finditer(text.get_text_range()))) or turns
    return turns.most_common(1)[0][0] if turns else 0


def _turns(text: Any, places: Iterable[int]) -> Counter[int]:
    return Counter(_turned(text, n) for n in places)


def _turned(text: Any, at: int) -> int:
    angle: float = pdfium.FPDFText_GetCharAngle(text, at)
    return round(angle / (math.pi / 2)) % 4


def _sideways(text: Any, turn: int) -> list[str]:
    """Letters by their lines, which of text that runs downwards follow each other from right to left."""
    sign = 1 if turn == _UPWARDS else -1
    x, y = c_double(), c_double()
    letters = []
    for n in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, n)
        if code >= ord(" ") and _turned(text, n) == turn and pdfium.FPDFText_GetCharOrigin(text, n, byref(x), byref(y)):
            letters.append((sign * x.value, sign * y.value, chr(code)))
    found: list[list[tuple[float, str]]] = []
    baseline = -math.inf
    for across, along, letter in sorted(letters):
        if across - baseline > _SAME_LINE:
            found.append([])
            baseline = across
        found[-1].append((along, letter))
    return [_joined(sorted(line)) for line in found]


def _joined(line: list[tuple[float, str]]) -> str:
    """Letters by their places along a line. Font sizes say nothing here: they may be scaled afterwards."""
    steps = [after[0] - before[0] for before, after in pairwise(line)]
    usual = median(steps) if steps else 0.0
    apart = ["", *(" " if step > _APART * usual else "" for step in steps)]
    return "".join(gap + letter for gap, (_, letter) in zip(apart, line, strict=True))
