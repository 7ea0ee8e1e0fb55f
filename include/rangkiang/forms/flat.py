"""Delimited text and the headers of flat tables: what intake and reading must see in the same way."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rangkiang.catalogue import fold
from rangkiang.forms import Form
from rangkiang.model import Level

DELIMITERS = ",;\t|"
HEADER_WITHIN = 30
"""A flat table's header stands within its first lines; above it there may be a title."""

_SAMPLE = 65536
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SEP_LINE = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)  # written by Excel so that it knows itself


def decode(data: bytes) -> str:
    """The text of a text file, whatever its encoding. Raises ValueError where the bytes are no text."""
    text = data.decode(_encoding(data), errors="replace")
    if _CONTROLS.search(text):
        raise ValueError("not a text file")
    return text


def records(text: str) -> Iterator[list[str]]:
    """The lines of delimited text as lists of fields; quoted fields may hold line breaks. Raises csv.Error."""
    told = _SEP_LINE.match(text)
    body = text[told.end() :] if told else text
    return csv.reader(io.StringIO(body, newline=""), delimiter=told[1] if told else delimiter(body))


def delimiter(text: str) -> str:
    """The character that cuts most lines into the same number of fields; a comma where none does."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    return max(DELIMITERS, key=lambda mark: _votes(sample, mark))


@dataclass(frozen=True, slots=True)
class FlatColumns:
    """Where a flat table keeps its keys and its figures: column positions, 0-based."""

    keys: Mapping[Level, int]  # context columns too
    rows: Mapping[str, int]  # by row code
    missing: tuple[str, ...]  # names of required columns that are not there


def columns(form: Form, header: Sequence[str]) -> FlatColumns:
    """Match a header line against a flat form's printed names; the first printed name that is there wins."""
    at = {fold(name): n for n, name in reversed(list(enumerate(header))) if fold(name)}
    missing: list[str] = []

    def find(printed: Sequence[str], required: bool) -> int | None:
        for name in printed:
            if fold(name) in at:
                return at[fold(name)]
        if required:
            missing.append(printed[0])
        return None

    keys = {k.level: find(k.printed, k.required) for k in (*form.keys, *form.context)}
    rows = {r.code: find(r.printed, r.required) for r in form.rows}
    found_keys = {level: n for level, n in keys.items() if n is not None}
    return FlatColumns(found_keys, {code: n for code, n in rows.items() if n is not None}, tuple(missing))


def header(form: Form, lines: Sequence[Sequence[str]]) -> tuple[int, FlatColumns]:
    """The position of the line that is most of the form's header, and its columns. ``lines`` must not be empty."""
    found = [(n, columns(form, line)) for n, line in enumerate(lines[:HEADER_WITHIN])]
    return min(found, key=lambda pair: (len(pair[1].missing), -len(pair[1].rows), pair[0]))


def _votes(sample: str, mark: str) -> tuple[float, int]:
    try:
        widths = [len(r) for r in csv.reader(io.StringIO(sample, newline=""), delimiter=mark) if any(r)]
    except csv.Error:
        return 0.0, 0
    width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (count / len(widths), width) if width > 1 else (0.0, 0)


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:_SAMPLE]
    if b"\x00" in head:  # UTF-16 without a byte order mark: every other byte is zero
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"  # what Windows writes here; statistics of letters take short names for Macintosh text
    return "utf-8-sig"
