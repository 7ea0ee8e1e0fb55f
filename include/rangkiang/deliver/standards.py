"""What Satu Data Indonesia asks of every variable (Perpres 39/2019), as ``standar.yaml`` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from rangkiang.catalogue import Texts
from rangkiang.deliver.columns import Column
from rangkiang.forms import LeafRow
from rangkiang.model import Level


@dataclass(frozen=True, slots=True)
class Standard:
    """Standar Data of one variable, and whose codes it uses."""

    konsep: str
    definisi: str
    klasifikasi: str
    ukuran: str
    satuan: str
    referensi: str = ""  # key of :func:`references`


def of_column(column: Column) -> Standard | None:
    """Of a column of the tidy table; None for one of another table."""
    said = _source()["columns"].get(_key(column.name))
    return Standard(**{"definisi": column.means.id, **said}) if said else None


def of_row(leaf: LeafRow) -> Standard:
    """Of a row of a form. Raises KeyError where no beginning of its code is listed."""
    rows, parts = _source()["rows"], leaf.parent.code.split(".")
    code = next((c for n in range(len(parts), 0, -1) if (c := ".".join(parts[:n])) in rows), leaf.parent.code)
    unit = _source()["units"][leaf.parent.unit]
    return Standard(**rows[code], ukuran=_source()["measure"], satuan=unit, referensi="kpu")


def references() -> Mapping[str, Texts]:
    """Who keeps the codes that are referred to."""
    return {key: Texts(raw["id"], raw["en"]) for key, raw in _source()["references"].items()}


def told(standard: Standard) -> dict[str, str]:
    """For machines: the five fields, and the reference where there is one, in words."""
    said = {key: text for key, text in asdict(standard).items() if key != "referensi"}
    return {**said, **({"kode_referensi": references()[standard.referensi].id} if standard.referensi else {})}


def _key(name: str) -> str:
    """Columns of a flat table's keys go by what follows the level: kecamatan_code by _code."""
    level = next((level.value for level in Level if name.startswith(f"{level.value}_code")), "")
    return name.removeprefix(level)


@cache
def _source() -> Mapping[str, Any]:
    return MappingProxyType(yaml.safe_load((files(__package__) / "standar.yaml").read_text("utf-8")))
