"""Training: so many steps over the shards of the training fonts, the learning rate rising and falling once."""

from __future__ import annotations

import copy
import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from rangkiang.scans.strips import HEIGHT
from training import shards
from training.net import RAW, SIGNS, Reader, export
from training.shards import Shard

SEED = 2019
SHARDS = 48
BATCH = 128
ROUNDS = ((16_000, 2.5e-3), (9_000, 1.2e-3))
"""Steps and highest learning rate of each round of training."""
DECAY = 0.999
"""The network that is kept is a moving average of the one that is trained."""
REPORT = 500

Batch = tuple[Tensor, Tensor, Tensor]


def train(folder: Path, threads: int = 1) -> Reader:
    """Train a network; ``folder`` takes the shards, and now and then the network so far as ONNX."""
    torch.manual_seed(SEED)
    torch.set_num_threads(threads)
    reader, endless = Reader().to(memory_format=torch.channels_last), batches(folder)
    for steps, rate in ROUNDS:
        reader = go(reader, itertools.islice(endless, steps), steps, rate, folder)
    return reader


def go(reader: Reader, drawn: Iterator[Batch], steps: int, rate: float, folder: Path) -> Reader:
    """One round: the learning rate rises to ``rate`` and falls. Returns the moving average of the networks."""
    kept = copy.deepcopy(reader)
    optimiser = torch.optim.AdamW(reader.parameters(), rate, weight_decay=0.01, fused=True)
    slope = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps, pct_start=0.06, final_div_factor=500)
    lost, start = 0.0, time.monotonic()
    for step, batch in enumerate(drawn, 1):
        loss = _loss(reader, *batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 2.0)
        optimiser.step()
        slope.step()
        _follow(kept, reader, min(DECAY, step / (step + 20)))
        lost += loss.item() / REPORT
        if step % REPORT == 0:
            right = share_right(kept, shards.read(shards.make("calibrate", 0, folder)))
            print(f"step {step}, {time.monotonic() - start:.0f} s, loss {lost:.4f}, right {right:.4f}", flush=True)
            lost = 0.0
            save(kept, folder)
    save(kept, folder)
    return kept


def save(reader: Reader, folder: Path) -> None:
    """The network as PyTorch and as ONNX know it, not calibrated yet."""
    torch.save(reader.state_dict(), folder / "reader.pt")
    export(reader, RAW, "raw", folder / "reader.onnx")


def _follow(kept: nn.Module, trained: nn.Module, decay: float) -> None:
    with torch.no_grad():
        for old, new in zip(kept.state_dict().values(), trained.state_dict().values(), strict=True):
            if old.dtype.is_floating_point:
                old.lerp_(new, 1 - decay)
            else:
                old.copy_(new)


def _loss(reader: Reader, strips: Tensor, signs: Tensor, lengths: Tensor) -> Tensor:
    reader.train()
    with torch.autocast("cpu", torch.bfloat16):
        logits = reader(strips)
    steps = torch.full((len(strips),), logits.shape[1])
    logs = logits.float().log_softmax(2).transpose(0, 1)
    return nn.functional.ctc_loss(logs, signs, steps, lengths, zero_infinity=True)


def batches(folder: Path) -> Iterator[Batch]:
    """Batches without end. Strips of one batch have one width."""
    chance, dice = random.Random(SEED), np.random.default_rng(SEED)
    for shard in shards.stream("train", SHARDS, folder):
        for chosen in _alike(shard, chance):
            yield _worn(_ink(shard, chosen), dice), *_signs([shard.says[n] for n in chosen])


def _alike(shard: Shard, chance: random.Random) -> list[list[int]]:
    order = sorted(range(len(shard.says)), key=lambda n: (shard.strips[n].shape[1], chance.random()))
    groups = [list(g) for _, g in itertools.groupby(order, key=lambda n: shard.strips[n].shape[1])]
    parted = [group[n : n + BATCH] for group in groups for n in range(0, len(group), BATCH)]
    chance.shuffle(parted)
    return parted


def _ink(shard: Shard, chosen: list[int]) -> Tensor:
    strips = torch.from_numpy(np.stack([shard.strips[n] for n in chosen]))
    return (1 - strips.float() / 255).reshape(len(chosen), 1, HEIGHT, -1)


def _signs(says: list[str]) -> tuple[Tensor, Tensor]:
    signs = torch.tensor([SIGNS.index(sign) + 1 for text in says for sign in text], dtype=torch.long)
    return signs, torch.tensor([len(text) for text in says])


def _worn(strips: Tensor, dice: np.random.Generator) -> Tensor:
    """The same strip never comes twice: its ink, its grain and its place vary."""
    count = len(strips)
    strength = torch.from_numpy(dice.uniform(0.6, 1.15, (count, 1, 1, 1)).astype(np.float32))
    grain = torch.from_numpy(dice.uniform(0, 0.05, (count, 1, 1, 1)).astype(np.float32))
    noise = torch.from_numpy(dice.standard_normal(strips.shape, np.float32))
    moved = strips.roll((int(dice.integers(-2, 3)), int(dice.integers(-2, 3))), (2, 3))
    return (moved * strength + noise * grain).clamp(0, 1)


def share_right(reader: Reader, shard: Shard) -> float:
    """Share of a shard's strips whose most probable signs, one by one, are what they say."""
    reader.eval()
    right = 0
    with torch.no_grad():
        for chosen in _alike(shard, random.Random(0)):
            best = reader(_ink(shard, chosen)).argmax(2)
            right += sum(spell(row) == shard.says[n] for row, n in zip(best.tolist(), chosen, strict=True))
    return right / len(shard.says)


def spell(row: list[int]) -> str:
    """The text of a row of signs as CTC writes it: a repeated sign is one, 0 parts two equal ones."""
    return "".join(SIGNS[sign - 1] for sign, _ in itertools.groupby(row) if sign)
