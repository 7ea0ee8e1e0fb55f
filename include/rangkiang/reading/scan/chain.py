"""The rows and headings of a form as a hidden chain, of which the lines of a sheet are what can be seen.

L. R. Rabiner, A Tutorial on Hidden Markov Models, Proc. IEEE 77 (1989). States are the rows and headings in the form's
order; each line is seen through its number, its label, its L, P or JML, and its rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from rangkiang.forms import Form
from rangkiang.reading.align import Target, digits_of, prefix, printed, spellings, targets
from rangkiang.reading.header import folded
from rangkiang.reading.segments import Line

SKIPPED, NO_HEADING = 1e-4, 0.3
"""How often a row, a heading is not there."""
GAP, SLATE = 0.03, 0.5
"""How often a number is left out among candidates, and how often a slate ends before the form's last number."""
PAGE = 1e-12
"""How often any number of them is not there: a page is missing."""
TINY, HUGE = 1e-300, 1e150
"""What is less, or more, is as good as nothing, or all."""
OTHER, OTHER_FIGURES, OTHER_NUMBERS = 0.02, 1e-5, 0.3
"""How often a line without and with figures, and one without any letter, is none of the form's: a stroke across a row,
the numbers of the columns."""
_SECOND = "2"  # the number of the labels' column: 1 is that of the rows' numbers
OTHER_NAMELESS = 1e-3
"""The same of one with figures, or what looks like them, before which nothing stands: names and signatures have a table
of their own, which may hang on to the sheet's."""
OTHER_AGAIN = 0.3
"""The same of a line beside the same text as those before it ..."""
SPLITS = 3
"""... if these are more than the parts that a row may have."""
WRONG = 1e-4
"""How often a number is read, without doubt, as another."""
IN_LABEL = 0.9
"""How sure a number is that stands in front of its label in one cell."""
ANY = 0.1
"""Where it is read as none that the form has, how probable each of them is."""
WRONG_SPLIT = 0.03
"""How often L, P and JML are: what is left of JML under a stamp is an L."""
WRONG_LABEL = 1e-4
"""How often a label that is on the list is another's."""
UNLIKE = 20.0
"""Powers of e for a label of which nothing is like what was read ..."""
LEAST = 6.0
"""... and the most that can be said against a label that was not read with certainty."""
A_NAME = 3.0
"""Powers of e against a name that may be anybody's ..."""
UNLIKE_NAME = 12.0
"""... and, where a row's name is known from elsewhere on the sheet, against one of which nothing is like it."""
LACKING = 0.01
"""How often a candidate is there whom no other block of columns has for sure."""
NEVER = 1e-9
"""How often a line on which nothing is printed is a row."""
MISPLACED = 1e-3
"""How often a heading has something beside it, or a row of figures has none of the rules that part them."""


Chances = NDArray[np.float64]


def is_row(line: Line) -> bool:
    """May it be a row: is it parted by rules, and does anything stand there?"""
    return not line.spans and _other(line) < OTHER_NUMBERS


def others(lines: Sequence[Line]) -> Chances:
    """(lines,): how probable what is read of a line is, were it none of the form's.

    Where one text stands beside more lines than L, P and JML it belongs to none of them: a stamp, or what has become
    one with the table.
    """
    again = (_is_one_text(lines[max(0, n - SPLITS) : n + 1]) for n in range(len(lines)))
    return np.array([OTHER_AGAIN if more else _other(line) for line, more in zip(lines, again, strict=True)])


def _is_one_text(lines: Sequence[Line]) -> bool:
    same = len({(line.label, line.number, line.split) for line in lines}) == 1
    return same and len(lines) > SPLITS and lines[-1].vague and not lines[-1].number and not lines[-1].split


def _other(line: Line) -> float:
    if not (line.label or line.number or line.split):
        return OTHER_NAMELESS if line.filled else 1.0
    letters = any(map(str.isalpha, line.label + line.split))
    if line.number and _SECOND in line.label and not (letters or any(map(str.isalpha, line.number))):
        return OTHER_NUMBERS
    said = (float(np.exp(-A_NAME)) if letters else 1.0) * (ANY if line.number else 1.0)
    return said * (OTHER_FIGURES if line.filled else OTHER)


