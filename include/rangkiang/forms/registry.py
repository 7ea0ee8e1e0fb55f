"""Loads ``registry/*.yaml``. One file adds a form; nothing about a form's rows is written anywhere else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema

from rangkiang.catalogue import Texts
from rangkiang.forms import parts
from rangkiang.forms.entries import Form, Heading, Key, LeafRow, Row, Section, Split
from rangkiang.forms.equations import Equation, parse
from rangkiang.model import Level


@cache
def forms() -> Mapping[str, Form]:
    """All forms by model. Raises ValueError naming the file and the fault where a registry file is wrong."""
    found = {}
    for path in sorted(files(__package__).joinpath("registry").iterdir(), key=lambda p: p.name):
        name = path.name.removesuffix(".yaml")
        if name != path.name and not name.startswith("_"):
            entry = _form(name)
            found[entry.model] = entry
    return found


def form(model: str) -> Form:
    """The form of that model. Raises KeyError naming the models there are."""
    try:
        return forms()[model]
    except KeyError:
        raise KeyError(f"no form {model!r} in the registry; there are: {', '.join(forms())}") from None


def _form(name: str) -> Form:
    try:
        raw = parts.whole(name)
        _validate({key: value for key, value in raw.items() if key not in _BODY})
        # As text, so that what five levels of a ballot share is checked and built once.
        body = _body(json.dumps({key: raw[key] for key in _BODY if key in raw}))
        return _build(raw, body)
    except (jsonschema.ValidationError, ValueError) as error:
        message = error.message if isinstance(error, jsonschema.ValidationError) else str(error)
        raise ValueError(f"forms/registry/{name}.yaml: {message}") from error


_BODY = ("splits", "sections", "rows", "identities", "bounds")


@dataclass(frozen=True, slots=True)
class _Body:
    splits: tuple[Split, ...]
    sections: tuple[Section, ...]
    rows: tuple[Row, ...]
    leaves: tuple[LeafRow, ...]
    headings: tuple[Heading, ...]
    identities: tuple[Equation, ...]
    bounds: tuple[Equation, ...]


def _validate(raw: Mapping[str, Any]) -> None:
    """One half of a description, the body or the rest. Raises ValidationError where it is not as the schema has it."""
    schema = json.loads(files(__package__).joinpath("form.schema.json").read_text("utf-8"))
    half = [key for key in schema["required"] if (key in _BODY) == any(key in _BODY for key in raw)]
    jsonschema.Draft202012Validator(schema | {"required": half}).validate(raw)


@cache
def _body(text: str) -> _Body:
    raw = json.loads(text)
    _validate(raw)
    sections = tuple(Section(s["code"], _texts(s)) for s in raw["sections"])
    rows, headings = _rows(list(parts.rows(raw["rows"])), [s.code for s in sections])
    splits = tuple(Split(code, _texts(s), tuple(s["printed"])) for code, s in raw["splits"].items())
    leaves = tuple(_leaves(rows, splits))
    codes = [leaf.code for leaf in leaves]
    identities, bounds = (_equations(raw[key], codes) for key in ("identities", "bounds"))
    body = _Body(splits, sections, rows, leaves, headings, identities, bounds)
    _check(body)
    return body


def _build(raw: Mapping[str, Any], body: _Body) -> Form:
    rows = [(leaf.code, leaf.label.id) for leaf in body.leaves]
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
        splits=body.splits,
        sections=body.sections,
        rows=body.rows,
        leaf_rows=body.leaves,
        headings=body.headings,
        keys=tuple(_key(k) for k in raw.get("keys", ())),
        context=tuple(_key(k) for k in raw.get("context", ())),
        identities=body.identities,
        bounds=body.bounds,
        digest=hashlib.sha256(json.dumps([raw, rows], sort_keys=True).encode()).hexdigest()[:16],
    )


def _texts(raw: Mapping[str, Any]) -> Texts:
    return Texts(str(raw["id"]), str(raw["en"]))


def _rows(entries: Sequence[parts.Raw], sections: Sequence[str]) -> tuple[tuple[Row, ...], tuple[Heading, ...]]:
    """Rows in the order of their sections, and the headings above them."""
    rows: list[Row] = []
    headings: list[Heading] = []
    waiting: list[parts.Raw] = []
    for entry in entries:
        if "heading" in entry:
            waiting.append(entry)
            continue
        rows.append(_row(entry))
        headings += [Heading(rows[-1].code, h.get("number", ""), h["heading"]) for h in waiting]
        waiting = []
    order = {code: n for n, code in enumerate(sections)}
    return tuple(sorted(rows, key=lambda row: order.get(row.section, -1))), tuple(headings)


def _row(raw: Mapping[str, Any]) -> Row:
    code = str(raw["code"])
    pieces = code.split(".")
    section = ".".join(pieces[:2]) if pieces[1] in {"A", "B"} and len(pieces) > 2 else pieces[0]
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
        optional=bool(raw.get("optional", False)),
        party=str(raw.get("party", "")),
    )


def _leaves(rows: Sequence[Row], splits: Sequence[Split]) -> Iterator[LeafRow]:
    for row in rows:
        if not row.split:
            yield LeafRow(row.code, row.label, row, "")
        for split in splits if row.split else ():
            label = Texts(f"{row.label.id} - {split.label.id}", f"{row.label.en} - {split.label.en}")
            yield LeafRow(f"{row.code}.{split.code}", label, row, split.code)


def _key(raw: Mapping[str, Any]) -> Key:
    return Key(Level(raw["level"]), tuple(str(p) for p in raw["printed"]), bool(raw.get("required", False)))


def _equations(entries: Sequence[Mapping[str, Any]], codes: Sequence[str]) -> tuple[Equation, ...]:
    return tuple(equation for entry in entries for equation in parse(entry, codes, parts.party_numbers()))


def _check(body: _Body) -> None:
    """Every row code in an equation must be a row of the form, and no code may stand twice."""
    codes = [leaf.code for leaf in body.leaves]
    known = set(codes)
    if len(known) != len(codes):
        raise ValueError("a row code stands twice")
    if missing := {row.section for row in body.rows} - {section.code for section in body.sections}:
        raise ValueError(f"rows stand in sections that the form does not have: {sorted(missing)}")
    for equation in (*body.identities, *body.bounds):
        if unknown := set(equation.rows) - known:
            raise ValueError(f"identity {equation.id} names rows that the form does not have: {sorted(unknown)}")
