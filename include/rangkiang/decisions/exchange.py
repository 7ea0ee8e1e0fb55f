"""Decisions as a YAML file, whole and with all that was said about them: to be kept beside the originals, or moved.

What comes in is read as a stranger's: no larger than ``LIMIT``, no tags, no references, no unknown field, and every id
must be that of its content.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, NoReturn

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rangkiang.decisions.records import check
from rangkiang.errors import DecisionRefused, DecisionsUnreadable
from rangkiang.model import CellRef, Decision, Opinion, Verdict, View

LIMIT = 8 * 1024 * 1024
"""Bytes: some ten thousand decisions."""

_DEEPEST = 12  # nested lists and mappings; a file of ours has seven
_VERSION = 1

_Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]  # PostgreSQL stores no NUL
_Count = Annotated[int, Field(strict=True, ge=0, le=2**53)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Cell(_Strict):
    sha256: _Text
    row: _Text
    column_kind: _Text
    column_label: _Text
    value: _Count | None
    page: _Count | None
    nth: _Count


class _Opinion(_Strict):
    id: _Text
    view: View
    author: _Text
    at: datetime
    why: _Text


class _Decision(_Strict):
    id: _Text
    office: _Text
    sha256: _Text
    code: _Text
    subject: _Text
    verdict: Verdict
    author: _Text
    at: datetime
    why: _Text
    expects: tuple[_Cell, ...]
    cell: _Cell | None
    value: _Count | None
    opinions: tuple[_Opinion, ...]


class _File(_Strict):
    version: Annotated[int, Field(strict=True, ge=_VERSION, le=_VERSION)]
    decisions: tuple[_Decision, ...]


def dump(decisions: Iterable[Decision], opinions: Iterable[Opinion]) -> str:
    """The same decisions and opinions give the same text, in whatever order they come."""
    said: dict[str, list[dict[str, Any]]] = {}
    for opinion in sorted(opinions, key=lambda o: (o.at, o.id)):
        entry = _Opinion(id=opinion.id, view=opinion.view, author=opinion.author, at=opinion.at, why=opinion.why)
        said.setdefault(opinion.decision, []).append(entry.model_dump(mode="json"))
    listed = [_entry(d, said.get(d.id, [])) for d in sorted(decisions, key=lambda d: (d.at, d.id))]
    file = {"version": _VERSION, "decisions": listed}
    return yaml.safe_dump(file, sort_keys=False, allow_unicode=True, width=120)


def load(data: bytes) -> tuple[list[Decision], list[Opinion]]:
    """What :func:`dump` wrote. Raises DecisionsUnreadable with what is wrong, and where."""
    decisions, opinions = [], []
    for entry in _file(_plain(data)).decisions:
        decision = _decision(entry)
        _own(decision, entry.id)
        decisions.append(decision)
        for said in entry.opinions:
            opinion = Opinion(decision.id, said.view, said.author, said.at, said.why)
            _own(opinion, said.id)
            opinions.append(opinion)
    return decisions, opinions


def _entry(decision: Decision, opinions: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("id", "office", "sha256", "code", "subject", "verdict", "author", "at", "why", "value")
    found = {name: getattr(decision, name) for name in names}
    cell = _cell(decision.cell) if decision.cell else None
    expects = tuple(map(_cell, decision.expects))
    made = _Decision(**found, expects=expects, cell=cell, opinions=())
    return {**made.model_dump(mode="json"), "opinions": opinions}


def _cell(cell: CellRef) -> _Cell:
    return _Cell(**{name: getattr(cell, name) for name in _Cell.model_fields})


def _decision(entry: _Decision) -> Decision:
    found = {name: getattr(entry, name) for name in _Decision.model_fields if name not in ("id", "opinions")}
    expects = tuple(CellRef(**cell.model_dump()) for cell in entry.expects)
    return Decision(**{**found, "expects": expects, "cell": CellRef(**entry.cell.model_dump()) if entry.cell else None})


def _own(said: Decision | Opinion, id: str) -> None:
    try:
        check(said)
    except DecisionRefused as refused:
        _refuse(f"{id}: {refused.why}")
    if said.id != id:
        _refuse(f"{id} was changed after it was exported: its content has the id {said.id}")


def _file(found: object) -> _File:
    try:
        return _File.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        _refuse(f"{where}: {first['msg']}")


def _plain(data: bytes) -> object:
    if len(data) > LIMIT:
        _refuse(f"the file is larger than {LIMIT // 1024 // 1024} MB")
    try:
        text = data.decode("utf-8")
        _harmless(yaml.parse(text, Loader=yaml.CSafeLoader))
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError:
        _refuse("the file is not text in UTF-8")
    except (yaml.YAMLError, ValueError) as error:
        _refuse(f"the file is no YAML ({' '.join(str(error).split())[:200]})")


def _harmless(events: Iterable[yaml.Event]) -> None:
    """Neither tags nor references, which could make much out of little, nor endless nesting."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            _refuse("the file is nested too deeply")
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            _refuse("the file has references (& or *), which no export has")
        if isinstance(event, yaml.CollectionStartEvent | yaml.ScalarEvent) and event.tag is not None:
            _refuse("the file has tags (!), which no export has")


def _refuse(why: str) -> NoReturn:
    raise DecisionsUnreadable(why)
