"""Makes the reader of letters small and quick: ``python -m training.letters PP-OCRv6_rec_small.onnx``.

The network is PP-OCRv6 small of PaddleOCR (Baidu, Apache License 2.0) as the wheel of rapidocr holds it. Of its 18,710
characters those stay that sheets are printed with, and its convolutions count in eight bits: a third of the size and
of the time. Nothing is trained; lines of words in the fonts for training say how far its numbers range.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
from onnx import ModelProto, numpy_helper, version_converter
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from rangkiang.scans.crops import inked
from rangkiang.scans.letters import ALPHABET, MODEL, NARROW, shown
from rangkiang.scans.rows import lines
from training.turns import page

LINES = 120
SEED = 2019
EXACT = 2
"""Convolutions that stay as they are: the first see the picture itself."""
OPSET = 13  # the first that knows scales for each channel
LAST = ("linear_8.w_0", "linear_8.b_0")


class Lines(CalibrationDataReader):  # type: ignore[misc]
    """Lines as the network is shown them."""

    def __init__(self, name: str) -> None:
        self._rest = ({name: shown(line, NARROW)} for line in islice(_lines(), LINES))

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._rest, None)


def small(source: Path, target: Path) -> None:
    """Write the network of ``source`` with fewer characters and in eight bits."""
    with TemporaryDirectory() as folder:
        cut, whole = Path(folder, "cut.onnx"), Path(folder, "whole.onnx")
        onnx.save(version_converter.convert_version(_cut(onnx.load(source)), OPSET), cut)
        _fused(cut, whole)
        network = onnx.load(whole)
        convolutions = [node.name for node in network.graph.node if node.op_type == "Conv"]
        quantize_static(
            whole, target, Lines(network.graph.input[0].name), quant_format=QuantFormat.QDQ, per_channel=True,
            op_types_to_quantize=["Conv"], activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            reduce_range=True,  # or processors without VNNI would overflow
            nodes_to_exclude=convolutions[:EXACT], extra_options={"CalibMovingAverage": True},
        )  # fmt: skip
    made = _gelu(onnx.load(target))
    onnx.helper.set_model_props(made, {"source": source.name, "licence": "Apache-2.0, PaddleOCR Authors"})
    onnx.save(made, target)


def _cut(network: ModelProto) -> ModelProto:
    """Only the characters of ALPHABET at its end: the blank first, the space last among all."""
    characters = next(p.value for p in network.metadata_props if p.key == "character").split("\n")
    places = {character: n for n, character in enumerate(characters, 1)} | {"\0": 0, " ": len(characters) + 1}
    kept = [places[letter] for letter in ALPHABET]
    for weights in network.graph.initializer:
        if weights.name in LAST:
            part = np.ascontiguousarray(numpy_helper.to_array(weights)[..., kept])
            weights.CopyFrom(numpy_helper.from_array(part, weights.name))
    network.graph.output[0].type.tensor_type.shape.dim[-1].dim_value = len(ALPHABET)
    del network.graph.value_info[:], network.metadata_props[:]
    return network


def _fused(source: Path, target: Path) -> None:
    """The same network, constants folded and additions put into convolutions."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def _gelu(network: ModelProto) -> ModelProto:
    """GELU in one step instead of five; between convolutions in eight bits the runtime does not see it by itself."""
    made = {name: node for node in network.graph.node for name in node.output}
    uses = {name: node for node in network.graph.node for name in node.input}
    gone: list[str] = []
    for erf in [node for node in network.graph.node if node.op_type == "Erf"]:
        divided, added = made[erf.input[0]], uses[erf.output[0]]
        product = uses[added.output[0]]
        halved = uses[product.output[0]]
        gone += [node.name for node in (divided, added, product, halved)]
        erf.CopyFrom(onnx.helper.make_node("Gelu", divided.input[:1], halved.output, erf.name, domain="com.microsoft"))
    nodes = [node for node in network.graph.node if node.name not in gone]
    del network.graph.node[:]
    network.graph.node.extend(nodes)
    kept = {name for node in nodes for name in node.input}
    weights = [one for one in network.graph.initializer if one.name in kept]
    del network.graph.initializer[:]
    network.graph.initializer.extend(weights)
    return network


def _lines() -> Iterator[np.ndarray]:
    chance = random.Random(f"{SEED}/letters")
    while True:
        yield from islice(lines(inked(page("train", chance))), 12)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m training.letters", description=small.__doc__)
    parser.add_argument("source", type=Path, help="PP-OCRv6_rec_small.onnx of rapidocr's wheel")
    parser.add_argument("--target", type=Path, default=MODEL, help="the model to write")
    asked = parser.parse_args()
    small(asked.source, asked.target)
