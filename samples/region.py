"""The sample province: official votes and voters per regency, divided over real kecamatan and invented nagari.

Divided from the top, so that official totals hold exactly; derived rows are filled at the nagari and added upwards, so
that every identity and bound of the forms holds on every level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rangkiang import catalogue
from rangkiang.catalogue import District, Office
from rangkiang.forms import form
from rangkiang.model import Level
from samples.arithmetic import Figures, complete, divide, noise, total

MODEL = "DB1-PPWP"  # DA1, DB1 and DC1 share their rows
FLAT = "TPS-PPWP"

# National recapitulation for the province: invalid votes, and voters on all three lists (Kompas, 15 May 2019).
INVALID = 40_225
VOTERS = 3_882_387
_DPTB_PER_DPK = (1, 4)

_DIVIDED = ("I.A.1.L", "I.A.1.P", "I.A.2.L", "I.A.2.P", "I.A.3.L", "I.A.3.P", "V.A", "V.B")
_SPREAD = 25  # thousandths by which a part may lean to either side
_POLLING_PLACE = 260  # voters
_WITHOUT_NAGARI = {"13.09": "DESA CONTOH"}


@dataclass(frozen=True, slots=True)
class Village:
    key: str  # '13.05.01/1'
    name: str
    shares: Mapping[str, int]  # what was divided
    figures: Figures


@dataclass(frozen=True, slots=True)
class DistrictTally:
    district: District
    villages: tuple[Village, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class RegencyTally:
    office: Office
    districts: tuple[DistrictTally, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class PollingPlace:
    village: str
    number: int
    figures: Mapping[str, int]


def province() -> tuple[RegencyTally, ...]:
    """Every regency, by code. Votes and the permanent list (DPT) per regency are official, all else is invented."""
    offices = [o for o in catalogue.offices() if o.level is Level.KABKOTA]
    official = catalogue.official_results()
    voters = [official[o.code].dpt_l + official[o.code].dpt_p for o in offices]
    late = VOTERS - sum(voters)
    dptb = divide(late, _DPTB_PER_DPK)[0]
    invalid = _lean(INVALID, [official[o.code].valid for o in offices], [f"{o.code}/invalid" for o in offices])
    transfers = _lean(dptb, voters, [f"{o.code}/dptb" for o in offices])
    specials = _lean(late - dptb, voters, [f"{o.code}/dpk" for o in offices])
    return tuple(_regency(o, *late) for o, *late in zip(offices, invalid, transfers, specials, strict=True))


def polling_places(village: Village) -> list[PollingPlace]:
    """A nagari's TPS, adding up to its figures."""
    count = max(1, -(-(village.shares["I.A.1.L"] + village.shares["I.A.1.P"]) // _POLLING_PLACE))
    keys = [f"{village.key}/{n}" for n in range(1, count + 1)]
    parts = _parts(village.shares, [1000] * count, keys)
    rows = {leaf.code for leaf in form(FLAT).leaf_rows}
    kept = ({row: value for row, value in part.items() if row in rows} for part in parts)
    return [PollingPlace(village.name, n, complete(FLAT, part)) for n, part in enumerate(kept, 1)]


def _regency(office: Office, invalid: int, transfers: int, specials: int) -> RegencyTally:
    official = catalogue.official_results()[office.code]
    shares = {"I.A.1.L": official.dpt_l, "I.A.1.P": official.dpt_p, "V.A": official.valid, "V.B": invalid}
    shares["I.A.2.L"], shares["I.A.2.P"] = divide(transfers, (11, 9))
    shares["I.A.3.L"], shares["I.A.3.P"] = divide(specials, (49, 51))
    shares |= official.votes
    found = sorted(catalogue.districts(office.code), key=lambda d: int(d.kpu_id))
    sizes = [600 + 2 * noise(f"{d.code}/size") for d in found]
    counts = [1 + n for n in divide(official.villages - len(found), sizes)]
    parts = _parts(shares, sizes, [d.code for d in found])
    districts = tuple(_district(*of) for of in zip(found, parts, counts, strict=True))
    return RegencyTally(office, districts, _sum([d.figures for d in districts]))


def _district(entry: District, shares: Mapping[str, int], count: int) -> DistrictTally:
    keys = [f"{entry.code}/{n}" for n in range(1, count + 1)]
    parts = _parts(shares, [700 + noise(f"{k}/size") for k in keys], keys)
    kind = _kind_of_village(catalogue.office(entry.office))
    villages = tuple(
        Village(key, f"{kind} {n}", part, complete(MODEL, _base(part, key)))
        for n, (key, part) in enumerate(zip(keys, parts, strict=True), 1)
    )
    return DistrictTally(entry, villages, _sum([v.figures for v in villages]))


def _kind_of_village(office: Office) -> str:
    in_city = "KELURAHAN CONTOH" if office.name.startswith("KOTA ") else "NAGARI CONTOH"
    return _WITHOUT_NAGARI.get(office.code, in_city)


def _parts(shares: Mapping[str, int], sizes: Sequence[int], keys: Sequence[str]) -> list[dict[str, int]]:
    """Divide every share over the parts. The weaker pair's votes lean freely; the stronger has what is left of V.A."""
    columns = {row: _lean(shares[row], sizes, [f"{k}/{row}" for k in keys]) for row in _DIVIDED}
    weak, strong = sorted((row for row in shares if row.startswith("IV.")), key=lambda row: (shares[row], row))
    columns[weak] = _lean(shares[weak], columns["V.A"], [f"{k}/{weak}" for k in keys], 6 * _SPREAD)
    columns[strong] = [a - b for a, b in zip(columns["V.A"], columns[weak], strict=True)]
    return [{row: column[n] for row, column in columns.items()} for n in range(len(keys))]


def _lean(whole: int, sizes: Sequence[int], keys: Sequence[str], spread: int = _SPREAD) -> list[int]:
    """Divide by size, each part leaning up to ``spread`` thousandths to one side."""
    leans = [1_000_000 + spread * (2 * noise(key) - 999) for key in keys]
    return divide(whole, [max(1, size) * lean for size, lean in zip(sizes, leans, strict=True)])


def _base(part: Mapping[str, int], key: str) -> dict[str, int]:
    """What the identities cannot derive: who voted, voters with disabilities, ballots received and spoilt."""
    base = {row: value for row, value in part.items() if row != "V.A"}
    for sex in "LP":
        base[f"I.B.2.{sex}"] = base[f"I.A.2.{sex}"] * 19 // 20
        base[f"I.B.3.{sex}"] = base[f"I.A.3.{sex}"]
        base[f"II.1.{sex}"] = base[f"I.A.1.{sex}"] * (1 + noise(f"{key}/disability/{sex}") % 4) // 800
        base[f"II.2.{sex}"] = base[f"II.1.{sex}"] * (400 + noise(f"{key}/voted/{sex}") // 2) // 1000
    late = sum(base[f"I.B.{n}.{sex}"] for n in (2, 3) for sex in "LP")
    listed = part["V.A"] + part["V.B"] - late
    lists = base["I.A.1.L"], base["I.A.1.P"]
    base["I.B.1.L"], base["I.B.1.P"] = divide(listed, (lists[0] * 98, lists[1] * 102))
    base["III.1"] = -(-sum(lists) * 102 // 100) + sum(lists) // (2 * _POLLING_PLACE)
    base["III.2"] = max(0, noise(f"{key}/spoilt") % 5 - 2)
    return base


def _sum(columns: Sequence[Figures]) -> Figures:
    return total(columns, [leaf.code for leaf in form(MODEL).leaf_rows])
