"""Offices, districts and the tree of areas, by Kemendagri code. BPS and KPU ids are carried along, never mixed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rangkiang.catalogue.places import village, villages
from rangkiang.catalogue.source import Row, by_code, rows
from rangkiang.model import Level

_VILLAGE = 3  # dots in the code of a village
_TPS = re.compile(r"(?!000)[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Area:
    """An area of any level."""

    code: str  # Kemendagri, e.g. 13, 13.05, 13.05.01, 13.05.01.2001; a TPS adds its number: 13.05.01.2001.003
    level: Level
    name: str  # KPU spelling, upper case; a kota begins with KOTA, a TPS is 'TPS 003 <village>'


@dataclass(frozen=True, slots=True)
class Office:
    """An office of KPU and the area it works for: the province, a kabupaten or a kota."""

    code: str  # Kemendagri, e.g. 13.05
    level: Level
    name: str  # KPU spelling: PADANG PARIAMAN, KOTA PADANG
    short_name: str  # as a sentence says it: Padang Pariaman, Kota Padang
    slug: str  # name of its inbox and its DAG: 13.05_padang_pariaman
    unit_kerja: str  # KPU Kabupaten Padang Pariaman
    bps: str  # BPS code; differs from the Kemendagri code for most kabupaten
    kpu_id: str  # id in KPU's Situng
    dapil_dpr: str  # number of the DPR constituency in the province; '' for the province
    dapil_dprd: str  # number of the DPRD Provinsi constituency; '' for the province

    @property
    def dag_id(self) -> str:
        """The DAG that works on its files: regency__13.05_padang_pariaman."""
        return f"{'regency' if self.level is Level.KABKOTA else 'province'}__{self.slug}"


@dataclass(frozen=True, slots=True)
class District:
    """A kecamatan of 2019 and how three authorities spell it."""

    code: str  # Kemendagri, e.g. 13.05.01
    office: str  # code of its kabupaten or kota
    kpu_id: str
    bps: str
    name: str  # KPU spelling, as on the forms of 2019
    name_kemendagri: str
    name_bps: str


def offices() -> tuple[Office, ...]:
    """The province first, then the kabupaten and kota by code."""
    return tuple(_offices().values())


def office(code: str) -> Office:
    """The office with that Kemendagri code. Raises KeyError."""
    return _offices()[code]


def office_of_slug(slug: str) -> Office | None:
    """The office whose inbox has that name, or None."""
    return next((o for o in offices() if o.slug == slug), None)


def districts(office_code: str | None = None) -> tuple[District, ...]:
    """Kecamatan by code: all of them, or those of one office (all of the province for the province's)."""
    found = tuple(_districts().values())
    return found if office_code is None else tuple(d for d in found if d.code.startswith(f"{office_code}."))


def district(code: str) -> District:
    """The kecamatan with that Kemendagri code. Raises KeyError."""
    return _districts()[code]


def area(code: str) -> Area:
    """The area with that code, down to the polling place. Raises KeyError.

    Whether a village really had a polling place of that number is not known here: every number from 001 is one.
    """
    depth = code.count(".")
    if depth < _VILLAGE:
        return areas()[code]
    if depth == _VILLAGE:
        return Area(code, Level.KELURAHAN, village(code).name)
    return _polling_place(code)


def bps_code(code: str) -> str:
    """BPS's code of the area with that code of Kemendagri; '' where BPS is not known to have the area, for polling
    places, which only KPU numbers, and for ''. Raises KeyError."""
    match code.count("."):
        case 0 | 1:
            return office(code).bps if code else ""
        case 2:
            return district(code).bps
        case 3:
            return village(code).bps
    return ""


def children(area_code: str) -> tuple[Area, ...]:
    """Areas right below: kabupaten and kota of the province, their kecamatan, the villages of a kecamatan.

    Empty for a village: how many polling places it had is not part of the catalogue. Raises KeyError.
    """
    if area(area_code).level is Level.KECAMATAN:
        return tuple(Area(v.code, Level.KELURAHAN, v.name) for v in villages(area_code))
    return tuple(a for a in areas().values() if a.code.rpartition(".")[0] == area_code)


def _polling_place(code: str) -> Area:
    """A TPS: the code of its village and three digits."""
    where, _, number = code.rpartition(".")
    if not _TPS.fullmatch(number):
        raise KeyError(code)
    return Area(code, Level.TPS, f"TPS {number} {village(where).name}")


@cache
def areas() -> dict[str, Area]:
    """Offices, then districts, by code: what the night goes over. Villages are looked up one by one."""
    found = [Area(o.code, o.level, o.name) for o in offices()]
    return by_code([*found, *(Area(d.code, Level.KECAMATAN, d.name) for d in districts())])


@cache
def _offices() -> dict[str, Office]:
    return by_code(sorted((_office(row) for row in rows("offices")), key=lambda o: o.code))


@cache
def _districts() -> dict[str, District]:
    return by_code(sorted((_district(row) for row in rows("districts")), key=lambda d: d.code))


def _office(row: Row) -> Office:
    slug = f"{row['code']}_{row['short_name'].lower().replace(' ', '_')}"
    return Office(**{**row, "level": Level(row["level"]), "slug": slug})


def _district(row: Row) -> District:
    return District(**{**row, "office": row["code"].rpartition(".")[0]})
