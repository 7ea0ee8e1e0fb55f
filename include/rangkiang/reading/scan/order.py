"""Which line of a scanned sheet is which row of the form, and how sure that is.

On a scan any label may lie under a stamp, and any number be misread, but the rows of a form follow each other in one
order, and none is left out. So all lines are looked at together, and all blocks of columns that have the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from rangkiang.forms import Form
from rangkiang.reading.align import Aligned, Target, digits_of, prefix
from rangkiang.reading.scan.chain import Chain, Chances, Path, chain_of, is_row, others
from rangkiang.reading.segments import Line

SURE = 0.995
"""A line that is less probably its row is one that a person must look at."""
STRAY, STRAYS = 0.03, 2
"""Of the lines of a block, the share with a row's label that may be none, and so many in any case: a stroke parts a row
in two. More are a page that is there twice."""
PLAIN = 0.99
"""A number so probable is sure."""
CLEAR = 0.9
"""One so probable tells whose row it is, where the row beside it does not."""

MOVED = 3
"""So many of L, P and JML are hardly misread in one block: if they differ, one has lost a row, and has one too many
further down."""

_NUMBER = re.compile(r"\b\d{1,2}\b")


def order(blocks: Sequence[tuple[Line, ...]], form: Form) -> list[Aligned]:
    """The lines of each block of columns with the row they are; ``unsure`` are those of which that is less than
    certain.

    Blocks have the same rows: what is hidden in one is seen in another that has as many, if most have. Others have
    lost rows, and one not those that another has.
    """
    counts = [sum(map(is_row, lines)) for lines in blocks]
    most = max(counts, key=lambda count: (counts.count(count), count), default=0)
    groups: list[list[int]] = []
    for n, lines in enumerate(blocks):
        same = (one for one in groups if counts[n] == counts[one[0]] == most)
        group = next((one for one in same if _alike(blocks[one[0]], lines)), None)
        if group is None:
            groups.append(group := [])
        group.append(n)
    found = {n: one for group in groups for n, one in _together(blocks, group, form)}
    names = _names(blocks, found)
    for group in groups:
        if len(groups) > 1 and any(found[n].unsure for n in group):
            found.update(_together(blocks, group, form, names))
    return _agreed([found[n] for n in range(len(blocks))])


def _names(blocks: Sequence[Sequence[Line]], found: Mapping[int, Aligned]) -> dict[str, list[str]]:
    """The names of the candidates whose rows are sure, by the row's code; none where nothing is read."""
    names: dict[str, list[str]] = {}
    for n, block in found.items():
        for place, leaf in enumerate(block.rows):
            if leaf and leaf.parent.optional and place not in block.unsure:
                label = blocks[n][place].label
                names.setdefault(leaf.code, []).extend([label] if label else [])
    return names


def _agreed(blocks: Sequence[Aligned]) -> list[Aligned]:
    """Candidates of whom another block has others instead may be those. One that only lacks them has lost a line."""
    there = [{leaf.code for leaf in block.rows if leaf and leaf.parent.optional} for block in blocks]
    found = []
    for block, own in zip(blocks, there, strict=True):
        odd = set[str]().union(*(own - others for others in there if others - own))
        doubtful = (n for n, leaf in enumerate(block.rows) if leaf and leaf.code in odd)
        found.append(replace(block, unsure=(*block.unsure, *doubtful)))
    return found


