"""The words of a form's sheet, read off pictures of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rangkiang.forms import Form
from rangkiang.model import Guess
from rangkiang.reading.scan import words
from rangkiang.reading.scan.heads import Heads
from rangkiang.reading.scan.said import Said, certain
from rangkiang.scans.crops import Inked, inked
from rangkiang.scans.engine import Engine
from rangkiang.scans.expected import EASY, ONE_OF, Expected
from rangkiang.scans.leaf import Grey
from rangkiang.scans.letters import EMPTY, NARROWER, Letters, Text
from rangkiang.scans.seen import Seen

PLAIN = 0.999
"""Where a number stands so clearly, it is no letter."""

LIKE_B = "8"
"""What the reader of digits takes the B for that stands in front of totals."""

TITLE = 2.0
"""How much less probable than the plain reading the title of the labels may be: see :mod:`rangkiang.scans.expected`."""

LOW, LONG = 10, 20.0
"""Ink over so many times the height of a capital, if this is so many pixels at least, is more than that title, and dirt
beside it."""

TINY = 1e-9
"""Nobody is less sure."""

_LONGEST = 12  # letters of 'LAKI-LAKI' and its like


class Eyes:
    """Reads words for one form."""

    def __init__(self, form: Form, letters: Letters, digits: Engine) -> None:
        self._letters, self._digits = letters, digits
        self._seen = Seen[Text]()
        self._heads = Heads(form, letters)
        self._title = Expected((words.HEADS[0],), TITLE)
        self._labels = Expected((*words.labels(form), *words.HEADS), EASY)
        self._splits = Expected(words.splits(form), ONE_OF)

    def plain(self, crop: Grey) -> str:
        """As it is read."""
        return self._read(crop).text

    def head(self, crop: Grey) -> Said:
        """A cell of the head: one of its words, or a unit's name."""
        return self._heads.said(self._read(crop), crop)

    def is_title(self, crop: Grey) -> bool:
        """Does it say what stands over the labels?"""
        ink = inked(crop)
        return not _is_long(ink) and self._title.snap(self._again(crop, ink)) is not None

    def label(self, crop: Grey) -> Said:
        """A row's label or, where that is not sure, what else stands there: a candidate's name, which is on no list."""
        text = self._again(crop, inked(crop))
        known = self._labels.snap(text)
        return Said(known or text.text, known is not None)

    def numbers(self, crops: Sequence[Grey]) -> list[Said]:
        """What stands in front of labels: a candidate is known by it alone."""
        return [self._number(*one) for one in zip(crops, self._digits.guesses(crops), strict=True)]

    def _number(self, crop: Grey, guesses: tuple[Guess, ...]) -> Said:
        if guesses and guesses[0].p >= PLAIN and guesses[0].text != LIKE_B:
            return Said(guesses[0].text, True, guesses)
        text = self._read(crop)
        p = min(text.certainty, default=0.0)
        if text.text and guesses and guesses[0].text == text.text:
            return Said(text.text, certain(text), _agreed(guesses, max(p, TINY)))
        both = Guess(text.text, None, p / 2), *(Guess(g.text, g.value, g.p / 2) for g in guesses)
        return Said(text.text, certain(text), both)

    def split(self, crop: Grey) -> Said:
        """L, P or JML as it is printed, or nothing; not sure where something stands there and is none of them."""
        text = self._again(crop, inked(crop))
        known = self._splits.snap(text) if len(text.text) <= _LONGEST else None
        return Said(known or "", known is not None or not text.text)

    def _again(self, crop: Grey, ink: Inked) -> Text:
        """A text that may have been read on another row or page."""
        left, top, right, bottom = ink.extent
        text = crop[top:bottom, left:right]
        if not text.size:
            return EMPTY
        known = self._seen.find(text, ink.tall)
        if known is None:
            known = self._twice(ink)
            self._seen.keep(text, known)
        return known

    def _twice(self, ink: Inked) -> Text:
        """Read narrow, and once more in its full width where it may be a label that this does not show."""
        text = self._letters.cell(ink, NARROWER)
        doubtful = not certain(text) and self._labels.snap(text) is None
        return self._letters.cell(ink) if doubtful and self._labels.near(text) else text

    def _read(self, crop: Grey) -> Text:
        return self._letters.cells([crop])[0]


def _agreed(guesses: tuple[Guess, ...], p: float) -> tuple[Guess, ...]:
    """Guesses of which another reader, who is this sure, says that the first is right: each is wrong for itself."""
    first, *others = guesses
    right, wrong = first.p * p, (1 - first.p) * (1 - p)
    sure = right / (right + wrong)
    rest = (1 - sure) / max(1 - first.p, TINY)
    return replace(first, p=sure), *(replace(guess, p=guess.p * rest) for guess in others)


def _is_long(ink: Inked) -> bool:
    return ink.tall >= LOW and int(ink.ink.any(axis=0).sum()) > LONG * ink.tall
