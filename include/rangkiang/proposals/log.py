"""The change log of a dataset: what each of its versions changed, a line for each figure, document or file, and why.

A line says a thing once: the figures of a document that comes or goes are told by the document's line, a changed
document by its figures' lines, and the files that hold what changed, because it changed, not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields

import pandas as pd
from pydantic import TypeAdapter

from rangkiang.harmless import to_csv
from rangkiang.proposals.records import Cause, DatasetChange, Proposal
from rangkiang.proposals.words import said, say

ORIGINALS = "asli/"
"""Where a dataset has its documents: a file there comes and goes with its document."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a version changed; '' for what does not apply. ``kind`` is *first*, *again* or *withdrawn* for the
    dataset as a whole; *figure*, or *status* where only that changed; *document_…* and *file_…* with *added*, *changed*
    or *withdrawn*; *anew* where everything says what it said before."""

    kind: str
    area: str = ""
    place: str = ""  # the unit or polling place; of a file its path
    row: str = ""
    row_label: str = ""
    was: str = ""
    now: str = ""
    was_status: str = ""
    now_status: str = ""
    why: str = ""
    decision: str = ""
    decided_by: str = ""


_JSON = TypeAdapter(tuple[Line, ...])
_COLUMNS = ("version", "day", *(field.name for field in fields(Line)))


def lines(proposal: Proposal, dataset: DatasetChange) -> tuple[Line, ...]:
    """What the log says of a dataset that a proposal changes, whose figures it lists all."""
    because = _why(proposal, dataset.causes)
    if dataset.kind != "changed":
        again = any(cause.code == "again" for cause in dataset.causes)
        return (Line("withdrawn" if dataset.kind == "withdrawn" else "again" if again else "first", **because),)
    return tuple(_lines(proposal, dataset)) or (Line("anew", **because),)


def dump_lines(found: Sequence[Line]) -> bytes:
    return _JSON.dump_json(tuple(found), indent=1)


def load_lines(data: bytes) -> tuple[Line, ...]:
    """What :func:`dump_lines` wrote. Raises ValueError."""
    return _JSON.validate_json(data)


def log(versions: Iterable[tuple[int, str, Sequence[Line]]]) -> bytes:
    """``perubahan.csv``, from number, day and lines of each version, oldest first."""
    rows = [(str(number), day, *asdict(line).values()) for number, day, found in versions for line in found]
    return to_csv(pd.DataFrame(rows, columns=pd.Index(_COLUMNS), dtype="string"))


def _lines(proposal: Proposal, dataset: DatasetChange) -> Iterator[Line]:
    whole = {d.sha256 for d in dataset.documents if d.kind != "changed"}
    figures = [cell for cell in dataset.cells if cell.sha256 not in whole]
    told = {cell.sha256 for cell in figures}
    for document in dataset.documents:
        if document.sha256 not in told:
            kind = f"document_{document.kind}"
            yield Line(kind, document.area, document.name, **_why(proposal, document.causes))
    for cell in figures:
        yield Line(
            "figure" if cell.was != cell.now else "status",
            cell.area,
            cell.place,
            cell.row,
            cell.row_label,
            cell.was,
            cell.now,
            cell.was_status,
            cell.now_status,
            **_why(proposal, cell.causes),
        )
    for file in dataset.files:
        if file.kind != "changed" and not file.path.startswith(ORIGINALS):
            yield Line(f"file_{file.kind}", place=file.path, row_label=file.title)


def _why(proposal: Proposal, causes: Sequence[Cause]) -> dict[str, str]:
    """Reasons, the decisions among them, and who took these."""
    decisions = [str(cause.params["decision"]) for cause in causes if "decision" in cause.params]
    ruled = [proposal.decisions[id] for id in decisions if id in proposal.decisions]
    return {
        "why": "; ".join(_reason(proposal, cause) for cause in causes),
        "decision": "; ".join(decisions),
        "decided_by": "; ".join(r.by + (say("confirmed", by=r.confirmed) if r.confirmed else "") for r in ruled),
    }


def _reason(proposal: Proposal, cause: Cause) -> str:
    """A decision in its author's words: its id and author have columns of their own."""
    ruled = proposal.decisions.get(str(cause.params.get("decision")))
    if cause.code == "decision" and ruled is not None:
        return f"{say(f'verdict_{ruled.verdict}')}: {ruled.why}"
    return said(cause, proposal, brief=True)
