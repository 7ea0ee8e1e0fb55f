"""The villages of 2019 (desa, kelurahan, nagari): read on first use, since most of what runs at night never asks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from rangkiang.catalogue.source import by_code, rows


@dataclass(frozen=True, slots=True)
class Village:
    """A desa, kelurahan or nagari as KPU had it in 2019, and how three authorities spell it."""

    code: str  # Kemendagri, e.g. 13.05.01.2001; '<kecamatan>.K<KPU id>' where Kemendagri is not known to have it
    kpu_id: str
    bps: str  # '' where BPS is not known to have it
    name: str  # KPU spelling, as on the forms of 2019
    name_kemendagri: str  # '' without a code of Kemendagri
    name_bps: str

    @property
    def district(self) -> str:
        """Code of its kecamatan."""
        return self.code.rpartition(".")[0]


def villages(district_code: str) -> tuple[Village, ...]:
    """Villages of one kecamatan by code; none where the catalogue does not know the kecamatan."""
    return _by_district().get(district_code, ())


def village(code: str) -> Village:
    """The village with that code. Raises KeyError."""
    return all_villages()[code]


@cache
def all_villages() -> dict[str, Village]:
    """Every village by code."""
    return by_code(sorted((Village(**row) for row in rows("villages")), key=lambda v: v.code))


@cache
def _by_district() -> dict[str, tuple[Village, ...]]:
    found: dict[str, list[Village]] = defaultdict(list)
    for entry in all_villages().values():
        found[entry.district].append(entry)
    return {code: tuple(entries) for code, entries in found.items()}
