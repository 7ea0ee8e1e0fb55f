"""A proposal as it is shown and kept: what would change, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter

Kind = Literal["added", "changed", "withdrawn"]

MOST = 2000
"""Changed figures, and documents, that a proposal lists; beyond that they are counted only."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something changes: a code of ``words.yaml`` and the values its sentence needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of a dataset."""

    kind: Kind
    path: str
    title: str
    size: int  # bytes, as it would be; as it was for one that goes


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that comes, goes, or takes another's place; ``changed`` are those that other figures are read off."""

    kind: Kind
    sha256: str  # as it would be; as it was for one that goes
    name: str
    area: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """One figure: where it stands, what it was and what it would be; '' for none."""

    sha256: str  # of the document that it is read off; as it was for a figure that goes
    area: str
    place: str  # the unit or polling place whose figure it is
    row: str
    row_label: str
    was: str
    now: str
    was_status: str
    now_status: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class DatasetChange:
    """One dataset."""

    kind: Kind
    slug: str
    office: str
    doctype: str
    title: Mapping[str, str]  # by language
    counts: Mapping[str, int]  # figures by status, as they would be; as they were for one that goes
    causes: tuple[Cause, ...]
    documents: tuple[DocumentChange, ...] = ()
    document_count: int = 0
    files: tuple[FileChange, ...] = ()
    file_count: int = 0
    cells: tuple[CellChange, ...] = ()
    cell_count: int = 0
    compared: bool = False  # figure by figure: only where a table of before is kept


@dataclass(frozen=True, slots=True)
class Ruled:
    """A decision as a reader wants to know it."""

    verdict: str
    by: str
    at: str
    why: str
    confirmed: str = ""  # by whom; '' where nobody needed to


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the next release of a stage would change. ``digest`` names exactly what would be published."""

    stage: str
    number: int  # of the release that it would be, counted from 1
    digest: str
    datasets: tuple[DatasetChange, ...]
    decisions: Mapping[str, Ruled] = field(default_factory=dict)  # those that causes name, by id

    def of(self, kind: Kind) -> tuple[DatasetChange, ...]:
        """The datasets that are added, changed or withdrawn."""
        return tuple(dataset for dataset in self.datasets if dataset.kind == kind)

    @property
    def cell_count(self) -> int:
        """How many figures change of datasets that stay."""
        return sum(dataset.cell_count for dataset in self.datasets)

    @property
    def file_count(self) -> int:
        return sum(dataset.file_count for dataset in self.datasets)


_JSON = TypeAdapter(Proposal)


def dump(proposal: Proposal) -> bytes:
    return _JSON.dump_json(proposal, indent=1)


def load(data: bytes) -> Proposal:
    """What :func:`dump` wrote. Raises ValueError."""
    return _JSON.validate_json(data)
