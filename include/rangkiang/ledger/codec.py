"""Between the model's types and rows: what goes in comes out equal, as far as JSON can hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from sqlalchemy import RowMapping

from rangkiang.ledger.records import Compared, Publication, Reading, Release
from rangkiang.model import (
    Approval,
    CellRef,
    Check,
    Classification,
    Decision,
    Deliverable,
    Document,
    FileEntry,
    Finding,
    Opinion,
    Reason,
    Ruling,
    Severity,
    State,
    Verdict,
    View,
)

Row = dict[str, Any]

# PostgreSQL stores neither, and both occur in names and texts that come off broken files.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_CLASSIFIED = ("form", "doctype", "stage", "election", "area_code", "area_name", "pages", "dapil")


def text(value: str) -> str:
    """Text that PostgreSQL can store: NUL and lone surrogates become the replacement character."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def plain(value: Any) -> Any:
    """A value as JSON will give it back. Raises TypeError for what JSON cannot hold."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {text(str(k)): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if hasattr(value, "item"):  # a number of numpy's
        return plain(value.item())
    raise TypeError(f"The ledger keeps JSON, and {value!r} is none.")


def reason_row(reason: Reason | None) -> Row | None:
    return None if reason is None else {"code": reason.code, "params": plain(reason.params)}


def reason(row: Row | None) -> Reason | None:
    return None if row is None else Reason(row["code"], row["params"])


def classification_row(found: Classification | None) -> Row:
    """The columns of a classification, all None where there is none."""
    if found is None:
        return dict.fromkeys((*_CLASSIFIED, "remarks"))
    return {**{c: plain(getattr(found, c)) for c in _CLASSIFIED}, "remarks": [reason_row(r) for r in found.remarks]}


def document_row(document: Document) -> Row:
    return {
        "office": document.office,
        "sha256": document.sha256,
        "key": text(document.key),
        "size": document.size,
        "media_type": text(document.media_type),
        "state": document.state.value,
        "reason": reason_row(document.reason),
        **classification_row(document.classification),
    }


def document(row: RowMapping) -> Document:
    classified = None
    if row["form"] is not None:
        remarks = tuple(Reason(r["code"], r["params"]) for r in row["remarks"])
        classified = Classification(**{c: row[c] for c in _CLASSIFIED}, remarks=remarks)
    return Document(
        office=row["office"],
        sha256=row["sha256"],
        key=row["key"],
        size=row["size"],
        media_type=row["media_type"],
        state=State(row["state"]),
        reason=reason(row["reason"]),
        classification=classified,
    )


def finding_row(finding: Finding, scope: str) -> Row:
    finding = replace(finding, subject=text(finding.subject))  # before its id is taken, which is to hold on reading
    return {
        "office": finding.office,
        "sha256": finding.sha256,
        "scope": scope,
        "id": finding.id,
        "code": finding.code,
        "subject": finding.subject,
        "severity": finding.severity.value,
        "params": plain(finding.params),
        "cells": [plain(asdict(cell)) for cell in finding.cells],
    }


def finding(row: RowMapping) -> Finding:
    cells = tuple(CellRef(**cell) for cell in row["cells"])
    severity = Severity(row["severity"])
    return Finding(row["office"], row["sha256"], row["code"], severity, row["subject"], row["params"], cells)


def decision_row(decision: Decision) -> Row:
    return {"id": decision.id, **asdict(decision), "verdict": decision.verdict.value, "at": time(decision.at)}


def decision(row: RowMapping) -> Decision:
    found = {n: row[n] for n in ("office", "sha256", "code", "subject", "author", "why", "value")}
    return Decision(
        **found,
        verdict=Verdict(row["verdict"]),
        at=datetime.fromisoformat(row["at"]),
        expects=tuple(CellRef(**cell) for cell in row["expects"]),
        cell=CellRef(**row["cell"]) if row["cell"] else None,
    )


def opinion_row(opinion: Opinion) -> Row:
    return {"id": opinion.id, **asdict(opinion), "view": opinion.view.value, "at": time(opinion.at)}


def opinion(row: RowMapping) -> Opinion:
    found = {n: row[n] for n in ("decision", "author", "why")}
    return Opinion(**found, view=View(row["view"]), at=datetime.fromisoformat(row["at"]))


def approval_row(said: Approval) -> Row:
    return {"id": said.id, **asdict(said), "ruling": said.ruling.value, "at": time(said.at)}


def approval(row: RowMapping) -> Approval:
    found = {n: row[n] for n in ("proposal", "stage", "author", "why")}
    return Approval(**found, ruling=Ruling(row["ruling"]), at=datetime.fromisoformat(row["at"]))


def publication_row(made: Publication) -> Row:
    named = {n: getattr(made, n) for n in ("stage", "number", "proposal")}
    return {**named, "datasets": plain(made.datasets)}


def publication(row: RowMapping) -> Publication:
    return Publication(**{n: row[n] for n in ("stage", "number", "proposal", "datasets", "day")})


def time(at: datetime) -> str:
    """A moment as text that sorts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def check_row(check: Check) -> Row:
    return {**asdict(check), "name": text(check.name), "severity": check.severity.value, "detail": text(check.detail)}


def check(row: RowMapping) -> Check:
    return Check(row["name"], Severity(row["severity"]), row["success"], row["detail"])


def deliverable_row(made: Deliverable) -> Row:
    files = [plain(asdict(entry)) for entry in made.files]
    names = ("office", "stage", "doctype", "folder", "slug", "digest")
    return {**{n: text(getattr(made, n)) for n in names}, "files": files, "metadata": plain(made.metadata)}


def deliverable(row: RowMapping) -> Deliverable:
    names = ("office", "stage", "doctype", "folder", "slug", "digest", "metadata")
    return Deliverable(**{n: row[n] for n in names}, files=tuple(FileEntry(**entry) for entry in row["files"]))


def reading(row: RowMapping) -> Reading:
    return Reading(**{n: row[n] for n in ("office", "sha256", "kind", "maker", "key", "digest", "counts")})


def release(row: RowMapping) -> Release:
    return Release(**{n: row[n] for n in ("slug", "stage", "office", "digest", "version", "verified", "files")})


def compared_row(found: Compared) -> Row:
    return {**asdict(found), "open": list(found.open)}


def compared(row: RowMapping) -> Compared:
    return Compared(**{n: row[n] for n in ("office", "stage", "doctype", "digest")}, open=tuple(row["open"]))
