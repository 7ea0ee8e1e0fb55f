"""Words that are expected: a closed list beats free reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz, process

from rangkiang.scans import ctc
from rangkiang.scans.letters import ALPHABET, Text

LIKE = 60
"""Of 100: words that are less like what was read are not considered, unless nothing else can stand there."""
CONSIDERED = 6
"""Words that are held against the picture."""
STRICT, EASY, ONE_OF = 0.3, 0.7, 8.0
"""A word may be so much less probable than what was read (nats a letter) and still be what stands there: a name that
is not on the list must not become one that is, while of labels each is expected, and where nothing else can stand, one
of the list it is."""
MARGIN = 4.6
"""The next best word is less probable by a factor of 100."""

_ALIKE = str.maketrans("0158|!", "OISBII")
_SIGNS = {letter: n for n, letter in enumerate(ALPHABET) if n}


class Expected:
    """A list of words or phrases, that may be printed as given or in capitals."""

    def __init__(self, words: Iterable[str], tolerance: float = STRICT) -> None:
        self._tolerance, self._like = tolerance, 0 if tolerance >= ONE_OF else LIKE
        self._by_key: dict[str, str] = {}
        for word in words:
            self._by_key.setdefault(key(word), word)

    @cached_property
    def _keys(self) -> list[str]:
        return list(self._by_key)

    def snap(self, text: Text) -> str | None:
        """The word that a text is, as the list has it; None where it is none, or may be one of two."""
        read = key(text.text)
        if not read:
            return None
        if (word := self._by_key.get(read)) is not None:
            return word
        near = process.extract(read, self._keys, scorer=fuzz.ratio, limit=CONSIDERED, score_cutoff=self._like)
        return self._most_probable([self._by_key[found] for found, _, _ in near], text) if near else None

    def _most_probable(self, words: Sequence[str], text: Text) -> str | None:
        spelled = [(n, word) for n, one in enumerate(words) for word in {one, one.upper()}]
        found = ctc.likelihood(text.frames, [_signs(word) for _, word in (*spelled, (-1, text.text))])
        best = np.full(len(words), -np.inf)
        for (n, _), probable in zip(spelled, found[:-1], strict=True):
            best[n] = max(best[n], probable)
        first, *others = np.argsort(-best).tolist()
        if best[first] < found[-1] - self._tolerance * len(words[first]):
            return None
        if others and best[first] - best[others[0]] < MARGIN:
            return None
        return words[first]


def key(text: str) -> str:
    """Letters and digits in upper case, signs that are read for each other made one."""
    return "".join(_alnum(text.upper())).translate(_ALIKE)


def _alnum(text: str) -> Iterator[str]:
    return (letter for letter in text if letter.isalnum() or letter in "|!")


def _signs(word: str) -> list[int]:
    return [_SIGNS[letter] for letter in word if letter in _SIGNS]
