"""Every row of every file holds to its schema, the files agree with each other, and faults are named."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from rangkiang import catalogue
from rangkiang.catalogue import source
from rangkiang.catalogue.validation import problems
from rangkiang.model import Level

PACKAGE = Path(source.__file__).parent
REGENCIES = [o for o in catalogue.offices() if o.level is Level.KABKOTA]


def tables() -> dict[str, list[Any]]:
    return {name: deepcopy([dict(row) for row in source.rows(name)]) for name in source.FILES}


def test_every_row_of_every_file_holds_to_its_schema_and_every_reference_resolves() -> None:
    assert problems() == []


def test_every_data_file_is_read_and_has_a_schema() -> None:
    on_disk = {p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*") if p.suffix in (".csv", ".yaml")}
    assert on_disk == set(source.FILES.values())
    assert {p.stem for p in (PACKAGE / "data/schemas").glob("*.json")} == set(source.FILES)


@pytest.mark.parametrize("name", sorted(source.FILES))
def test_schemas_are_schemas_and_let_nothing_undeclared_through(name: str) -> None:
    schema = json.loads((PACKAGE / f"data/schemas/{name}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    broken = tables()
    broken[name][0]["surplus"] = "x"
    assert any("surplus" in fault for fault in problems(broken))


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("offices", {"bps": "13.05"}, "offices.csv, row 1, bps"),
        ("districts", {"code": "1301010"}, "districts.csv, row 1, code"),
        ("districts", {"bps": "1306020"}, "its office 1302"),  # the Kemendagri code of the office taken for the BPS one
        ("districts", {"code": "13.99.01"}, "lies in no office"),
        ("districts", {"kpu_id": "12931"}, "kpu_id 12931 stands twice"),
        ("villages", {"code": "13.01.01.K1292"}, "villages.csv, row 1, code"),
        ("villages", {"code": "13.01.99.2001"}, "lies in no district"),
        ("villages", {"bps": "1302040001"}, "its district 1302030"),
        ("villages", {"kpu_id": "12924"}, "kpu_id 12924 stands twice"),
        ("official_results", {"IV.01": "407.761"}, "official_results.csv, row 1, IV.01"),
        ("official_results", {"office": "13.99"}, "office 13.99 is not in"),
        ("stages", {"certainty": "certain"}, "stages.yaml, row 1, certainty"),
        ("doctypes", {"stage": "PL.09.9"}, "stage PL.09.9 is not in"),
        ("pairs", {"election": "PPWP-2024"}, "election PPWP-2024 is not in"),
        ("reasons", {"severity": "error"}, "reasons.yaml, row 1"),  # a quarantine has no severity
        ("reasons", {"kind": "finding"}, "'severity' is a required property"),
        ("reasons", {"do": {"id": "Kirim ulang."}}, "'en' is a required property"),
    ],
)
def test_a_fault_in_the_data_is_named(name: str, change: dict[str, Any], fault: str) -> None:
    broken = tables()
    broken[name][0].update(change)
    assert [f for f in problems(broken) if fault in f]


@pytest.mark.parametrize("name", [n for n, path in source.FILES.items() if path.endswith(".csv")])
def test_csv_files_are_sorted_and_plain(name: str) -> None:
    raw = (PACKAGE / source.FILES[name]).read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    keys = [line.split(",")[0] for line in raw.decode().splitlines()[1:]]
    assert keys == sorted(keys)


def test_a_village_without_a_code_of_kemendagri_or_bps_has_none_that_could_be_taken_for_one() -> None:
    told = tables()
    told["villages"][0] |= {"code": "13.01.01.K12923", "name_kemendagri": "", "bps": "", "name_bps": ""}
    assert problems(told) == []


def test_the_same_code_twice_stops_the_loader() -> None:
    with pytest.raises(ValueError, match=r"13\.01 twice"):
        source.by_code([catalogue.office("13.01"), catalogue.office("13.01")])


def test_official_results_add_up_to_the_announced_province() -> None:
    results = catalogue.official_results()
    province, regencies = results["13"], [results[o.code] for o in REGENCIES]
    assert (province.votes, province.valid) == ({"IV.01": 407761, "IV.02": 2488733}, 2896494)
    for row in province.votes:
        assert sum(r.votes[row] for r in regencies) == province.votes[row]
    for count in ("dpt_l", "dpt_p", "districts", "villages", "tps"):
        assert sum(getattr(r, count) for r in regencies) == getattr(province, count)
    assert (province.dpt_l + province.dpt_p, province.tps) == (3718003, 16718)
    assert set(results) == {o.code for o in catalogue.offices()}


@pytest.mark.parametrize("office", REGENCIES, ids=lambda o: o.slug)
def test_an_office_has_as_many_districts_as_the_official_count(office: catalogue.Office) -> None:
    found = catalogue.districts(office.code)
    assert len(found) == catalogue.official_results()[office.code].districts
    assert {d.office for d in found} == {office.code}
    assert [a.code for a in catalogue.children(office.code)] == [d.code for d in found]


def test_tree_of_areas() -> None:
    assert [a.code for a in catalogue.children("13")] == [o.code for o in REGENCIES]
    assert len(catalogue.districts()) == len(catalogue.districts("13")) == 179
    assert [a.code for a in catalogue.children("13.05.01")] == [v.code for v in catalogue.villages("13.05.01")]
    assert catalogue.children("13.05.01.2001") == ()
    assert catalogue.area("13.05.04") == catalogue.Area("13.05.04", Level.KECAMATAN, "2 X 11 ENAM LINGKUNG")
    assert catalogue.district("13.05.04").name_kemendagri == "2 x 11 Anam Lingkuang"
    for ask in (catalogue.area, catalogue.children, catalogue.office, catalogue.district, catalogue.village):
        with pytest.raises(KeyError):
            ask("13.99")


def test_villages_and_their_polling_places() -> None:
    village = catalogue.village("13.01.01.2001")
    assert (village.name, village.kpu_id, village.bps, village.district) == (
        "INDERAPURA",
        "12923",
        "1302030001",
        "13.01.01",
    )
    assert catalogue.area(village.code) == catalogue.Area(village.code, Level.KELURAHAN, "INDERAPURA")
    place = catalogue.area("13.01.01.2001.003")
    assert place == catalogue.Area("13.01.01.2001.003", Level.TPS, "TPS 003 INDERAPURA")
    assert catalogue.children(place.code) == ()
    for wrong in ("13.01.01.2001.000", "13.01.01.2001.3", "13.01.01.2001.03A", "13.01.01.9999.001", "13.01.01.9999"):
        with pytest.raises(KeyError):
            catalogue.area(wrong)
    assert catalogue.villages("13.99.01") == ()


@pytest.mark.parametrize("office", REGENCIES, ids=lambda o: o.slug)
def test_an_office_has_as_many_villages_as_the_official_count(office: catalogue.Office) -> None:
    villages = [a for d in catalogue.districts(office.code) for a in catalogue.children(d.code)]
    assert len(villages) == catalogue.official_results()[office.code].villages
    assert all(a.level is Level.KELURAHAN for a in villages)


def test_offices_as_folders_and_inboxes_name_them() -> None:
    assert catalogue.offices()[0].code == "13"
    assert len(REGENCIES) == 19
    named = {o.code: (o.slug, o.unit_kerja) for o in catalogue.offices()}
    assert named["13"] == ("13_sumatera_barat", "KPU Provinsi Sumatera Barat")
    assert named["13.05"] == ("13.05_padang_pariaman", "KPU Kabupaten Padang Pariaman")
    assert named["13.71"] == ("13.71_kota_padang", "KPU Kota Padang")
    for o in catalogue.offices():
        assert catalogue.office_of_slug(o.slug) == o
    assert len({o.unit_kerja for o in catalogue.offices()}) == 20
    assert catalogue.office_of_slug("13.05") is None


def test_constituencies() -> None:
    assert {o.dapil_dpr for o in REGENCIES} == {"I", "II"}
    assert sorted({o.dapil_dprd for o in REGENCIES}) == list("12345678")
    assert [o.code for o in REGENCIES if o.dapil_dprd == "6"] == ["13.03", "13.04", "13.10", "13.73", "13.74"]


def test_what_the_night_goes_over_asks_for_no_village() -> None:
    """Factories, status and completeness go over offices and districts: villages are read when a sheet names one."""
    code = (
        "from rangkiang import catalogue; from rangkiang.catalogue import places; from rangkiang.model import Level;"
        "[catalogue.children(o.code) for o in catalogue.offices()];"
        "[catalogue.area(d.code) for d in catalogue.districts()]; catalogue.find_area(Level.KECAMATAN, 'PAUH');"
        "print(places.all_villages.cache_info().currsize)"
    )
    path = str(PACKAGE.parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": path}
    )
    assert done.stdout.strip() == "0"


def test_importing_and_using_it_loads_nothing_heavy() -> None:
    heavy = "{'pandas', 'numpy', 'jsonschema', 'pydantic', 'sqlalchemy'}"
    code = (
        "import sys; from rangkiang import catalogue; from rangkiang.model import Level;"
        "catalogue.find_area(Level.KABKOTA, 'AGAM'); catalogue.stages(); catalogue.reasons();"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    path = str(PACKAGE.parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": path}
    )
    assert done.stdout.strip() == "[]"
