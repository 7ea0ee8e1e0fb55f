"""Our own recogniser of handwritten signs in boxes.

How it was trained and what may be expected of it stands on the card beside the model.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from rangkiang.scans.leaf import Floats, Grey

MODEL = Path(__file__).parents[1] / "model" / "handwritten.onnx"

SIGNS = "0123456789X- ?"
"""What may stand in a box: a digit, a filler (any stroke through the box counts as X), a dash, nothing, and what is
none of these: two signs over each other, a scribble, a letter."""

INSIDE, AROUND = 32, 8
"""Pixels of a box in its picture, from rule to rule, and of what is seen around it: signs cross their boxes."""
SIDE = INSIDE + 2 * AROUND


class Signs:
    """Holds the model; one thread. Use :func:`signs`."""

    def __init__(self, model: Path = MODEL) -> None:
        import onnxruntime  # type: ignore[import-untyped]  # takes a moment to load

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.name = f"signs {self._session.get_modelmeta().custom_metadata_map['version']}"

    def chances(self, pictures: Grey) -> Floats:
        """P(sign) (n, signs of SIGNS) of boxes (n, SIDE, SIDE), 255 paper; calibrated."""
        ink = (255 - pictures).astype(np.float32) / np.float32(255)
        found: Floats = self._session.run(None, {"boxes": ink})[0].astype(np.float64)
        return found


@cache
def signs() -> Signs:
    """The recogniser: one for each process is enough."""
    return Signs()
