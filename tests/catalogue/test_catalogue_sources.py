"""The catalogue against the public data it was derived from, where they lie beside the repository."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from rapidfuzz.fuzz import ratio

from rangkiang import catalogue
from rangkiang.model import Level

SHARED = Path(__file__).resolve().parents[3] / "shared/data"


def read(path: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    if not (SHARED / path).is_file():
        pytest.skip(f"{path} is not beside the repository")
    with (SHARED / path).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def test_every_spelling_of_the_crosswalk_finds_the_right_district() -> None:
    rows = list(read("wilayah/crosswalk_kecamatan_kpu_kemendagri_bps.csv"))
    assert len(rows) == len(catalogue.districts())
    for row in rows:
        kabkota = catalogue.find_area(Level.KABKOTA, row["kabkota_kpu"])
        assert kabkota is not None
        for name in (row["kecamatan_kpu"], row["nama_kemendagri"], row["nama_bps"]):
            found = catalogue.find_area(Level.KECAMATAN, name, kabkota.code)
            assert found is not None
            assert found.code == row["kode_kemendagri"], row
        district = catalogue.district(row["kode_kemendagri"])
        assert (district.kpu_id, district.bps) == (row["kpu_wilayah_id"], row["kode_bps"])


def test_the_29_spelling_differences_are_those_of_the_crosswalk() -> None:
    rows = read("wilayah/crosswalk_kecamatan_kpu_kemendagri_bps.csv")
    theirs = {row["kode_kemendagri"] for row in rows if row["nama_sama"] != "ya"}
    ours = {
        d.code
        for d in catalogue.districts()
        if len({catalogue.fold(n) for n in (d.name, d.name_kemendagri, d.name_bps)}) > 1
    }
    assert len(theirs) == 29
    assert ours == theirs


def test_codes_of_kemendagri() -> None:
    names = {row["kode"]: row["nama"] for row in read("wilayah/kemendagri_13.tsv", "\t")}
    for office in catalogue.offices():
        found = catalogue.find_area(office.level, names[office.code])
        assert found is not None
        assert found.code == office.code
    for district in catalogue.districts():
        assert catalogue.fold(names[district.code]) == catalogue.fold(district.name_kemendagri)


def test_codes_of_bps() -> None:
    names = {row["id"]: row["nama"] for row in read("wilayah/bps_13.csv")}
    for office in catalogue.offices()[1:]:
        found = catalogue.find_area(Level.KABKOTA, names[office.bps])
        assert found is not None
        assert found.code == office.code
    for district in catalogue.districts():
        assert catalogue.fold(names[district.bps]) == catalogue.fold(district.name_bps)
    differ = [o.code for o in catalogue.offices() if o.code.replace(".", "") != o.bps]
    assert len(differ) == 11  # all kabupaten but Pasaman Barat


def test_villages_are_those_of_kpu() -> None:
    rows = list(read("sumbar2019/kelurahan_kawalpemilu_ppwp.csv"))
    ours = {v.kpu_id: v for d in catalogue.districts() for v in catalogue.villages(d.code)}
    assert len(rows) == len(ours) == 1158
    for row in rows:
        kabkota = catalogue.find_area(Level.KABKOTA, row["kabkota"])
        assert kabkota is not None
        district = catalogue.find_area(Level.KECAMATAN, row["kecamatan"], kabkota.code)
        assert district is not None
        village = ours[row["kpu_wilayah_id"]]
        assert (village.name, village.district) == (row["kelurahan"], district.code)
        found = catalogue.find_area(Level.KELURAHAN, row["kelurahan"], district.code)
        assert found is not None
        assert found.code == village.code


def test_villages_have_the_codes_and_names_of_kemendagri_and_bps_in_their_district() -> None:
    kemendagri = {row["kode"]: row["nama"] for row in read("wilayah/kemendagri_13.tsv", "\t")}
    bps = {row["id"]: (row["parent_id"], " ".join(row["nama"].split())) for row in read("wilayah/bps_13.csv")}
    villages = [v for d in catalogue.districts() for v in catalogue.villages(d.code)]
    for village in villages:
        assert village.name_kemendagri == " ".join(kemendagri[village.code].split())
        if village.bps:
            assert bps[village.bps] == (catalogue.district(village.district).bps, village.name_bps)
    same = [v for v in villages if catalogue.fold(v.name) == catalogue.fold(v.name_kemendagri)]
    assert (len(villages), len(same), sum(bool(v.bps) for v in villages)) == (1158, 1100, 1152)


def test_no_other_village_of_the_district_fits_a_name_better() -> None:
    """58 are spelt otherwise by Kemendagri; of what no village claims by name, each is likest to its own entry."""
    kemendagri = {row["kode"]: row["nama"] for row in read("wilayah/kemendagri_13.tsv", "\t")}
    for district in catalogue.districts():
        villages = catalogue.villages(district.code)
        free = {c: n for c, n in kemendagri.items() if c.rpartition(".")[0] == district.code}
        for village in villages:
            if catalogue.fold(village.name) == catalogue.fold(village.name_kemendagri):
                del free[village.code]
        for village in villages:
            if village.code in free:
                likeness = {c: ratio(catalogue.fold(village.name), catalogue.fold(n)) for c, n in free.items()}
                assert max(likeness, key=likeness.__getitem__) == village.code, (village, free)


def test_official_results_are_those_of_the_archive() -> None:
    rows = list(read("sumbar2019/kabkota_kawalpemilu_ppwp.csv"))
    assert len(rows) == 19
    for row in rows:
        area = catalogue.find_area(Level.KABKOTA, row["kabkota"])
        assert area is not None
        assert catalogue.office(area.code).kpu_id == row["kpu_wilayah_id"]
        ours = catalogue.official_results()[area.code]
        assert ours.votes == {"IV.01": int(row["rekap_01"]), "IV.02": int(row["rekap_02"])}
        counts = (ours.dpt_l, ours.dpt_p, ours.districts, ours.villages, ours.tps)
        assert counts == tuple(int(row[c]) for c in ("dpt_l", "dpt_p", "n_kec", "n_kel", "n_tps"))


@pytest.mark.parametrize("file", ["kecamatan", "kelurahan"])
def test_names_in_the_figures_find_their_districts(file: str) -> None:
    pairs = {(row["kabkota"], row["kecamatan"]) for row in read(f"sumbar2019/{file}_kawalpemilu_ppwp.csv")}
    found = set()
    for kabkota, kecamatan in pairs:
        office = catalogue.find_area(Level.KABKOTA, kabkota)
        assert office is not None
        district = catalogue.find_area(Level.KECAMATAN, kecamatan, office.code)
        assert district is not None, (kabkota, kecamatan)
        found.add(district.code)
    assert len(found) == 179
