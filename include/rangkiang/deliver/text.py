"""Tables as CSV that no spreadsheet takes for formulas, and that can be turned back.

A text that a spreadsheet might calculate (it begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break) gets an
apostrophe before it; so does a text that begins with an apostrophe. Taking one leading apostrophe off any text that has
one therefore gives the original back, always. A lone ``-`` is how sheets print zero, and calculates nothing: it stays.
"""

from __future__ import annotations

import re

import pandas as pd

_RISKY = re.compile(r"'|\s*[=+@\uff1d\uff0b\uff0d\uff20]|\s*-.|[\t\r\n]", re.DOTALL)


def escape(text: str) -> str:
    """The text as a CSV cell may hold it."""
    return f"'{text}" if _RISKY.match(text) else text


def unescape(text: str) -> str:
    """The text that was escaped."""
    return text.removeprefix("'")


def to_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 without a mark, comma, LF, empty for null; texts escaped, numbers plain."""
    safe = table.copy()
    for name in table.columns:
        if table[name].dtype == "string":
            distinct = {text: escape(text) for text in table[name].dropna().unique()}
            if any(text != escaped for text, escaped in distinct.items()):
                safe[name] = table[name].map(distinct)
    return bytes(safe.to_csv(index=False, lineterminator="\n").encode("utf-8"))
