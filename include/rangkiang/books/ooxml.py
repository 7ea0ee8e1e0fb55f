"""XLSX and XLSM: what the reader of values does not tell, straight from the markup. Macros are parts never opened."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from rangkiang.books import package
from rangkiang.books.errors import broken
from rangkiang.books.formulas import moved
from rangkiang.books.notes import ERRORS, MAX_CELLS, Formula, Notes, check_extent, is_percent, percent
from rangkiang.books.places import MAX_COLUMNS, Place, column, place

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"

_YES = ("1", "true")
_OTHER = "…"  # a formula that is not one cell's own

# A sheet whose markup has none of these holds values and nothing else; it is ten times quicker to find that out than to
# look at every element.
_FORMULA = re.compile(rb"<f[\s/>]")
_TELLING = (b't="e"', b"t='e'", b"hidden=", b'ht="0"', b'width="0"')
_UNPLACED = re.compile(rb"<(?:c|row)(?:>|\s(?!r=))")
_PREFIXED = re.compile(rb"<\w+:worksheet\b")
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_BEYOND_Z = re.compile(rb'<c r="([A-Z]{2,3})[0-9]')


@dataclass(frozen=True, slots=True)
class Outline:
    """What the book says about itself: the part of each sheet by the sheet's name."""

    parts: Mapping[str, str]
    recalculated: bool  # whoever opens it computes all formulas first: the values stored may never have been true
    linked: bool  # it holds values of other workbooks


def outline(parts: zipfile.ZipFile) -> Outline:
    """Raises Unusable('broken_file')."""
    targets = {a["Id"]: a.get("Target", "") for _, a in _elements(parts, _RELATIONS) if "Id" in a}
    known = {name.lower(): name for name in parts.namelist()}
    sheets: dict[str, str] = {}
    recalculated = False
    for name, attributes in _elements(parts, _WORKBOOK):
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            target = posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/")
            sheets[attributes.get("name", "")] = known.get(target.lower(), "")
        elif name == "calcPr":
            recalculated = attributes.get("fullCalcOnLoad") in _YES
    linked = any(name.startswith("xl/externallinks/") for name in known)
    return Outline(sheets, recalculated, linked)


def percent_styles(parts: zipfile.ZipFile) -> frozenset[str]:
    """Numbers of the cell styles that show percentages, as cells name them."""
    formats: dict[str, str] = {}
    found: list[str] = []
    count = within = 0
    for name, attributes in _elements(parts, _STYLES):
        if name == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in ("cellStyleXfs", "cellXfs", "cellStyles"):
            within = name == "cellXfs"
        elif name == "xf" and within:
            number = attributes.get("numFmtId", "0")
            if number.isdecimal() and is_percent(int(number), formats.get(number, "")):
                found.append(str(count))
            count += 1
    return frozenset(found)


def notes(parts: zipfile.ZipFile, part: str, percents: frozenset[str], recalculated: bool) -> Notes:
    """Of one sheet. Raises Unusable: broken_file, too_large."""
    if part not in parts.NameToInfo:
        return Notes()
    styled = re.compile(rb's="(?:%s)"' % b"|".join(p.encode() for p in percents)) if percents else None
    rows, beyond = 0, set[bytes]()
    for piece in _whole_elements(parts, part):
        if (
            any(mark in piece for mark in _TELLING)
            or _FORMULA.search(piece)
            or _UNPLACED.search(piece)
            or (not rows and _PREFIXED.search(piece))
            or (styled and styled.search(piece))
        ):
            return _told(parts, part, percents, recalculated)
        rows = max([rows, *map(int, _ROW.findall(piece))])
        beyond.update(_BEYOND_Z.findall(piece))
    width = max((column(name.decode()) + 1 for name in beyond), default=26)
    if rows * width > MAX_CELLS:  # perhaps only by cells that are formatted and hold nothing
        return _told(parts, part, percents, recalculated)
    return Notes()


def _told(parts: zipfile.ZipFile, part: str, percents: frozenset[str], recalculated: bool) -> Notes:
    """What every single element of a sheet's markup says."""
    markup = _Markup(percents, recalculated)
    try:
        for piece in package.pieces(parts, part):
            markup.parser.Parse(piece, False)
        markup.parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, KeyError) as error:
        raise broken(f"{part}: {error}") from error
    check_extent(markup.rows, markup.columns)
    return Notes(markup.texts, markup.formulas, frozenset(markup.hidden_rows), frozenset(markup.hidden_columns))


