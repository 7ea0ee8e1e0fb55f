"""From the text of a cell to a count."""

from __future__ import annotations

import re

from rangkiang.model import Status

_PLAIN = re.compile(r"[0-9]{1,12}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3}){0,3}")  # 1.234.567 or 1 234 567
_WHOLE = re.compile(r"([0-9]{1,12})[.,]0{1,2}")  # a spreadsheet's 12.0: too few digits for a group of thousands
_DASHES = re.compile(r"[-\u2010-\u2015\u2212]+")
_SPACES = re.compile(r"\s+")


def parse(raw: str) -> tuple[int | None, Status]:
    """The count that a cell's text says.

    A dash and X's are zero; leading X's fill unused boxes. An empty cell has no value and is BLANK, anything that is
    not a whole number has no value and is FLAGGED.
    """
    text = _SPACES.sub(" ", raw).strip()
    if not text:
        return None, Status.BLANK
    filled = text.lstrip("Xx")
    if not filled or _DASHES.fullmatch(filled):
        return 0, Status.READ
    if _PLAIN.fullmatch(filled):
        return int(filled), Status.READ
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"[^0-9]", "", text)), Status.READ
    whole = _WHOLE.fullmatch(text)
    return (int(whole[1]), Status.READ) if whole else (None, Status.FLAGGED)
