"""ODS: sheets with their merged cells, formulas and what is hidden, from content.xml in one pass.

The reader of values used for the other kinds of book tells no merged cells here, so the markup is read as it stands:
OpenDocument 1.3, part 3. Changes that were tracked, notes, and texts in drawings are no cells.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from rangkiang.books import package
from rangkiang.books.errors import broken
from rangkiang.books.notes import Formula, Notes, check_extent
from rangkiang.books.odf_cells import OFFICE, TABLE, formula_of, value_of
from rangkiang.books.places import MAX_COLUMNS, Place
from rangkiang.books.values import Value

CONTENT = "content.xml"

_MAX_SPACES = 1000  # written as one element

_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "

_APART = {
    f"{OFFICE}annotation",
    f"{OFFICE}forms",
    *(f"{TABLE}{n}" for n in ("dde-links", "shapes", "tracked-changes")),
}
_REPEATED = {"rows": f"{TABLE}number-rows-repeated", "columns": f"{TABLE}number-columns-repeated"}
_SPANNED = (f"{TABLE}number-rows-spanned", f"{TABLE}number-columns-spanned")
_VISIBILITY = f"{TABLE}visibility"
_HIDDEN = ("collapse", "filter")


@dataclass(slots=True)
class SheetContent:
    """One sheet. Rows that repeat are one object at several places."""

    name: str
    hidden: bool = False
    rows: list[list[Value]] = field(default_factory=list)
    spans: dict[Place, Place] = field(default_factory=dict)  # of merged cells: rows and columns
    texts: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, Formula] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)  # of those that hold something
    hidden_columns: set[int] = field(default_factory=set)
    linked: bool = False  # takes values from another document

    @property
    def notes(self) -> Notes:
        return Notes(self.texts, self.formulas, frozenset(self.hidden_rows), frozenset(self.hidden_columns))


def sheets(parts: zipfile.ZipFile) -> list[SheetContent]:
    """Raises Unusable: broken_file, too_large."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        for piece in package.pieces(parts, CONTENT):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, KeyError, IndexError) as error:
        raise broken(f"{CONTENT}: {error}") from error
    return reader.sheets


