"""Text from files that no spreadsheet takes for a formula, and that can be turned back: every CSV goes through here.

A text that a spreadsheet might calculate (it begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break) gets an
apostrophe before it; so does a text that begins with an apostrophe. The same is done behind every ``;``, tab and line
break inside a text: a spreadsheet set to Indonesian takes those for the ends of cells. Taking away one apostrophe at
the beginning and behind each of them therefore gives the original back, always.

Numbers and dashes calculate nothing and stay as they are: ``-5``, ``1.234``, and the ``-`` that sheets print for zero.

In a workbook text is written as text (``TEXT_ONLY``), which says it without an apostrophe. In Markdown it goes through
``markdown``.
See OWASP, CSV Injection.
"""

from __future__ import annotations

import csv
import re
from typing import Any, Literal

import pandas as pd

TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Options of an XlsxWriter workbook in which text stays text."""

_ENDS = r"[;\t\r\n]"  # where a cell may end that was not meant to
_PLAIN = r"(?:[+-]?\d[\d.,]*|-+)[ ]*\Z"  # a dash with more behind it, in whatever line, is no dash
# The full-width signs are those that spreadsheets fold to their plain ones.
_RISKY = rf"(?:'|(?!{_PLAIN})\s*[=+@\uff1d\uff0b\uff0d\uff20]|(?!{_PLAIN})\s*-|[\t\r\n])"
_AT = re.compile(rf"(?:\A|(?<={_ENDS}))(?={_RISKY})")
_BACK = re.compile(rf"(?:\A|(?<={_ENDS}))'")
_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")


def escape(text: str) -> str:
    """The text as a CSV cell may hold it."""
    return _AT.sub("'", text)


def unescape(text: str) -> str:
    """The text that was escaped."""
    return _BACK.sub("", text)


def markdown(text: object) -> str:
    """Text from a file as Markdown that says just that: no markup, one line."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def to_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 without a mark, comma, LF, empty for null; texts and column names escaped, numbers plain.

    What cannot be written in UTF-8 (half a character, as file names may hold) becomes a question mark.
    """
    safe = table.copy()
    quoting: Literal[0, 2] = csv.QUOTE_MINIMAL
    for at, name in enumerate(table.columns):
        column = table.iloc[:, at]
        if pd.api.types.is_string_dtype(column.dtype) or column.dtype == object:
            cells = {value: _cell(value) for value in column.dropna().unique()}
            if any(value != cell for value, cell in cells.items()):
                safe.isetitem(at, column.map(cells).array)
            # Python writes a lone carriage return without quotes, and reads it as the end of a line.
            if any("\r" in str(text) for text in (name, *cells)):
                quoting = csv.QUOTE_NONNUMERIC
    safe.columns = pd.Index([_cell(name) for name in table.columns])
    text: str = safe.to_csv(index=False, lineterminator="\n", quoting=quoting)
    return text.encode("utf-8", errors="replace")


def _cell(value: Any) -> Any:
    return escape(value) if isinstance(value, str) else value
