"""Ruled tables of a straight page: rules, where they cross, and which stretches between crossings are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from rangkiang.scans import strokes
from rangkiang.scans.bend import Bend, Sag, sag
from rangkiang.scans.leaf import Floats, Grey, Lattice, Leaf
from rangkiang.scans.rules import SHORTEST, Rules, rules
from rangkiang.scans.slopes import slopes, transposed

WORK = 150 / 72
"""Pixels for a point at which rules are looked for: what half a point is wide is one pixel then."""
DRAWN = 0.75
"""Share of a stretch between two crossings that is as dark as a rule, where it is drawn."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Flat:
    """The rules of a page, flattened. Level rules (rows) and upright ones (columns)."""

    level: Rules
    upright: Rules
    bend: Bend
    fine: float  # pixels for a pixel of the leaf


def lattices(leaf: Leaf) -> list[Lattice]:
    """Every ruled table of a leaf from top to bottom; a single box is a frame, and no table."""
    flat = _flattened(leaf)
    found = [_lattice(flat, rows, columns) for rows, columns in _tables(flat)]
    return sorted((one for one in found if one.shape != (1, 1)), key=lambda one: one.corners[0, 0, 1])


def _flattened(leaf: Leaf) -> _Flat:
    fine = min(1.0, WORK / leaf.scale)
    grey = cv2.resize(leaf.grey, None, fx=fine, fy=fine, interpolation=cv2.INTER_AREA).astype(np.uint8)
    scale = leaf.scale * fine
    level, upright = strokes.level(grey, scale), strokes.upright(grey, scale)
    bend = Bend(_sag(level), _sag(transposed(upright)))
    ink = bend.flattened(cv2.bitwise_not(grey).astype(np.uint8))
    across = rules(bend.flattened(level), ink, scale, SHORTEST["level"])
    down = rules(transposed(bend.flattened(upright)), transposed(ink), scale, SHORTEST["upright"])
    return _Flat(across, down, bend, fine)


def _sag(level: Grey) -> Sag:
    small = cv2.resize(cv2.min(level, 64), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.uint8)
    found = slopes(small, 128)
    half = sag(found, small.shape)
    return type(half)(2 * half.size, (2 * half.middle[0], 2 * half.middle[1]), half.terms)


def _stretches(of: Rules, stops: Floats, edge: int) -> Floats:
    """(rules, stops - 1): how much of each stretch between stops is drawn, the crossings themselves left out."""
    sums = np.concatenate([np.zeros((len(of.at), 1)), of.drawn.cumsum(axis=1)], axis=1)
    length = of.drawn.shape[1]
    start = (np.rint(stops[:-1]).astype(np.int64) + edge).clip(0, length - 1)
    end = np.maximum(np.rint(stops[1:]).astype(np.int64) - edge + 1, start + 1).clip(1, length)
    found: Floats = (sums[:, end] - sums[:, start]) / (end - start)
    return found


def _tables(flat: _Flat) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Level and upright rules that hang together, table by table."""
    if len(flat.level.at) < 2 or len(flat.upright.at) < 2:
        return
    across = _stretches(flat.level, flat.upright.at, 2) > DRAWN
    down = (_stretches(flat.upright, flat.level.at, 2) > DRAWN).T
    rows, columns = len(flat.level.at), len(flat.upright.at)
    number = np.arange(rows * columns).reshape(rows, columns)
    starts = np.concatenate([number[:, :-1][across], number[:-1][down]])
    ends = np.concatenate([number[:, 1:][across], number[1:][down]])
    links = coo_array((np.ones(len(starts)), (starts, ends)), shape=(rows * columns,) * 2)
    label = connected_components(links, directed=False)[1].reshape(rows, columns)
    for one in np.unique(label[:, :-1][across]):
        own = label == one
        level = np.flatnonzero((across & own[:, :-1]).any(axis=1))
        upright = np.flatnonzero((down & own[:-1]).any(axis=0))
        if len(level) > 1 and len(upright) > 1:
            yield level, upright


def _lattice(flat: _Flat, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Lattice:
    above = _stretches(flat.level, flat.upright.at[columns], 2)[rows] > DRAWN
    before = (_stretches(flat.upright, flat.level.at[rows], 2)[columns] > DRAWN).T
    u, v = np.meshgrid(flat.upright.at[columns], flat.level.at[rows])
    r, c = rows[:, None], columns[None, :]
    v = flat.level.across(r, u)
    u = flat.upright.across(c, v)
    x, y = flat.bend.places(u, v)
    corners = (np.stack([x, y], axis=-1) + 0.5) / flat.fine - 0.5
    return Lattice(corners, above, before)