def _alike(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Have two blocks of as many rows the same, as far as they can be read?"""
    pairs = list(zip(*([line for line in lines if is_row(line)] for lines in (one, other)), strict=True))
    differ = sum(bool(a.split and b.split) and a.split != b.split for a, b in pairs)
    return differ < MOVED and not any(_is_other(a, b) for a, b in pairs)


def _is_other(one: Line, other: Line) -> bool:
    """Are two lines clearly not the same row?"""
    labels = [line.label for line in (one, other) if line.label and not line.vague]
    firsts = [line.numbers[0] for line in (one, other) if line.numbers]
    numbers = [first.text for first in firsts if first.text and first.p >= PLAIN]
    return len(set(labels)) > 1 or len(set(numbers)) > 1


def after(lines: Sequence[Line], form: Form, before: Path | None) -> Path:
    """The most probable way through some lines of a form that come below others (None: at its beginning)."""
    chain = chain_of(form)
    return chain.path(chain.seen(lines), others(lines), None if before is None else before.ends)


def rows_of(path: Path, form: Form) -> set[int]:
    """Which rows of a form lie on a way through it, by their number."""
    targets = chain_of(form).all
    return {n for n in path.at if n >= 0 and targets[n].leaf}


def is_whole(rows: Collection[int], form: Form) -> bool:
    """Are these, by their number, all rows that every sheet has?"""
    return all(n in rows for n, target in enumerate(chain_of(form).all) if target.leaf and not target.free)


def _together(
    blocks: Sequence[tuple[Line, ...]],
    group: Sequence[int],
    form: Form,
    names: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Iterator[tuple[int, Aligned]]:
    """Blocks of as many rows, by their numbers. Of several the headings are left out, as one may be lost. ``names`` are
    those of candidates who are known."""
    chain = chain_of(form)
    kept = [[i for i, line in enumerate(blocks[n]) if len(group) == 1 or is_row(line)] for n in group]
    lines = [[blocks[n][i] for i in places] for n, places in zip(group, kept, strict=True)]
    seen = np.prod([_seen(one, chain, names) for one in lines], axis=0)
    path = chain.path(seen, np.prod([others(one) for one in lines], axis=0))
    doubtful = _doubtful(list(zip(*lines, strict=True)), path, chain)
    for n, places in zip(group, kept, strict=True):
        where, unsure = [-1] * len(blocks[n]), set[int]()
        for i, place, doubt in zip(places, path.at, doubtful, strict=True):
            where[i] = place
            if doubt or (place >= 0 and _is_another(blocks[n][i], chain.all[place])):
                unsure.add(i)
        yield n, _aligned(blocks[n], where, unsure, chain, form)


def _seen(lines: Sequence[Line], chain: Chain, names: Mapping[str, Sequence[str]]) -> Chances:
    """How probable what is read of lines is, were they a row, where some candidates are known."""
    seen = chain.seen(lines)
    return seen * chain.named(lines, names) * chain.there(names) if names else seen


def _doubtful(rows: Sequence[Sequence[Line]], path: Path, chain: Chain) -> list[bool]:
    """Which rows, of which each block shows a line, are in doubt: what they are is not probable enough, or they are
    candidates who do not tell it themselves and are the last of a slate, where names and signatures may stand, or
    beside one in doubt, or their numbers are told twice."""
    there = [n for n, at in enumerate(path.at) if at >= 0]
    twice = _told_twice(rows, path, chain)
    row = {n: chain.all[path.at[n]] for n in there}
    told = {n: not row[n].free or any(_tells(line, row[n]) for line in rows[n]) for n in there}
    found = [at >= 0 and (p < SURE or n in twice) for n, (at, p) in enumerate(zip(path.at, path.chances, strict=True))]
    for n, after in zip(there, [*there[1:], None], strict=True):
        last = after is None or not row[after].free  # of a slate
        found[n] = found[n] or (last and not told[n])
    for way in (there, there[::-1]):
        for beside, n in pairwise(way):
            found[n] = found[n] or (found[beside] and not told[n])
    return found


def _told_twice(rows: Sequence[Sequence[Line]], path: Path, chain: Chain) -> set[int]:
    """Candidates from a line that clearly tells a number to one of the same slate that tells it again: names and
    signatures are numbered too, and either may be taken for none of the form's."""
    found, first = set[int](), dict[str, int]()
    for n, at in enumerate(path.at):
        if at >= 0 and not chain.all[at].free:
            first.clear()
            continue
        for number in set[str]().union(*map(_clear, rows[n])):
            before = first.setdefault(number, n)
            found |= set(range(before, n + 1)) if before < n else set()
    return found


def _clear(line: Line) -> set[str]:
    """The numbers that clearly stand in front of a line."""
    return {digits_of(guess.text) for guess in line.numbers if guess.p >= PLAIN} - {""}


def _tells(line: Line, row: Target) -> bool:
    """Does a line tell by its number, clearly read, that it is this row?"""
    number = digits_of(row.number)
    own = sum(guess.p for guess in line.numbers if digits_of(guess.text) == number)
    return own >= CLEAR or (not line.numbers and digits_of(line.number or prefix(line.label)) == number)


def _is_another(line: Line, row: Target) -> bool:
    """Does a candidate's line tell by its number that it is another's, or are there two of them in it?"""
    if not row.free:
        return False
    numbers = _NUMBER.findall(line.label)
    return bool(_clear(line) - {digits_of(row.number)}) or (len(numbers) > 1 and prefix(line.label) == numbers[0])


def _aligned(lines: Sequence[Line], at: Sequence[int], unsure: Collection[int], chain: Chain, form: Form) -> Aligned:
    rows = [None if n < 0 else chain.all[n].leaf for n in at]
    doubted = tuple(n for n, leaf in enumerate(rows) if leaf and n in unsure)
    last = next((n for n, leaf in enumerate(rows) if leaf is form.leaf_rows[-1]), len(lines))
    left = [n for n, place in enumerate(at) if place < 0 and lines[n].digits]
    repeated = tuple(n for n in left if not lines[n].vague and chain.is_label(lines[n]))
    if len(repeated) <= max(STRAYS, STRAY * len(lines)):
        repeated = ()
    return Aligned(tuple(rows), tuple(n for n in left if n < last or n in repeated), repeated, doubted)
