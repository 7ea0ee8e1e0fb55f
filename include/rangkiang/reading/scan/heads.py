"""What stands in the cells of a head: words of the form, names of units, numbers of polling places."""

from __future__ import annotations

import re
from itertools import dropwhile

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from rangkiang.catalogue import find_area, fold
from rangkiang.forms import Form
from rangkiang.model import Level
from rangkiang.reading.figures import UNREADABLE
from rangkiang.reading.scan import words
from rangkiang.reading.scan.said import Said, certain
from rangkiang.scans.crops import inked
from rangkiang.scans.expected import EASY, ONE_OF, Expected
from rangkiang.scans.leaf import Grey
from rangkiang.scans.letters import Letters, Text

WIDE = 1.0
"""As wide as a text is printed."""

FEW = 6
"""Letters of a unit's name for each that may be read as another, or not at all; one always may."""

FAR, ALONE = 4, 3
"""The same for each of a name on a closed list, if all others are further away, by one in so many letters."""

STROKES = frozenset("I1LTHNMWUB")
"""What III is read as where it is small."""

CENTRED = 0.25
"""Heights of a capital by which a text in the middle of its cell is off it at most; one whose last letter is hidden is
off it by more."""

CLOSELY = 0.08
"""The same, in the direction of reading, of one of which an I may be hidden: that moves its middle by 0.2. A pixel is
allowed where letters are small."""

HALF = 0.5
"""So sure is each letter of a name on the list that may be the rest of another's: what counts is where it stands."""

CLOSED = frozenset({Level.KABKOTA, Level.KECAMATAN})
"""Levels whose names are all on the list. Those of villages are written in more than one way."""

OVER_NAMES = ("RINCIAN", "DESA", "KELURAHAN", "NAGARI")
"""Words that stand over the names of villages ..."""
OF_NAMES = frozenset({"DESA", "NAGARI"})
"""... and those that a name may begin with."""

_LIKE, _SAME = 70, 80  # of 100
_NEAREST = 6  # names that come nearest, among them other spellings of the same
_LETTERS, _LONG = 5, 8  # of the shortest name that is on no list, and of one that one picture makes sure
_DIGITS = 3  # of a polling place
_WORD = re.compile("[A-Z]+")
_ROMAN = re.compile("[IVX]+")
_TPS = re.compile(r"(?:(TPS)\W*)?(\d{1,3})")


