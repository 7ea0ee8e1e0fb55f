"""Readers of scans that are not there: what they would say of a printed sheet, right or wrong, and how sure they are.

A reader first draws how sure it is of a cell, then whether that is the truth: it is calibrated by construction. Then it
is made worse than it says.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rangkiang.model import FIGURE_COLUMNS
from samples.press.sheet import Sheet

CONFUSED = {
    "0": "868", "1": "774", "2": "73", "3": "855", "4": "91", "5": "663", "6": "508", "7": "112", "8": "306", "9": "47",
}  # fmt: skip
"""What a digit is taken for, the likelier ones more than once."""


Said = list[list[Any]]
"""The guesses of one cell, as a frame's attrs carry them: text, value, probability."""


@dataclass(frozen=True, slots=True)
class Reader:
    """``hard``: share of cells that it hesitates over; they are wrong two times in five."""

    name: str
    hard: float
    inked: float = 0.15  # of hard cells: most of the doubt goes to numbers that no guess names
    confident: float = 2e-4  # of all cells: wrong, and nearly certain
    boast: float = 1.15  # exponent of the doubt that it admits: 1 would be calibrated


LEVELS = (Reader("99.7 %", 0.007), Reader("98.6 %", 0.035), Reader("92 %", 0.2))


@dataclass(frozen=True, slots=True)
class Figure:
    """A place of a sheet: what is printed there, and what should be."""

    row: str
    column: int
    page: int
    printed: int
    meant: int


def figures(sheet: Sheet) -> list[Figure]:
    """In document order: block by block, row by row, from left to right."""
    found, first = [], 0
    for page, block in enumerate(sheet.grid.blocks, 1):
        for row in block[0].figures:
            for n, column in enumerate(block):
                found.append(Figure(row, first + n, page, column.figures[row], column.figures[row]))
        first += len(block)
    return found


def frame(sheet: Sheet, there: Sequence[Figure], readings: Sequence[Said]) -> pd.DataFrame:
    """The frame of figures that a reading of the sheet would give; ``readings`` are the guesses, [text, value, p]."""
    columns = [column for block in sheet.grid.blocks for column in block]
    lines = []
    for figure, guesses in zip(there, readings, strict=True):
        column = columns[figure.column]
        text, value, p = guesses[0]
        place = ["x.pdf", "a" * 64, figure.page, sheet.model, figure.row, figure.row, column.kind, column.label]
        lines.append([*place, value, text, "blank" if value is None else "read", p, "simulated", *[0.0] * 4])
    made = pd.DataFrame(lines, columns=list(FIGURE_COLUMNS)).astype(dict(FIGURE_COLUMNS))
    made.attrs["guesses"] = [[n, guesses] for n, guesses in enumerate(readings)]
    return made


def read(reader: Reader, value: int, zero: str, rng: random.Random) -> Said:
    """What the reader says of one printed number."""
    truth = str(value) if value else zero
    if rng.random() < reader.confident:
        seen, sure = confuse(truth, rng), 1 - 10 ** -rng.uniform(3, 4)
        return guesses([seen, truth] if rng.random() < 0.5 else [seen, confuse(seen, rng)], [sure, (1 - sure) / 2])
    hard = rng.random() < reader.hard
    doubt = rng.uniform(0.02, 0.8) if hard else 10 ** -rng.uniform(3.5, 6)
    named = doubt * (0.3 if hard and rng.random() < reader.inked else 0.85)
    shares = [1 - doubt, named * 0.7, named * 0.2, named * 0.1]
    where = rng.choices(range(5), [*shares, doubt - named])[0]
    texts = [truth] if where == 0 else [confuse(truth, rng)]
    while len(texts) < 4:
        texts.append(truth if len(texts) == where else other(texts, truth, rng))
    admitted = doubt**reader.boast / doubt
    return guesses(texts, [1 - doubt * admitted, *(share * admitted for share in shares[1:])])


def other(texts: Sequence[str], truth: str, rng: random.Random) -> str:
    """A further misreading that is not the truth."""
    while (text := confuse(texts[0], rng)) in texts or text == truth:
        pass
    return text


def guesses(texts: Sequence[str], shares: Sequence[float]) -> Said:
    ranked = sorted(zip(texts, shares, strict=True), key=lambda one: -one[1])
    return [[text, None if text == "" else 0 if text == "-" else int(text), p] for text, p in ranked]


def confuse(text: str, rng: random.Random) -> str:
    """Another text that may be seen in its place: mostly one digit for another, else one too many or too few."""
    if text in ("", "-", "0"):
        return rng.choice(("1", "4", "7", "-" if text != "-" else "0", "" if text else "0", "6", "8", "11"))
    kind, at = rng.random(), rng.randrange(len(text))
    if kind < 0.75:
        changed = text[:at] + rng.choice(CONFUSED[text[at]]) + text[at + 1 :]
    elif kind < 0.87 and len(text) > 1:
        changed = text[:at] + text[at + 1 :]
    elif kind < 0.97:
        changed = text[:at] + rng.choice("1147" + text[at]) + text[at:]
    else:
        changed = str(rng.randint(1, 10 ** len(text)))
    return str(int(changed))
