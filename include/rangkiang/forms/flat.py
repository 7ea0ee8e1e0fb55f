"""Delimited text and the headers of flat tables: what intake and reading must see in the same way."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rangkiang.catalogue import fold
from rangkiang.forms import Form
from rangkiang.model import Level

DELIMITERS = ",;\t|"
HEADER_WITHIN = 30
"""A flat table's header stands within its first lines; above it there may be a title."""

MAX_LINE = 1_000_000
"""Characters of one line: no table is that wide."""

MOST_LETTERS = 131_072
"""Characters of one field."""

_SAMPLE = 65536
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SEP_LINE = re.compile(r'\A"?sep=(.)"?(?:\r\n?|\n)', re.IGNORECASE)  # written by Excel so that it knows itself
_NEWLINE = re.compile(r"\r\n?|\n")  # and not what Unicode takes for the end of a line besides
_UNDECODABLE = re.compile("[\udc80-\udcff\ufffd]")
_LETTER = re.compile(
    rb"(?<![\x80-\xff])(?:[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2})(?![\x80-\xff])"
)  # a letter
_END = "\x1f"  # no text holds it: see _CONTROLS


class TooLong(ValueError):
    """A line or a field that is larger than those of any table; ``actual`` and ``limit`` say how large."""

    def __init__(self, actual: str, limit: str) -> None:
        super().__init__(f"{actual}, limit {limit}")
        self.actual = actual
        self.limit = limit


def decode(data: bytes) -> str:
    """The text of a text file, whatever its encoding. Raises ValueError where the bytes are no text.

    Bytes that the rest of the file's encoding does not explain stay as they are, hidden in characters that ``doubtful``
    finds and ``readable`` shows.
    """
    encoding = _encoding(data)
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    text = data.decode(encoding, errors).lstrip("\ufeff").rstrip("\x1a")  # the mark at the end is that of DOS
    if _CONTROLS.search(text):
        raise ValueError("not a text file")
    return text


def doubtful(text: str) -> bool:
    """Were bytes of this text not to be decoded, by us or by whoever wrote the file?"""
    return not text.isascii() and bool(_UNDECODABLE.search(text))


def readable(text: str) -> str:
    """The text with undecodable bytes as Windows-1252 shows them, which is what they mostly are; else as U+FFFD."""
    if not doubtful(text):
        return text
    return _UNDECODABLE.sub(lambda c: _western(c[0]), text)


def records(text: str) -> Iterator[list[str]]:
    """The lines of delimited text as lists of fields; quoted fields may hold line breaks.

    Raises csv.Error, TooLong, and ValueError where a quoted field is never closed: it would swallow the lines below.
    """
    told = _SEP_LINE.match(text)
    start, mark = (told.end(), told[1]) if told else (0, delimiter(text))
    record: list[str] = []
    csv.field_size_limit(MOST_LETTERS)  # of the whole process: some libraries lift it for themselves
    try:
        for record in csv.reader(chain(_lines(text, start), [_END]), delimiter=mark):
            if record != [_END]:
                yield record
    except csv.Error as error:
        if "field larger" not in str(error):
            raise
        raise TooLong(f"> {MOST_LETTERS} huruf dalam satu sel", f"{MOST_LETTERS} huruf") from error
    if record != [_END]:
        raise ValueError("a quoted field is never closed")


def delimiter(text: str) -> str:
    """The character that cuts most lines into the same number of fields; a comma where none does."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
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


def _lines(text: str, start: int) -> Iterator[str]:
    for end in chain((found.end() for found in _NEWLINE.finditer(text, start)), [len(text)]):
        if end - start > MAX_LINE:
            raise TooLong(f"> {MAX_LINE} huruf dalam satu baris", f"{MAX_LINE} huruf")
        if start < end:
            yield text[start:end]
        start = end


def _votes(sample: str, mark: str) -> tuple[float, int]:
    try:
        widths = [len(r) for r in csv.reader(_lines(sample, 0), delimiter=mark) if any(r)]
    except csv.Error:
        return 0.0, 0
    width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (count / len(widths), width) if width > 1 else (0.0, 0)


def _encoding(data: bytes) -> str:
    """UTF-8 where any letter of the file is, else Windows-1252; UTF-16 by its mark or by its empty bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[: min(_SAMPLE, len(data) // 2 * 2)]
    empty = head[::2].count(0), head[1::2].count(0)
    if max(empty) > len(head) // 5 and min(empty) <= max(empty) // 10:  # without a mark: every other byte is empty
        return "utf-16-le" if empty[1] > empty[0] else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # What Windows writes here; statistics of letters take short names for Macintosh text.
        return "utf-8" if data.startswith(codecs.BOM_UTF8) or _LETTER.search(data) else "cp1252"
    return "utf-8"


def _western(character: str) -> str:
    code = ord(character)
    return bytes([code - 0xDC00]).decode("cp1252", "replace") if 0xDC80 <= code <= 0xDCFF else character
