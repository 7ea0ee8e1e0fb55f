"""Holds every row of the catalogue to its schema, and the files to each other: for tests, and for who edits the data.

Kept out of the package's own imports: jsonschema takes longer to load than the whole catalogue.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files

import jsonschema

from rangkiang.catalogue.source import FILES, Row, rows

REFERENCES = (
    ("official_results", "office", "offices"),
    ("doctypes", "stage", "stages"),
    ("pairs", "election", "elections"),
)
"""Column of a file whose values are codes of another."""


def problems(found: Mapping[str, Sequence[Row]] | None = None) -> list[str]:
    """Every fault of the catalogue's files, as a sentence naming file and row; empty when all is well.

    ``found`` gives the rows of every file instead of reading them.
    """
    tables = {name: rows(name) for name in FILES} if found is None else found
    faults = [fault for name in tables for fault in _schema_faults(name, tables[name])]
    return faults or [*_reference_faults(tables), *_code_faults(tables)]


def _schema_faults(name: str, table: Sequence[Row]) -> Iterator[str]:
    schema = json.loads(files(__package__).joinpath(f"data/schemas/{name}.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for position, row in enumerate(table, start=1):
        for error in validator.iter_errors(row):
            where = ".".join(str(p) for p in error.absolute_path)
            yield f"{FILES[name]}, row {position}{', ' + where if where else ''}: {error.message}"


def _reference_faults(tables: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    for name, column, target in REFERENCES:
        codes = {row["code"] for row in tables[target]}
        for row in tables[name]:
            if row[column] not in codes:
                yield f"{FILES[name]}: {column} {row[column]} is not in {FILES[target]}"


def _code_faults(tables: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """An area lies in the area its codes name, in each code system by itself; no id stands twice."""
    for name, above, it in (
        ("offices", "offices", "office"),
        ("districts", "offices", "office"),
        ("villages", "districts", "district"),
    ):
        parents = {row["code"]: row for row in tables[above]}
        for row in tables[name]:
            parent = parents.get(row["code"].rpartition(".")[0])
            if parent is None and "." in row["code"]:
                yield f"{FILES[name]}: {row['code']} lies in no {it} of the list"
            elif parent is not None and row["bps"] and not row["bps"].startswith(parent["bps"]):
                yield f"{FILES[name]}: {row['code']} has BPS code {row['bps']}, its {it} {parent['bps']}"
        for column in ("code", "bps", "kpu_id"):
            counts = Counter(row[column] for row in tables[name] if row[column])
            for value in sorted(v for v, n in counts.items() if n > 1):
                yield f"{FILES[name]}: {column} {value} stands twice"
