"""What flows through Rangkiang: small frozen types shared by every room of the house.

``Object key -> Document -> Table of Cells -> figures -> Findings -> Deliverable -> Release``

Figures travel as pandas frames whose columns are :data:`FIGURE_COLUMNS`; everything else is a dataclass.
This module imports nothing heavy, so that the CLI and the DAG files stay quick to load.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from urllib.parse import quote

UNIT_SEPARATOR = " / "
"""Joins the parts of a unit's label, from the larger area to the smaller: ``PANCUNG SOAL / INDERAPURA / TPS 1``."""


_UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")


class Level(StrEnum):
    """Administrative levels, from the nation's province down to the polling place."""

    PROVINSI = "provinsi"
    KABKOTA = "kabkota"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"
    TPS = "tps"


class State(StrEnum):
    """Where a document stands. One document is in exactly one state."""

    RECEIVED = "received"  # original kept, not yet looked at
    QUARANTINED = "quarantined"  # cannot be used; carries a reason
    SPLIT = "split"  # several sheets in one file: each is a document of its own, this one is never read
    ACCEPTED = "accepted"  # classified; may be read
    READ = "read"  # figures are in the store
    ARRANGED = "arranged"  # proved and checked; may be filed
    HELD = "held"  # a critical check failed; kept out of every release
    FILED = "filed"  # part of a deliverable


USABLE = (State.ACCEPTED, State.READ, State.ARRANGED, State.HELD, State.FILED)
"""It is known what the document is."""
WAS_READ = (State.READ, State.ARRANGED, State.HELD, State.FILED)
UNDERWAY = (State.RECEIVED, State.ACCEPTED, State.READ, State.ARRANGED)
"""The next run goes on with the document."""


class Status(StrEnum):
    """How sure a single figure is."""

    PROVED = "proved"  # read, and every identity that binds it holds
    READ = "read"  # read with high confidence; no identity binds it
    FLAGGED = "flagged"  # an identity that binds it fails, or the reading is in doubt
    DECIDED = "decided"  # a named person decided
    BLANK = "blank"  # an empty cell that no identity proves to be zero


class ColumnKind(StrEnum):
    """What a column of a recap sheet holds. Carries are running totals, never units."""

    UNIT = "unit"
    CARRIED_IN = "carried_in"
    CARRIED_OUT = "carried_out"
    TOTAL = "total"


class Severity(StrEnum):
    """How much a finding weighs."""

    CRITICAL = "critical"  # the document stays out of the release
    ERROR = "error"  # an identity fails: published, flagged
    WARNING = "warning"  # a bound is exceeded: published, mentioned
    INFO = "info"


class Verdict(StrEnum):
    """What a person decides about a finding."""

    ACCEPT = "accept"  # as printed: the paper says so
    CORRECT = "correct"  # the paper says something else than was read
    RESCAN = "rescan"  # nobody can tell from this scan
    DEFER = "defer"  # looked at, left open


