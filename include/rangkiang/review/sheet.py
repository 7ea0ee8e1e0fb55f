"""One document's figures: as they were read, and as they stand now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from rangkiang.forms import Form
from rangkiang.model import CellRef, Document, Guess


@dataclass(frozen=True)
class Sheet:
    """``reading`` and ``figures``, which are the same ones proved and with what was decided, have the same lines."""

    document: Document
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
    def guesses(self) -> Mapping[int, tuple[Guess, ...]]:
        """What the cells of a scan may hold, by line, the most probable first."""
        said = self.reading.attrs.get("guesses", ())
        return {int(line): tuple(Guess(text, value, p) for text, value, p in found) for line, found in said}

    def line(self, cell: CellRef) -> int | None:
        """Where a cell stands; None where it is not on the sheet. A cell without a page is the first of its name."""
        kind, label, page = (self.figures[name] for name in ("column_kind", "column_label", "page"))
        found = [
            line
            for line in self.rows.get(cell.row, ())
            if (kind.iat[line], label.iat[line]) == (cell.column_kind, cell.column_label)
            and cell.page in (None, page.iat[line])
        ]
        return found[cell.nth] if cell.nth < len(found) else None

    def column(self, line: int) -> int:
        """The how manieth figure of its row a line is."""
        return self.rows[self.at(line, "row")].index(line)

    def at(self, line: int, name: str) -> Any:
        """A value of :data:`FIGURE_COLUMNS`; None where there is none."""
        value = self.figures[name].iat[line]
        return None if pd.isna(value) else value

    def pictured(self, line: int) -> bool:
        """Is it known where on its page the figure stands?"""
        return self.at(line, "x0") is not None