@dataclass(frozen=True, slots=True)
class Path:
    """A way through lines: the target of each, -1 for none, and how probable it is; the logarithm of how probable all
    lines are; and at which target, the last for none yet, they end (targets + 1,)."""

    at: list[int]
    chances: list[float]
    log: float
    ends: Chances


@dataclass(frozen=True, slots=True)
class _Steps:
    """``onwards`` (targets + 1, targets): how probable it is that a target follows one, or, last, the beginning."""

    onwards: Chances

    @classmethod
    def of(cls, all_: Sequence[Target]) -> _Steps:
        count = len(all_)
        free = np.array([t.free for t in all_])
        skips = np.array([0.0 if t.free else np.log(NO_HEADING if t.leaf is None else SKIPPED) for t in all_])
        last = free & ~np.append(free[1:], False)  # of a slate
        first = np.maximum.accumulate(np.where(free & ~np.append(False, free[:-1]), np.arange(count), 0))
        start = np.array([*range(1, count + 1), 0])[:, None]  # where what follows begins
        to = np.arange(count)
        rows, slates = (np.concatenate([[0.0], np.cumsum(one)]) for one in (skips, last))
        logs = rows[to] - rows[start] + np.log(SLATE) * (slates[to] - slates[start])
        logs = logs + np.where(free, np.log(GAP) * np.maximum(to - np.maximum(start, first), 0), 0.0)
        possible = to >= start
        return cls(np.where(possible, np.maximum(np.exp(np.where(possible, logs, 0.0)), PAGE), 0.0))


