"""The network: convolutions over the strip, then along it; for every four columns what sign stands there."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from rangkiang.scans.digits import Calibration
from rangkiang.scans.strips import HEIGHT

SIGNS = "0123456789.,-X?"
"""What the network may say, after 0, which says nothing; '?' is a sign of no count."""

RAW = Calibration(signs=SIGNS, other="?", temperature=1.0, floor=0.0, empty=1.0)
"""The network's outputs as they are."""


class Along(nn.Module):
    """Columns look at their neighbours; what they see is added to what they are."""

    def __init__(self, channels: int, reach: int) -> None:
        super().__init__()
        self.look = nn.Sequential(
            nn.Conv1d(channels, channels, 3, padding=reach, dilation=reach), nn.BatchNorm1d(channels), nn.ReLU()
        )

    def forward(self, columns: Tensor) -> Tensor:
        return columns + self.look(columns)


class Block(nn.Module):
    """A residual convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.look = _conv(channels, channels)

    def forward(self, picture: Tensor) -> Tensor:
        return picture + self.look(picture)


def _conv(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


class Reader(nn.Module):
    """Strips (n, 1, 32, width), 0 paper and 1 ink -> logits (n, width / 4, len(SIGNS) + 1)."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = nn.Sequential(
            nn.Conv2d(1, 24, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(24), nn.ReLU(), Block(24),
            nn.MaxPool2d(2), _conv(24, 48), Block(48), nn.MaxPool2d((2, 1)), _conv(48, 80), Block(80),
        )  # fmt: skip
        self.columns = nn.Sequential(
            nn.Conv1d(80 * 4, 128, 1), nn.BatchNorm1d(128), nn.ReLU(), nn.Dropout(0.1), Along(128, 1), Along(128, 2)
        )
        self.signs = nn.Conv1d(128, len(SIGNS) + 1, 1)

    def forward(self, strips: Tensor) -> Tensor:
        seen = self.picture(strips)
        signs: Tensor = self.signs(self.columns(seen.flatten(1, 2)))
        return signs.transpose(1, 2)


def export(reader: Reader, calibration: Calibration, version: str, path: Path) -> None:
    """Write the network as ONNX, for any number and width of strips, with what its outputs are worth."""
    reader = copy.deepcopy(reader).to(memory_format=torch.contiguous_format).eval()
    half = path.with_suffix(".half")
    torch.onnx.export(
        reader, (torch.zeros(2, 1, HEIGHT, 64),), str(half), input_names=["strips"], output_names=["logits"],
        dynamic_axes={"strips": {0: "n", 3: "width"}, "logits": {0: "n", 1: "steps"}}, opset_version=17, dynamo=False,
    )  # fmt: skip
    steps = int(reader.picture[1].num_batches_tracked)  # what its first normalisation has counted
    _describe(half, path, calibration=json.dumps(asdict(calibration)), version=version, steps=str(steps))
    half.unlink()


def calibrated(source: Path, calibration: Calibration, version: str, path: Path) -> None:
    """The same network with another calibration."""
    _describe(source, path, calibration=json.dumps(asdict(calibration)), version=version)


def _describe(source: Path, path: Path, **more: str) -> None:
    """The model with more said about it; a reader of the file never meets half of it."""
    model = onnx.load(source)
    onnx.helper.set_model_props(model, {prop.key: prop.value for prop in model.metadata_props} | more)
    new = path.with_suffix(".new")
    new.write_bytes(model.SerializeToString())
    new.rename(path)
