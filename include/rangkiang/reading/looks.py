"""What a piece of text looks like: a number, or a mark that stands where one is missing."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[-+(<>\u2212\u2013]?\s*(Rp\.?|[$\u20ac\u00a3])?\s*\d[\d.,' \u00a0]*%?\)?[*\u00b9\u00b2\u00b3]*")
_NOTHING = re.compile(r"[-\u2010-\u2015\u2212:.x\u00d7*/]{1,3}|n\.?[ad]\.?", re.IGNORECASE)
_DIGITS = re.compile(r"[^\w\s]*\d[^A-Za-z]*")


def is_number(text: str) -> bool:
    """An amount, with or without a sign, groups, a currency, a percent sign or the mark of a footnote."""
    return _NUMBER.fullmatch(text.strip()) is not None


def is_figure(text: str) -> bool:
    """A number, or one of the marks that stand where a number is missing: ``-``, ``:``, ``n.a.``."""
    return is_number(text) or _NOTHING.fullmatch(text.strip()) is not None


def is_digits(text: str) -> bool:
    """A word of digits and signs, without letters: part of a number, or one."""
    return _DIGITS.fullmatch(text) is not None
