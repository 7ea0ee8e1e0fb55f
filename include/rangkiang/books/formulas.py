"""Formulas as texts: the terms of those that are sums, and how one reads in another cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rangkiang.books.places import MAX_COLUMNS, Place, column, letters, place

_MAX_DEPTH = 32  # of brackets

_CELL = r"\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}"
_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<sum>SUM\s*\()"
    r"|(?P<area>(?:'(?P<quoted>(?:[^']|'')+)'!|(?P<sheet>[A-Z_][\w.]*)!)?"
    rf"(?:(?P<first>{_CELL})(?::(?P<last>{_CELL}))?|(?P<columns>\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}))(?![\w(!.]))"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.%:])"
    r"|(?P<mark>[-+(),])"
    r")\s*",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?P<skip>'(?:[^']|'')*'!?|\"[^\"]*\"|[\w.]+[!(])|(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?![\w.])"
)


@dataclass(frozen=True, slots=True)
class Area:
    """A range, ends included, -1 for the end of the sheet; ``sheet`` is '' for the formula's own."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Term:
    """Something added (1) or taken off (-1): a number, or the cells of an area, alone or within SUM."""

    sign: int
    what: float | Area
    summed: bool = False


def moved(text: str, origin: Place, to: Place) -> str:
    """A formula shared by several cells, as it reads in one of them. Places outside the sheet become #REF!."""
    down, right = to[0] - origin[0], to[1] - origin[1]

    def one(found: re.Match[str]) -> str:
        if found["skip"]:
            return found[0]
        _, column_fixed, name, row_fixed, digits = found.groups()
        to_column = column(name) + (0 if column_fixed else right)
        to_row = int(digits) + (0 if row_fixed else down)
        if to_row < 1 or not 0 <= to_column < MAX_COLUMNS:
            return "#REF!"
        return f"{column_fixed}{letters(to_column)}{row_fixed}{to_row}"

    return _REFERENCE.sub(one, text)


@lru_cache(maxsize=1024)
def parsed(text: str) -> tuple[Term, ...] | None:
    """The terms of a sum; None where the formula is anything else."""
    tokens: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        tokens.append(found)
        at = found.end()
    terms = _Parser(tokens).terms()
    return None if terms is None else tuple(terms)


class _Parser:
    """sum = [sign] part {sign part}; part = number | cell | '(' sum ')' | SUM '(' (area | sum) {',' …} ')'."""

    def __init__(self, tokens: Sequence[re.Match[str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def terms(self) -> list[Term] | None:
        try:
            found = self._sum(1, 0)
        except _NoSum:
            return None
        return found if self._at == len(self._tokens) else None

    def _sum(self, sign: int, depth: int) -> list[Term]:
        if depth > _MAX_DEPTH:
            raise _NoSum
        found: list[Term] = []
        first = True
        while first or self._mark() in ("+", "-"):
            each = sign
            while self._mark() in ("+", "-"):
                each = -each if self._take().group("mark") == "-" else each
            found += self._part(each, depth)
            first = False
        return found

    def _part(self, sign: int, depth: int) -> list[Term]:
        token = self._take()
        if token["number"]:
            return [Term(sign, float(token["number"]))]
        if token["area"]:
            area = _area(token)
            if (area.top, area.left) != (area.bottom, area.right):
                raise _NoSum  # a range alone, outside SUM
            return [Term(sign, area)]
        if token["mark"] == "(":
            found = self._sum(sign, depth + 1)
            self._expect(")")
            return found
        if token["sum"]:
            return self._arguments(sign, depth)
        raise _NoSum

    def _arguments(self, sign: int, depth: int) -> list[Term]:
        found: list[Term] = []
        while True:
            following = self._tokens[self._at + 1]["mark"] if self._at + 1 < len(self._tokens) else None
            if self._at < len(self._tokens) and self._tokens[self._at]["area"] and following in (",", ")"):
                found.append(Term(sign, _area(self._take()), summed=True))
            else:
                found += self._sum(sign, depth + 1)
            if self._mark() != ",":
                self._expect(")")
                return found
            self._take()

    def _mark(self) -> str | None:
        mark: str | None = self._tokens[self._at]["mark"] if self._at < len(self._tokens) else None
        return mark

    def _take(self) -> re.Match[str]:
        if self._at == len(self._tokens):
            raise _NoSum
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, mark: str) -> None:
        if self._take()["mark"] != mark:
            raise _NoSum


class _NoSum(Exception):
    """The formula is more than a sum."""


def _area(token: re.Match[str]) -> Area:
    sheet = (token["quoted"] or token["sheet"] or "").replace("''", "'").casefold()
    if token["columns"]:
        left, right = (column(c.strip("$")) for c in token["columns"].split(":"))
        return Area(sheet, 0, min(left, right), -1, max(left, right))
    first = place(token["first"])
    last = place(token["last"]) if token["last"] else first
    (top, bottom), (left, right) = (sorted(ends) for ends in zip(first, last, strict=True))
    return Area(sheet, top, left, bottom, right)
