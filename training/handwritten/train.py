"""Training of the recogniser of handwritten signs: so many rounds over boxes of the training hands."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rangkiang.scans.c1.signs import SIDE, SIGNS
from training.handwritten.boxes import sample
from training.handwritten.hands import Part, Source
from training.handwritten.net import Reader

SEED = 2019
SAMPLES, EPOCHS = 240_000, 14
BATCH = 128
RATE = 4e-3
SMOOTHING = 0.01
KEPT = 0.99
"""The network that is kept is a moving average of the one that is trained."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes (n, SIDE, SIDE) of 0..255 ink, and their signs (n,) as places in SIGNS."""

    pictures: Tensor
    signs: Tensor


def drawn(part: Part, count: int, source: Source | None, work: Path) -> Boxes:
    """Boxes of a part's hands, all of one source where it is named; drawn once, then kept in ``work``."""
    path = work / f"{part}-{source or 'all'}-{count}.npz"
    if not path.exists():
        cv2.setNumThreads(1)
        pictures, signs = np.zeros((count, SIDE, SIDE), np.uint8), np.zeros(count, np.int64)
        for n in range(count):
            one = sample(part, f"{SEED}/{part}/{source}/{n}", source)
            pictures[n], signs[n] = 255 - one.picture, SIGNS.index(one.sign)
        np.savez(path, pictures=pictures, signs=signs)
    kept = np.load(path)
    return Boxes(torch.from_numpy(kept["pictures"]), torch.from_numpy(kept["signs"]))


def train(work: Path, threads: int) -> Reader:
    """Train a network; ``work`` takes the boxes, and after each round the network so far."""
    torch.manual_seed(SEED)
    torch.set_num_threads(threads)
    boxes = drawn("train", SAMPLES, None, work)
    reader = Reader().to(memory_format=torch.channels_last)
    kept = copy.deepcopy(reader)
    optimiser = torch.optim.AdamW(reader.parameters(), RATE, weight_decay=0.02)
    steps = EPOCHS * -(-SAMPLES // BATCH)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.1, final_div_factor=300)
    for epoch in range(EPOCHS):
        lost = 0.0
        for pictures, signs in _batches(boxes, epoch):
            loss = _loss(reader, pictures, signs)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
            _follow(kept, reader, KEPT if epoch else 0.9)
            lost += loss.item() * BATCH / SAMPLES
        print(f"round {epoch + 1} of {EPOCHS}: loss {lost:.4f}", flush=True)
        torch.save(kept.state_dict(), work / "reader.pt")
    return kept


def logits(reader: Reader, boxes: Boxes) -> NDArray[np.float32]:
    """What the network says of boxes (n, signs)."""
    reader.eval()
    with torch.no_grad():
        return np.concatenate([reader(part.float() / 255).numpy() for part in boxes.pictures.split(512)])


def _loss(reader: Reader, pictures: Tensor, signs: Tensor) -> Tensor:
    reader.train()
    with torch.autocast("cpu", torch.bfloat16):
        said = reader(pictures)
    return nn.functional.cross_entropy(said.float(), signs, label_smoothing=SMOOTHING)


def _batches(boxes: Boxes, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
    """The boxes in a new order; the same box never comes twice: its ink and its place vary."""
    chance = random.Random(f"{SEED}/{epoch}")
    order = torch.tensor(chance.sample(range(len(boxes.signs)), len(boxes.signs)))
    for chosen in order.split(BATCH):
        moved = boxes.pictures[chosen].roll((chance.randint(-2, 2), chance.randint(-2, 2)), (1, 2))
        yield (moved * (chance.uniform(0.7, 1.1) / 255)).clamp(0, 1), boxes.signs[chosen]


def _follow(kept: nn.Module, trained: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for old, new in zip(kept.state_dict().values(), trained.state_dict().values(), strict=True):
            if old.dtype.is_floating_point:
                old.lerp_(new, 1 - decay)
            else:
                old.copy_(new)
