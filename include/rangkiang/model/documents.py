"""A document, what it says about itself, and what was found about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from rangkiang.model.ids import digest

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


class Severity(StrEnum):
    """How much a finding weighs."""

    CRITICAL = "critical"  # the document stays out of the release
    ERROR = "error"  # an identity fails: published, flagged
    WARNING = "warning"  # a bound is exceeded: published, mentioned
    INFO = "info"


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
        return digest("\x1f".join((self.office, self.sha256, self.code, self.subject)))


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one expectation on one document."""

    name: str  # expectation type and its column, as a reader would say it
    severity: Severity
    success: bool
    detail: str = ""
