"""Names as people write them: every known spelling finds its area, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangkiang.catalogue import children, districts, find_area, fold, offices, villages
from rangkiang.model import Level


def code(level: Level, name: str, within: str = "") -> str | None:
    found = find_area(level, name, within)
    return found.code if found else None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SOLOK", "13.02"),
        ("Kab. Solok", "13.02"),
        ("KABUPATEN SOLOK", "13.02"),
        ("KOTA SOLOK", "13.72"),
        ("KABUPATEN/KOTA *) : SOLOK", "13.02"),
        ("KABUPATEN/KOTA : KOTA SOLOK", "13.72"),
        ("Kab/Kota Padang", "13.71"),
        ("KABUPATEN KOTA SOLOK", None),  # says both
        ("SOLOK SELATAN", "13.11"),
        ("PADANG", "13.71"),
        ("KABUPATEN PADANG", None),
        ("PADANG PANJANG", "13.74"),
        ("PARIAMAN", "13.77"),
        ("KAB. PARIAMAN", None),
        ("KOTA PARIAMAN", "13.77"),
        ("PADANG PARIAMAN", "13.05"),
        ("KOTA PADANG PARIAMAN", None),
        ("PASAMAN", "13.08"),
        ("KAB.PASAMAN BARAT", "13.12"),
        ("KABUPATENLIMAPULUHKOTA", "13.07"),  # text layers lose spaces
        ("KOTA SAWAH LUNTO", "13.73"),  # as BPS spells it
        ("Sawahlunto", "13.73"),
        ("50 KOTA", None),  # no authority writes it so
        ("KOTA", None),
        ("", None),
        (" - ", None),
        ("SUMATERA BARAT", None),  # of another level
        ("PANCUNG SOAL", None),
    ],
)
def test_regencies_and_cities(name: str, expected: str | None) -> None:
    assert code(Level.KABKOTA, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("KECAMATAN PANCUNG SOAL", "13.01.01"),
        ("Kec. Pancung Soal", "13.01.01"),
        ("KECAMATAN/DISTRIK *) : PANCUNG SOAL", "13.01.01"),
        ("IV  NAGARI BAYANG UTARA", "13.01.12"),
        ("\u2163 Nagari Bayang Utara", "13.01.12"),  # the one-character numeral
        ("2 x 11 Anam Lingkuang", "13.05.04"),
        ("2 \u00d7 11 ENAM LINGKUNG", "13.05.04"),
        ("2X11 ENAM LINGKUNG", "13.05.04"),
        ("ENAM LINGKUNG", "13.05.17"),
        ("Ampek Angkek", "13.06.07"),
        ("IV ANGKAT CANDUNG", "13.06.07"),
        ("CANDUNG", "13.06.14"),
        ("VII Koto", "13.05.05"),
        ("VII KOTO SUNGAI SARIK", "13.05.05"),
        ("V KOTO KP. DALAM", "13.05.06"),
        ("X KOTO", "13.04.01"),
        ("SEPULUH KOTO", "13.04.01"),
        ("10 KOTO", None),  # arabic: nobody's spelling
        ("IX KOTO", "13.10.05"),
        ("VIII KOTO", None),
        ("PANCUNG SOA", None),
        ("PANCUNG SOAL 1", None),
        ("KOTA PANCUNG SOAL", None),
    ],
)
def test_districts(name: str, expected: str | None) -> None:
    assert code(Level.KECAMATAN, name) == expected


def test_province() -> None:
    assert code(Level.PROVINSI, "Prov. Sumatera Barat") == code(Level.PROVINSI, "SUMATERA BARAT") == "13"
    assert code(Level.PROVINSI, "RIAU") is None


@pytest.mark.parametrize(
    ("name", "within", "expected"),
    [
        ("INDERAPURA", "", "13.01.01.2001"),
        ("Nagari Inderapura", "13.01.01", "13.01.01.2001"),
        ("DESA/KELURAHAN/NAGARI : INDERAPURA", "13.01", "13.01.01.2001"),
        ("KEL. MATA AIR", "13.71.01", "13.71.01.1008"),
        ("KOTO LAWEH", "", None),  # four villages have this name
        ("KOTO LAWEH", "13.02.06", "13.02.06.2003"),
        ("KOTO LAWEH", "13.02.99", None),
        ("Tigo Sepakat Inderapura", "13.01.01", "13.01.01.2003"),  # as BPS spells it
        ("KAMPUNG BARU", "13.03.10", "13.03.10.2004"),  # KPU: DESA KAMPUNG BARU
        ("DESA KAMPUNG BARU", "13.03.10", "13.03.10.2004"),
        ("Ampek Koto Palembayan", "13.06.11", "13.06.11.2004"),
        ("INDERAPUR", "13.01.01", None),
        ("DESA", "13.01.01", None),
        ("", "13.01.01", None),
    ],
)
def test_villages(name: str, within: str, expected: str | None) -> None:
    assert code(Level.KELURAHAN, name, within) == expected


def test_every_spelling_of_every_village_finds_it_in_its_district() -> None:
    for village in (v for d in districts() for v in villages(d.code)):
        for name in filter(None, (village.name, village.name_kemendagri, village.name_bps)):
            for written in (name, name.title(), f"NAGARI {name}", f"Kel. {name}", f"DESA/KELURAHAN *) : {name}"):
                assert code(Level.KELURAHAN, written, village.district) == village.code


@pytest.mark.parametrize("name", ["TPS 003", "TPS 3", "3", "003", "3.0", "NO. TPS 3", "Nomor TPS : 003", "tps-3"])
def test_polling_places_are_known_by_their_number_in_a_village(name: str) -> None:
    assert code(Level.TPS, name, "13.01.01.2001") == "13.01.01.2001.003"
    assert code(Level.TPS, name, "13.01.01") is None
    assert code(Level.TPS, name) is None


@pytest.mark.parametrize("name", ["TPS", "TPS 0", "000", "TPS 1000", "TPS 3A", "TPS 3/4", "30.5", "JUMLAH"])
def test_what_is_no_polling_place(name: str) -> None:
    assert code(Level.TPS, name, "13.01.01.2001") is None


def test_within_keeps_to_an_area_and_what_lies_in_it() -> None:
    assert code(Level.KECAMATAN, "LUBUK ALUNG", "13") == "13.05.01"
    assert code(Level.KECAMATAN, "LUBUK ALUNG", "13.05") == "13.05.01"
    assert code(Level.KECAMATAN, "LUBUK ALUNG", "13.05.01") == "13.05.01"
    assert code(Level.KECAMATAN, "LUBUK ALUNG", "13.06") is None
    assert code(Level.KECAMATAN, "LUBUK ALUNG", "13.0") is None  # part of a code is no area
    assert code(Level.KABKOTA, "SOLOK", "13.02") == "13.02"
    assert (
        code(Level.KABKOTA, "SOLOK", "13.72") is None
    )  # the kabupaten's sheet in the city's inbox stays the kabupaten's


def test_every_spelling_of_every_district_finds_it_with_and_without_its_prefix() -> None:
    for d in districts():
        for name in (d.name, d.name_kemendagri, d.name_bps):
            for written in (name, name.title(), f"KECAMATAN {name}", f"Kec. {name}", name.replace(" ", "\n")):
                assert code(Level.KECAMATAN, written) == d.code
                assert code(Level.KECAMATAN, written, d.office) == d.code


def test_every_name_of_every_office_finds_it() -> None:
    for o in offices():
        assert code(o.level, o.name) == code(o.level, o.short_name.lower()) == o.code
        assert code(o.level, o.unit_kerja.removeprefix("KPU ")) == o.code


def test_29_districts_are_spelt_differently() -> None:
    assert sum(len({fold(n) for n in (d.name, d.name_kemendagri, d.name_bps)}) > 1 for d in districts()) == 29


def test_names_of_sisters_stay_apart() -> None:
    for parent in ("13", *(o.code for o in offices()[1:])):
        names = [fold(a.name) for a in children(parent)]
        assert len(set(names)) == len(names)


@given(st.text())
def test_fold_leaves_letters_and_digits_and_is_stable(name: str) -> None:
    folded = fold(name)
    assert folded == "" or folded.isalnum()
    assert fold(folded) == folded
    assert fold(f" {name}.") == folded


@pytest.mark.parametrize(("one", "other"), [("IV KOTO", "V KOTO"), ("X KOTO", "10 KOTO"), ("SOLOK", "KOTA SOLOK")])
def test_fold_keeps_different_names_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)
