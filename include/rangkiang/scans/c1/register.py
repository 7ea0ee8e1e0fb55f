"""Which page of which sheet a leaf is, and where on it: the layout's rules laid on the rules that are drawn.

Nothing hangs on a single mark: a corner may be cut off, a rule broken, the page on its head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from rangkiang.scans.c1.layout import Lembar
from rangkiang.scans.c1.ruled import Rules, guess, known, rules, seen, settled, through
from rangkiang.scans.leaf import Floats, Leaf

LONG_SIDE = 1760
"""Pages are registered at this length in pixels: about 150 dots an inch."""
ENOUGH = 0.7
"""Share of a layout's rules that is found on its own pages; on most others there is less."""
KNOWN = 0.4
"""Share of a page's rules that are the layout's: half and more on its own pages. A table with many rules has those of
any layout, and others: of 230 pages of printed sheets four had enough, and 0.28 of their rules at most were its."""
NARROWEST = 1 / 3
"""Shorter side of a page to its longer one."""
TRIED = 3
"""Of the layouts and turns those that look best at a glance are looked at closely."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A layout on a leaf. ``onto`` (3, 3) leads from the layout's lengths to the leaf's pixels."""

    leaf: Leaf  # the sheet upright
    page: Lembar
    onto: Floats
    found: float  # share of the layout's rules that are drawn where they should be

    def pixels(self, places: Floats) -> Floats:
        """Pixels (n, 2) of places (n, 2) of the layout."""
        return through(self.onto, places)


@dataclass(frozen=True, slots=True)
class _Fit:
    """A layout on a leaf's rules, which are turned to the left by quarters first."""

    page: Lembar
    quarters: int
    onto: Floats
    found: float


def place(leaf: Leaf, pages: Sequence[Lembar]) -> Placed | None:
    """The layout that fits best, in whichever quarter turn; None where none does."""
    if min(leaf.grey.shape) < NARROWEST * max(leaf.grey.shape):
        return None
    scale = LONG_SIDE / max(leaf.grey.shape)
    small = cv2.resize(leaf.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    lying = rules(small)
    ways = [(page, quarters, *guess(lying.turned(quarters), page)) for page in pages for quarters in range(4)]
    ways.sort(key=lambda way: -way[3])
    fits = filter(None, (_fitted(lying, *way[:3]) for way in ways[:TRIED]))
    best = max(fits, key=lambda fit: fit.found, default=None)
    if best is None:
        return None
    onto = np.diag([1 / scale, 1 / scale, 1.0]) @ best.onto
    return Placed(turned(leaf, best.quarters), best.page, onto, best.found)


def turned(leaf: Leaf, quarters: int) -> Leaf:
    """The leaf turned to the left by quarters."""
    height, width = leaf.grey.shape
    right, down = width - 1.0, height - 1.0
    back = [
        np.eye(3),
        np.array([[0, -1, right], [1, 0, 0], [0, 0, 1]]),
        np.array([[-1, 0, right], [0, -1, down], [0, 0, 1]]),
        np.array([[0, 1, 0], [-1, 0, down], [0, 0, 1]]),
    ][quarters % 4]
    grey, printed = (np.ascontiguousarray(np.rot90(picture, quarters)) for picture in (leaf.grey, leaf.printed))
    return Leaf(leaf.number, grey, printed, leaf.back @ back, leaf.scale)


def _fitted(lying: Rules, page: Lembar, quarters: int, guessed: Floats) -> _Fit | None:
    standing = lying.turned(quarters)
    onto = settled(standing, page, guessed)
    if onto is None or known(standing, page, onto) < KNOWN:
        return None
    found = seen(standing, page, onto)
    return _Fit(page, quarters, onto, found) if found >= ENOUGH else None
