"""Which area, and which electoral district, a sheet is about: every level, and every way to write its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rangkiang import catalogue
from rangkiang.forms import Form, form
from rangkiang.intake import Refused, areas
from rangkiang.model import Level

PLACES = {
    Level.TPS: "TPS : 003",
    Level.KELURAHAN: "DESA/KELURAHAN/NAGARI : INDERAPURA",
    Level.KECAMATAN: "KECAMATAN : PANCUNG SOAL",
    Level.KABKOTA: "KABUPATEN/KOTA : PESISIR SELATAN",
    Level.PROVINSI: "PROVINSI : SUMATERA BARAT",
}
CODES = {
    Level.TPS: "13.01.01.2001.003",
    Level.KELURAHAN: "13.01.01.2001",
    Level.KECAMATAN: "13.01.01",
    Level.KABKOTA: "13.01",
    Level.PROVINSI: "13",
}


def area(level: Level, lines: Sequence[str], office: str = "") -> str:
    """The code that a sheet of that level gets."""
    return areas.of_sheet(sheet_of(level), areas.named(lines).areas, office).code


def sheet_of(level: Level) -> Form:
    """A form whose sheets are about areas of that level."""
    return replace(form("DB1-PPWP"), area=level, printed_area=level.value)


@pytest.mark.parametrize("level", list(Level))
def test_a_sheet_of_every_level_is_found_by_its_lines(level: Level) -> None:
    order = list(Level)
    lines = [PLACES[each] for each in order[order.index(level) :: -1]]
    assert area(level, lines) == CODES[level]
    assert area(level, lines[::-1]) == CODES[level]
    assert area(level, ["  ".join(lines)]) == CODES[level]
    assert area(level, [line.replace(" :", "\t:\t") for line in lines]) == CODES[level]
    assert area(level, [part for line in lines for part in (line.replace(": ", ":\n")).split("\n")]) == CODES[level]
    assert area(level, [part for line in lines for part in line.replace(" : ", "\n: ").split("\n")]) == CODES[level]
    assert area(level, [line.replace(" :", " *) :").lower() for line in lines]) == CODES[level]


@pytest.mark.parametrize(
    "line",
    [
        "DESA/KELURAHAN : INDERAPURA",
        "NAGARI : INDERAPURA",
        "DESA / KELURAHAN *) : Nagari Inderapura",
        "KELURAHAN: INDERAPURA   MODEL DAA1-PPWP",
        "DESA/KELURAHAN/NAGARI : INDERAPURA HALAMAN 1 DARI 3",
        "DESA/KELURAHAN/NAGARI : INDERAPURA NOMOR TPS : 3",
        "DESA/KELURAHAN/NAGARI : INDERAPURA PEMILIHAN UMUM ANGGOTA DPR",
    ],
)
def test_ways_to_write_a_villages_line(line: str) -> None:
    lines = [line, PLACES[Level.KECAMATAN], PLACES[Level.KABKOTA]]
    assert area(Level.KELURAHAN, lines) == CODES[Level.KELURAHAN]


@pytest.mark.parametrize("line", ["TPS : 003", "NOMOR TPS : 3", "NO. TPS: 03", "TPS\t:\t3", "TPS : 3.0"])
def test_ways_to_write_a_polling_places_line(line: str) -> None:
    lines = [line, PLACES[Level.KELURAHAN], PLACES[Level.KECAMATAN], PLACES[Level.KABKOTA]]
    assert area(Level.TPS, lines) == CODES[Level.TPS]


def test_a_village_is_looked_up_in_its_district_and_that_in_its_regency() -> None:
    lines = ["NAGARI : KOTO BARU", "KECAMATAN : KOTO BARU", "KABUPATEN/KOTA : DHARMASRAYA"]
    assert area(Level.KELURAHAN, lines).startswith("13.10.")
    named = [a for d in catalogue.districts() for a in catalogue.children(d.code) if a.name == "KOTO LAWEH"]
    assert len(named) > 1
    for village in named:
        district = catalogue.district(village.code.rpartition(".")[0])
        lines = [
            "NAGARI : KOTO LAWEH",
            f"KECAMATAN : {district.name}",
            f"KABUPATEN/KOTA : {catalogue.office(district.office).name}",
        ]
        assert area(Level.KELURAHAN, lines) == village.code


def test_without_the_lines_above_a_name_must_be_the_only_one() -> None:
    assert area(Level.KELURAHAN, ["NAGARI : INDERAPURA"]) == CODES[Level.KELURAHAN]
    for lines in (["NAGARI : KOTO LAWEH"], ["TPS : 003"], ["TPS : 003", "KECAMATAN : PANCUNG SOAL"]):
        with pytest.raises(Refused):
            area(Level.KELURAHAN if "NAGARI" in lines[0] else Level.TPS, lines)
    assert area(Level.KECAMATAN, ["KECAMATAN : KOTO BARU"], "13.10").startswith("13.10.")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["NAGARI : ATLANTIS", "KECAMATAN : PANCUNG SOAL", "KABUPATEN/KOTA : PESISIR SELATAN"], "ATLANTIS"),
        (["NAGARI : INDERAPURA", "KECAMATAN : ATLANTIS"], "INDERAPURA, ATLANTIS"),
        (["NAGARI : INDERAPURA", "KECAMATAN : PANCUNG SOAL", "KABUPATEN/KOTA : AGAM"], "INDERAPURA, PANCUNG SOAL"),
        (["NAGARI : INDERAPURA", "KECAMATAN : SUTERA", "KABUPATEN/KOTA : PESISIR SELATAN"], "INDERAPURA"),
        (["KECAMATAN : PANCUNG SOAL"], "kelurahan: -"),
    ],
)
def test_what_is_not_found_is_named(lines: list[str], said: str) -> None:
    with pytest.raises(Refused) as refused:
        area(Level.KELURAHAN, lines)
    assert (refused.value.reason.code, refused.value.reason.params["area"]) == ("unknown_area", said)


@pytest.mark.parametrize(
    ("line", "dapil"),
    [
        ("DAERAH PEMILIHAN : SUMATERA BARAT I", "SUMATERA BARAT I"),
        ("Daerah  Pemilihan *) :  Sumatera  Barat 1", "SUMATERA BARAT 1"),
        ("DAERAH PEMILIHAN\t:\tAGAM 1", "AGAM 1"),
        ("DAERAH PEMILIHAN (DAPIL) : AGAM 1 HALAMAN 2 DARI 9", "AGAM 1"),
        ("DAPIL : AGAM 1", "AGAM 1"),
        ("PROVINSI : SUMATERA BARAT   DAERAH PEMILIHAN : SUMATERA BARAT 1", "SUMATERA BARAT 1"),
        ("DARI SETIAP DAERAH PEMILIHAN", ""),
    ],
)
def test_electoral_districts(line: str, dapil: str) -> None:
    assert areas.named([line, "KABUPATEN/KOTA : AGAM"]).dapil == dapil


def test_the_same_area_is_the_same_however_it_is_written() -> None:
    ways = [
        ["KECAMATAN : KOTO BARU", "KABUPATEN/KOTA : DHARMASRAYA"],
        ["KABUPATEN : Dharmasraya", "KECAMATAN/DISTRIK *) : Koto  Baru"],
    ]
    one, other = (areas.same(areas.named(lines).areas) for lines in ways)
    assert one == other
    assert one[Level.KABKOTA] == "13.10"
    assert areas.same(areas.named(["KECAMATAN : NAMA BARU"]).areas) == {Level.KECAMATAN: "NAMABARU"}