class Chain:
    """The rows and headings of a form."""

    def __init__(self, form: Form) -> None:
        self.all = targets(form)
        self._steps = _Steps.of(self.all).onwards
        self._numbers = [digits_of(t.number) for t in self.all]
        self._known = set(self._numbers) | {""}
        self._splits = [t.split for t in self.all]
        self._free = np.array([t.free for t in self.all])
        self._heading = np.array([t.leaf is None for t in self.all])
        owned = [(spelling, n) for n, t in enumerate(self.all) for spelling in spellings(t) or [""]]
        self._choices = list(dict.fromkeys(spelling for spelling, _ in owned))
        place = {choice: n for n, choice in enumerate(self._choices)}
        self._owned = np.array([place[spelling] for spelling, _ in owned])
        self._first = np.flatnonzero(np.diff([n for _, n in owned], prepend=-1))
        self._rows = {spelling for spelling, n in owned if self.all[n].leaf}

    def is_label(self, line: Line) -> bool:
        """Has a line the label of a row?"""
        return not self._rows.isdisjoint(printed(line))

    def seen(self, lines: Sequence[Line]) -> Chances:
        """(lines, targets): how probable what is read of a line is, were it the target."""
        if not lines:
            return np.ones((0, len(self.all)))
        labels = {line.label: n for n, line in enumerate(lines)}
        like = dict(zip(labels, self._like([lines[n] for n in labels.values()]), strict=True))
        return np.stack([self._label(line, like[line.label]) * self._beside(line) for line in lines])

    def named(self, lines: Sequence[Line], names: Mapping[str, Sequence[str]]) -> Chances:
        """(lines, targets): how much more probable what is read of a line is, where the names of some rows are known
        by their code."""
        found = np.ones((len(lines), len(self.all)))
        own = [(n, t.leaf.code) for n, t in enumerate(self.all) if t.leaf and names.get(t.leaf.code)]
        vague = [n for n, line in enumerate(lines) if line.vague and any(map(str.isalpha, line.label))]
        if not own or not vague:
            return found
        choices = [folded(name) for _, code in own for name in names[code]]
        first = np.cumsum([0, *(len(names[code]) for _, code in own[:-1])])
        queries = [folded(lines[n].label) for n in vague]
        like = process.cdist(queries, choices, scorer=fuzz.ratio, dtype=np.float32) / 100
        unlike = UNLIKE_NAME * (1 - np.maximum.reduceat(like, first, axis=1))
        found[np.ix_(vague, [n for n, _ in own])] = np.exp(A_NAME - np.minimum(unlike, LEAST))
        return found

    def there(self, codes: Collection[str]) -> Chances:
        """(targets,): how probable it is that a row is there, where these are the candidates of other blocks."""
        lacking = [t.free and t.leaf is not None and t.leaf.code not in codes for t in self.all]
        return np.where(lacking, LACKING, 1.0)

    def path(self, seen: Chances, other: Chances, begin: Chances | None = None) -> Path:
        """The most probable way through lines that come below others, which end as ``begin`` says (None: none do)."""
        steps = self._steps
        if begin is None:
            begin = np.append(np.zeros(len(self.all)), 1.0)
        best, back = begin, []
        for line, none in zip(seen, other, strict=True):
            ways = best[:, None] * steps
            came = ways.argmax(axis=0)
            reached = np.append(ways[came, np.arange(len(self.all))] * line, 0.0)
            stays = best * none
            back.append(np.where(reached >= stays, np.append(came, -1), -1))
            best = np.maximum(reached, stays)
            best /= best.max()
        at, state = [], int(best.argmax())
        for came in reversed(back):
            before = int(came[state])
            at.append(-1 if before < 0 else state)
            state = state if before < 0 else before
        at.reverse()
        return self._along(begin, seen, other, at)

    def _along(self, begin: Chances, seen: Chances, other: Chances, at: list[int]) -> Path:
        steps, forward, arrived, log = self._steps, [begin], [], 0.0
        for line, none in zip(seen, other, strict=True):
            reached = np.append((forward[-1] @ steps) * line, 0.0)
            total = max(float((reached + forward[-1] * none).sum()), TINY)
            arrived.append(reached / total)
            log += float(np.log(total))
            forward.append((reached + forward[-1] * none) / total)
        after = np.ones(len(self.all) + 1)
        found = []
        for n in range(len(seen) - 1, -1, -1):
            found.append(float(arrived[n][at[n]] * after[at[n]]) if at[n] >= 0 else 1.0)
            after = steps @ (seen[n] * after[:-1]) + after * other[n]
            # What cannot be reached may be more probable than what can by any number of powers.
            after = np.minimum(after / max(float(forward[n] @ after), TINY), HUGE)
        return Path(at, found[::-1], log, forward[-1])

    def _like(self, lines: Sequence[Line]) -> Chances:
        """(labels, targets): how like its spellings each label is, 1 the same."""
        queries = [spelling for line in lines for spelling in printed(line)]
        ratio = process.cdist(queries, self._choices, scorer=fuzz.ratio, dtype=np.float32).reshape(len(lines), 2, -1)
        best = ratio.max(axis=1)[:, self._owned].astype(np.float64) / 100
        found: Chances = np.maximum.reduceat(best, self._first, axis=1)
        return found

    def _label(self, line: Line, like: Chances) -> Chances:
        if _other(line) == 1.0:
            return np.full(len(self.all), NEVER)
        if not any(map(str.isalpha, line.label)):
            return np.ones(len(self.all))
        if not line.vague:
            found = np.where(like >= 1.0, 1.0, WRONG_LABEL)
        else:
            found = np.exp(-np.minimum(UNLIKE * (1 - like), LEAST))
        found[self._free] = np.exp(-A_NAME) if line.vague else WRONG_LABEL
        return found

    def _beside(self, line: Line) -> Chances:
        """What number and split say, and how the line is ruled."""
        number: dict[str, float] = defaultdict(float)
        for guess in line.numbers:
            number[digits_of(guess.text)] += guess.p
        number = number or {digits_of(line.number or prefix(line.label)): 1.0 if line.number else IN_LABEL}
        found = np.ones(len(self.all))
        if any(number):
            known = sum(p for one, p in number.items() if one in self._known)
            found = np.maximum([number.get(one, 0.0) for one in self._numbers], max(WRONG, ANY * (1 - known)))
        if line.split:
            found = found * np.where(np.array(self._splits) == line.split, 1.0, WRONG_SPLIT)
        ruled = np.where(self._heading, MISPLACED if line.filled else 1.0, MISPLACED if line.spans else 1.0)
        return np.asarray(found * ruled, dtype=np.float64)


chain_of = lru_cache(64)(Chain)
"""The chain of a form; there is one for each."""
