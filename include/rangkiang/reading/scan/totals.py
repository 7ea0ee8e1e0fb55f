"""Running totals whose names cannot be read: their figures say what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from rangkiang.forms import Form
from rangkiang.reading.header import Column, folded
from rangkiang.reading.segments import Segment

LIKE = 0.7
"""JMLAN is no unit where JUMLAH stands."""
HARDLY_LIKE = 0.4
"""The same where its figures are the sums of those before it."""
LINES, MOST = 5, 0.8
"""In so many lines, and so great a share of them, they must be."""
TELLING = 10
"""Of a smaller sum nothing can be told."""


def totalled(heads: Sequence[list[Column]], blocks: Sequence[Sequence[Segment]], form: Form) -> list[list[Column]]:
    """Heads whose last columns, if nobody is sure of their names, are the running totals that stand there on every
    sheet: of the last block the total, of the others what is carried on."""
    if not form.has_total:
        return list(heads)
    names = [*[form.carries["carried_out"]] * (len(heads) - 1), form.carries["total"]]
    return [_named(*one) for one in zip(heads, blocks, names, strict=True)]


def _named(head: list[Column], block: Sequence[Segment], names: Sequence[str]) -> list[Column]:
    """What adds up and is like no name is a running total all the same, but nobody knows what it is called."""
    last = head[-1]
    name = max(names, key=lambda name: like(last.label, name))
    alike = like(last.label, name)
    if last.sure or (alike < LIKE and not _adds_up(block)):
        return head
    return [*head[:-1], replace(last, label=name, sure=alike >= HARDLY_LIKE)]


def like(label: str, name: str) -> float:
    """How like each other two names are, from 0 to 1."""
    return fuzz.ratio(folded(label), folded(name)) / 100


def _adds_up(block: Sequence[Segment]) -> bool:
    """Is the last column of a block the sum of the others?"""
    held = [values[-1] == sum(values[:-1]) for part in block for values in _lines(part) if values[-1] >= TELLING]
    return len(held) >= LINES and sum(held) >= MOST * len(held)


def _lines(part: Segment) -> list[list[int]]:
    """What each line's figures most probably are; what is empty or unreadable counts nothing."""
    guesses, width = dict(part.cells.guesses), len(part.columns)
    best = [guesses[n][0].value or 0 if guesses.get(n) else 0 for n in range(len(part.cells.raw))]
    return [best[at : at + width] for at in range(0, len(best), width)]
