"""Loads ``registry/*.yaml``. One file adds a form; nothing about a form's rows is written anywhere else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import jsonschema
import yaml

from rangkiang.catalogue import Texts
from rangkiang.forms.equations import Equation, parse
from rangkiang.model import Level


@dataclass(frozen=True, slots=True)
class Split:
    """A sub-row of a split row: L, P or JML."""

    code: str
    label: Texts
    printed: tuple[str, ...]  # what sheets print for it


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; where ``split`` it stands for three figures (L, P, JML)."""

    code: str
    label: Texts
    section: str
    number: str  # what stands in the NO column
    unit: str  # what is counted: pemilih, surat suara, suara
    split: bool
    contestant: str  # number on the ballot, or ''
    printed: tuple[str, ...]  # header names in a flat table
    required: bool


@dataclass(frozen=True, slots=True)
class LeafRow:
    """A row that holds figures: a row, or one of its splits."""

    code: str
    label: Texts
    parent: Row
    split: str  # '', 'L', 'P' or 'JML'


@dataclass(frozen=True, slots=True)
class Key:
    """A column of a flat table that names the unit, or its context."""

    level: Level
    printed: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Form:
    """A form model, as its registry file describes it."""

    model: str
    name: Texts
    election: str
    stage: str
    orientation: Literal["across", "down"]  # units across the columns, or down the lines
    area: Level
    unit: Level
    below: str | None
    printed_unit: str
    printed_area: str
    title: str
    recognise: tuple[str, ...]
    carries: Mapping[str, tuple[str, ...]]
    splits: tuple[Split, ...]
    sections: tuple[Section, ...]
    rows: tuple[Row, ...]
    keys: tuple[Key, ...]
    context: tuple[Key, ...]
    identities: tuple[Equation, ...]
    bounds: tuple[Equation, ...]
    digest: str  # of what the registry says: changes when the form's description does

    @property
    def leaf_rows(self) -> tuple[LeafRow, ...]:
        """Every row that holds figures, in the order of the sheet."""
        leaves: list[LeafRow] = []
        for row in self.rows:
            if not row.split:
                leaves.append(LeafRow(row.code, row.label, row, ""))
            for split in self.splits if row.split else ():
                label = Texts(f"{row.label.id} - {split.label.id}", f"{row.label.en} - {split.label.en}")
                leaves.append(LeafRow(f"{row.code}.{split.code}", label, row, split.code))
        return tuple(leaves)

    @property
    def has_total(self) -> bool:
        """Recap sheets print a total column; flat tables do not."""
        return self.orientation == "across"


@cache
def forms() -> Mapping[str, Form]:
    """All forms by model. Raises ValueError naming the file and the fault where a registry file is wrong."""
    found = {}
    for path in sorted(files(__package__).joinpath("registry").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yaml") and not path.name.startswith("_"):
            entry = _form(path.name)
            found[entry.model] = entry
    return found


def form(model: str) -> Form:
    """The form of that model. Raises KeyError naming the models there are."""
    try:
        return forms()[model]
    except KeyError:
        raise KeyError(f"no form {model!r} in the registry; there are: {', '.join(forms())}") from None


def _form(name: str) -> Form:
    raw = _read(name)
    try:
        jsonschema.validate(raw, json.loads(files(__package__).joinpath("form.schema.json").read_text("utf-8")))
        built = _build(raw)
        _check(built)
    except (jsonschema.ValidationError, ValueError) as error:
        message = error.message if isinstance(error, jsonschema.ValidationError) else str(error)
        raise ValueError(f"forms/registry/{name}: {message}") from error
    return built


def _read(name: str) -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("registry", name).read_text("utf-8"))
    base = raw.pop("extends", None)
    return {**_read(f"{base}.yaml"), **raw} if base else raw


def _build(raw: Mapping[str, Any]) -> Form:
    return Form(
        model=raw["model"],
        name=_texts(raw["name"]),
        election=raw["election"],
        stage=raw["stage"],
        orientation=raw["orientation"],
        area=Level(raw["area"]),
        unit=Level(raw["unit"]),
        below=raw["below"],
        printed_unit=raw["printed_unit"],
        printed_area=raw["printed_area"],
        title=raw["title"].strip(),
        recognise=tuple(raw["recognise"]),
        carries={kind: tuple(names) for kind, names in raw.get("carries", {}).items()},
        splits=tuple(Split(code, _texts(s), tuple(s["printed"])) for code, s in raw["splits"].items()),
        sections=tuple(Section(s["code"], _texts(s)) for s in raw["sections"]),
        rows=tuple(_row(r) for r in raw["rows"]),
        keys=tuple(_key(k) for k in raw.get("keys", ())),
        context=tuple(_key(k) for k in raw.get("context", ())),
        identities=tuple(e for entry in raw["identities"] for e in parse(entry)),
        bounds=tuple(e for entry in raw["bounds"] for e in parse(entry)),
        digest=hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:16],
    )


def _texts(raw: Mapping[str, Any]) -> Texts:
    return Texts(str(raw["id"]), str(raw["en"]))


def _row(raw: Mapping[str, Any]) -> Row:
    code = str(raw["code"])
    parts = code.split(".")
    section = ".".join(parts[:2]) if parts[1] in {"A", "B"} and len(parts) > 2 else parts[0]
    return Row(
        code=code,
        label=_texts(raw),
        section=section,
        number=str(raw.get("number", "")),
        unit=raw["unit"],
        split=bool(raw.get("split", False)),
        contestant=str(raw.get("contestant", "")),
        printed=tuple(str(p) for p in raw.get("printed", ())),
        required=bool(raw.get("required", False)),
    )


def _key(raw: Mapping[str, Any]) -> Key:
    return Key(Level(raw["level"]), tuple(str(p) for p in raw["printed"]), bool(raw.get("required", False)))


def _check(entry: Form) -> None:
    """Every row code in an equation must be a row of the form, and no code may stand twice."""
    codes = [leaf.code for leaf in entry.leaf_rows]
    if len(set(codes)) != len(codes):
        raise ValueError("a row code stands twice")
    for equation in (*entry.identities, *entry.bounds):
        unknown = set(equation.rows) - set(codes)
        if unknown:
            raise ValueError(f"identity {equation.id} names rows that the form does not have: {sorted(unknown)}")
