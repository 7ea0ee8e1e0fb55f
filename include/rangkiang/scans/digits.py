"""Our own recogniser of printed counts: a small network over strips, and which counts its columns may spell.

How it was trained and what may be expected of it stands on the card beside the model.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]

from rangkiang.model import Guess
from rangkiang.scans.leaf import Floats, Grey
from rangkiang.scans.prefixes import Word, plainest, probability, words
from rangkiang.scans.strips import Strip, strips

MODEL = Path(__file__).parent / "model" / "digits.onnx"

BATCH = 32
"""Strips that go through the network at once: more take more memory, and no less time."""
CERTAIN = 0.9999
"""Where the plainest text is as probable as this, others are not looked for."""
MOST = 10
"""Guesses of one cell."""
RAREST = 1e-7
"""A guess less probable than this is not worth mentioning."""

Spelt = dict[Word, float]
"""Words that a strip may say, and their probabilities."""

_COUNT = re.compile(r"X*\d{1,9}|X+-?|-+|[1-9]\d{0,2}(?:\.\d{3}){1,2}|[1-9]\d{0,2}(?:,\d{3}){1,2}|")


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the network's outputs are worth, fitted on fonts that it was not trained on."""

    signs: str  # a letter for each output after the first, which is CTC's blank
    other: str  # the letter for whatever belongs to no count
    temperature: float
    floor: float  # probability of anything else that is kept back from every guess
    empty: float  # probability that a cell is empty on which there is no ink


class Digits:
    """Reads counts off rough crops. Holds the model; one thread."""

    def __init__(self, model: Path = MODEL) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # batches of every width would each keep their memory
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        about = self._session.get_modelmeta().custom_metadata_map
        self.calibration = Calibration(**json.loads(about["calibration"]))
        self.name = f"digits {about['version']}"

    def guesses(self, crops: Sequence[Grey]) -> list[tuple[Guess, ...]]:
        """See :class:`rangkiang.scans.engine.Engine`."""
        cells = [strips(crop) for crop in crops]
        parts = [one for cell in cells for one in cell or ()]
        spelt: dict[int, Spelt] = {}
        for batch in _batches(parts):
            frames = self.frames(np.stack([parts[n].pixels for n in batch]))
            spelt |= zip(batch, self._spelt(frames), strict=True)
        rest = iter(range(len(parts)))
        return [self._guesses(None if cell is None else [spelt[next(rest)] for _ in cell]) for cell in cells]

    def frames(self, pixels: Grey) -> Floats:
        """Probabilities (n, steps, signs) of strips of one width (n, HEIGHT, width)."""
        logits = self.logits(pixels) / self.calibration.temperature
        powers = np.exp(logits - logits.max(axis=2, keepdims=True))
        frames: Floats = powers / powers.sum(axis=2, keepdims=True)
        return frames

    def logits(self, pixels: Grey) -> Floats:
        """What the network says of strips of one width (n, HEIGHT, width), as it says it."""
        ink = (255 - pixels[:, None]).astype(np.float32) / np.float32(255)
        said: Floats = self._session.run(None, {"strips": ink})[0].astype(np.float64)
        return said

    def _spelt(self, frames: Floats) -> Iterator[Spelt]:
        """For each line the words it may be; where the plainest one is certain, that alone."""
        plain = [plainest(line) for line in frames]
        never = self.calibration.signs.index(self.calibration.other) + 1
        for line, word, p in zip(frames, plain, probability(frames, plain), strict=True):
            yield {word: float(p)} if p >= CERTAIN else words(line, never)

    def _guesses(self, parts: list[Spelt] | None) -> tuple[Guess, ...]:
        """What a cell's parts say together: texts that are counts, those of one value put together."""
        if parts is None:
            return ()
        if not parts:
            return (Guess("", None, self.calibration.empty),)
        texts: dict[int | None, tuple[str, float]] = {}
        for word, p in sorted(_one(parts).items(), key=lambda item: -item[1]):
            text = "".join(self.calibration.signs[sign - 1] for sign in word)
            if _COUNT.fullmatch(text):
                value = value_of(text)
                first, sofar = texts.get(value, (text, 0.0))
                texts[value] = first, sofar + p
        held = 1 - self.calibration.floor
        guesses = [Guess(text, value, min(p, 1.0) * held) for value, (text, p) in texts.items() if p > RAREST]
        return tuple(sorted(guesses, key=lambda guess: -guess.p)[:MOST])


@functools.cache
def digits() -> Digits:
    """The recogniser, loaded once in a process."""
    return Digits()


def _one(parts: list[Spelt]) -> Spelt:
    """The words of a cell: one part holds them, and all others nothing; or none does."""
    nothing = [part.get((), 0.0) for part in parts]
    words: Spelt = {(): math.prod(nothing)}
    for n, part in enumerate(parts):
        others = math.prod(nothing[:n] + nothing[n + 1 :])
        for word, p in part.items():
            if word:
                words[word] = words.get(word, 0.0) + p * others
    return words


def _batches(parts: list[Strip]) -> Iterator[list[int]]:
    """Positions of strips of one width, not too many at once."""
    alike: dict[int, list[int]] = defaultdict(list)
    for n, one in enumerate(parts):
        alike[one.pixels.shape[1]].append(n)
    for group in alike.values():
        yield from (group[start : start + BATCH] for start in range(0, len(group), BATCH))


def value_of(text: str) -> int | None:
    """The count of a text: X's fill unused places, a dash is zero, nothing is nothing."""
    if not text:
        return None
    return int(re.sub(r"[^0-9]", "", text) or 0)