class Heads:
    """The heads of one document: what was sure on one page is believed on the others."""

    def __init__(self, form: Form, letters: Letters) -> None:
        self._letters = letters
        self._sure: set[str] = set()
        self._once: set[str] = set()  # short names on no list, clearly read in one picture: it takes two
        self._level = form.unit
        self._unit = fold(form.printed_unit)
        self._words = Expected((*words.head_words(form), *words.unit_names(form)))
        self._cut = words.cut(form)
        self._folded = [fold(name) for name in words.unit_names(form)]
        self._units = frozenset(self._folded)
        self._numbered = tuple(filter(None, map(_numbered, words.unit_names(form))))
        self._names = Expected((*words.head_words(form), *words.unit_names(form)), EASY)
        self._one_of = Expected((*words.head_words(form), *words.unit_names(form)), ONE_OF)

    def said(self, text: Text, crop: Grey) -> Said:
        """What a text says that was read off this picture."""
        known = self._words.snap(text)
        if known and fold(known) == self._unit:
            return Said(known, False)  # of a polling place the number is lost
        if known and fold(known) in self._units and not is_close(text, known):
            return self._meant(text) or Said(text.text or UNREADABLE, False)
        if known:
            return Said(known, fold(known) not in self._cut or self._is_whole(text, known, crop))
        if (meant := self._meant(text)) is not None:
            return meant
        rest = _below(text.text)
        if rest and certain(text) and fold(rest) in self._units - self._cut:
            return Said(rest, True)
        polling_place = _TPS.fullmatch(text.text.strip()) if self._level is Level.TPS else None
        name = " ".join(filter(None, polling_place.groups())) if polling_place else text.text
        near = self._names.snap(text) if not certain(text) else None
        if near and is_close(text, near):
            return Said(near, False)
        if counted := self.counted(fold(text.text)):
            return Said(counted, False)
        if not name and inked(crop).ink.any():
            return Said(UNREADABLE, False)
        sure = name in self._sure or (certain(text) and self._is_name(name, crop))
        if sure and self._level is not Level.TPS and sum(map(str.isalpha, name)) < _LONG and name not in self._once:
            self._once.add(name)
            return Said(name, False)
        self._sure |= {name} if sure else set()
        return Said(name, sure)

    def _is_name(self, name: str, crop: Grey) -> bool:
        """Of a name that is on no list, or a number, a narrow sign may have been lost, where the picture is not looked
        at in its full width."""
        if not (is_station(name) if self._level is Level.TPS else self._is_new(name)):
            return False
        (wide,) = self._letters.cells([crop], WIDE)
        return fold(wide.text) == fold(name) and certain(wide)

    def _meant(self, text: Text) -> Said | None:
        """The only unit of a closed list whose name is anything like a text; sure where hardly a letter is another."""
        name = self._one_of.snap(text) if self._level in CLOSED else None
        if name is None or fold(name) not in self._units:
            return None
        read, folded = fold(text.text), fold(name)
        off, unit = Levenshtein.distance(read, folded), find_area(self._level, name)
        near = process.extract(read, self._folded, scorer=Levenshtein.distance, limit=_NEAREST)
        other = min(d for one, d, _ in near if one != folded and (unit is None or find_area(self._level, one) != unit))
        if off > len(folded) // FAR or other - off < len(folded) // ALONE:
            return None
        return Said(name, off <= len(folded) // FEW and folded not in self._cut)

    def counted(self, read: str) -> str | None:
        """The only name on the list that says what a text does after its numeral: of III, where letters are small,
        anything is read."""
        found = [
            name
            for rest, numeral, name in self._numbered
            if read.endswith(rest) and _may_be(read[: len(read) - len(rest)], numeral)
        ]
        return found[0] if len(found) == 1 else None

    def _is_whole(self, text: Text, name: str, crop: Grey) -> bool:
        """Is a name that may be the rest of another's all that was printed? It stands in the middle of its cell, where
        a rest would not; an I less, where it is looked at closely."""
        plain = fold(text.text) == fold(name) and certain(text, HALF)
        return plain and _is_centred(crop, CLOSELY if any(map(_ROMAN.fullmatch, name.split())) else CENTRED)

    def _is_new(self, name: str) -> bool:
        """Is it a name, and like none on the list? One that is like another is that one, misread; and what stands over
        all names together is part of none, but for what a village's may begin with."""
        if self._level in CLOSED or any(_is_over_names(word) and word.upper() not in OF_NAMES for word in name.split()):
            return False
        known = any(
            process.extractOne(fold(one), self._folded, scorer=fuzz.ratio, score_cutoff=_LIKE)
            for one in (name, _below(name))
        )
        return not known and sum(map(str.isalpha, name)) >= _LETTERS


def _below(text: str) -> str:
    """What follows the words that stand over all names, if there are any."""
    every = text.split()
    kept = list(dropwhile(_is_over_names, every))
    return " ".join(kept) if len(kept) < len(every) else ""


def _is_over_names(word: str) -> bool:
    """RINCIAN DESA/KELURAHAN/NAGARI: where the rule below it is faint, a part of it becomes one with a name."""
    parts = _WORD.findall(word.upper())
    return any(process.extractOne(part, OVER_NAMES, scorer=fuzz.ratio, score_cutoff=_SAME) for part in parts)


def _numbered(name: str) -> tuple[str, str, str] | None:
    """What follows the numeral that a name begins with, and that numeral."""
    numeral, _, rest = name.partition(" ")
    return (fold(rest), numeral, name) if rest and _ROMAN.fullmatch(numeral) else None


def _may_be(read: str, numeral: str) -> bool:
    """May letters be a numeral of about as many strokes? V and X are told from I."""
    strokes = STROKES | set(numeral)
    return 0 < len(read) <= len(numeral) + 1 and set(read) <= strokes


def is_station(name: str) -> bool:
    """TPS 8, or 008: of a number by itself all three digits."""
    found = _TPS.fullmatch(name)
    return found is not None and (found[1] is not None or len(found[2]) == _DIGITS)


def _is_centred(crop: Grey, along: float) -> bool:
    """Does a text, level or turned, stand in the middle of its cell, and so nearly in the direction of reading?"""
    cell = inked(crop)
    left, top, right, bottom = cell.extent
    high, wide = crop.shape
    aside = abs(left + right - wide) / 2, abs(top + bottom - high) / 2
    if bottom - top > right - left:
        cell, aside = cell.turned(1), aside[::-1]
    return bool(aside[0] <= max(1.0, along * cell.tall) and aside[1] <= CENTRED * cell.tall)


def is_close(text: Text, name: str) -> bool:
    """Is nearly every letter of a unit's name there as it is read? BINJAI, half of it blurred, is no BANAI."""
    return Levenshtein.distance(fold(text.text), fold(name)) <= max(1, len(fold(name)) // FEW)
