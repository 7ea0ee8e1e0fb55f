"""Names of areas as people write them: folding, and looking up an area by any of its known spellings.

There is no guessing by likeness. A wrong district is worse than an unknown one: IV KOTO, V KOTO and VII KOTO are
three places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from rangkiang.catalogue.areas import Area, area, districts, offices
from rangkiang.catalogue.places import all_villages
from rangkiang.model import Level

# What forms print before a name and what says nothing about it: 'KABUPATEN/KOTA *) : SOLOK'. The stroke is needed:
# without it KABUPATEN KOTA SOLOK would pass for either.
_VILLAGE = "(?:DESA|KELURAHAN|NAGARI)"
_LABEL = re.compile(
    rf"^\W*(KAB(UPATEN|\.)?\s*/\s*KOTA|KEC(AMATAN|\.)?\s*/\s*DISTRIK|{_VILLAGE}(\s*/\s*{_VILLAGE})+)\b\W*",
    re.IGNORECASE,
)
_KIND = re.compile(r"^(?:DESA|KELURAHAN|KEL|NAGARI|NAG)(?=.)")  # before the folded name of a village
_TPS = re.compile(r"\W*(?:NO(?:MOR|\.)?\s*)?(?:TPS)?\W*0*([1-9][0-9]{0,2})(?:\.0+)?\W*", re.IGNORECASE)


def fold(name: str) -> str:
    """Upper case, letters and digits only: '2 x 11 Anam-Lingkuang' becomes '2X11ANAMLINGKUANG'.

    Spacing, punctuation, accents and the Unicode signs for roman numerals and for 'times' make no difference.
    Roman and arabic numerals stay what they are.
    """
    plain = unicodedata.normalize("NFKD", name.replace("\N{MULTIPLICATION SIGN}", "x"))
    return "".join(c for c in plain.upper() if c.isalnum())


def find_area(level: Level, name: str, within: str = "") -> Area | None:
    """The area of that level with that name, or None where the name is unknown or fits several areas.

    Knows the spellings of KPU, Kemendagri and BPS, bare or after PROVINSI, KABUPATEN, KAB., KOTA, KECAMATAN, KEC.,
    DESA, KELURAHAN, KEL., NAGARI. A bare name is the kabupaten where there is one, as on KPU's forms: SOLOK is 13.02,
    KOTA SOLOK is 13.72, and PADANG, of which there is no kabupaten, is 13.71. ``within`` keeps to one area and what
    lies in it: names of villages repeat from kecamatan to kecamatan, and a TPS is known within its village only.
    """
    if level is Level.TPS:
        return _polling_place(name, within)
    folded = fold(_LABEL.sub("", name))
    codes = _villages_named(folded) if level is Level.KELURAHAN else _index().get((level, folded), frozenset())
    found = [c for c in codes if not within or f"{c}.".startswith(f"{within}.")]
    return area(found[0]) if len(found) == 1 else None


@cache
def spellings(level: Level) -> tuple[str, ...]:
    """Every way in which an area of that level is written, upper case; none for polling places, which are numbered."""
    return tuple(dict.fromkeys(name.upper() for name in _spellings(level) if name))


def _spellings(level: Level) -> Iterable[str]:
    if level in (Level.PROVINSI, Level.KABKOTA):
        yield from (office.name for office in offices() if office.level is level)
    elif level is Level.KECAMATAN:
        for one in districts():
            yield from (one.name, one.name_kemendagri, one.name_bps)
    elif level is Level.KELURAHAN:
        for village in all_villages().values():
            yield from (village.name, village.name_kemendagri, village.name_bps)


def _polling_place(name: str, within: str) -> Area | None:
    """TPS 3, TPS 003, NO. TPS : 3, 3 or a workbook's 3.0, in the village ``within``."""
    number = _TPS.fullmatch(name)
    return area(f"{within}.{int(number[1]):03}") if number and within in all_villages() else None


def _villages_named(folded: str) -> frozenset[str]:
    """Villages with that name in full, else with what stands behind KELURAHAN: some names begin with such a word."""
    return _villages().get(folded) or _villages().get(_KIND.sub("", folded), frozenset())


@cache
def _villages() -> dict[str, frozenset[str]]:
    """Codes by folded spelling. What one of a kecamatan's villages is called by KPU is no other's name."""
    own = {(v.district, fold(v.name)) for v in all_villages().values()}
    found: dict[str, frozenset[str]] = {}
    for entry in all_villages().values():
        name, *others = (fold(n) for n in (entry.name, entry.name_kemendagri, entry.name_bps))
        for spelling in {name, *(o for o in others if (entry.district, o) not in own)} - {""}:
            found[spelling] = found.get(spelling, frozenset()) | {entry.code}
    return found


@cache
def _index() -> dict[tuple[Level, str], frozenset[str]]:
    """Codes by level and folded spelling."""
    found: dict[tuple[Level, str], frozenset[str]] = {}
    for level, code, spellings in _full_names():
        for spelling in spellings:
            found[level, spelling] = found.get((level, spelling), frozenset()) | {code}
    for office in offices():
        if _is_city(office.name):
            found.setdefault((Level.KABKOTA, _stem(office.name)), frozenset({office.code}))
    return found


def _full_names() -> Iterable[tuple[Level, str, set[str]]]:
    """Level, code and every folded spelling that names the area in full."""
    for office in offices():
        stem = _stem(office.name)
        if office.level is Level.PROVINSI:
            yield office.level, office.code, {stem, f"PROVINSI{stem}", f"PROV{stem}"}
        elif _is_city(office.name):
            yield office.level, office.code, {f"KOTA{stem}"}
        else:
            yield office.level, office.code, {stem, f"KABUPATEN{stem}", f"KAB{stem}"}
    for entry in districts():
        stems = {fold(n) for n in (entry.name, entry.name_kemendagri, entry.name_bps)}
        prefixes = ("", "KECAMATAN", "KEC", "DISTRIK")
        yield Level.KECAMATAN, entry.code, {f"{prefix}{stem}" for prefix in prefixes for stem in stems}


def _is_city(name: str) -> bool:
    return name.startswith("KOTA ")


def _stem(name: str) -> str:
    return fold(name.removeprefix("KOTA "))
