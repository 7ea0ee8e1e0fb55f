"""How a document writes what is not there: one prints zeros, one dashes, one X's, and one leaves the cell empty.

A speck may be a dash, and a dash a speck; but who fills every cell on seven pages fills the eighth as well. The shares
that the reader of numbers learnt from are exchanged for those of the document, which its own readings tell
(M. Saerens, P. Latinne, C. Decaestecker: Adjusting the Outputs of a Classifier to New a Priori Probabilities, Neural
Computation 14, 2002).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from rangkiang.model import Cell, Guess, Table
from rangkiang.scans.leaf import Floats

LEARNT = {"empty": 0.25, "dash": 0.04, "filler": 0.01, "number": 0.70}
"""The shares among the strips that the reader was trained on."""
WEIGHT = 2.0
"""As many cells stand for what the reader has learnt: a document of few cells says little."""
ROUNDS = 10

_KINDS = list(LEARNT)
_SHARES: Floats = np.array(list(LEARNT.values()))


def usual(tables: Sequence[Table], is_number: Callable[[Table, Cell], bool]) -> list[Table]:
    """The tables with every number's guesses weighed by what is usual in them."""
    cells = [cell for table in tables for cell in table.cells if is_number(table, cell)]
    if not cells:
        return list(tables)
    weights = dict(zip(_KINDS, _shares(cells) / _SHARES, strict=True))
    return [
        replace(table, cells=tuple(_weighed(c, weights) if is_number(table, c) else c for c in table.cells))
        for table in tables
    ]


def _kind(text: str) -> str:
    if not text:
        return "empty"
    return "dash" if not text.strip("-") else "filler" if "X" in text else "number"


def _shares(cells: Sequence[Cell]) -> Floats:
    """(kinds,): how often each is in the document."""
    seen = np.zeros((len(cells), len(_KINDS)))
    for row, cell in zip(seen, cells, strict=True):
        for guess in cell.guesses:
            row[_KINDS.index(_kind(guess.text))] += guess.p
        row[-1] += max(0.0, 1 - row.sum())  # what is no guess is a number that cannot be read
    shares = _SHARES
    for _ in range(ROUNDS):
        found = seen * (shares / _SHARES)
        found /= found.sum(axis=1, keepdims=True)
        shares = (found.sum(axis=0) + WEIGHT * _SHARES) / (len(cells) + WEIGHT)
    return shares


def _weighed(cell: Cell, weights: dict[str, float]) -> Cell:
    if not cell.guesses:
        return cell
    rest = max(0.0, 1 - sum(guess.p for guess in cell.guesses)) * weights["number"]
    heavy = [(guess, guess.p * weights[_kind(guess.text)]) for guess in cell.guesses]
    whole = sum(p for _, p in heavy) + rest
    found = sorted((Guess(guess.text, guess.value, p / whole) for guess, p in heavy), key=lambda guess: -guess.p)
    return replace(cell, text=found[0].text, confidence=found[0].p, guesses=tuple(found))
