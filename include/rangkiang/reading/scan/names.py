"""What stands over the columns of a document: every page of a block votes, and no unit comes twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rapidfuzz import fuzz

from rangkiang.model import ColumnKind
from rangkiang.reading.figures import UNREADABLE
from rangkiang.reading.header import Column, folded
from rangkiang.reading.scan.totals import LIKE, like

TWICE = 2
"""Pages on which a unit's name is read, from which it is believed: two pictures are seldom blurred into one name."""

IN_ORDER = 3
"""Numbers of a head that agree, from which they are believed though none is sure."""

_STATION = "TPS "
_UNSURE = 0.3  # of a vote
_WHOLE = re.compile(r"TPS\W*\d{1,3}|\d{3}")  # of a number by itself all three digits
_DIGITS = re.compile(r"\d+")
_LONGEST = 3  # digits of a polling place's number
_POLLING_PLACE = re.compile(r"(?:TPS)?(\d{1,3})")


def voted(heads: Sequence[tuple[Column, ...]], names: Collection[str]) -> list[Column]:
    """One name for each column of a block, the one that was read most surely and most often; ``names`` are known. What
    is no name is outvoted by any that is."""
    return [_best(column, names) for column in zip(*heads, strict=True)]


def _best(read: Sequence[Column], names: Collection[str]) -> Column:
    votes: dict[str, float] = defaultdict(float)
    for one in read:
        votes[key(one)] += 1.0 if one.sure else _UNSURE
    named = {key(one) for one in read if one.sure or key(one) in names or _WHOLE.fullmatch(one.label)}
    best = max(votes, key=lambda text: (text not in ("", UNREADABLE), text in named, votes[text], text in names))
    alike = [one for one in read if key(one) == best]
    whole = best in names or all(_WHOLE.fullmatch(one.label) for one in alike)
    known = whole and len(alike) >= TWICE
    others = {key(one) for one in read if one.sure and one.label} - {best}
    contested = any(votes[text] >= votes[best] for text in others)
    believed = best not in ("", UNREADABLE) and (known or any(one.sure for one in alike)) and not contested
    return replace(next((one for one in alike if one.sure), alike[0]), sure=believed)


def is_other(read: Column, name: Column) -> bool:
    """Is it clearly another name that was read over a column? What is like the name of a running total is that."""
    if not read.sure or not read.label or key(read) == key(name):
        return False
    return name.kind is ColumnKind.UNIT or like(read.label, name.label) < LIKE


def key(column: Column) -> str:
    """What is the same in all ways to write a name: TPS 7 and 007 are one polling place."""
    place = _POLLING_PLACE.fullmatch(folded(column.label))
    return f"{_STATION}{int(place[1])}" if place else folded(column.label)


def distinct(heads: Sequence[list[Column]]) -> Iterator[tuple[Column, ...]]:
    """Heads in which no unit comes twice, and no name is missing."""
    units = counted_off(heads)
    counts = Counter(key(one) for one in units if one.kind is ColumnKind.UNIT)
    seen: set[str] = set()
    at = 0
    for head in heads:
        named: list[Column] = []
        for one in units[at : at + len(head)]:
            name = key(one)
            nameless = name in ("", UNREADABLE)
            if one.kind is ColumnKind.UNIT and (counts[name] > 1 or nameless):
                again = name in seen or nameless
                one = replace(one, sure=False, label=f"{UNREADABLE}{at + len(named) + 1}" if again else one.label)
            seen.add(name)
            named.append(one)
        at += len(head)
        yield tuple(named)


def counted_off(heads: Sequence[Sequence[Column]]) -> list[Column]:
    """The columns of all heads, polling places among them by their numbers; running totals do not count."""
    every = [(n, one) for n, head in enumerate(heads) for one in head]
    places = [at for at, (_, one) in enumerate(every) if one.kind is ColumnKind.UNIT]
    found = [one for _, one in every]
    for at, one in zip(places, _pinned([every[at][1] for at in places], [every[at][0] for at in places]), strict=True):
        found[at] = one
    return found


def _pinned(units: Sequence[Column], head: Sequence[int]) -> list[Column]:
    """Polling places are numbered one after the other. A number is believed where one beside it agrees; between two
    of a ``head`` that do there may be as many others as there are columns, and then each has its number."""
    units = _in_order(units, head)
    steps = {n: number - n for n, one in enumerate(units) if one.sure and (number := _number(one.label)) is not None}
    order = sorted(steps)
    pairs = [(a, b) for a, b in pairwise(order) if steps[a] == steps[b]] if len(units) > 1 else []
    agreed = {n for pair in pairs for n in pair}
    lone = set(order) - agreed if len(units) > 1 else set()
    found = [replace(one, sure=False) if n in lone else one for n, one in enumerate(units)]
    written = _writing([units[n].label for n in sorted(agreed)])
    for n in agreed:
        found[n] = replace(units[n], label=written(n + steps[n]))
    for a, b in pairwise(sorted(agreed)):
        if steps[a] == steps[b] and head[a] == head[b]:
            for n in range(a + 1, b):
                found[n] = replace(units[n], label=written(n + steps[a]), sure=True)
    for n, one in enumerate(units):  # one that is not sure, and is what follows from those beside it
        beside = {steps[m] for m in (n - 1, n + 1) if m in agreed}
        number = n + next(iter(beside), 0)
        if n not in agreed and len(beside) == 1 and _says(one.label, number, written(number)):
            found[n] = replace(one, label=written(number), sure=True)
    return found


def _says(label: str, number: int, name: str) -> bool:
    """Is it the polling place of that number that is named, or what is so much like its name: TP5001 is TPS 001?"""
    read, due = folded(label), folded(name)
    ends = read.endswith(_DIGITS.findall(due)[-1])
    return _number(label) == number or (ends and fuzz.ratio(read, due) >= 100 * LIKE)


def _in_order(units: Sequence[Column], head: Sequence[int]) -> list[Column]:
    """Numbers of which none is read for sure are believed where most of a head's follow from each other: misread ones
    would not."""
    whole = (n for n, one in enumerate(units) if _WHOLE.fullmatch(one.label))
    steps = {n: number - n for n in whole if (number := _number(units[n].label)) is not None}
    found = list(units)
    for one in set(head):
        own = [n for n in steps if head[n] == one]
        step, agreed = Counter(steps[n] for n in own).most_common(1)[0] if own else (0, 0)
        if agreed >= IN_ORDER and 2 * agreed > len(own):
            for n in own:
                found[n] = replace(units[n], sure=True) if steps[n] == step else units[n]
    return found


def _number(label: str) -> int | None:
    place = _POLLING_PLACE.fullmatch(folded(label))
    return int(place[1]) if place else None


def _writing(labels: Sequence[str]) -> Callable[[int], str]:
    """How polling places are written, as most of these are: 'TPS 7' or '007'. 01 among 002, 003 has lost a sign."""
    wide, short = (Counter(len(n) for n in numbers) for numbers in _by_zeros(labels))
    ways = Counter(_DIGITS.sub("#", label) for label in labels)
    width = max(wide, key=lambda n: (wide[n], n)) if sum(wide.values()) > sum(short.values()) else 0
    return lambda number: ways.most_common(1)[0][0].replace("#", str(number).zfill(width))


def _by_zeros(labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """The numbers that begin with a zero, and those that would if all had three digits."""
    numbers = [found[0] for label in labels if (found := _DIGITS.search(label))]
    return [n for n in numbers if n[0] == "0"], [n for n in numbers if n[0] != "0" and len(n) < _LONGEST]
