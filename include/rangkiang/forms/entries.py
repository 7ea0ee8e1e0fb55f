"""What the registry says about a form, as frozen types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rangkiang.catalogue import Texts
from rangkiang.forms.equations import Equation
from rangkiang.model import Level


@dataclass(frozen=True, slots=True)
class Split:
    """A sub-row of a split row: L, P or JML."""

    code: str
    label: Texts
    printed: tuple[str, ...]  # what sheets print for it


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Heading:
    """A line without figures that may stand above a row: a party's name, 'A.2 SUARA CALON'."""

    before: str  # code of the row that follows it
    number: str
    printed: str


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; where ``split`` it stands for three figures (L, P, JML)."""

    code: str
    label: Texts
    section: str
    number: str  # what stands in the NO column
    unit: str  # what is counted: pemilih, surat suara, suara
    split: bool
    contestant: str  # number on the ballot of the pair, person or party that has all these votes, or ''
    printed: tuple[str, ...]  # header names in a flat table; on a sheet, labels other than its own
    required: bool  # of a flat table
    optional: bool  # a sheet may lack it: a party's candidate, a candidate for DPD
    party: str  # number on the ballot of the party whose block it stands in, or ''


@dataclass(frozen=True, slots=True)
class LeafRow:
    """A row that holds figures: a row, or one of its splits."""

    code: str
    label: Texts
    parent: Row
    split: str  # '', 'L', 'P' or 'JML'


@dataclass(frozen=True, slots=True)
class Key:
    """A column of a flat table that names the unit, or its context."""

    level: Level
    printed: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A form model, as its registry file describes it. There is one object per model: it may be a cache's key."""

    model: str
    name: Texts
    election: str
    stage: str
    orientation: Literal["across", "down"]  # units across the columns, or down the lines
    area: Level
    unit: Level
    below: str | None
    printed_unit: str
    printed_area: str
    title: str
    recognise: tuple[str, ...]
    carries: Mapping[str, tuple[str, ...]]
    splits: tuple[Split, ...]
    sections: tuple[Section, ...]
    rows: tuple[Row, ...]
    leaf_rows: tuple[LeafRow, ...]  # every row that holds figures, in the order of the sheet
    headings: tuple[Heading, ...]
    keys: tuple[Key, ...]
    context: tuple[Key, ...]
    identities: tuple[Equation, ...]
    bounds: tuple[Equation, ...]
    digest: str  # of what the registry says: changes when the form's description does

    @property
    def has_total(self) -> bool:
        """Recap sheets print a total column; a polling place's own sheet and flat tables do not."""
        return self.orientation == "across" and self.area is not self.unit
