"""Names of places: real ones of West Sumatra for what they are as words (Roman numerals, digits, long names)."""

from __future__ import annotations

import random
from dataclasses import dataclass

PROVINCE = "SUMATERA BARAT"
_REGENCIES = (
    "KEPULAUAN MENTAWAI", "PESISIR SELATAN", "SOLOK", "SIJUNJUNG", "TANAH DATAR", "PADANG PARIAMAN", "AGAM",
    "LIMA PULUH KOTA", "PASAMAN", "SOLOK SELATAN", "DHARMASRAYA", "PASAMAN BARAT", "KOTA PADANG", "KOTA SOLOK",
    "KOTA SAWAHLUNTO", "KOTA PADANG PANJANG", "KOTA BUKITTINGGI", "KOTA PAYAKUMBUH", "KOTA PARIAMAN",
)  # fmt: skip
_DISTRICTS = (
    "PANCUNG SOAL", "RANAH PESISIR", "LENGAYANG", "BATANG KAPAS", "IV JURAI", "BAYANG", "KOTO XI TARUSAN", "SUTERA",
    "LINGGO SARI BAGANTI", "LUNANG", "BASA AMPEK BALAI TAPAN", "IV NAGARI BAYANG UTARA", "AIRPURA", "SILAUT",
    "2 X 11 ENAM LINGKUNG", "2 X 11 KAYU TANAM", "V KOTO KAMPUNG DALAM", "VII KOTO SUNGAI SARIK", "BATANG ANAI",
    "SUNGAI GERINGGING", "ULAKAN TAPAKIS", "TANJUNG MUTIARA", "LUBUK BASUNG", "TANJUNG RAYA", "MATUR", "IV KOTO",
    "BANUHAMPU", "AMPEK ANGKEK", "BASO", "TILATANG KAMANG", "PALUPUH", "PALEMBAYAN", "SUNGAI PUA", "AMPEK NAGARI",
    "CANDUNG", "KAMANG MAGEK", "MALALAK", "X KOTO", "BATIPUH", "RAMBATAN", "LIMA KAUM", "TANJUNG EMAS",
)  # fmt: skip
_VILLAGES = (
    "INDERAPURA", "TIGO SUNGAI INDERAPURA", "KUDO-KUDO INDERAPURA", "MUARO SAKAI INDERAPURA", "TLUK AMPLU INDERAPURA",
    "PULAU RAJO INDERAPURA", "SIMPANG LAMA INDERAPURA", "SUNGAI TUNU UTARA", "LUBUK MALAKO", "KAPAU", "GADUT",
    "KOTO TANGAH", "TANJUANG ARO SIKABU-KABU PD. PANJANG", "PANTI TIMUR", "AIA MANGGIH", "SIMPANG TONANG", "BINJAI",
    "MALAMPAH", "GANGGO HILIA", "GANGGO MUDIAK", "KOTO KACIAK", "ALAHAN MATI", "LIMO KOTO", "III KOTO", "BAWAN",
    "BATU KAMBING", "SITANANG", "SITALANG", "SIPINANG", "TIGO KOTO SILUNGKANG", "TIGO KOTO DIATE", "SUNGAI PUAR",
    "BATU PALANO", "SARIAK", "KOTO GADANG", "IV KOTO PALEMBAYAN", "SALAREH AIA", "PASIA LAWEH", "NAN TUJUAH",
)  # fmt: skip
_ROMAN = {1: "I", 2: "II"}


@dataclass(frozen=True, slots=True)
class Area:
    """Where a sheet is from: the lines that name it, its district, the names of its units."""

    places: tuple[tuple[str, str], ...]  # (label, name), from the smaller area to the larger
    dapil: str
    units: tuple[str, ...]


def area(rng: random.Random, level: str, election: str, count: int, tps: str) -> Area:
    """An area of the level, with ``count`` units or as many as there are. ``tps``: how a polling place is named."""
    regency, district, village = rng.choice(_REGENCIES), rng.choice(_DISTRICTS), rng.choice(_VILLAGES)
    station = rng.randint(1, 40)
    chain = (
        ("TPS", f"{station:03}"),
        ("DESA/KELURAHAN/NAGARI", village),
        ("KECAMATAN", district),
        ("KABUPATEN/KOTA", regency),
        ("PROVINSI", PROVINCE),
    )
    names = {"DA1": _VILLAGES, "DB1": _DISTRICTS, "DC1": _REGENCIES}.get(level, ())
    if level == "C1":
        units: tuple[str, ...] = (f"TPS {station:03}",)
    elif level == "DAA1":
        units = tuple(tps.format(n) for n in range(1, count + 1))
    else:
        units = tuple(rng.sample(names, min(count, len(names))))
    first = ("C1", "DAA1", "DA1", "DB1", "DC1").index(level)
    return Area(chain[first:], _dapil(rng, election, regency), units)


def _dapil(rng: random.Random, election: str, regency: str) -> str:
    if election == "DPR":
        return f"{PROVINCE} {_ROMAN[rng.randint(1, 2)]}"
    if election == "DPRD-PROV":
        return f"{PROVINCE} {rng.randint(1, 8)}"
    return f"{regency} {rng.randint(1, 5)}" if election == "DPRD-KABKOTA" else ""
