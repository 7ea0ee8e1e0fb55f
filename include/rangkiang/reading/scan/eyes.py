"""The words of a form's sheet, read off pictures of its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rangkiang.forms import Form
from rangkiang.model import Level
from rangkiang.reading.scan import words
from rangkiang.scans.leaf import Grey
from rangkiang.scans.letters import Letters, Text
from rangkiang.scans.vocabulary import Vocabulary

SURE = 0.9
"""Every letter of a text that is on no list must be this probable for the text to be believed."""

_TPS = re.compile(r"(?:T\W?P\W?S\W*)?(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says, and whether that is sure enough for figures to hang on it."""

    text: str
    sure: bool


class Eyes:
    """Reads words for one form."""

    def __init__(self, form: Form, letters: Letters) -> None:
        self._letters = letters
        self._tps = form.unit is Level.TPS
        self._heads = Vocabulary((*words.head_words(form), *words.unit_names(form)))
        self._labels = Vocabulary((*words.labels(form), *words.HEADS))
        self._splits = Vocabulary(words.splits(form))

    def plain(self, crop: Grey) -> str:
        """As it is read."""
        return self._read(crop).text

    def head(self, crop: Grey) -> Said:
        """A cell of the head: one of its words, or a unit's name."""
        text = self._read(crop)
        known = self._heads.snap(text)
        if known:
            return Said(known, True)
        polling_place = _TPS.fullmatch(text.text.strip()) if self._tps else None
        return Said(text.text, _certain(text) and (not self._tps or polling_place is not None))

    def label(self, crop: Grey) -> Said:
        """A row's label, or what else stands there: a candidate's name, which is on no list."""
        text = self._read(crop)
        return Said(self._labels.snap(text) or text.text, True)

    def number(self, crop: Grey) -> Said:
        """What stands in front of a label: a candidate is known by it alone."""
        text = self._read(crop)
        return Said(text.text, _certain(text))

    def split(self, crop: Grey) -> Said:
        """L, P or JML as it is printed, or nothing."""
        return Said(self._splits.snap(self._read(crop)) or "", True)

    def _read(self, crop: Grey) -> Text:
        return self._letters.cells([crop])[0]


def _certain(text: Text) -> bool:
    return min(text.certainty, default=1.0) >= SURE
