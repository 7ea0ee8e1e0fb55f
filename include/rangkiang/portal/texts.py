"""How the site writes numbers, sizes, links and the names of things, in Indonesian where no language is named."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote

from rangkiang import catalogue
from rangkiang.model import Level
from rangkiang.portal.words import named

DASH = "\N{EN DASH}"

_BYTES = {"id": "bita", "en": "bytes"}


def number(value: object, lang: str = "id") -> str:
    """1.234.567, or a dash where there is no number."""
    return catalogue.number(value, lang) if isinstance(value, int) else DASH


def percent(value: float | None, lang: str = "id") -> str:
    """86,18 %, or a dash."""
    return DASH if value is None else _decimal(f"{value:.2f} %", lang)


def decimal(value: float, places: int, lang: str = "id") -> str:
    """A number with so many digits behind its comma."""
    return _decimal(f"{value:.{places}f}", lang)


def size(count: int, lang: str = "id") -> str:
    """Bytes in the unit a reader would choose: 512 bita, 12,3 kB, 4,0 MB."""
    if count < 1000:
        return f"{count} {_BYTES[lang]}"
    unit, name = (1000, "kB") if count < 1_000_000 else (1_000_000, "MB")
    return _decimal(f"{count / unit:.1f} {name}", lang)


def _decimal(text: str, lang: str) -> str:
    return text.replace(".", ",") if lang == "id" else text


def href(path: str) -> str:
    """A path as a relative link: spaces, unicode, '#', '?' and '%' escaped."""
    return quote(path)


def kind(media_type: str, path: str) -> str:
    """What sort of file it is, in a word."""
    bare = media_type.partition(";")[0].strip()
    return named("kinds").get(bare) or path.rpartition(".")[2].upper()[:8]


def column_type(name: str, lang: str = "id") -> str:
    """The type of a column."""
    return named("types", lang).get(name.lower(), name)


def word(text: str, lang: str = "id") -> str:
    """The text of a table's cell; a code that is no text for people as a reader says it."""
    return _words(lang).get(text, text)


def unit_kerja(office: str) -> str:
    """The office's name; its code for one that the catalogue does not have."""
    return next((o.unit_kerja for o in catalogue.offices() if o.code == office), office)


def stage_name(code: str, lang: str = "id") -> str:
    """The kode tahapan's name; '' for one that is not on the list."""
    found = catalogue.stage(code)
    return found.name.get(lang) if found else ""


@cache
def _words(lang: str) -> dict[str, str]:
    found = {str(level): catalogue.level_name(level, lang) for level in Level}
    for group in ("statuses", "severities", "agreements", "changes"):
        found |= named(group, lang)
    return found
