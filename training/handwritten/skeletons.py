"""How hands write digits: each way as pen strokes through points in the unit square, origin top left.

A stroke is a smooth curve through its points; a '|' makes a corner of the point before it. Ways that Indonesian hands
prefer stand first and are drawn more often: a plain 1, a 9 like a g, an open 4, a 7 without a bar.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WAYS: dict[str, tuple[tuple[float, str], ...]] = {
    "0": (
        (6, ".5,0 .08,.3 .1,.7 .5,1 .9,.7 .92,.3 .5,0"),
        (3, ".62,.03 .2,.12 .05,.55 .3,.97 .75,.9 .95,.5 .8,.12 .45,.02"),
        (1, ".4,.05 .05,.5 .4,1 .95,.6 .8,.05 .35,.1"),
        (0.3, ".5,0 .08,.3 .1,.7 .5,1 .9,.7 .92,.3 .5,0; .85,.05 .15,.95"),
    ),
    "1": (
        (7, ".5,0 .5,1"),
        (2, ".2,.25 .5,0| .5,1"),
        (1, ".25,.2 .5,0| .5,1; .2,1 .8,1"),
        (1, ".6,0 .4,1"),
    ),
    "2": (
        (4, ".05,.25 .3,.02 .75,.1 .8,.35 .45,.68 .05,1| .95,.98"),
        (3, ".1,.22 .35,.0 .8,.15 .7,.5 .3,.85 .1,.97 .1,.82 .35,.82 .95,1"),
        (2, ".05,.15 .45,0 .85,.2 .55,.6 .08,.98| .5,.92 1,1"),
        (1, ".08,.08 .85,.05| .05,.97| .92,.97"),
    ),
    "3": (
        (4, ".1,.12 .5,0 .85,.2 .4,.45| .9,.68 .55,1 .05,.9"),
        (2, ".1,.03 .85,.02| .4,.4| .9,.65 .55,1 .05,.88"),
        (2, ".12,.1 .6,.0 .8,.25 .45,.46 .88,.7 .5,1 .02,.86"),
        (1, ".1,.15 .45,.0 .8,.18 .5,.42 .35,.45 .55,.47 .9,.7 .6,1 .1,.95"),
    ),
    "4": (
        (4, ".25,0 .08,.58| .92,.56; .7,.25 .66,1"),
        (3, ".6,0 .05,.65| .95,.63; .66,.3 .64,1"),
        (2, ".68,1 .68,0| .05,.66| .95,.64"),
        (2, ".1,.02 .12,.45 .3,.56 .8,.5; .82,0 .8,1"),
        (1, ".3,0 .05,.5 .2,.58 .95,.55; .75,.05 .6,1"),
    ),
    "5": (
        (4, ".2,.03 .15,.42| .55,.36 .9,.62 .6,1 .05,.92; .2,.03 .9,0"),
        (3, ".88,.0 .22,.02| .16,.42| .6,.38 .9,.65 .5,1 .05,.9"),
        (2, ".85,.03 .4,.0 .15,.25 .5,.46 .85,.7 .5,1 .05,.9"),
        (1, ".25,.05 .2,.45 .6,.4 .85,.7 .4,1 .05,.88; .35,-.02 .95,-.05"),
    ),
    "6": (
        (4, ".7,0 .25,.3 .06,.7 .4,1 .85,.8 .65,.52 .3,.55 .1,.75"),
        (3, ".45,0 .12,.55 .2,.95 .65,1 .88,.75 .6,.55 .15,.72"),
        (2, ".85,.05 .4,.1 .08,.55 .3,1 .8,.9 .8,.6 .4,.5 .12,.65"),
        (1, ".2,0 .08,.6 .3,1 .8,.88 .7,.58 .12,.7"),
    ),
    "7": (
        (5, ".05,.04 .92,.0| .4,1"),
        (2, ".08,.22 .1,.02| .92,.02| .45,1"),
        (2, ".05,.05 .9,.02| .65,.4 .45,1"),
        (2, ".05,.04 .92,.0| .4,1; .25,.52 .85,.48"),
        (1, ".05,.12 .35,.02 .6,.1 .92,.02| .5,.5 .4,1"),
    ),
    "8": (
        (4, ".82,.15 .5,.0 .15,.2 .5,.45 .9,.75 .5,1 .1,.75 .5,.46 .82,.15"),
        (2, ".5,.45 .18,.22 .5,.0 .8,.22 .5,.45 .08,.75 .5,1 .92,.75 .5,.45"),
        (2, ".9,.05 .5,.02 .2,.2 .55,.48 .85,.78 .5,1 .12,.8 .4,.52 .95,.0"),
        (1, ".45,.42 .2,.15 .55,.0 .8,.2 .45,.44; .45,.44 .08,.75 .5,1 .92,.72 .5,.42"),
    ),
    "9": (
        (3, ".85,.22 .5,.0 .1,.25 .4,.5 .85,.25| .82,.6 .72,1"),
        (3, ".8,.15 .4,.02 .08,.28 .45,.48 .85,.15 .85,.7 .5,1 .1,.9"),
        (2, ".82,.2 .5,.02 .12,.25 .45,.5 .85,.22| .5,1"),
        (2, ".75,.12 .3,.05 .12,.35 .5,.45 .82,.1| .8,.75 .45,1.02 .05,.85"),
        (1, ".85,.1 .35,.0 .1,.3 .5,.5 .9,.2; .88,.05 .8,1"),
    ),
    "X": (
        (6, "0,0 1,1; 1,0 0,1"),
        (2, ".05,.05 .95,1; .9,0 .1,.95"),
        (1, "0,.1 .5,.5 1,.95; 1,0 .6,.45 0,1"),
        (1, "0,0 1,1 1,.75 .5,.5 0,1"),
        (0.5, "0,0 1,1; 1,0 0,1; .5,0 .5,1"),
    ),
    "-": (
        (5, "0,.5 1,.48"),
        (2, "0,.5 .35,.42 .7,.55 1,.47"),
        (0.7, "0,.35 1,.32; 0,.68 1,.65"),
        (0.5, "0,.5 1,.5 .1,.55"),
    ),
}
STROKE_THROUGH = ("0,0 1,1", "1,0 0,1")
"""A box may be struck through with one stroke only."""


def strokes(sign: str, chance: random.Random, shake: float) -> list[Floats]:
    """A sign as one hand writes it once: strokes (points, 2: x, y). ``shake``: how far points stray, in its size."""
    ways = WAYS[sign]
    return written(chance.choices([way for _, way in ways], [weight for weight, _ in ways])[0], chance, shake)


def written(way: str, chance: random.Random, shake: float) -> list[Floats]:
    """The strokes of one way."""
    return [_curve(stroke.split(), chance, shake) for stroke in way.split(";")]


def _curve(stops: list[str], chance: random.Random, shake: float) -> Floats:
    drift = chance.gauss(0, shake / 2), chance.gauss(0, shake / 2)
    points = [
        tuple(float(n) + d + chance.gauss(0, shake) for n, d in zip(stop.rstrip("|").split(","), drift, strict=True))
        for stop in stops
    ]
    pieces, start = [], 0
    for end, stop in enumerate(stops):
        if (stop.endswith("|") and end) or end == len(stops) - 1:
            pieces.append(_smooth(np.array(points[start : end + 1])))
            start = end
    return np.concatenate(pieces)


def _smooth(points: Floats) -> Floats:
    """A Catmull-Rom curve through points (n, 2)."""
    if len(points) < 3:
        return points
    around = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    a, b, c, d = around[:-3, None], around[1:-2, None], around[2:-1, None], around[3:, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.vstack([curve.reshape(-1, 2), points[-1:]])
