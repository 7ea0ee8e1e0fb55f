"""Words that are expected beat letters that were read: labels, heads and names against a closed vocabulary.

Words are compared without case, spacing and punctuation. Which of those that come near a text it is, the picture
decides: how probable each is, given what the reader of letters saw frame by frame.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from rangkiang.scans import ctc
from rangkiang.scans.leaf import Floats
from rangkiang.scans.letters import ALPHABET, Text

STRICT = 0.3
"""How much less probable than the plain reading a word may be, in powers of e for each of its letters. Fewer than one
letter in ten may be another, unless it was doubtful."""
EASY = 1.0
"""The same for words that something else speaks for too, such as the order of a form's rows."""
ONE_OF = 8.0
"""The same where nothing but a word of the list can stand."""
MARGIN = 0.98
"""A word must be so much more probable than all others near it together."""
ENDS = 2
"""So many letters more than it has a word counts for, or a single letter would have to be read without doubt."""
NEAR = 12
"""So many words that come nearest by letters are looked for on the picture."""
FAR = 0.4
"""A word of which a larger share would have to be written anew is not near, unless it is short."""
SHORT = 3
"""Letters of a short word."""
UNLIKE = 0.67
"""A text is no word, however badly read, if a larger share of its letters would have to be others."""
CLEAR = 0.9
"""Where every letter is read so surely, a word that is read is there."""
CONFUSED = 0.06
"""Share of a letter's probability that goes to each of its twins."""
TWINS = ("O0DQ", "I1LT", "5S", "8B", "2Z", "6G", "MN", "UVY", "EF", "CG")

_BLANK = "\0"
_SIGNS = _BLANK + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RAREST = 1e-6  # no letter is less probable on any frame


class Expected:
    """A closed set of words. Of words that differ only in case, spacing or punctuation the first speaks."""

    def __init__(self, words: Iterable[str], tolerance: float = STRICT) -> None:
        self._words: dict[str, str] = {}
        for word in words:
            self._words.setdefault(folded(word), word)
        self._words.pop("", None)
        self._folded = list(self._words)
        self._tolerance = tolerance

    def snap(self, text: Text) -> str | None:
        """The word that a text is, as it was given; None where it is none of them, or may be several."""
        read = folded(text.text)
        if read in self._words and min(text.certainty) >= CLEAR:
            return self._words[read]
        near = self._near(read)
        if not near:
            return None
        logs = ctc.likelihood(_folded_frames(text.frames), [_signs(word) for word in (*near, read)])
        words, plain = logs[:-1], float(logs[-1])
        best = int(words.argmax())
        if words[best] == -np.inf:
            return None
        shares = np.exp(words - words[best])
        unlike = (plain - float(words[best])) / (len(near[best]) + ENDS)
        return self._words[near[best]] if unlike <= self._tolerance and 1 / shares.sum() >= MARGIN else None

    def near(self, text: Text) -> bool:
        """May it be one of the words, misread?"""
        scorer = Levenshtein.normalized_distance
        return process.extractOne(folded(text.text), self._folded, scorer=scorer, score_cutoff=UNLIKE) is not None

    def _near(self, read: str) -> list[str]:
        if not read:
            return []
        far = 1.0 if self._tolerance >= ONE_OF else FAR
        found = process.extract(read, self._folded, scorer=Levenshtein.normalized_distance, limit=NEAR)
        return [word for word, distance, _ in found if distance <= far or len(word) <= SHORT]


def folded(text: str) -> str:
    """Upper case, Latin letters and digits only."""
    return "".join(sign for sign in text.upper() if sign in _SIGNS and sign != _BLANK)


def _signs(word: str) -> list[int]:
    return [_SIGNS.index(sign) for sign in word]


def _folded_frames(frames: Floats) -> Floats:
    """Frames of ALPHABET as frames of the folded signs: spaces and punctuation are blanks, twins share a little."""
    found: Floats = np.maximum(frames @ _FOLD, _RAREST)
    return found


def _fold() -> Floats:
    """(letters of ALPHABET, folded signs): how much of each letter's probability goes where."""
    table = np.zeros((len(ALPHABET), len(_SIGNS)))
    for n, letter in enumerate(ALPHABET):
        own = folded(letter) or _BLANK
        twins = {twin for group in TWINS if own in group for twin in group if twin != own}
        table[n, [_SIGNS.index(twin) for twin in twins]] = CONFUSED
        table[n, _SIGNS.index(own)] = 1 - CONFUSED * len(twins)
    return table


_FOLD = _fold()