class View(StrEnum):
    """What a person thinks of a decision."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"  # the author's own


class Ruling(StrEnum):
    """What a person says of a release that is proposed."""

    APPROVE = "approve"
    RETURN = "return"  # not so


FIGURE_COLUMNS: Mapping[str, str] = {
    "file": "string",  # name the office gave the file
    "sha256": "string",  # of the original
    "page": "Int32",  # 1-based; a workbook's sheet counts as a page, a CSV is page 1
    "form": "string",  # model, e.g. DB1-PPWP
    "row": "string",  # canonical row code, e.g. I.A.1.L
    "row_label": "string",
    "column_kind": "string",  # ColumnKind
    "column_label": "string",
    "value": "Int64",  # votes, voters, ballots; null when not known
    "raw": "string",  # the text as it stands on the file
    "status": "string",  # Status
    "confidence": "Float64",  # 0..1
    "engine": "string",
    "x0": "Float64",  # points, origin top left of the page; null for workbooks and CSV
    "y0": "Float64",
    "x1": "Float64",
    "y1": "Float64",
}
"""The contract of ``cells.csv`` and ``cells.parquet``. Rows stand in document order: for each block of columns all
rows from top to bottom, each row from left to right. Scores are computed from it: do not rename or reorder."""


class Shared(list[Any]):
    """A list among a frame's ``attrs`` that nobody changes. pandas copies attrs at every step, and guesses are many."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points, origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Guess:
    """One thing that a cell of a scan may say, and how probable that is."""

    text: str  # as it would be printed: '1.234', '-', 'X20'; '' for an empty cell
    value: int | None  # None: an empty cell
    p: float  # calibrated: of guesses with p = 0.9 nine in ten are right


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. A spanning cell stands once, at its top-left position."""

    row: int
    col: int
    text: str
    box: Box | None = None
    row_span: int = 1
    col_span: int = 1
    confidence: float = 1.0
    doubt: str = ""  # code of the reason why this text is not to be trusted; '' where there is none
    other: str = ""  # what the second evidence says, where there is one
    guesses: tuple[
        Guess, ...
    ] = ()  # of a number on a scan: the most probable first; what is missing to 1 is anything else
    status: Status | None = None  # of a number on a scan, once it is settled


@dataclass(frozen=True, slots=True)
class FoundSum:
    """A sum that nobody announced, and that a table shows by itself: it holds in far more lines than chance allows."""

    down: bool  # rows add up to a row; otherwise columns to a column
    total: int  # 0-based row or column
    parts: tuple[int, ...]
    holds: tuple[int, ...]  # columns or rows in which it holds
    fails: tuple[int, ...]  # and those in which it does not


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands on one page, before anybody knows what it means."""

    page: int  # 1-based; a workbook's sheet counts as a page
    engine: str
    cells: tuple[Cell, ...]
    title: str = ""  # text above the table on its page, or the sheet's name
    sums: tuple[FoundSum, ...] = ()  # of a scan, once it is settled
    goes_on: bool = False  # has no head: the one before it stands over its columns too

    @property
    def n_rows(self) -> int:
        return max((c.row + c.row_span for c in self.cells), default=0)

    @property
    def n_cols(self) -> int:
        return max((c.col + c.col_span for c in self.cells), default=0)

    def grid(self) -> list[list[Cell | None]]:
        """Cells by row and column; a spanning cell fills every position it covers."""
        width = self.n_cols
        grid: list[list[Cell | None]] = [[None] * width for _ in range(self.n_rows)]
        for cell in self.cells:
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.col, cell.col + cell.col_span):
                    grid[r][c] = cell
        return grid


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was refused or remarked on: a code of the closed list and the values its sentence needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Classification:
    """What a document says about itself."""

    form: str  # model of the form registry, e.g. DB1-PPWP
    doctype: str  # jenis dokumen, e.g. DB1-PPWP
    stage: str  # kode tahapan, e.g. PL.01.8
    election: str  # e.g. PPWP-2019
    area_code: str  # Kemendagri code of the sheet's area, e.g. 13.01
    area_name: str
    pages: int = 1
    remarks: tuple[Reason, ...] = ()  # accepted, but worth saying (an unknown stage code, a path that disagrees)
    dapil: str = ""  # electoral district as printed, upper case: 'SUMATERA BARAT I'; '' for PPWP and DPD


def shown(name: str) -> str:
    """A name that somebody else gave, as it may be shown: signs that are not seen, break the line or turn the direction
    of reading become %XX, as in a URL."""
    return _UNSEEN.sub(lambda sign: quote(sign[0], errors="surrogatepass"), name)


