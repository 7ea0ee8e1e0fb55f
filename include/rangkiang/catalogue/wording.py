"""The closed list of reasons, and the sentences people read: what is the matter, and what they can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal

from rangkiang.catalogue.codes import level_name
from rangkiang.catalogue.source import Row, Texts, by_code, rows, texts
from rangkiang.model import Reason, Severity, shown

_BLANK = Texts("kosong", "blank")
_SIDES = {
    "left": Texts("kiri", "left"),
    "right": Texts("kanan", "right"),
    "top": Texts("atas", "top"),
    "bottom": Texts("bawah", "bottom"),
}
"""Of a page."""
_VERDICTS = {
    "accept": Texts("diterima seperti tercetak", "accepted as printed"),
    "correct": Texts("bacaan dibetulkan", "reading corrected"),
    "rescan": Texts("pemindaian ulang diminta", "new scan asked for"),
    "defer": Texts("ditunda", "deferred"),
}
_LAPSES = {
    "replaced": Texts("berkasnya telah diganti dengan berkas lain", "its file has been replaced by another"),
    "gone": Texts("temuan itu tidak ada lagi", "that finding is no longer there"),
    "reads": Texts("angka yang terbaca sekarang lain", "the figures are read otherwise now"),
}
"""Why a decision no longer applies."""
_CLOSED = {"side": _SIDES, "verdict": _VERDICTS, "lapse": _LAPSES}
"""Values that are words of a list, by the placeholder they stand for."""


@dataclass(frozen=True, slots=True)
class ReasonText:
    """One entry of the list: a sentence with placeholders in braces, and the advice that goes with it."""

    code: str
    kind: Literal["quarantine", "finding"]
    severity: Severity | None  # of a finding; None for the others
    text: Texts
    do: Texts

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the values the sentence needs."""
        return placeholders(self.text.id)


def reasons() -> Mapping[str, ReasonText]:
    """All reasons by code, in the order of the list."""
    return MappingProxyType(_reasons())


def explain(reason: Reason, lang: str = "id") -> str:
    """What is the matter, as a sentence in 'id' or 'en', with numbers written as that language writes them.

    Raises KeyError for a reason that is not on the list, ValueError where a value the sentence needs is not given.
    """
    return _fill(reason, reasons()[reason.code].text.get(lang), lang)


def advise(reason: Reason, lang: str = "id") -> str:
    """What the reader can do about it, in 'id' or 'en'. Raises as :func:`explain` does."""
    return _fill(reason, reasons()[reason.code].do.get(lang), lang)


def told(reason: Reason, lang: str = "id") -> tuple[str, str]:
    """Both of these; the bare code and '' where an older version wrote what this one cannot put into words."""
    try:
        return explain(reason, lang), advise(reason, lang)
    except (KeyError, ValueError):
        return reason.code, ""


def number(value: int | float, lang: str = "id") -> str:
    """A number as the language writes it: 1.234,5 in 'id', 1,234.5 in 'en'."""
    english = f"{value:,}"
    return english if lang == "en" else english.translate(str.maketrans(",.", ".,"))


def placeholders(sentence: str) -> frozenset[str]:
    """Names in braces in a sentence of the list."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


@cache
def _reasons() -> dict[str, ReasonText]:
    return by_code(_reason(row) for row in rows("reasons"))


def _reason(row: Row) -> ReasonText:
    severity = Severity(row["severity"]) if "severity" in row else None
    return ReasonText(row["code"], row["kind"], severity, texts(row), texts(row["do"]))


def _fill(reason: Reason, sentence: str, lang: str) -> str:
    needed = placeholders(sentence)
    missing = needed - reason.params.keys()
    if missing:
        raise ValueError(f"reason {reason.code} needs a value for {', '.join(sorted(missing))}")
    return sentence.format_map({name: _word(name, reason.params[name], lang) for name in needed})


def _word(name: str, value: Any, lang: str) -> str:
    """One value as a sentence says it. Values may have been through JSON: a level is then plain text."""
    if value is None:
        return _BLANK.get(lang)
    if name == "level":
        return level_name(value, lang)
    if name in _CLOSED:
        return _CLOSED[name][value].get(lang)
    if isinstance(value, (list, tuple, set, frozenset)):
        ordered = sorted(value) if isinstance(value, (set, frozenset)) else value
        return ", ".join(_word("", item, lang) for item in ordered)
    return number(value, lang) if isinstance(value, (int, float)) else shown(" ".join(str(value).splitlines()))
