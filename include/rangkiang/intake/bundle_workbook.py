"""The sheets of a workbook as lines of text, and runs of them as workbooks of their own.

The package itself is cut: what stands on a sheet that stays, formulas and what they last gave, styles, merged cells,
is not touched. Written anew by a library, formulas would lose their values or values their formulas.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise

import python_calamine as calamine

from rangkiang.books import text_of
from rangkiang.intake.front import FRONT_ROWS, Refused, broken, megabytes
from rangkiang.settings import limits

_BOOK, _RELATIONS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_SHEET = re.compile(r"<((?:\w+:)?)sheet\s[^>]*?(?:/>|>\s*</\1sheet>)")
_HIDDEN = re.compile(r'\sstate="(?:hidden|veryHidden)"')
_VIEW = re.compile(r'\s(?:activeTab|firstSheet)="\d+"')
_NAME = re.compile(r"<((?:\w+:)?)definedName\s([^>]*)>.*?</\1definedName>", re.DOTALL)
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*?/>")
_TYPE = re.compile(r"<(?:\w+:)?Override\s[^>]*?/>")
_LOCAL = re.compile(r'localSheetId="(\d+)"')
_COPIED = 4  # times the largest file: what all sheets share, unpacked, once for each of them
_WORKSHEET = calamine.SheetTypeEnum.WorkSheet
_EPOCH = (1980, 1, 1, 0, 0, 0)


def sheets(data: bytes) -> Iterator[list[str]]:
    """The first lines of each sheet, in the order of the workbook, cells apart by tabs; none of an only sheet.

    For a workbook that its front has let pass, which has opened every sheet. Raises Refused('broken_file').
    """
    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            places = [n for n, about in enumerate(book.sheets_metadata) if about.typ is _WORKSHEET]
            for place in places if len(places) > 1 else places[:0]:
                rows = book.get_sheet_by_index(place).to_python(skip_empty_area=True, nrows=4 * FRONT_ROWS)
                filled = [row for row in ([text_of(value) for value in row] for row in rows) if any(row)]
                yield ["\t".join(filter(None, row)) for row in filled[:FRONT_ROWS]]
    except Exception as error:  # a parser of hostile files may raise anything: it becomes one sentence
        raise broken(error) from error


def cut(data: bytes, ranges: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """Each run of sheets as an XLSX package. Raises Refused: broken_file, too_large."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
    try:
        book = Book(content)
        if len(book.worksheets) != ranges[-1][1]:
            raise ValueError(f"{len(book.worksheets)} of {ranges[-1][1]} sheets")
    except (KeyError, ValueError) as error:
        raise broken(error) from error
    shared = sum(len(part) for name, part in content.items() if name not in book.files)
    if shared * len(ranges) > _COPIED * limits().bytes:
        actual, limit = f"{len(ranges)} × {megabytes(shared)}", megabytes(_COPIED * limits().bytes)
        raise Refused("too_large", actual=actual, limit=limit)
    # Charts have sheets of their own: each stays with the sheet that it follows.
    starts = [0, *(book.worksheets[first - 1] for first, _ in ranges[1:]), len(book.entries)]
    for start, end in pairwise(starts):
        yield _packed(book.without(range(start, end)))


class Book:
    """The parts of a package, and which of them is which sheet. Raises KeyError, ValueError for one unlike others."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content = content
        self.entries = [found[0] for found in _SHEET.finditer(content[_BOOK].decode("utf-8"))]
        relations = {_said(r, "Id"): r for r in _RELATION.findall(content[_RELATIONS].decode("utf-8"))}
        self.ids = [_said(entry, r"\w+:id") for entry in self.entries]
        targets = [_said(relations[i], "Target") for i in self.ids]
        self.files = [posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") for target in targets]
        kinds = [_said(relations[i], "Type").rpartition("/")[2] for i in self.ids]
        self.worksheets = [n for n, kind in enumerate(kinds) if kind == "worksheet"]

    def without(self, kept: range) -> dict[str, bytes]:
        """The parts of a workbook of these sheets alone (0-based positions)."""
        gone = [n for n in range(len(self.entries)) if n not in kept]
        dropped = {self.files[n] for n in gone} | {"xl/calcChain.xml"}  # the chain names cells of every sheet
        dropped |= {posixpath.join(posixpath.dirname(f), "_rels", posixpath.basename(f) + ".rels") for f in dropped}
        ids = {self.ids[n] for n in gone}
        book = self.content[_BOOK].decode("utf-8")
        for n in gone:
            book = book.replace(self.entries[n], "", 1)
        if all(_HIDDEN.search(self.entries[n]) for n in kept):  # a workbook shows one sheet at least
            book = _HIDDEN.sub("", book)
        relations = _RELATION.sub(
            lambda r: "" if _said(r[0], "Id") in ids or _said(r[0], "Type").endswith("/calcChain") else r[0],
            self.content[_RELATIONS].decode("utf-8"),
        )
        types = _TYPE.sub(
            lambda t: "" if _said(t[0], "PartName").lstrip("/") in dropped else t[0],
            self.content[_TYPES].decode("utf-8"),
        )
        strangers = tuple(f"{_said(self.entries[n], 'name')}{mark}" for n in gone for mark in ("!", "'!"))
        changed = {_BOOK: _NAME.sub(lambda n: _renumbered(n, kept, strangers), _VIEW.sub("", book))}
        changed |= {_RELATIONS: relations, _TYPES: types}
        content = {name: part for name, part in self.content.items() if name not in dropped}
        return content | {name: text.encode() for name, text in changed.items()}


def _renumbered(name: re.Match[str], kept: range, strangers: Sequence[str]) -> str:
    """A defined name with its sheet's new position; none where it belongs to, or speaks of, a sheet that is gone."""
    local = _LOCAL.search(name[2])
    if (local and int(local[1]) not in kept) or any(stranger in name[0] for stranger in strangers):
        return ""
    return name[0].replace(local[0], f'localSheetId="{int(local[1]) - kept.start}"', 1) if local else name[0]


def _said(element: str, attribute: str) -> str:
    """An attribute of an element. Raises ValueError where it has none."""
    found = re.search(rf"""\s{attribute}\s*=\s*(["'])(.*?)\1""", element)
    if found is None:
        raise ValueError(f"{element[:40]} has no {attribute}")
    return found[2]


def _packed(content: dict[str, bytes]) -> bytes:
    """The same parts always give the same bytes. Packed quickly: what the sheets share is packed for each of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in content.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED, compresslevel=1)
    return out.getvalue()
