"""The CSV files of a dataset, as far as the site looks into them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from rangkiang import catalogue
from rangkiang.portal import texts

LONGEST = 1 << 24
"""Characters of a cell: a finding may bind every figure of a table, and names them all in one."""

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
# A leading zero or a point makes it a name, such as 13.01 or 007, and not a quantity.
_NUMBER = re.compile(r"0|-?[1-9]\d*")


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    whole: str = ""  # the text before it was shortened


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of a table, for people."""

    names: tuple[str, ...]  # of the columns, as the file has them
    header: tuple[str, ...]
    numeric: tuple[bool, ...]  # by column: every shown cell is a whole number or empty
    lines: tuple[tuple[Cell, ...], ...]
    rows: int  # of the whole table, without its header

    @property
    def cut(self) -> bool:
        return self.rows > len(self.lines)


def head(data: bytes, limit: int, choice: Mapping[str, str], lang: str = "id", start: int = 0) -> Head | None:
    """The header and up to ``limit`` lines of a CSV from line ``start``, counted from 0; None where there is nothing to
    show, or no CSV.

    ``choice`` names the columns that people read, with their headings; where the CSV has none of them, all are shown.
    Columns that are empty in every shown line are left out: the file has them all.
    """
    try:
        lines = _lines(data.decode("utf-8-sig", errors="replace"))
    except csv.Error:
        return None
    if len(lines) < 2:
        return None
    names = lines[0]
    shown = [[*line, *[""] * (len(names) - len(line))] for line in lines[1 + start : 1 + start + limit]]
    chosen = [names.index(name) for name in choice if name in names] or range(len(names))
    used = [n for n in chosen if any(line[n] for line in shown)]
    numeric = tuple(all(not line[n] or _NUMBER.fullmatch(line[n]) for line in shown) for n in used)
    return Head(
        names=tuple(names[n] for n in used),
        header=tuple(choice.get(names[n]) or names[n].replace("_", " ") for n in used),
        numeric=numeric,
        lines=tuple(
            tuple(_cell(line[n], is_number, lang) for n, is_number in zip(used, numeric, strict=True)) for line in shown
        ),
        rows=len(lines) - 1,
    )


def rows(data: bytes) -> int:
    """Lines of data in a CSV in UTF-8, its header not counted. Raises ValueError where it is no such thing."""
    try:
        return max(0, len(_lines(data.decode("utf-8-sig"))) - 1)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def records(data: bytes) -> csv.DictReader[str]:
    """The lines of a CSV by the names of its columns."""
    csv.field_size_limit(LONGEST)  # of the whole process: whoever reads what came in sets a lower one
    return csv.DictReader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=""))


def _lines(text: str) -> list[list[str]]:
    csv.field_size_limit(LONGEST)
    return [line for line in csv.reader(io.StringIO(text, newline="")) if line]


def _cell(text: str, numeric: bool, lang: str) -> Cell:
    if _FINGERPRINT.fullmatch(text):
        return Cell(f"{text[:12]}…", text)
    if numeric and text.lstrip("-").isdecimal():
        return Cell(catalogue.number(int(text), lang))
    return Cell(texts.word(text, lang))
