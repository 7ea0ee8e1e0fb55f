"""The dataset's own table in the DataStore: typed, with its key and its data dictionary, loaded once, never changed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

from rangkiang.portal.ckan.connection import Connection, Record

_TYPES = {"integer": "int8", "number": "float8"}
_VALUES: Mapping[str, Callable[[str], object]] = {"integer": int, "number": float}
_LINES = 5000  # of one request
_PAGE = 32000  # lines that CKAN gives at once, unless it is set to give fewer
SUMMED = "value"


@dataclass(frozen=True, slots=True)
class Schema:
    """Of a CSV, as the Data Package says it (Frictionless Table Schema)."""

    columns: tuple[Record, ...]
    key: tuple[str, ...]

    @property
    def fields(self) -> list[Record]:
        """As the DataStore has them: what a column is called and what it means is its data dictionary."""
        return [
            {
                "id": column["name"],
                "type": _TYPES.get(column.get("type", ""), "text"),
                "info": {"label": column.get("title") or "", "notes": column.get("description") or ""},
            }
            for column in self.columns
        ]


class Table:
    """A CSV as the DataStore is to hold it."""

    def __init__(self, schema: Schema, data: bytes) -> None:
        self.schema = schema
        self._data = data

    @cached_property
    def rows(self) -> list[list[object]]:
        """Typed; what is empty is null."""
        lines = csv.reader(io.StringIO(self._data.decode("utf-8-sig"), newline=""))
        header = next(lines, [])
        at = [header.index(column["name"]) for column in self.schema.columns]
        kinds = [_VALUES.get(column.get("type", ""), str) for column in self.schema.columns]
        return [
            [kind(line[n]) if line[n] else None for n, kind in zip(at, kinds, strict=True)] for line in lines if line
        ]

    def load(self, portal: Connection, resource: str) -> None:
        """Make the table, whatever of it is there. The DataStore takes each request as a whole or not at all.

        Lines are left to be counted by whoever asks next: a count that was made in between would stand (CKAN 2.12).
        """
        names = [column["name"] for column in self.schema.columns]
        records = [dict(zip(names, row, strict=True)) for row in self.rows]
        first, *rest = [records[n : n + _LINES] for n in range(0, len(records), _LINES)] or [[]]
        if portal.find("datastore_info", id=resource) is not None:
            portal.call("datastore_delete", resource_id=resource, force=True)
        portal.call(
            "datastore_create",
            resource_id=resource,
            force=True,  # it belongs to an uploaded file, and is nobody's to edit
            fields=self.schema.fields,
            primary_key=list(self.schema.key),
            records=first,
            calculate_record_count=False,
        )
        for part in rest:
            portal.call(
                "datastore_upsert",
                resource_id=resource,
                force=True,
                method="insert",
                records=part,
                calculate_record_count=False,
            )

    def difference(self, portal: Connection, resource: str) -> tuple[str, str] | None:
        """What was expected and what was found in the DataStore, told by lines and sums; None where all is the same."""
        there = portal.find("datastore_search", **_ask(resource, 0, limit=0))
        if there is None:
            return self._said(self.rows), "no table"
        fields = [field for field in there["fields"] if field["id"] != "_id"]
        if list(map(_meaning, fields)) != list(map(_meaning, self.schema.fields)):
            return "the columns, types and meanings of the Data Package", "others"
        if there["total"] != len(self.rows):
            return self._said(self.rows), f"{there['total']} lines"
        found = list(_records(portal, resource))
        wrong = [n for n, (a, b) in enumerate(zip_longest(self.rows, found), 1) if a != b]
        if not wrong:
            return None
        return self._said(self.rows), f"{self._said(found)}; line {wrong[0]} is the first of {len(wrong)} that differ"

    def _said(self, rows: Sequence[Sequence[object]]) -> str:
        names = [column["name"] for column in self.schema.columns]
        if SUMMED not in names:
            return f"{len(rows)} lines"
        values = [row[names.index(SUMMED)] for row in rows]
        return f"{len(rows)} lines, sum of {SUMMED} {sum(v for v in values if isinstance(v, int))}"


def schema(package: bytes, path: str) -> Schema | None:
    """The schema of a CSV in a ``datapackage.json``; None where it says none."""
    try:
        resources = json.loads(package).get("resources", [])
    except ValueError:
        return None
    found = next((r["schema"] for r in resources if r.get("path") == path and r.get("schema")), None)
    if found is None:
        return None
    key = found.get("primaryKey") or ()
    return Schema(tuple(found["fields"]), (key,) if isinstance(key, str) else tuple(key))


def _meaning(field: Record) -> tuple[str, ...]:
    info = field.get("info") or {}
    return field["id"], field["type"], info.get("label") or "", info.get("notes") or ""


def _records(portal: Connection, resource: str) -> Iterator[list[Any]]:
    """All lines of a table, in the order in which they were put in."""
    at = 0
    while page := portal.call("datastore_search", **_ask(resource, at, limit=_PAGE))["records"]:
        yield from (record[1:] for record in page)
        at += len(page)


def _ask(resource: str, offset: int, limit: int) -> Record:
    return {
        "resource_id": resource,
        "offset": offset,
        "limit": limit,
        "sort": "_id",
        "records_format": "lists",
        "include_total": offset == 0,
    }
