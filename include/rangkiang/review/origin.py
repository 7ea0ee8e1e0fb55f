"""Where a figure is from: everything between the published dataset and the file that an office dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from rangkiang.decisions import Record
from rangkiang.ledger import Arrival, Reading
from rangkiang.model import Deliverable, Document, Finding, Guess
from rangkiang.review.sheet import Sheet
from rangkiang.review.sums import RUNNING, of_line

if TYPE_CHECKING:
    from rangkiang.lineage.finding import Name, Wrote


@dataclass(frozen=True, slots=True)
class Binding:
    """A sum that binds the figure."""

    said: str  # as the form writes it; '' for that of a row's units
    holds: bool | None  # None where a number in it is not known


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in one version of its dataset; without a line where the version is made from other documents."""

    number: int
    day: str
    digest: str
    line: int | None  # of the table, from 1, its heading not counted
    value: int | None = None
    status: str = ""


@dataclass(frozen=True)
class Origin:
    """One figure, at a line of its sheet, and its whole way. What it has not come to yet is None or empty."""

    document: Document
    since: datetime  # when it was received
    sheet: Sheet
    line: int
    objects: Sequence[Arrival]  # of the inbox, that have the file's bytes
    whole: Document | None  # the file that the sheet was taken out of
    reading: Reading
    proof: Reading
    findings: Sequence[Finding]  # that bind the figure
    records: Sequence[Record]  # what was decided about these
    filed: Deliverable | None
    versions: Sequence[Shown]  # that were before the public, the newest first
    live: bool  # the newest one is what is filed now
    names: Mapping[str, Name]  # what the lineage calls each thing on the way
    wrote: Mapping[Name, Wrote] | None  # by whom; None where that is told to a server
    version: str  # names the reader of today: with another one a line is another figure

    @property
    def guesses(self) -> Sequence[Guess]:
        """What else the reading held possible, of a scan."""
        return self.sheet.guesses.get(self.line, ())

    @property
    def bindings(self) -> Sequence[Binding]:
        """The sums that bind the figure, those that fail first."""
        written = {e.id: str(e.over(self.sheet.rows)) for e in self.sheet.form.identities}
        found = [
            Binding("" if one.name == RUNNING else written[one.name], one.holds(self.sheet.values))
            for one in of_line(self.sheet, self.line)
        ]
        return sorted(found, key=lambda one: one.holds is not False)

    def read(self, name: str) -> object:
        """A value of the reading, as it was before sums and people had a say."""
        value = self.sheet.reading[name].iat[self.line]
        return None if pd.isna(value) else value

    def writer(self, what: str) -> Wrote | None:
        """The run that wrote a thing on the way."""
        name = self.names.get(what)
        return None if name is None or self.wrote is None else self.wrote.get(name)
