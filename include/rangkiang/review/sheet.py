"""One document's figures: as they were read, and as they stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from rangkiang.forms import Equation, Form
from rangkiang.model import PUBLISHED, CellRef, Guess


@dataclass(frozen=True)
class Sheet:
    """``reading`` and ``figures``, which are the same ones proved and with what was decided, have the same lines."""

    office: str
    sha256: str
    form: Form
    reading: pd.DataFrame
    figures: pd.DataFrame

    @cached_property
    def values(self) -> Sequence[int | None]:
        """What every line counts for in a sum: an empty cell is zero, of what cannot be read nobody knows."""
        blank = self.figures["status"].isin(["blank", "proved", "decided"])
        known = self.figures["value"].where(self.figures["value"].notna() | ~blank, 0)
        return [None if pd.isna(value) else int(value) for value in known]

    @cached_property
    def rows(self) -> Mapping[str, Sequence[int]]:
        """The lines of each row, from left to right."""
        found: dict[str, list[int]] = {}
        for line, row in enumerate(self.figures["row"]):
            found.setdefault(row, []).append(line)
        return found

    @cached_property
    def kinds(self) -> Sequence[str]:
        """The kind of each line's column."""
        kinds: list[str] = self.figures["column_kind"].tolist()
        return kinds

    @cached_property
    def binding(self) -> Mapping[str, Sequence[Equation]]:
        """The identities of the form that name each row."""
        found: dict[str, list[Equation]] = {}
        for equation in self.form.identities:
            for row in dict.fromkeys(equation.rows):
                found.setdefault(row, []).append(equation)
        return found

    @cached_property
    def _named(self) -> Mapping[tuple[str, str, str], Sequence[tuple[int, int]]]:
        """Lines and pages of what has one name: row, kind and label of the column."""
        found: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
        names = (self.figures[name] for name in ("row", "column_kind", "column_label", "page"))
        for line, (row, kind, label, page) in enumerate(zip(*names, strict=True)):
            found.setdefault((row, kind, label), []).append((line, page))
        return found

    @cached_property
    def guesses(self) -> Mapping[int, tuple[Guess, ...]]:
        """What the cells of a scan may hold, by line, the most probable first."""
        said = self.reading.attrs.get("guesses", ())
        return {int(line): tuple(Guess(text, value, p) for text, value, p in found) for line, found in said}

    def line(self, cell: CellRef) -> int | None:
        """Where a cell stands; None where it is not on the sheet. A cell without a page is the first of its name."""
        named = self._named.get((cell.row, cell.column_kind, cell.column_label), ())
        found = [line for line, page in named if cell.page in (None, page)]
        return found[cell.nth] if cell.nth < len(found) else None

    def column(self, line: int) -> int:
        """The how manieth figure of its row a line is."""
        return self.rows[self.at(line, "row")].index(line)

    def published(self, line: int) -> int | None:
        """The how manieth of its row a figure is in what is published, from 1; None for a carry, which is not."""
        own = [n for n in self.rows[self.at(line, "row")] if self.kinds[n] in PUBLISHED]
        return own.index(line) + 1 if line in own else None

    def at(self, line: int, name: str) -> Any:
        """A value of :data:`FIGURE_COLUMNS`; None where there is none."""
        value = self.figures[name].iat[line]
        return None if pd.isna(value) else value

    def pictured(self, line: int) -> bool:
        """Is it known where on its page the figure stands?"""
        return self.at(line, "x0") is not None
