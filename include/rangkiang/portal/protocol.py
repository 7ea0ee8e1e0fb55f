"""What every portal does: plan, apply, verify, withdraw. And the small frozen types that go in and come out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from rangkiang.model import Deliverable, FileEntry

Kind = Literal["add", "change", "withdraw", "same"]
Fetch = Callable[[str], bytes]
"""Bytes of a file, by its edition's prefix and its path. Raises KeyError where there is none."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a dataset that was before the public. It never changes: who cites it gets its bytes."""

    number: int  # counted by dataset from 1
    deliverable: Deliverable
    source_prefix: str  # with a file's path behind it: what Fetch takes
    day: str  # ISO date of its release, Asia/Jakarta


@dataclass(frozen=True, slots=True)
class Release:
    """A deliverable as the public is to see it: what it is, and where the store keeps its files."""

    deliverable: Deliverable
    source_prefix: str  # with a file's path behind it: what Fetch takes
    number: int = 1  # of this version, counted by dataset from 1
    day: str = ""  # ISO date of its release, Asia/Jakarta
    earlier: tuple[Edition, ...] = ()  # all former versions, oldest first
    log: bytes = b""
    """The dataset's whole change log, ``perubahan.csv``: a line for each changed figure, and file, of each version.

    Columns: version, day, kind, area, place, row, row_label, was, now, was_status, now_status, why, decision,
    decided_by.
    """

    @property
    def version(self) -> str:
        """Named by what it is made from, not counted: the same inputs are the same version, however often published."""
        return self.deliverable.digest[:12]

    @property
    def editions(self) -> tuple[Edition, ...]:
        """All versions, this one last."""
        return (*self.earlier, Edition(self.number, self.deliverable, self.source_prefix, self.day))


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A dataset that was before the public and is no longer: what somebody who comes for it is told."""

    deliverable: Deliverable  # as it was last
    day: str  # ISO date of its withdrawal, Asia/Jakarta
    editions: tuple[Edition, ...]  # all versions that there were, oldest first; none of them is to be had any more
    log: bytes  # as a release's; its last lines say why


@dataclass(frozen=True, slots=True)
class Change:
    """What one dataset needs. A 'change' that writes no file renews what the portal itself makes of the files."""

    kind: Kind
    slug: str
    release: Release | None = None  # None for 'withdraw'
    write: tuple[FileEntry, ...] = ()  # files, of whatever version, that the portal lacks or holds otherwise
    remove: tuple[str, ...] = ()  # what the portal holds beside the release, by path in the dataset's folder
    held: str = ""  # fingerprint of what was live when this was planned; '' for nothing
    withdrawal: Withdrawal | None = None  # what is to stand in the place of a dataset that was withdrawn
    doubted: bool = False  # what the portal says of itself is not enough: its bytes are to be read


@dataclass(frozen=True, slots=True)
class Plan:
    """How what the portal holds differs from what is released."""

    changes: tuple[Change, ...]
    stale: bool = False  # the portal's own overview (index pages) is behind its datasets

    @property
    def empty(self) -> bool:
        """Nothing to do: the portal holds exactly what is released."""
        return not self.stale and all(change.kind == "same" for change in self.changes)

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were written, left as they were, removed."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.written + other.written, self.unchanged + other.unchanged, self.removed + other.removed)

    def __str__(self) -> str:
        return f"{self.written} written, {self.unchanged} unchanged, {self.removed} removed"


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a plan came to. Files are all files, those that the portal makes itself among them."""

    datasets: Tally = field(default_factory=Tally)
    files: Tally = field(default_factory=Tally)

    def __add__(self, other: Applied) -> Applied:
        return Applied(self.datasets + other.datasets, self.files + other.files)

    def __str__(self) -> str:
        return f"datasets: {self.datasets}; files: {self.files}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the portal holds otherwise than released."""

    slug: str
    path: str  # in the dataset's folder; '' for the dataset as a whole
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.slug}/{self.path}: expected {self.expected}, found {self.found}"


class Portal(Protocol):
    """Where the public finds the datasets."""

    def plan(
        self,
        releases: Sequence[Release],
        scope: str = "",
        withdrawn: Sequence[Withdrawal] = (),
        doubted: Collection[str] = (),
    ) -> Plan:
        """Compare the releases, with all their versions, with what the portal really holds, without changing anything.

        ``scope`` is the stage whose datasets the caller owns: what is live of that stage and no longer released is to
        be withdrawn, and so is whatever is ``withdrawn``. Without a scope nothing else is. ``doubted`` are slugs that
        were not found right when last read back: a portal that goes by its own records reads every byte of these.
        Raises BadRelease.
        """

    def apply(self, plan: Plan, fetch: Fetch) -> Applied:
        """Carry out a plan. Can be killed at any instant and applied again: the end state is the same.

        Raises SourceDiffers where the store does not give the released bytes, Overtaken where the portal has changed
        since the plan was made; the dataset concerned is then as it was.
        """

    def verify(self, releases: Sequence[Release], withdrawn: Sequence[Withdrawal] = ()) -> list[Problem]:
        """Read everything back, of every version, and list what differs: bytes, sizes, row counts, metadata, and what
        is ``withdrawn`` and still there. Empty when all is right."""

    def withdraw(self, slugs: Iterable[str]) -> Applied:
        """Take datasets off the portal; those it does not hold are passed over."""
