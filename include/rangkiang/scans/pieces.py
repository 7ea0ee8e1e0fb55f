"""Where rules are faint a table falls into pieces, whose rules are still in line with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from rangkiang.scans.leaf import Floats

FEWEST, MOST = 3, 0.7
"""How many rules, and which share of its own, a piece of a table has in line with those of another."""

TWO, APART = 2, 6
"""Uprights of a piece that goes on below another, and how far from it, in times of what is in line, it may begin."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What hangs together on a page: where its rules stand, its box (x0, y0, x1, y1), and whether it has borders and
    hardly anything that runs from one to the other."""

    level: Floats
    upright: Floats
    box: tuple[int, int, int, int]
    frame: bool

    def within(self, other: Piece) -> bool:
        """Does it lie in the other's box?"""
        return all(np.array(self.box[:2]) >= other.box[:2]) and all(np.array(self.box[2:]) <= other.box[2:])


def joined(pieces: Sequence[Piece], near: float) -> list[list[int]]:
    """Which pieces are of one table, by their numbers; rules are in line that are no further apart than ``near``."""
    pairs = [pair for pair in combinations(range(len(pieces)), 2) if _alike(pieces, pair, near)]
    for belongs in (_goes_on, _lies_in):
        wholes = [(group[0], _whole([pieces[n] for n in group])) for group in _groups(pieces, pairs)]
        for n, piece in enumerate(pieces):
            others = (first for first, whole in wholes if first != n and belongs(piece, whole, near))
            pairs += [(first, n) for first in islice(others, 1)]
    return _groups(pieces, pairs)


def _groups(pieces: Sequence[Piece], pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    if not pieces:
        return []
    links = coo_array((np.ones(len(pairs)), tuple(np.array(pairs, dtype=int).reshape(-1, 2).T)), (len(pieces),) * 2)
    label = connected_components(links, directed=False)[1]
    return [np.flatnonzero(label == n).tolist() for n in dict.fromkeys(label.tolist())]


def _whole(pieces: Sequence[Piece]) -> Piece:
    x0, y0, x1, y1 = zip(*(piece.box for piece in pieces), strict=True)
    return Piece(
        np.concatenate([piece.level for piece in pieces]),
        np.concatenate([piece.upright for piece in pieces]),
        (min(x0), min(y0), max(x1), max(y1)),
        all(piece.frame for piece in pieces),
    )


def _alike(pieces: Sequence[Piece], pair: tuple[int, int], near: float) -> bool:
    one, other = (pieces[n] for n in pair)
    if one.frame or other.frame:
        return False
    return _in_line(one.upright, other.upright, near) or _in_line(one.level, other.level, near)


def _in_line(one: Floats, other: Floats, near: float) -> bool:
    """Are most rules of the smaller in line with rules of the larger?"""
    if min(len(one), len(other)) < FEWEST:
        return False
    common = (np.abs(one[:, None] - other).min(axis=1) <= near).sum()
    return bool(common >= FEWEST and common >= MOST * min(len(one), len(other)))


def _goes_on(piece: Piece, whole: Piece, near: float) -> bool:
    """Does it stand right above or below, every rule in line with one there?"""
    apart = max(piece.box[1] - whole.box[3], whole.box[1] - piece.box[3])
    beside = piece.box[0] < whole.box[0] - near or piece.box[2] > whole.box[2] + near
    if whole.frame or beside or apart > APART * near or min(len(piece.upright), len(whole.upright)) < TWO:
        return False
    return bool(np.abs(piece.upright[:, None] - whole.upright).min(axis=1).max() <= near)


def _lies_in(piece: Piece, whole: Piece, near: float) -> bool:
    """Does it lie in a table, with a rule in line with those around it? What has more rules than what is around it is
    the table itself, and that is the page's."""
    ways = ((piece.upright, whole.upright), (piece.level, whole.level))
    in_line = any(len(one) and len(other) and np.abs(one[:, None] - other).min() <= near for one, other in ways)
    is_part = sum(len(one) for one, _ in ways) <= sum(len(other) for _, other in ways)
    return not whole.frame and is_part and piece.within(whole) and in_line
