"""Running totals whose names cannot be read: their figures say what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from rangkiang.forms import Form
from rangkiang.reading.header import Column, folded
from rangkiang.reading.segments import Segment

LIKE = 0.7
"""JMLAN is no unit where JUMLAH stands."""
HARDLY_LIKE = 0.4
"""The same where its figures are the sums of those before it."""
LINES, SUMS, SAME = 5, 0.05, 0.2
"""In so many lines, and so great a share of them, they must be, or be what the block before ends with: the others may
be misread, and by chance hardly any is."""
TELLING = 10
"""Of a smaller sum nothing can be told."""
HIGH = 100
"""Smaller numbers may come in the same order by chance."""


def totalled(heads: Sequence[list[Column]], blocks: Sequence[Sequence[Segment]], form: Form) -> list[list[Column]]:
    """Heads whose first and last columns, if nobody is sure of their names, are the running totals that stand there on
    every sheet: of the last block the total, of the others what is carried on to the first column of the next."""
    if not form.has_total:
        return list(heads)
    heads = _carried_on(heads, form)
    carried = _used(form.carries["carried_out"], [head[-1] for head in heads[:-1]])
    names = [*[carried] * (len(heads) - 1), form.carries["total"]]
    figures = [[values for part in block for values in _lines(part)] for block in blocks]
    found = [
        [*head[:-1], _named(head[-1], last, _adds_up(own))]
        for head, own, last in zip(heads, figures, names, strict=True)
    ]
    for head, own, before in zip(found[1:], figures[1:], figures, strict=False):
        head[0] = _named(head[0], form.carries["carried_in"], len(head) > 1 and _goes_on(before, own))
    return found


def _carried_on(heads: Sequence[list[Column]], form: Form) -> list[list[Column]]:
    """Where other pages carry on, a total before the last block is not sure: it is what a stroke left of the name."""
    totals, carried = (set(map(folded, form.carries[kind])) for kind in ("total", "carried_out"))
    if not any(folded(head[-1].label) in carried - totals for head in heads[:-1]):
        return list(heads)
    short = [folded(head[-1].label) in totals - carried for head in heads[:-1]]
    unsure = [[*head[:-1], replace(head[-1], sure=False)] for head in heads]
    return [own if cut else head for head, own, cut in zip(heads, unsure, [*short, False], strict=True)]


def _used(names: Sequence[str], columns: Sequence[Column]) -> Sequence[str]:
    """Those of the names that are surely read on a sheet, which calls the same the same on all pages; all where none
    is."""
    read = {folded(column.label) for column in columns if column.sure}
    return [name for name in names if folded(name) in read] or names


def _named(column: Column, names: Sequence[str], told: bool) -> Column:
    """What figures tell to be a running total, and is like no name, is one all the same, but nobody knows what it is
    called where there is more than one name."""
    name = max(names, key=lambda name: like(column.label, name))
    alike = like(column.label, name)
    if column.sure or not (told or alike >= LIKE):
        return column
    return replace(column, label=name, sure=alike >= HARDLY_LIKE or (told and len(names) == 1))


def like(label: str, name: str) -> float:
    """How like each other two names are, from 0 to 1."""
    return fuzz.ratio(folded(label), folded(name)) / 100


def _adds_up(lines: Sequence[Sequence[int]]) -> bool:
    """Is the last column of a block the sum of the others?"""
    held = [values[-1] == sum(values[:-1]) for values in lines if values[-1] >= TELLING]
    return sum(held) >= max(LINES, SUMS * len(held))


def _goes_on(before: Sequence[Sequence[int]], lines: Sequence[Sequence[int]]) -> bool:
    """Does the first column of a block say again what the last one of the block before says?"""
    last, first = ([values[n] for values in one if values[n] >= HIGH] for one, n in ((before, -1), (lines, 0)))
    same = sum(run.size for run in SequenceMatcher(None, last, first, autojunk=False).get_matching_blocks())
    return same >= max(LINES, SAME * len(first))


def _lines(part: Segment) -> list[list[int]]:
    """What each line's figures most probably are; what is empty or unreadable counts nothing."""
    guesses, width = dict(part.cells.guesses), len(part.columns)
    best = [guesses[n][0].value or 0 if guesses.get(n) else 0 for n in range(len(part.cells.raw))]
    return [best[at : at + width] for at in range(0, len(best), width)]
