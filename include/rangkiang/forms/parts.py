"""From registry files to one whole description: parts are put together, words filled in, repeated rows written out.

``extends`` names parts, read from left to right before the file itself. Mappings are merged key by key, lists are
joined (the parts' first), and any other value replaces the one before. ``${word}`` in any text takes its value from
``words``. Rows stand in the order of their sections; within a section, in the order in which they are given.

A row is repeated for every whole number of its ``n: [first, last]`` as ``{n}``. Rows under ``parties`` are repeated
for every party that stood outside Aceh, in the order of the ballot: ``{party}`` is its number, ``{name}`` its name and
``{NAME}`` the same in capitals. An entry with ``heading`` is a line without figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

import yaml

from rangkiang import catalogue

Raw = dict[str, Any]


def whole(name: str) -> Raw:
    """The description in ``registry/<name>.yaml`` with all that it extends; rows are not written out yet.

    Raises ValueError where a ``${word}`` has no value.
    """
    merged = _merged(name)
    words = {key: str(value) for key, value in merged.pop("words", {}).items()}
    try:
        filled: Raw = _filled(merged, {key: Template(value).substitute(words) for key, value in words.items()})
    except KeyError as error:
        raise ValueError(f"no word for ${{{error.args[0]}}}") from error
    return filled


def rows(entries: Sequence[Mapping[str, Any]]) -> Iterator[Raw]:
    """Every row and heading of the form, repeated ones written out."""
    for entry in entries:
        if "parties" not in entry:
            yield from _numbered(entry)
            continue
        for party in party_numbers():
            name = _party_names()[party]
            for inner in entry["parties"]:
                row = _filled(inner, {"party": party, "name": name, "NAME": name.upper()}, _replaced)
                yield from _numbered({**row, "party": party})


@cache
def party_numbers() -> tuple[str, ...]:
    """Numbers on the ballot outside Aceh."""
    return tuple(_party_names())


@cache
def _party_names() -> Mapping[str, str]:
    return {str(party.number): party.name for party in catalogue.parties() if not party.aceh_only}


def _numbered(entry: Mapping[str, Any]) -> Iterator[Raw]:
    plain = {key: value for key, value in entry.items() if key != "n"}
    if "n" not in entry:
        yield plain
        return
    first, last = entry["n"]
    for n in range(first, last + 1):
        yield _filled(plain, {"n": str(n)}, _replaced)


def _merged(name: str) -> Raw:
    own = dict(_read(name))
    parts = own.pop("extends", [])
    found: Raw = {}
    for part in [*(_merged(p) for p in ([parts] if isinstance(parts, str) else parts)), own]:
        found = _joined(found, part)
    return found


def _joined(base: Raw, more: Raw) -> Raw:
    found = dict(base)
    for key, value in more.items():
        before = base.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            found[key] = _joined(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            found[key] = [*before, *value]
        else:
            found[key] = value
    return found


@cache
def _read(name: str) -> Raw:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is there
    text = files(__package__).joinpath("registry", f"{name}.yaml").read_text("utf-8")
    raw: Raw = yaml.load(text, loader)  # noqa: S506 - both are safe loaders
    return raw


def _substituted(text: str, words: Mapping[str, str]) -> str:
    return Template(text).substitute(words) if "$" in text else text


def _replaced(text: str, words: Mapping[str, str]) -> str:
    if "{" in text:
        for key, value in words.items():
            text = text.replace(f"{{{key}}}", value)
    return text


def _filled(value: Any, words: Mapping[str, str], fill: Any = _substituted) -> Any:
    """The same structure with every text filled."""
    if isinstance(value, str):
        return fill(value, words)
    if isinstance(value, list):
        return [_filled(item, words, fill) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, words, fill) for key, item in value.items()}
    return value
