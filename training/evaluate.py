"""The evaluation: cells in fonts that served neither training nor calibration, level by level."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from rangkiang.scans.engine import Engine
from training.cells import Cell, cells
from training.damage import LEVELS
from training.measure import SURE, Outcome, outcome, together

CELLS = 20_000
"""Of each level."""


def evaluate(engine: Engine, count: int = CELLS, seed: str = "evaluation") -> str:
    """Tables in Markdown: per level, reliability, per font."""
    drawn = {level: cells("evaluate", level, count, seed) for level in LEVELS}
    seen: dict[str, Outcome] = {level: outcome(engine, drawn[level]) for level in LEVELS}
    everything = together(list(seen.values()))
    parts = [
        _levels({**seen, "all": everything}),
        _reliability(everything),
        _families([cell for level in LEVELS for cell in drawn[level]], everything),
    ]
    return "\n\n".join(parts)


def _levels(seen: dict[str, Outcome]) -> str:
    heads = [f"p ≥ {p}: share, wrong" for p in SURE]
    lines = [["level", "cells", "counts right", *heads, "no counts with p ≥ 0.99", "ms a cell"]]
    for level, one in seen.items():
        sure = [f"{_share(n, len(one.p))}, {wrong}" for n, wrong in map(one.sure, SURE)]
        lured = int((one.p[~one.counts] >= 0.99).sum())
        other = f"{lured} of {int((~one.counts).sum())}"
        lines.append([level, str(len(one.p)), f"{one.accuracy:.2%}", *sure, other, f"{one.milliseconds:.2f}"])
    return _table(lines)


def _reliability(one: Outcome) -> str:
    lines = [["p from", "to", "cells", "mean p", "right"]]
    lines += [[f"{a:g}", f"{b:g}", str(n), f"{p:.5f}", f"{right:.5f}"] for a, b, n, p, right in one.reliability()]
    return _table(lines)


def _families(drawn: list[Cell], one: Outcome) -> str:
    where = defaultdict(list)
    for n, cell in enumerate(drawn):
        if cell.counts:
            where[cell.sample.family].append(n)
    lines = [["font", "counts", "right"]]
    lines += [[name, str(len(ns)), f"{np.mean(one.right[ns]):.2%}"] for name, ns in sorted(where.items())]
    return _table(lines)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}"


def _table(lines: list[list[str]]) -> str:
    lines = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
