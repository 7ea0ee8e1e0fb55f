"""Formats of the workbook, each made once: XlsxWriter keeps every format it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

FILLS: Mapping[str, str] = {"read": "#FFFBEA", "flagged": "#F8CBAD", "decided": "#BDD7EE", "blank": "#E7E6E6"}
"""Colour by status; a proved figure has none. 'Read' is faint: it is no fault, only less sure."""

NUMBER = "[$-421]#,##0"
"""#.##0 as people see it: the file format writes a comma, and asks for Indonesian's point by the language's number."""

FONT: Mapping[str, Any] = {"font_name": "Calibri", "font_size": 10, "valign": "vcenter"}
BAND = "#D9E1F2"
SECTION = "#EDEDED"

PRESETS: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "text": {"text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "title": {"bold": True, "font_size": 14},
    "subtitle": {"bold": True, "font_size": 11},
    "note_line": {"italic": True, "font_color": "#595959"},
    "cover_title": {"bold": True, "font_size": 16, "text_wrap": True},
    "key": {"bold": True, "valign": "top"},
    "sheet_title": {"bold": True, "font_size": 12, "align": "center", "text_wrap": True},
    "model": {"bold": True, "align": "right"},
    "head": {"bold": True, "align": "center", "text_wrap": True, "border": 1, "bg_color": BAND},
    "numbering": {"italic": True, "align": "center", "border": 1, "font_size": 8, "font_color": "#595959"},
    "section": {"bold": True, "border": 1, "bg_color": SECTION, "indent": 1},
    "section_no": {"bold": True, "border": 1, "bg_color": SECTION, "align": "center"},
    "label": {"border": 1, "text_wrap": True, "align": "left", "indent": 1},
    "no": {"border": 1, "align": "center"},
    "cell": {"border": 1},
    "figure": {"border": 1, "num_format": NUMBER, "align": "right"},
    "sum": {"border": 1, "num_format": NUMBER, "align": "right", "bold": True, "top": 2},
    "total": {"border": 1, "num_format": NUMBER, "align": "right", "bold": True},
    "number": {"num_format": NUMBER, "valign": "top"},
    "count": {"num_format": NUMBER},
    "gap": {"align": "left", "indent": 1},
    "link": {"font_color": "#0563C1", "underline": 1},
}


class Styles:
    """Looks formats up by preset and status."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}

    def __call__(self, preset: str, status: str = "") -> Any:
        """The format of a preset, filled with the colour of the status."""
        key = (preset, status if status in FILLS else "")
        if key not in self._made:
            fill = {"bg_color": FILLS[key[1]]} if key[1] else {}
            self._made[key] = self._book.add_format({**FONT, **PRESETS[preset], **fill})
        return self._made[key]


LINE = 15
"""Height of a line of text in points."""

_NARROW = 0.86
"""Mean width of a letter, in the digits of the default font that columns are measured in."""


def height(*cells: tuple[str, int]) -> float:
    """Points that a row needs so that no text is cut; each cell is its text and its column's width."""
    return LINE * max(1 + int(len(text) * _NARROW) // width for text, width in cells)
