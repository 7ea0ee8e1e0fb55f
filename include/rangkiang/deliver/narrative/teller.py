"""Writes a narrative's numbers in its language, and remembers of each how anybody can compute it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from rangkiang import catalogue
from rangkiang.catalogue import Texts
from rangkiang.deliver.columns import listed_columns
from rangkiang.deliver.words import hundredths, persen

AND = Texts("dan", "and")


@dataclass(frozen=True, slots=True)
class Told:
    """A number as it stands in a narrative, or a sentence that is quoted with the numbers in it."""

    what: str  # what it is the number of, in Indonesian
    said: str  # as the narrative writes it
    value: str | None  # as machines read it: 1234, 75.64; None for a sentence
    source: str  # SQL over the published tables, or the file and the place in it


class Teller:
    """One narrative's numbers. Nothing is written into a narrative that does not go through here."""

    def __init__(self, lang: str = "id") -> None:
        self.lang = lang
        self._told: dict[Told, None] = {}

    def number(self, value: int, what: str, source: str) -> str:
        """1.234.567, in English 1,234,567."""
        return self._tell(Told(what, catalogue.number(value, self.lang), str(value), source))

    def share(self, part: int, whole: int, what: str, source: str) -> str:
        """'75,64 persen', in English '75.64 per cent'. Raises ZeroDivisionError where the whole is nothing."""
        said = persen(part, whole, self.lang)
        return self._tell(Told(what, said, str(hundredths(part, whole)), source))

    def quote(self, sentence: str, what: str, source: str) -> str:
        """A sentence of a published table, word for word."""
        return self._tell(Told(what, sentence, None, source))

    def text(self, texts: Texts) -> str:
        """The text in the narrative's language."""
        return texts.get(self.lang)

    def listed(self, parts: Sequence[str]) -> str:
        """'a, b dan c'."""
        return f" {self.text(AND)} ".join([p for p in (", ".join(parts[:-1]), *parts[-1:]) if p])

    def table(self) -> pd.DataFrame:
        """One line per number, in the order of the narrative. Columns: those of ``narasi-angka.csv``."""
        lines = [(n, told.what, told.said, told.value, told.source) for n, told in enumerate(self._told, start=1)]
        names = [column.name for column in listed_columns("number_columns")]
        # Values stay texts: a column of numbers would write every count with a point.
        return pd.DataFrame(lines, columns=names, dtype=object).astype({"number": "Int64"})

    def _tell(self, told: Told) -> str:
        self._told.setdefault(told)
        return told.said
