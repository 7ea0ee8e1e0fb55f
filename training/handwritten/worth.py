"""What the network's outputs are worth: calibration and evaluation on hands that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from rangkiang.scans.c1.signs import SIGNS, Signs
from training.handwritten.hands import Source
from training.handwritten.net import Reader
from training.handwritten.train import drawn, logits

HEATS = np.linspace(0.4, 3.0, 131)
SUREST = 0.999
OTHERS: tuple[Source, ...] = ("font", "real")
"""Whose digits are evaluated on. Pens are the same in all parts, and fillers are drawn by pens."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Worth:
    """``heat`` is the temperature under which the truth is most probable (Guo et al. 2017); ``doubt`` how often the
    surest answers are wrong after all, by Laplace's rule of succession."""

    heat: float
    doubt: float


def worth(reader: Reader, count: int, work: Path) -> Worth:
    """Fitted on the hands kept for calibration."""
    parts = [drawn("calibrate", count, source, work) for source in OTHERS]
    said = np.concatenate([logits(reader, part) for part in parts])
    signs = torch.cat([part.signs for part in parts])
    losses = [nn.functional.cross_entropy(torch.from_numpy(said / heat).float(), signs).item() for heat in HEATS]
    heat = float(HEATS[int(np.argmin(losses))])
    chances = torch.softmax(torch.from_numpy(said / heat), 1).numpy()
    sure = chances.max(axis=1) >= SUREST
    wrong = (chances.argmax(axis=1) != signs.numpy()) & sure
    return Worth(heat, float((wrong.sum() + 1) / (sure.sum() + 2)))


def table(recogniser: Signs, count: int, work: Path) -> Iterator[str]:
    """Lines of Markdown: how many signs are read right in hands that were never seen before, and how sure they were."""
    yield "| Hands | Boxes | Digits right | Fillers, dashes and empty boxes right | Wrong among those given 99 % |"
    yield "|---|--:|--:|--:|--:|"
    seen: list[tuple[Floats, Floats]] = []
    for source, name in zip(OTHERS, ("fonts held out", "writers held out"), strict=True):
        boxes = drawn("evaluate", count, source, work)
        chances = recogniser.chances((255 - boxes.pictures.numpy()).astype(np.uint8))
        right = chances.argmax(axis=1) == boxes.signs.numpy()
        digit, filler = boxes.signs.numpy() < 10, (boxes.signs.numpy() >= 10) & (boxes.signs.numpy() < SIGNS.index("?"))
        sure = chances.max(axis=1) >= 0.99
        shares = (right[digit].mean(), right[filler].mean(), (~right[sure]).mean())
        yield f"| {name} | {count} | " + " | ".join(f"{100 * share:.2f} %" for share in shares) + " |"
        seen.append((chances.max(axis=1), right.astype(float)))
    yield from _reliability(*(np.concatenate(each) for each in zip(*seen, strict=True)))


def _reliability(said: Floats, right: Floats) -> Iterator[str]:
    yield ""
    yield "| It says | Boxes | Right |"
    yield "|---|--:|--:|"
    edges = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
    for low, high in pairwise(edges):
        there = (said > low) & (said <= high)
        if there.any():
            yield f"| {low:.2f} to {high:.2f} | {there.sum()} | {100 * right[there].mean():.1f} % |"
