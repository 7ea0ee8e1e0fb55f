"""``datapackage.json``: a Frictionless Data Package whose schemas derive from the registry."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from rangkiang.catalogue import Texts
from rangkiang.deliver import standards
from rangkiang.deliver.columns import Column, listed_columns, tidy_columns
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.dcat import keywords
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.printed import NUMBERS
from rangkiang.deliver.words import kebab
from rangkiang.model import FileEntry

PRIMARY_KEY = ("sha256", "column_no", "row")

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What a package says of itself."""

    slug: str
    title: Texts
    description: str
    digest: str
    licence: Licence
    unit_kerja: str
    keywords: Collection[str]


def package(about: About, files: Sequence[FileEntry], schemas: Mapping[str, Schema]) -> bytes:
    """JSON in UTF-8. Every file of the folder is a resource, with its fingerprint and size; ``schemas`` of the CSVs by
    path."""
    description = {
        "name": about.slug,
        "title": about.title.id,
        "description": about.description,
        "profile": "data-package",
        "version": about.digest[:16],
        "licenses": [{"name": about.licence.name, "title": about.licence.title}],
        "contributors": [{"title": about.unit_kerja, "role": "author"}],
        "keywords": sorted(set(about.keywords)),
        "resources": [_resource(entry, schemas.get(entry.path)) for entry in files],
    }
    return (json.dumps(description, ensure_ascii=False, indent=2) + "\n").encode()


def datapackage(made: Dataset, files: Sequence[FileEntry], licence: Licence, digest: str) -> bytes:
    """The package of a dataset of documents."""
    about = About(
        slug=made.slug,
        title=made.title,
        description=f"{made.election.id}; {made.stage} {made.stage_name.id}. {made.title.en}.",
        digest=digest,
        licence=licence,
        unit_kerja=made.office.unit_kerja,
        keywords=keywords(made),
    )
    rows = {"row": [leaf.code for leaf in made.leaves]}
    tidy = {**schema(tidy_columns(made.form), PRIMARY_KEY, rows), "standar_data_baris": _rows(made)}
    remarks = schema(listed_columns("finding_columns"), ("id",))
    numbers = schema(listed_columns("number_columns"), ("number",))
    return package(about, files, {f"{made.slug}.csv": tidy, "temuan.csv": remarks, NUMBERS: numbers})


def _rows(made: Dataset) -> Mapping[str, Any]:
    """What Satu Data Indonesia asks of each row of the form; candidates of one party are one variable."""
    said = {
        leaf.parent.code: standards.told(standards.of_row(leaf)) for leaf in made.leaves if not leaf.parent.optional
    }
    kinds = {leaf.parent.section: leaf for leaf in made.leaves if leaf.parent.optional}
    return {**said, **{f"{section}.*": standards.told(standards.of_row(leaf)) for section, leaf in kinds.items()}}


def schema(columns: Sequence[Column], key: Sequence[str], enums: Mapping[str, Sequence[str]] | None = None) -> Schema:
    """A Table Schema; ``enums`` are closed lists that the columns themselves do not know."""
    closed = enums or {}
    fields = [_field(c, c.name in key, closed.get(c.name, c.enum)) for c in columns]
    return {"fields": fields, "primaryKey": list(key)}


def _resource(entry: FileEntry, table: Schema | None) -> Mapping[str, Any]:
    common = {
        "name": kebab(entry.path),
        "type": "table" if table else "file",
        "path": entry.path,
        "title": entry.title,
        "format": PurePosixPath(entry.path).suffix.lstrip("."),
        "mediatype": entry.media_type,
        "hash": f"sha256:{entry.sha256}",
        "bytes": entry.size,
    }
    return {**common, "encoding": "utf-8", "schema": table} if table else common


def _field(column: Column, required: bool, enum: Sequence[str]) -> Mapping[str, Any]:
    constraints: dict[str, Any] = {"required": True} if required else {}
    if enum:
        constraints["enum"] = list(enum)
    described = {
        "name": column.name,
        "type": column.type,
        "title": column.title.id,
        "description": f"{column.means.id}. {column.title.en}: {column.means.en}.",
    }
    standard = standards.of_column(column)
    said = {"standar_data": standards.told(standard)} if standard else {}
    return {**described, **said, **({"constraints": constraints} if constraints else {})}
