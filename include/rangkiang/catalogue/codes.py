"""Codes that documents and ballots carry: kode tahapan, jenis dokumen, elections, parties, pairs, levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from rangkiang.catalogue.source import Texts, by_code, rows, texts
from rangkiang.model import Level


@dataclass(frozen=True, slots=True)
class Stage:
    """A kode tahapan: a classification code as it stands in the numbers of KPU's documents."""

    code: str  # PL.01.8
    name: Texts
    certainty: Literal["sure", "probable", "memory", "unknown"]
    scheme: Literal["2017", "2019", ""]  # decision 15/2017, decision 929/2019, not established
    example: str  # number of a document that carries it, or ''


@dataclass(frozen=True, slots=True)
class DemandedColumn:
    """A column that a table must have, by any of its names."""

    name: str
    also: tuple[str, ...]
    number: bool


@dataclass(frozen=True, slots=True)
class DemandedSum:
    """Columns, by the names of their demands, that must add up to another one in every line."""

    total: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demands:
    """What a table of a document that is no form must have."""

    rows: int
    columns: tuple[DemandedColumn, ...]
    sums: tuple[DemandedSum, ...]


@dataclass(frozen=True, slots=True)
class DocType:
    """A jenis dokumen, and who owes one."""

    code: str  # DB1-PPWP
    form: str | None  # model of the form registry that reads it
    stage: str  # kode tahapan it is filed under
    name: Texts
    expected: Literal["office", "district", "province", "none"]  # one per kabupaten/kota, per kecamatan, ...
    demands: Demands | None = None  # of its tables, where it is no form


@dataclass(frozen=True, slots=True)
class Election:
    """One of the ballots of an election day."""

    code: str  # PPWP-2019
    name: Texts
    date: str  # ISO
    contest: Literal["pair", "party", "person"]  # what a voter marks


@dataclass(frozen=True, slots=True)
class Party:
    """A party on the ballot of 2019."""

    number: int  # on the ballot
    code: str  # abbreviation
    name: str
    aceh_only: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A presidential pair, names as printed on C1-PPWP."""

    number: str  # on the ballot: '01'
    election: str
    row: str  # row code on every PPWP form: IV.01
    president: str
    vice_president: str


def stages() -> tuple[Stage, ...]:
    """Every kode tahapan of the list, by code. Not a closed list: others are accepted and remarked on."""
    return tuple(_stages().values())


def stage(code: str) -> Stage | None:
    """The kode tahapan, or None where the list does not have it."""
    return _stages().get(code)


def doctypes() -> tuple[DocType, ...]:
    """Every jenis dokumen of the list."""
    return tuple(_doctypes().values())


def doctype(code: str) -> DocType | None:
    """The jenis dokumen, or None where the list does not have it."""
    return _doctypes().get(code)


@cache
def elections() -> tuple[Election, ...]:
    """The ballots, in the order in which votes are counted."""
    found = (Election(row["code"], texts(row), row["date"], row["contest"]) for row in rows("elections"))
    return tuple(by_code(found).values())


@cache
def parties() -> tuple[Party, ...]:
    """Parties by number on the ballot, those of Aceh among them."""
    return tuple(by_code(Party(**row) for row in rows("parties")).values())


@cache
def pairs() -> tuple[Pair, ...]:
    """Presidential pairs by number on the ballot."""
    return tuple(Pair(**row) for row in rows("pairs"))


def level_name(level: Level | str, lang: str = "id") -> str:
    """The level as a sentence says it: 'kabupaten/kota', 'regency or city'. Raises ValueError for no level."""
    return _levels()[Level(level)].get(lang)


@cache
def _stages() -> dict[str, Stage]:
    found = (Stage(r["code"], texts(r), r["certainty"], r["scheme"], r["example"]) for r in rows("stages"))
    return by_code(found)


@cache
def _doctypes() -> dict[str, DocType]:
    return by_code(
        DocType(r["code"], r["form"], r["stage"], texts(r), r["expected"], _demands(r.get("demands")))
        for r in rows("doctypes")
    )


def _demands(found: Mapping[str, Any] | None) -> Demands | None:
    if found is None:
        return None
    columns = (DemandedColumn(c["name"], tuple(c.get("also", ())), c["type"] == "number") for c in found["columns"])
    sums = (DemandedSum(s["total"], tuple(s["of"])) for s in found.get("sums", ()))
    return Demands(found.get("rows", 1), tuple(columns), tuple(sums))


@cache
def _levels() -> dict[Level, Texts]:
    return {Level(row["code"]): texts(row) for row in rows("levels")}
