"""What only the ledger knows: how an inbox was last seen, what was read, what is before the public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from rangkiang.model import Approval, Decision, Opinion

Scope = Literal["arrival", "intake", "form", "check", "level", "rivals", "decision"]
"""Who found something: each replaces its own findings and leaves the others' alone."""

Kind = Literal["reading", "proof"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A key of an office's inbox as it was last listed. The sha256 is that of the object which had this etag."""

    key: str
    etag: str
    size: int  # bytes
    sha256: str
    duplicate_of: str = ""  # the key under which the same office had sent the same bytes before
    present: bool = True  # False once the office has removed it


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures in the store, made from one document by one version of the reader or of the prover."""

    office: str
    sha256: str
    kind: Kind
    maker: str
    key: str  # in the store
    digest: str  # of what stands there
    counts: Mapping[str, int]  # figures by status


@dataclass(frozen=True, slots=True)
class Publication:
    """All that a release of a stage brings before the public: recorded before the first byte of it is out."""

    stage: str
    number: int  # 1-based, of the stage's releases
    proposal: str  # digest; '' for what was there before proposals were
    datasets: Mapping[str, str]  # digest by slug
    day: str = field(default="", compare=False)  # ISO date, Asia/Jakarta: when the ledger was told


@dataclass(frozen=True, slots=True)
class Release:
    """What the public sees of a dataset. The version counts the digests that have stood under the slug."""

    slug: str
    stage: str
    office: str
    digest: str
    version: int  # 1-based
    verified: bool  # read back from the portal and found the same
    files: int


@dataclass(frozen=True, slots=True)
class Filed:
    """A dataset as it is filed, by its names alone: what is in it is a line for each of its documents."""

    office: str
    stage: str
    doctype: str
    slug: str
    digest: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A dataset as it was filed when the levels were last compared, and what is open about it."""

    office: str
    stage: str
    doctype: str
    digest: str
    open: tuple[str, ...]  # ids of findings: differences that nobody has decided about


@dataclass(frozen=True, slots=True)
class Mailed:
    """A slip that a mail server has taken."""

    id: str  # of the slip: the digest of what it says
    office: str
    sha256: str
    sent_to: str  # addresses that the server took, with commas
    message: str  # Message-ID


class Outcome(StrEnum):
    """What came of it."""

    DONE = "done"
    REFUSED = "refused"
    STALE = "stale"  # somebody else had been quicker, or the page was no longer right


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit trail: no address, no device, nothing but what tells who answers for what."""

    account: str
    role: str
    act: str  # the name of the route
    office: str  # '' where it belongs to no single one
    about: str  # ids of the document, finding, decision or proposal
    outcome: Outcome


Said = Decision | Opinion | Approval | Publication | Mailed | Deed
"""What is only ever added: what people said and did, what was released, what was mailed."""
