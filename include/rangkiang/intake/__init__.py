"""From bytes to a verdict: accepted or quarantined. Trusts neither the file's name nor its content."""

from __future__ import annotations

from dataclasses import dataclass

from rangkiang.intake import bundle, classify, delimited, path, pdf, picture, scan, workbook
from rangkiang.intake.bundle import Part, parts
from rangkiang.intake.front import Front, Illegible, Refused, megabytes
from rangkiang.intake.sniff import CSV, PDF, SCANS, WORKBOOKS, media_type
from rangkiang.model import Classification, Reason, State
from rangkiang.settings import limits

__all__ = ["Part", "Refused", "Verdict", "inspect", "media_type", "parts"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a file. ``classification`` is there when accepted, ``reason`` when not."""

    state: State  # ACCEPTED, QUARANTINED, or SPLIT where ``parts`` are to be looked at instead
    media_type: str  # by content
    classification: Classification | None = None
    reason: Reason | None = None


_OPENERS = {PDF: pdf.front, CSV: delimited.front, **dict.fromkeys(WORKBOOKS, workbook.front)}


def inspect(data: bytes, key: str, office_code: str = "") -> Verdict:
    """Look at a file as it came into an office's inbox. Raises nothing for bad bytes, KeyError for an unknown office.

    ``key`` is ``inbox/<office slug>/[<kode tahapan>/][<jenis dokumen>/]<name>``; ``office_code`` Kemendagri's;
    a loose file that lies in no inbox has none.
    """
    kind = media_type(data)
    try:
        front = _front(data, kind)
        count = len(bundle.ranges(data, kind))
        if count > 1:
            return Verdict(State.SPLIT, kind, None, Reason("several_sheets", {"count": count}))
        if isinstance(front, Refused):
            raise front
        filed_as = path.polling_place(key, office_code) if front.by_hand else None
        return Verdict(State.ACCEPTED, kind, path.compare(key, classify.classify(front, office_code, filed_as)))
    except Refused as refusal:
        return Verdict(State.QUARANTINED, kind, None, refusal.reason)


def _front(data: bytes, kind: str) -> Front | Refused:
    """What stands in front, or why nobody can tell: one bad scan in a file of several sheets stops that sheet alone."""
    try:
        return _opened(data, kind)
    except Illegible as refusal:
        return refusal


def _opened(data: bytes, kind: str) -> Front:
    if not data:
        raise Refused("empty_file")
    if len(data) > limits().bytes:
        raise Refused("too_large", actual=megabytes(len(data)), limit=megabytes(limits().bytes))
    if kind in SCANS:
        return scan.front(data, kind, picture.check(data))
    opener = _OPENERS.get(kind)
    if opener is None:
        raise workbook.refusal(data, kind)
    return opener(data)
