"""Makes the little network that tells which way up a glyph stands: ``python -m training.turns``.

It gives a glyph one score; the four turns of the glyph are scored alike, and the upright one should score highest.
Signs that look the same when turned (O, H, 8) come to say so by themselves.
"""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor, nn

from rangkiang.scans.leaf import Grey
from rangkiang.scans.turns import SIDE, Glyphs, glyphs
from training.fonts import Part, draw, font

SEED = 2019
PAGES = 500
HIDDEN = 96
ROUNDS = 16
SCALE = 150 / 72
OUT = Path("include/rangkiang/scans/model/turns.npz")

_LETTERS = "aaaaaaaaaaaeeeeiiiinnnnnuuuttrrrmmmkkkllldddssspppgghhbbjjyoowcvfz"


def page(part: Part, chance: random.Random) -> Grey:
    """A page of words and numbers in one font, worn."""
    size = chance.uniform(5, 11) * SCALE * 2
    name = draw(part, chance)[1]
    paper = Image.new("L", (1200, 1200), 255)
    pen = ImageDraw.Draw(paper)
    y = 10.0
    while y < 1150:
        pen.text((10, y), " ".join(_word(chance) for _ in range(12)), fill=chance.randint(0, 90), font=font(name, size))
        y += 1.3 * size
    return _worn(np.asarray(paper), chance)


def _word(chance: random.Random) -> str:
    if chance.random() < 0.35:
        return f"{chance.randint(0, 99_999):,}".replace(",", chance.choice(("", ".")))
    word = "".join(chance.choices(_LETTERS, k=chance.randint(1, 9)))
    return chance.choice((word, word.upper(), word.upper(), word.capitalize()))


def _worn(grey: Grey, chance: random.Random) -> Grey:
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    turn = cv2.getRotationMatrix2D((300, 300), chance.gauss(0, 0.7), 1)
    half = cv2.warpAffine(half, turn, (600, 600), borderValue=255)
    soft = cv2.GaussianBlur(half, (0, 0), chance.uniform(0.01, 1.1)).astype(np.float32)
    rough = np.random.default_rng(chance.randrange(1 << 30)).normal(0, chance.uniform(0, 12), soft.shape)
    whitened = chance.choice((1.0, chance.uniform(1.0, 1.6)))  # thin strokes go first
    worn = ((soft + rough) * whitened).clip(0, 255).astype(np.uint8)
    return worn if chance.random() > 0.2 else ((worn > chance.randint(90, 210)) * 255).astype(np.uint8)


def samples(part: Part, count: int) -> Glyphs:
    """Upright glyphs of so many pages.

    They are cut out of turned pages and turned back: how a glyph is cut out must not tell how it stands.
    """
    chance = random.Random(f"{SEED}/{part}")
    turns = [chance.randrange(4) for _ in range(count)]
    pages = (np.ascontiguousarray(np.rot90(page(part, chance), -k)) for k in turns)
    return np.concatenate([np.rot90(glyphs(one, SCALE), k, axes=(1, 2)) for one, k in zip(pages, turns, strict=True)])


def turned(found: Glyphs) -> Tensor:
    """(n, 4, pixels): every glyph in its four turns, the upright one first."""
    ways = np.stack([np.rot90(found, k, axes=(1, 2)) for k in range(4)], axis=1)
    return torch.from_numpy(ways.reshape(len(found), 4, -1).copy()).float() / 255


def train() -> None:
    """Write the weights, and say how often a single glyph of a font held out is right about its turn."""
    torch.manual_seed(SEED)
    net = nn.Sequential(nn.Linear(SIDE * SIDE, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1, bias=False))
    ways, unseen = turned(samples("train", PAGES)), turned(samples("evaluate", PAGES // 10))
    optimiser = torch.optim.Adam(net.parameters(), 2e-3, weight_decay=1e-5)
    for _ in range(ROUNDS):
        for batch in torch.randperm(len(ways)).split(512):
            looks = net(ways[batch]).squeeze(-1)
            loss = nn.functional.cross_entropy(looks, torch.zeros(len(batch), dtype=torch.long))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        right = (net(unseen).squeeze(-1).argmax(dim=1) == 0).float().mean()
    print(f"{len(ways)} glyphs; of {len(unseen)} of other fonts {right:.3f} right")
    first, second = net[0], net[2]
    half = {"first": first.weight.T, "bias": first.bias, "second": second.weight[0]}
    np.savez(OUT, **{name: weight.detach().numpy().astype(np.float16) for name, weight in half.items()})


if __name__ == "__main__":
    train()