class _Markup:
    """Takes a sheet's elements one by one and keeps what is worth a note.

    Most cells are values and nothing else: their ends and texts are not even asked for.
    """

    def __init__(self, percents: frozenset[str], recalculated: bool) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._first
        self.texts: dict[Place, str] = {}
        self.formulas: dict[Place, Formula] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.rows = self.columns = 0  # that hold something
        self._percents = percents
        self._recalculated = recalculated
        self._row = self._column = -1
        self._cell: dict[str, str] = {}  # attributes of the cell that is open
        self._formula: dict[str, str] | None = None
        self._said: dict[str, list[str]] = {}  # texts of the elements f and v of the cell that is open
        self._shared: dict[str, tuple[str, Place]] = {}
        self._prefix = ""

    def _first(self, name: str, _: dict[str, str]) -> None:
        self._prefix = name[: name.find(":") + 1]
        self.parser.StartElementHandler = self._start_prefixed if self._prefix else self._start

    def _start_prefixed(self, name: str, attributes: dict[str, str]) -> None:
        self._start(name.removeprefix(self._prefix), attributes)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            at = attributes.get("r")
            self._column = place(at)[1] if at else self._column + 1
            self._cell, self._formula = attributes, None
        elif name in ("v", "f", "is"):
            if self._column >= self.columns:
                self.columns = self._column + 1
            self.rows = self._row + 1 if self._row >= self.rows else self.rows
            if name == "f":
                self._formula = attributes
            if name == "f" or self._formula is not None or self._cell.get("t") == "e" or self._percents:
                self._listen(name)
        elif name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            if attributes.get("hidden") in _YES or _is_nothing(attributes.get("ht")):
                self.hidden_rows.add(self._row)
        elif name == "col" and (attributes.get("hidden") in _YES or _is_nothing(attributes.get("width"))):
            first, last = int(attributes["min"]), min(int(attributes["max"]), MAX_COLUMNS)
            self.hidden_columns.update(range(first - 1, last))
        elif name == "extLst":  # other things' formulas follow
            self.parser.StartElementHandler = None

    def _listen(self, name: str) -> None:
        heard = self._said[name] = []
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = heard.append

    def _end(self, name: str) -> None:
        if name.removeprefix(self._prefix) == "c":
            self._keep(self._cell)
            self._said = {}
            self.parser.EndElementHandler = None
        self.parser.CharacterDataHandler = None

    def _keep(self, cell: dict[str, str]) -> None:
        at = self._row, self._column
        value, kind = "".join(self._said.get("v", [])), cell.get("t", "n")
        if kind == "e":
            self.texts[at] = value or ERRORS[-1]
        elif value and kind == "n" and cell.get("s") in self._percents:
            self.texts[at] = percent(float(value))
        if self._formula is not None:
            never = self._recalculated and kind == "n" and value and not float(value)
            text = self._text(self._formula, at)
            self.formulas[at] = Formula(text, computed=bool(value or kind == "str") and not never)

    def _text(self, formula: dict[str, str], at: Place) -> str:
        text = "".join(self._said["f"]).strip()
        kind, index = formula.get("t", "normal"), formula.get("si", "")
        if kind == "shared" and text:
            self._shared[index] = text, at
        elif kind == "shared" and index in self._shared:
            return moved(*self._shared[index], at)
        several = kind == "array" and ":" in formula.get("ref", "")
        return _OTHER if several or kind == "dataTable" or not text else text


def _whole_elements(parts: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in pieces that do not cut through a tag."""
    rest = b""
    for piece in package.pieces(parts, part):
        whole, mark, rest = (rest + piece).rpartition(b"<")
        yield whole
        rest = mark + rest
    yield rest


def _elements(parts: zipfile.ZipFile, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Local name and attributes of every element of a small part; none where it is absent."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(":")[2], attributes))
    try:
        parser.Parse(package.content(parts, part) or b"<none/>", True)
    except expat.ExpatError as error:
        raise broken(f"{part}: {error}") from error
    yield from found


def _is_nothing(size: str | None) -> bool:
    return size is not None and float(size) == 0
