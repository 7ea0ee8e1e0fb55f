"""``datapackage.json``: a Frictionless Data Package whose schema derives from the registry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from rangkiang.deliver.columns import Column, finding_columns, tidy_columns
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.words import kebab
from rangkiang.model import FileEntry

PRIMARY_KEY = ("sha256", "column_no", "row")


def datapackage(made: Dataset, files: Sequence[FileEntry], licence: Licence, digest: str) -> bytes:
    """JSON in UTF-8; every file of the folder is a resource, with its fingerprint and size."""
    description = {
        "name": made.slug,
        "title": made.title.id,
        "description": f"{made.election.id}; {made.stage} {made.stage_name.id}. {made.title.en}.",
        "profile": "data-package",
        "version": digest[:16],
        "licenses": [{"name": licence.name, "title": licence.title}],
        "contributors": [{"title": made.office.unit_kerja, "role": "author"}],
        "keywords": sorted({made.doctype.lower(), made.stage.lower(), made.form.election.lower(), made.office.code}),
        "resources": [_resource(made, entry) for entry in files],
    }
    return (json.dumps(description, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(made: Dataset, entry: FileEntry) -> dict[str, Any]:
    path = PurePosixPath(entry.path)
    tables = {f"{made.slug}.csv": _tidy_schema(made), "temuan.csv": _schema(finding_columns(), ("id",))}
    schema = tables.get(entry.path)
    common = {
        "name": kebab(entry.path),
        "type": "table" if schema else "file",
        "path": entry.path,
        "title": entry.title,
        "format": path.suffix.lstrip("."),
        "mediatype": entry.media_type,
        "hash": f"sha256:{entry.sha256}",
        "bytes": entry.size,
    }
    return {**common, "encoding": "utf-8", "schema": schema} if schema else common


def _tidy_schema(made: Dataset) -> dict[str, Any]:
    schema = _schema(tidy_columns(made.form), PRIMARY_KEY)
    codes = [leaf.code for leaf in made.form.leaf_rows]
    for entry in schema["fields"]:
        if entry["name"] == "row":
            entry["constraints"] = {**entry.get("constraints", {}), "enum": codes}
    return schema


def _schema(columns: Sequence[Column], key: Sequence[str]) -> dict[str, Any]:
    return {"fields": [_field(c, c.name in key) for c in columns], "primaryKey": list(key)}


def _field(column: Column, required: bool) -> Mapping[str, Any]:
    constraints: dict[str, Any] = {"required": True} if required else {}
    if column.enum:
        constraints["enum"] = list(column.enum)
    described = {
        "name": column.name,
        "type": column.type,
        "title": column.title.id,
        "description": f"{column.means.id}. {column.title.en}: {column.means.en}.",
    }
    return {**described, "constraints": constraints} if constraints else described
