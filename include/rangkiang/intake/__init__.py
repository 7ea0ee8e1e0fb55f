"""From bytes to a verdict: accepted, waiting or quarantined. Trusts neither the file's name nor its content."""

from __future__ import annotations

from dataclasses import dataclass

from rangkiang.intake import classify, delimited, path, pdf, workbook
from rangkiang.intake.front import MAX_BYTES, Front, Refused, megabytes
from rangkiang.intake.sniff import CSV, PDF, SCANS, XLSX, media_type
from rangkiang.model import Classification, Reason, State

__all__ = ["Verdict", "inspect", "media_type"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a file. ``classification`` is there when accepted, ``reason`` when not."""

    state: State  # ACCEPTED, WAITING or QUARANTINED
    media_type: str  # by content
    classification: Classification | None = None
    reason: Reason | None = None


_OPENERS = {PDF: pdf.front, XLSX: workbook.front, CSV: delimited.front}


def inspect(data: bytes, key: str, office_code: str = "") -> Verdict:
    """Look at a file as it came into an office's inbox. Raises nothing for bad bytes, KeyError for an unknown office.

    ``key`` is ``inbox/<office slug>/[<kode tahapan>/][<jenis dokumen>/]<name>``; ``office_code`` Kemendagri's;
    a loose file that lies in no inbox has none.
    """
    kind = media_type(data)
    try:
        classification = classify.classify(_front(data, kind), office_code)
        return Verdict(State.ACCEPTED, kind, path.compare(key, classification))
    except Refused as refusal:
        return Verdict(refusal.state, kind, None, refusal.reason)


def _front(data: bytes, kind: str) -> Front:
    if not data:
        raise Refused("empty_file")
    if len(data) > MAX_BYTES:
        raise Refused("too_large", actual=megabytes(len(data)), limit=megabytes(MAX_BYTES))
    if kind in SCANS:
        raise Refused("scan_waiting")
    opener = _OPENERS.get(kind)
    if opener is None:
        raise workbook.refusal(data, kind)
    return opener(data)