@dataclass(frozen=True, slots=True)
class Document:
    """One file of one office, identified by its bytes. The same bytes in two offices' inboxes are two documents."""

    office: str  # Kemendagri code of the inbox it arrived in
    sha256: str
    key: str  # the inbox key it was first seen under
    size: int  # bytes
    media_type: str
    state: State
    reason: Reason | None = None
    classification: Classification | None = None

    @property
    def name(self) -> str:
        """The file's own name, as it may be shown."""
        return shown(self.key.rsplit("/", 1)[-1])

    @property
    def said(self) -> Classification:
        """What it says about itself. Raises ValueError for a document that was never accepted."""
        if self.classification is None:
            raise ValueError(f"document {self.sha256[:12]} was never classified")
        return self.classification


@dataclass(frozen=True, slots=True)
class CellRef:
    """A figure named by its place: the document, the row code and the column."""

    sha256: str
    row: str
    column_kind: str
    column_label: str
    value: int | None = None
    page: int | None = None
    nth: int = 0  # so many columns of its row stand before it on the page under the same label

    @property
    def place(self) -> tuple[str, str, str, str, int | None, int]:
        """All of it but the value."""
        return self.sha256, self.row, self.column_kind, self.column_label, self.page, self.nth


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader of the figures must know. Its id is stable: the same fact found again is the same finding."""

    office: str
    sha256: str  # the document it is about
    code: str  # of the closed list of reasons
    severity: Severity
    subject: str  # what it is about inside the document: identity and column, or a column name
    params: Mapping[str, Any] = field(default_factory=dict)
    cells: tuple[CellRef, ...] = ()

    @property
    def id(self) -> str:
        """16 hex digits over office, document, code and subject."""
        return _digest("\x1f".join((self.office, self.sha256, self.code, self.subject)))


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided about one finding, and what it was decided upon. Never changed; its id is its content."""

    office: str
    sha256: str  # the document
    code: str  # of the finding
    subject: str  # of the finding
    verdict: Verdict
    author: str  # the name of account as given
    at: datetime  # UTC
    why: str
    expects: tuple[CellRef, ...] = ()  # the figures that the finding binds, as read: without anybody's decision
    cell: CellRef | None = None  # of a correction: the cell, with its value as read
    value: int | None = None  # of a correction: what stands there; None for an empty cell

    @property
    def finding(self) -> str:
        """The id of the finding it is about."""
        return Finding(self.office, self.sha256, self.code, Severity.INFO, self.subject).id

    @property
    def id(self) -> str:
        """16 hex digits over all of it."""
        return _digest(json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person thinks of a decision. Never changed; its id is its content."""

    decision: str  # id
    view: View
    author: str
    at: datetime  # UTC
    why: str

    @property
    def id(self) -> str:
        """16 hex digits over all of it."""
        return _digest(json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Approval:
    """What one person said of a proposed release, or that it is not to be. Never changed; its id is its content."""

    proposal: str  # digest of exactly what would be published
    stage: str
    ruling: Ruling
    author: str
    at: datetime  # UTC
    why: str

    @property
    def id(self) -> str:
        """16 hex digits over all of it."""
        return _digest(json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one expectation on one document."""

    name: str  # expectation type and its column, as a reader would say it
    severity: Severity
    success: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One document inside a dataset, as it is filed."""

    document: Document
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    figures: Any  # pandas.DataFrame with FIGURE_COLUMNS


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a deliverable or a release."""

    path: str  # relative to the deliverable's folder, '/'-separated
    sha256: str
    size: int
    media_type: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Deliverable:
    """Everything filed under ``Unit Kerja/Kode Tahapan/Jenis Dokumen``, named by the digest of what it is made from."""

    office: str
    stage: str
    doctype: str
    folder: str  # '<Unit Kerja>/<Kode Tahapan>/<Jenis Dokumen>'
    slug: str  # stable dataset name, also the portal's: 'db1-ppwp-13.01-pesisir-selatan'
    digest: str  # of its inputs and of what made it
    files: tuple[FileEntry, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)  # title, description, counts, schema: see deliver
