"""The network: convolutions over the picture of a box, then what sign stands in it."""

from __future__ import annotations

import copy
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from rangkiang.scans.c1.signs import SIDE, SIGNS


class Reader(nn.Module):
    """Boxes (n, SIDE, SIDE), 0 paper and 1 ink -> logits (n, len(SIGNS))."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = nn.Sequential(
            nn.Conv2d(1, 16, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(), _seen(16, 20),
            nn.MaxPool2d(2), _seen(20, 36), _seen(36, 36),
            nn.MaxPool2d(2), _seen(36, 56), _seen(56, 56),
            nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2),
        )  # fmt: skip
        self.sign = nn.Linear(56 * (SIDE // 16) ** 2, len(SIGNS))

    def forward(self, boxes: Tensor) -> Tensor:
        signs: Tensor = self.sign(self.picture(boxes.unsqueeze(1)))
        return signs


class Calibrated(nn.Module):
    """Probabilities instead of logits: cooled, and a share of doubt for what no training shows."""

    def __init__(self, reader: Reader, heat: float, doubt: float) -> None:
        super().__init__()
        self.reader, self.heat, self.doubt = reader, heat, doubt

    def forward(self, boxes: Tensor) -> Tensor:
        sure = torch.softmax(self.reader(boxes) / self.heat, 1)
        return sure * (1 - self.doubt) + self.doubt / len(SIGNS)


def _seen(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU())


def export(reader: Reader, heat: float, doubt: float, version: str, path: Path) -> None:
    """Write the calibrated network as ONNX, for any number of boxes."""
    reader = copy.deepcopy(reader).to(memory_format=torch.contiguous_format)
    torch.onnx.export(
        Calibrated(reader, heat, doubt).eval(), (torch.zeros(2, SIDE, SIDE),), str(path), input_names=["boxes"],
        output_names=["chances"], dynamic_axes={"boxes": {0: "n"}, "chances": {0: "n"}}, opset_version=17, dynamo=False,
    )  # fmt: skip
    model = onnx.load(path)
    onnx.helper.set_model_props(model, {"version": version})
    path.write_bytes(model.SerializeToString())
