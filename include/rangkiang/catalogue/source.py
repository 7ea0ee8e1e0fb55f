"""Reads the catalogue's files: CSV and YAML alike become a list of rows, each a mapping."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from typing import Any, Protocol, TypeVar

import yaml

Row = Mapping[str, Any]

FILES: Mapping[str, str] = {
    "offices": "data/offices.csv",
    "districts": "data/districts.csv",
    "villages": "data/villages.csv",
    "official_results": "data/official_results.csv",
    "stages": "data/stages.yaml",
    "doctypes": "data/doctypes.yaml",
    "elections": "data/elections.yaml",
    "parties": "data/parties.yaml",
    "pairs": "data/pairs.yaml",
    "levels": "data/levels.yaml",
    "reasons": "reasons.yaml",
}
"""Every file of the catalogue, by the name of its schema in ``data/schemas``."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The same words in Indonesian and in English."""

    id: str
    en: str

    def get(self, lang: str) -> str:
        """The text in 'id' or 'en'. Raises ValueError for another language."""
        if lang not in ("id", "en"):
            raise ValueError(f"no texts in {lang!r}: 'id' or 'en'")
        return self.id if lang == "id" else self.en


class Coded(Protocol):
    """Anything with a code of its own."""

    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=Coded)


def rows(name: str) -> list[Row]:
    """Rows of one file of :data:`FILES`, in the order of the file. CSV values are text."""
    path = FILES[name]
    text = files(__package__).joinpath(path).read_text("utf-8")
    return list(csv.DictReader(StringIO(text))) if path.endswith(".csv") else list(yaml.safe_load(text))


def texts(row: Row) -> Texts:
    """The ``id`` and ``en`` of a row."""
    return Texts(row["id"], row["en"])


def by_code(entries: Iterable[T]) -> dict[str, T]:
    """Entries by code, in their order. Raises ValueError where a code stands twice."""
    found: dict[str, T] = {}
    for entry in entries:
        if entry.code in found:
            raise ValueError(f"the catalogue has code {entry.code} twice")
        found[entry.code] = entry
    return found
