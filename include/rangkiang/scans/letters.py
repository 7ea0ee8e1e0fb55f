"""The general reader of letters: titles, heads, labels, names, and numbers that nothing else could make out.

The network is PP-OCRv6 small of PaddleOCR (Copyright PaddlePaddle Authors, Apache License 2.0), cut to the letters that
sheets are printed with and made quicker; how is told by ``training/letters.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rangkiang.model import Guess
from rangkiang.scans import crops, ctc, rows
from rangkiang.scans.counting import counts
from rangkiang.scans.leaf import Floats, Grey

MODEL = Path(__file__).parent / "model" / "letters.onnx"
ALPHABET = "\0" + "".join(map(chr, range(ord(" "), ord("~") + 1)))
"""The letters that are told apart, the blank of the decoding first."""

HEIGHT = 48
"""Rows of the model's pictures."""
AROUND = 0.05
"""Paper above and below a line, in its heights."""
BESIDE = 0.2
"""Paper to its left and right."""
NARROW = 0.65
"""How much narrower than printed lines are shown to the model, whose time goes with the width. Nothing is lost at 0.65,
one letter in a hundred at 0.5."""
NARROWER = 0.52
"""Enough for a text that is one of a list."""
STEP = 8
"""Columns of a picture for each frame."""
SURE = 0.85
"""A text whose every letter is read so surely runs in the right direction: upside down, most of them still are."""
UPRIGHT = 1.3
"""Ink that is so many times higher than wide is a turned text, unless it is a single letter ..."""
TOUCHING = 3.0
"""... and no letter is so high: those of a turned text touch."""
OF_TWO = 0.15
"""Share of its ink that the second of two letters has at least; less is dirt beside a letter."""

LOWEST = 5
"""Pixels: a number is no lower, it may be dirt or a dash."""
BLANK = 0.95
"""How sure it is that nothing stands where there is no ink."""

_SPACE = ALPHABET.index(" ")


@dataclass(frozen=True, slots=True)
class Text:
    """What a crop says. ``certainty`` has the probability of each letter of ``text``; ``frames`` (frames, signs of
    ALPHABET) what the model saw, for those who know which words to expect."""

    text: str
    certainty: tuple[float, ...]
    frames: Floats = field(repr=False, compare=False)

    @property
    def confidence(self) -> float:
        """The mean of the letters' probabilities; 1 for a crop without ink."""
        return fmean(self.certainty) if self.certainty else 1.0


EMPTY = Text("", (), np.zeros((0, len(ALPHABET))))


class Letters:
    """The model, loaded. Use :func:`letters`: one for each process is enough."""

    name = "letters PP-OCRv6"

    def __init__(self, model: Path = MODEL) -> None:
        self._session = _session(model)
        self._input = self._session.get_inputs()[0].name

    def lines(self, pictures: Iterable[Grey], narrow: float = NARROW) -> list[Text]:
        """Texts of crops of one level line each, cut close around the ink."""
        return [self._line(picture, narrow) for picture in pictures]

    def cells(self, cells: Iterable[Grey], narrow: float = NARROW) -> list[Text]:
        """Texts of rough crops of cells: lines below each other are joined by a space, turned ones are turned."""
        return [self.cell(crops.inked(cell), narrow) for cell in cells]

    def guesses(self, cells: Sequence[Grey]) -> list[tuple[Guess, ...]]:
        """Counts: see :class:`rangkiang.scans.engine.Engine`."""
        return [self._count(crops.inked(cell)) for cell in cells]

    def _count(self, cell: crops.Inked) -> tuple[Guess, ...]:
        if not cell.ink.any():
            return (Guess("", None, BLANK),)
        return counts(self._level(cell, 1.0).frames, ALPHABET) if cell.tall >= LOWEST else ()

    def cell(self, cell: crops.Inked, narrow: float = NARROW) -> Text:
        """The same of one whose ink was found."""
        left, top, right, bottom = cell.extent
        if right == left:
            return EMPTY
        high = (bottom - top) / (right - left)
        turned = high > TOUCHING or (high > UPRIGHT and (bottom - top > rows.TWO_LINES * cell.tall or _several(cell)))
        if turned:
            return _first_sure(lambda quarter: self._level(cell.turned(quarter), narrow), (1, 3, 0))
        if high > UPRIGHT:  # one piece of ink: a letter, or several that touch
            return _longest([self._level(cell.turned(quarter), narrow) for quarter in (0, 1, 3)])
        return self._level(cell, narrow)

    def _level(self, cell: crops.Inked, narrow: float) -> Text:
        return joined(self.lines(rows.lines(cell), narrow))

    def _line(self, picture: Grey, narrow: float) -> Text:
        if not picture.size:
            return EMPTY
        (output,) = self._session.run(None, {self._input: shown(picture, narrow)})
        frames = output[0].astype(np.float64)
        return Text(*ctc.best(frames, ALPHABET), frames)


@cache
def letters() -> Letters:
    """The reader, loaded once in a process."""
    return Letters()


def joined(lines: Sequence[Text]) -> Text:
    """Lines as one text, with a space between them."""
    if len(lines) < 2:
        return lines[0] if lines else EMPTY
    space = np.zeros((1, len(ALPHABET)))
    space[0, _SPACE] = 1.0
    parts = [part for line in lines for part in (Text(" ", (1.0,), space), line)][1:]
    return Text(
        "".join(part.text for part in parts),
        tuple(p for part in parts for p in part.certainty),
        np.concatenate([part.frames for part in parts]),
    )


def _several(cell: crops.Inked) -> bool:
    """Is its ink more than one letter, though some may touch?"""
    areas = sorted(crops.parts(cell.ink)[1][1:, cv2.CC_STAT_AREA].tolist(), reverse=True)
    return len(areas) > 1 and areas[1] >= OF_TWO * sum(areas)


def _first_sure(read: Callable[[int], Text], ways: Sequence[int]) -> Text:
    """The first reading that is sure enough, else the surest; nothing is read only where no way shows a letter."""
    found: list[Text] = []
    for way in ways:
        found.append(read(way))
        if min(found[-1].certainty, default=0.0) >= SURE:
            return found[-1]
    return _surest(found)


def _longest(texts: Sequence[Text]) -> Text:
    """Of those that are sure the one with most letters, else the surest."""
    sure = [text for text in texts if min(text.certainty, default=0.0) >= SURE]
    return max(sure, key=lambda text: len(text.text)) if sure else _surest(texts)


def _surest(texts: Sequence[Text]) -> Text:
    return max(texts, key=lambda text: (bool(text.text.strip()), text.confidence))


def _session(path: Path) -> Any:
    import onnxruntime  # type: ignore[import-untyped]  # takes a moment to load

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # pictures of every width would each keep their memory
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def shown(line: Grey, narrow: float) -> NDArray[np.float32]:
    """A line as the model takes it: (1, 3, HEIGHT, width), from -1 (black) to 1 (white)."""
    around, beside = max(1, round(len(line) * AROUND)), max(1, round(len(line) * BESIDE))
    paper = cv2.copyMakeBorder(line, around, around, beside, beside, cv2.BORDER_CONSTANT, value=255)
    width = math.ceil(paper.shape[1] * HEIGHT / len(paper) * narrow / STEP) * STEP
    shrinks = len(paper) > HEIGHT or paper.shape[1] > width
    fitted = cv2.resize(paper, (width, HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    grey = fitted.astype(np.float32) / 127.5 - 1
    return np.ascontiguousarray(np.broadcast_to(grey, (1, 3, *grey.shape)))
