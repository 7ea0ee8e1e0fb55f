"""The text of a cell from its characters.

Most cells hold one line whose characters follow each other in the file too: their text is a piece of the page's. Where
they do not (turned names, words placed one by one, bold made by drawing twice), it is put together from their places.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rangkiang.reading.pdf.page import Page
from rangkiang.reading.pdf.turn import Floats, Frame, main_way

# All are shares of a character's height.
SPACE = 0.15
"""A gap from which two characters are of two words."""
OVERLAP = 0.3
"""How far a character may reach back over the one before it: kerning."""
NEXT_LINE = 0.4
"""A character whose middle lies this much lower than the one before it stands on another line."""
SAME_PLACE = 0.3
"""Two equal characters closer than this were drawn twice."""


def texts(page: Page, owner: NDArray[np.int64], count: int) -> list[str]:
    """The text of each of ``count`` cells, lines parted by line ends.

    ``owner`` (n,) says whose each character is: the number of a cell, or -1 for nobody's.
    """
    found = [""] * count
    index = np.flatnonzero(owner >= 0)
    if not len(index):
        return found
    whose = owner[index]
    follows = whose[1:] == whose[:-1]
    begin = np.concatenate([[0], np.flatnonzero(~follows) + 1])
    end = np.concatenate([begin[1:], [len(index)]])
    pieces_of = np.bincount(whose[begin], minlength=count)
    plain = pieces_of == 1
    plain[whose[1:][follows & ~_in_order(page, index)]] = False
    plain[whose[page.ways[index] > 0]] = False
    first, last = index[begin].tolist(), (index[end - 1] + 1).tolist()
    for cell, a, b in zip(whose[begin].tolist(), first, last, strict=True):
        if plain[cell]:
            found[cell] = _folded(page.text[a:b])
    order = np.argsort(whose, kind="stable")
    bounds = np.searchsorted(whose[order], np.arange(count + 1))
    for cell in np.flatnonzero(~plain & (pieces_of > 0)).tolist():
        found[cell] = _placed(page, index[order[bounds[cell] : bounds[cell + 1]]])
    return found


def outside(page: Page, chosen: NDArray[np.bool_]) -> str:
    """The text of the chosen characters, as the file has it, in lines."""
    if not len(chosen):
        return ""
    solid = np.where(page.solid, np.arange(len(chosen)), 0)
    kept = chosen[np.maximum.accumulate(solid)]  # white space goes with what stands before it
    edges = np.flatnonzero(np.diff(kept, prepend=False, append=False)).tolist()
    return _folded("\n".join(page.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)))


def _in_order(page: Page, index: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Does each character stand where the text says it does: after the one before it, or on the next line?"""
    boxes, middle = page.boxes[index], page.middle[index]
    height = boxes[:-1, 3] - boxes[:-1, 1]
    gap = boxes[1:, 0] - boxes[:-1, 2]
    lower = middle[1:, 1] - middle[:-1, 1]
    spaced = np.diff(index) > 1
    broken = np.diff(page.breaks[index]) > 0
    level = (np.abs(lower) < NEXT_LINE * height) & (gap > -OVERLAP * height) & ~broken
    in_order: NDArray[np.bool_] = (level & (spaced | (gap < SPACE * height))) | ((lower >= NEXT_LINE * height) & spaced)
    return in_order


def _folded(text: str) -> str:
    if text.isalnum():
        return text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return _joined([line for line in lines if line])


def _joined(lines: Sequence[str]) -> str:
    """Lines of one letter each are a word whose letters are set one below the other."""
    stacked = len(lines) > 2 and all(len(line) == 1 and line.isalpha() for line in lines)
    return ("" if stacked else "\n").join(lines)


def _placed(page: Page, index: NDArray[np.int64]) -> str:
    """The text of characters by where they stand."""
    boxes = Frame(page.width, page.height, main_way(page.ways[index])).there(page.boxes[index])
    letters = [page.text[n] for n in index.tolist()]
    return _joined([_line(boxes, letters, line) for line in _lines(boxes)])


def _lines(boxes: Floats) -> list[list[int]]:
    """Positions of the characters of each line, from top to bottom."""
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    order = np.argsort(middle, kind="stable")
    height = boxes[order, 3] - boxes[order, 1]
    cuts = np.flatnonzero(np.diff(middle[order]) > NEXT_LINE * height[:-1]) + 1
    return [part.tolist() for part in np.split(order, cuts)]


def _line(boxes: Floats, letters: Sequence[str], line: Sequence[int]) -> str:
    """The characters of a line from left to right, a space where there is a gap, copies left out."""
    text, last = "", -1
    for n in sorted(line, key=lambda n: (boxes[n, 0], n)):
        height = boxes[n, 3] - boxes[n, 1]
        if last >= 0:
            if letters[n] == letters[last] and abs(boxes[n, 0] - boxes[last, 0]) < SAME_PLACE * (
                boxes[n, 2] - boxes[n, 0]
            ):
                continue
            text += " " if boxes[n, 0] - boxes[last, 2] > SPACE * height else ""
        text += letters[n]
        last = n
    return text