class _Reader:
    """Takes the elements of content.xml one by one."""

    def __init__(self) -> None:
        self.sheets: list[SheetContent] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._apart = 0  # depth inside something that is no content of cells
        self._tables = 0  # depth of tables: one inside a cell is no sheet
        self._row: list[Value] = []
        self._texts: dict[int, str] = {}  # of the row, by column
        self._formulas: dict[int, Formula] = {}
        self._spot = self._line = 0  # column and row of the next cell
        self._columns = 0  # columns declared so far
        self._repeated_row = 1
        self._row_hidden = False
        self._cell: dict[str, str] | None = None
        self._covered = False
        self._paragraphs: list[str] = []
        self._in_text = 0
        self._width = 0  # of the widest row
        self._begins: dict[str, Callable[[dict[str, str]], None]] = {
            f"{TABLE}table-cell": self._begin_cell,
            f"{TABLE}covered-table-cell": self._begin_covered,
            f"{_TEXT}p": self._begin_paragraph,
            f"{_TEXT}h": self._begin_paragraph,
            f"{_TEXT}s": self._spaces,
            f"{_TEXT}tab": lambda _: self.characters("\t"),
            f"{_TEXT}line-break": lambda _: self.characters("\n"),
            f"{TABLE}table-row": self._begin_row,
            f"{TABLE}table-column": self._declare,
            f"{TABLE}table": self._begin_table,
            f"{TABLE}table-source": self._link,
            f"{_STYLE}style": self._begin_style,
            f"{_STYLE}table-properties": self._show,
        }
        self._ends: dict[str, Callable[[], None]] = {
            f"{TABLE}table-cell": self._end_cell,
            f"{TABLE}covered-table-cell": self._end_cell,
            f"{_TEXT}p": self._end_paragraph,
            f"{_TEXT}h": self._end_paragraph,
            f"{TABLE}table-row": self._end_row,
            f"{TABLE}table": self._end_table,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._apart:
            self._apart += 1
        elif begin := self._begins.get(name):
            begin(attributes)
        elif name in _APART or name.startswith(_DRAW):
            self._apart = 1

    def end(self, name: str) -> None:
        if self._apart:
            self._apart -= 1
        elif finish := self._ends.get(name):
            finish()

    def characters(self, text: str) -> None:
        if self._in_text and not self._apart:
            self._paragraphs[-1] += text

    def _begin_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get(f"{_STYLE}name", "")

    def _show(self, attributes: dict[str, str]) -> None:
        if attributes.get(f"{TABLE}display") == "false":
            self._hidden_styles.add(self._style)

    def _link(self, _: dict[str, str]) -> None:
        if self._tables:
            self.sheets[-1].linked = True

    def _begin_table(self, attributes: dict[str, str]) -> None:
        self._tables += 1
        if self._tables > 1:
            return
        name, style = attributes.get(f"{TABLE}name", ""), attributes.get(f"{TABLE}style-name", "")
        self.sheets.append(SheetContent(name, style in self._hidden_styles))
        self._line = self._columns = self._width = 0

    def _end_table(self) -> None:
        self._tables -= 1

    def _declare(self, attributes: dict[str, str]) -> None:
        count = _repeated(attributes, "columns")
        if self._tables == 1:
            if attributes.get(_VISIBILITY) in _HIDDEN:
                self.sheets[-1].hidden_columns.update(range(self._columns, self._columns + min(count, MAX_COLUMNS)))
            self._columns += count

    def _begin_row(self, attributes: dict[str, str]) -> None:
        if self._tables == 1:
            self._row, self._spot, self._texts, self._formulas = [], 0, {}, {}
            self._repeated_row = _repeated(attributes, "rows")
            self._row_hidden = attributes.get(_VISIBILITY) in _HIDDEN

    def _end_row(self) -> None:
        if self._tables > 1:
            return
        sheet, below = self.sheets[-1], self._line + self._repeated_row
        if self._row or self._formulas:
            # Blank rows cost nothing, however many, until something stands below them.
            self._width = max(self._width, len(self._row), *(column + 1 for column in self._formulas))
            check_extent(below, self._width)
            sheet.rows += [[]] * (self._line - len(sheet.rows))
            sheet.rows += [self._row] * self._repeated_row
            sheet.hidden_rows.update(range(self._line, below) if self._row_hidden else ())
            for row in range(self._line, below):
                sheet.texts.update({(row, column): text for column, text in self._texts.items()})
                sheet.formulas.update({(row, column): formula for column, formula in self._formulas.items()})
        self._line = below

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self._tables == 1:
            self._cell, self._covered, self._paragraphs, self._in_text = attributes, False, [], 0

    def _begin_covered(self, attributes: dict[str, str]) -> None:
        self._begin_cell(attributes)
        self._covered = self._covered or self._tables == 1

    def _begin_paragraph(self, _: dict[str, str]) -> None:
        if self._cell is not None and self._tables == 1:
            self._in_text += 1
            self._paragraphs.append("")

    def _end_paragraph(self) -> None:
        self._in_text -= self._in_text > 0

    def _spaces(self, attributes: dict[str, str]) -> None:
        self.characters(" " * min(int(attributes.get(f"{_TEXT}c", "1")), _MAX_SPACES))

    def _end_cell(self) -> None:
        cell = self._cell
        if cell is None or self._tables > 1:
            return
        self._cell = None
        count = _repeated(cell, "columns")
        if not self._covered:
            value, told = value_of(cell, "\n".join(self._paragraphs))
            formula = formula_of(cell)
            if value != "" or formula:
                self._keep(cell, count, value, told, formula)
        self._spot += count

    def _keep(self, cell: dict[str, str], count: int, value: Value, told: str, formula: Formula | None) -> None:
        sheet, end = self.sheets[-1], self._spot + count
        check_extent(self._line + self._repeated_row, end)
        if value != "":
            if len(self._row) < self._spot:
                self._row += [""] * (self._spot - len(self._row))
            self._row += [value] * count
        if told:
            self._texts.update(dict.fromkeys(range(self._spot, end), told))
        if formula:
            self._formulas.update(dict.fromkeys(range(self._spot, end), formula))
            sheet.linked = sheet.linked or "'file:" in formula.text
        if _SPANNED[0] in cell or _SPANNED[1] in cell:
            tall, wide = (int(cell.get(name, "1")) for name in _SPANNED)
            if tall > 1 or wide > 1:
                sheet.spans[self._line, self._spot] = tall, wide


def _repeated(attributes: dict[str, str], what: str) -> int:
    told = attributes.get(_REPEATED[what])
    if told is None:
        return 1
    if int(told) < 1:
        raise broken(f"number-{what}-repeated={told}")
    return int(told)
