"""The official result of the presidential election of 2019, to hold what is read against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rangkiang.catalogue.source import Row, rows


@dataclass(frozen=True, slots=True)
class OfficialResult:
    """Votes of the official recapitulation and the size of one area. Sources: ``data/README.md``."""

    office: str  # Kemendagri code
    votes: Mapping[str, int]  # by row code: IV.01, IV.02
    dpt_l: int  # men on the permanent list, DPTHP-2
    dpt_p: int  # women
    districts: int  # kecamatan
    villages: int  # desa, kelurahan and nagari
    tps: int  # polling places, as Situng served them

    @property
    def valid(self) -> int:
        """All valid votes."""
        return sum(self.votes.values())


@cache
def official_results() -> Mapping[str, OfficialResult]:
    """By office code, the province's total among them."""
    return MappingProxyType({row["office"]: _result(row) for row in rows("official_results")})


def _result(row: Row) -> OfficialResult:
    return OfficialResult(
        office=row["office"],
        votes=MappingProxyType({code: int(row[code]) for code in row if code.startswith("IV.")}),
        dpt_l=int(row["dpt_l"]),
        dpt_p=int(row["dpt_p"]),
        districts=int(row["districts"]),
        villages=int(row["villages"]),
        tps=int(row["tps"]),
    )
