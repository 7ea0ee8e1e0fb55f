"""The figures of a dataset's table, each with the place that it was read from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from rangkiang.harmless import unescape
from rangkiang.model import UNIT_SEPARATOR, ColumnKind, Level
from rangkiang.portal.tables import records

DECISIONS = ("figure_corrected", "finding_accepted", "rescan_asked", "decision_lapsed")
"""Codes of findings that say what people decided."""

_NEEDED = {"sha256", "file", "page", "column_no", "column_kind", "row", "row_label", "value", "status", "raw"}
_KEYS = tuple(str(level) for level in (Level.KECAMATAN, Level.KELURAHAN, Level.TPS))
_BOX = ("x0", "y0", "x1", "y1")
_PLACE = "#xywh="


Place = tuple[str, str, str, str]
"""Names a figure: the document's first digits, row, kind and label of the column."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Where the picture of a cell is: the file, and left, top, width and height in it, in pixels."""

    path: str
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table."""

    line: int  # from 1, the header not counted
    sha256: str
    file: str
    page: int
    column: int
    kind: str  # ColumnKind
    label: str  # of the column, as the document has it
    unit_code: str
    district: str  # of a polling place in a flat table; '' elsewhere
    area: str
    row: str
    name: str  # of the row
    value: int | None
    raw: str
    status: str
    box: tuple[float, float, float, float] | None
    engine: str
    confidence: float | None
    picture: Picture | None

    @property
    def place(self) -> Place:
        return self.sha256[:12], self.row, self.kind, self.label

    @property
    def is_total(self) -> bool:
        return self.kind == ColumnKind.TOTAL


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding or a decision, and the figures that it binds."""

    id: str
    severity: str
    is_decision: bool
    sentences: Mapping[str, str]  # by language
    cells: tuple[tuple[Place, int | None], ...]  # what they are named by, and the page, where that is said


def figures(data: bytes) -> list[Figure]:
    """The figures of a tidy table in the order of its lines; none where the table does not say where they are from."""
    lines = records(data)
    if not set(lines.fieldnames or ()) >= _NEEDED:
        return []
    return [_figure(number, line) for number, line in enumerate(lines, 1)]


def documents(found: Sequence[Figure]) -> Iterator[list[Figure]]:
    """The figures of each document, which stand together."""
    return (list(own) for _, own in groupby(found, key=lambda figure: figure.sha256))


def remarks(data: bytes) -> list[Remark]:
    """The findings of ``temuan.csv``."""
    return [_remark(line) for line in records(data) if line.get("cells")]


def _figure(number: int, line: Mapping[str, str]) -> Figure:
    box = [line.get(name) or "" for name in _BOX]
    confidence = line.get("confidence")
    return Figure(
        line=number,
        sha256=line["sha256"],
        file=unescape(line["file"]),
        page=int(line["page"] or 1),
        column=int(line["column_no"]),
        kind=line["column_kind"],
        label=_label(line),
        unit_code=line.get("unit_code") or "",
        district=unescape(line.get(_KEYS[0]) or ""),
        area=unescape(line.get("area_name") or ""),
        row=line["row"],
        name=unescape(line["row_label"]),
        value=int(line["value"]) if line["value"] else None,
        raw=unescape(line["raw"]),
        status=line["status"],
        box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])) if all(box) else None,
        engine=line.get("engine") or "",
        confidence=float(confidence) if confidence else None,
        picture=_picture(line.get("picture") or ""),
    )


def _label(line: Mapping[str, str]) -> str:
    """The column's heading; of a flat table, whose line it is, put together again from its keys."""
    if "unit_name" in line:
        return unescape(line["unit_name"])
    parts = [unescape(line.get(key) or "") for key in _KEYS]
    named = [f"TPS {part}" if key == Level.TPS else part for key, part in zip(_KEYS, parts, strict=True) if part]
    return UNIT_SEPARATOR.join(named)


def _picture(text: str) -> Picture | None:
    path, found, corners = text.partition(_PLACE)
    if not found:
        return None
    left, top, width, height = (int(part) for part in corners.split(","))
    return Picture(quote(path), left, top, width, height)


def _remark(line: Mapping[str, str]) -> Remark:
    cells = tuple(_cell(c) for c in json.loads(unescape(line["cells"])))
    sentences = {lang: unescape(line[f"sentence_{lang}"]) for lang in ("id", "en")}
    return Remark(line["id"], line["severity"], line.get("code") in DECISIONS, sentences, cells)


def _cell(said: Mapping[str, Any]) -> tuple[Place, int | None]:
    return (said["sha256"], said["row"], said["kind"], said["column"]), said["page"]
