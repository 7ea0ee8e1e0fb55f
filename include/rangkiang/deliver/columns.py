"""Columns of the published tables: names, types, titles. Everything that describes a table derives from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rangkiang import catalogue
from rangkiang.catalogue import Texts
from rangkiang.deliver.words import sentence_case, source, word
from rangkiang.forms import Form
from rangkiang.forms.contest import has_parties
from rangkiang.model import Level


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a published table."""

    name: str
    type: str  # Frictionless: string, integer, number
    title: Texts
    means: Texts
    enum: tuple[str, ...] = ()
    enum_of: str = ""  # the group of words that says what the codes of the enum mean


def tidy_columns(form: Form) -> tuple[Column, ...]:
    """Columns of the tidy table. A flat table's keys have columns of their own where a recap has the unit's name."""
    found: list[Column] = []
    kinds = {"all", form.orientation, *(["parties"] if has_parties(form) else [])}
    kinds |= {"candidates"} if any(row.optional for row in form.rows) else set()
    for raw in source()["columns"]:
        if raw["where"] in kinds:
            found.append(_column(raw))
        elif raw["where"] == "across":
            found += _key_columns(form)
    return tuple(found)


def listed_columns(group: str) -> tuple[Column, ...]:
    """Columns of a table that is the same for every form, as ``words.yaml`` lists them. Raises KeyError."""
    return tuple(_column(raw) for raw in source()[group])


def _column(raw: Mapping[str, Any]) -> Column:
    about = word(raw)
    enum = tuple(source()[raw["enum"]]) if "enum" in raw else ()
    return Column(raw["name"], raw["type"], about.name, about.means, enum, raw.get("enum", ""))


def _key_columns(form: Form) -> list[Column]:
    found: list[Column] = []
    for key in form.keys:
        title = Texts(*(sentence_case(catalogue.level_name(key.level, lang)) for lang in ("id", "en")))
        if key.level is not Level.TPS:
            for name, owner in ((code_column(key.level), "Kemendagri"), (bps_column(key.level), "BPS")):
                means = Texts(
                    f"Kode {owner} {key.level}; kosong bila tidak diketahui", f"{owner} code; empty if unknown"
                )
                said = Texts(f"Kode {title.id} ({owner})", f"{title.en} code ({owner})")
                found.append(Column(name, "string", said, means))
        means = Texts("Seperti tertulis pada tabel", "As the table has it")
        found.append(Column(key.level.value, "string", title, means))
    return found


def coded(level: Level) -> bool:
    """Can the catalogue say which areas of that level are missing?"""
    return level in (Level.PROVINSI, Level.KABKOTA, Level.KECAMATAN)


def code_column(level: Level) -> str:
    """The column with Kemendagri's codes of a level."""
    return f"{level.value}_code"


def bps_column(level: Level) -> str:
    """The column with the codes that BPS has for the same."""
    return f"{level.value}_code_bps"
