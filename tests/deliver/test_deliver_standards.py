"""What others' catalogues ask: DCAT, Satu Data Indonesia's five fields, codes of areas that are never mixed."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from urllib.parse import unquote

import pandas as pd
import pytest
from rdflib import Graph, Literal, Namespace
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

from rangkiang import catalogue
from rangkiang.catalogue import offices
from rangkiang.deliver import Built
from rangkiang.deliver.columns import tidy_columns
from rangkiang.deliver.standards import Standard, of_column, of_row
from rangkiang.forms import form, forms

HERE = "https://contoh.go.id/map/"
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")


def entry(built: Built) -> Graph:
    return Graph().parse(data=built.contents["dcat.jsonld"], format="json-ld", base=HERE)


def test_the_catalogues_entry_says_what_the_dataset_is_and_whose(db1: Callable) -> None:
    graph = entry(db1().build())
    (one,) = graph.subjects(RDF.type, DCAT.Dataset)
    titles = {title.language: str(title) for title in graph.objects(one, DCTERMS.title)}
    assert "Kota Padang Panjang" in titles["id"]
    assert titles["en"] != titles["id"]
    assert str(graph.value(one, DCTERMS.identifier)) == "db1-ppwp-13.74-kota-padang-panjang"
    assert str(graph.value(graph.value(one, DCTERMS.publisher), FOAF.name)) == "KPU Kota Padang Panjang"
    period = graph.value(one, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)) == "2019-04-17"
    assert len(list(graph.objects(one, DCAT.distribution))) == 10


def test_each_distribution_is_a_file_beside_it_with_its_size_and_fingerprint(db1: Callable) -> None:
    built = db1().build()
    graph = entry(built)
    found = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert found
    for one in found:
        path = unquote(str(graph.value(one, DCAT.downloadURL)).removeprefix(HERE))
        data = built.contents[path]
        assert int(graph.value(one, DCAT.byteSize)) == len(data)
        checksum = graph.value(graph.value(one, SPDX.checksum), SPDX.checksumValue)
        assert checksum == Literal(hashlib.sha256(data).hexdigest(), datatype=checksum.datatype)
    beside = {path for path in built.contents if not path.startswith("asli/")}
    assert {unquote(str(u).removeprefix(HERE)) for u in graph.objects(None, DCAT.downloadURL)} == beside - {
        "dcat.jsonld"
    }


def test_an_area_has_both_codes_each_of_its_own_kind(da1: Callable) -> None:
    built = da1("13.01").build()
    graph = entry(built)
    codes = {
        str(graph.value(one, ADMS.schemaAgency)): str(graph.value(one, SKOS.notation))
        for one in graph.subjects(RDF.type, ADMS.Identifier)
    }
    owners = built.deliverable.metadata["references"]
    assert codes == {owners["kemendagri"]["id"]: "13.01", owners["bps"]["id"]: "1302"}
    assert built.deliverable.metadata["codes"] == {"kemendagri": "13.01", "bps": "1302"}
    assert built.deliverable.metadata["extras"]["kode_bps"] == "1302"


def test_every_column_and_row_of_every_form_has_the_five_fields() -> None:
    for model in forms():
        entry = form(model)
        said = [of_column(c) for c in tidy_columns(entry)] + [of_row(leaf) for leaf in entry.leaf_rows]
        for one in said:
            assert isinstance(one, Standard)
            assert all((one.konsep, one.definisi, one.klasifikasi, one.ukuran, one.satuan))


def test_the_package_says_the_five_fields_of_each_column_and_row(db1: Callable) -> None:
    built = db1().build()
    tables = json.loads(built.contents["datapackage.json"])["resources"]
    schema = next(r["schema"] for r in tables if r["path"] == f"{built.deliverable.slug}.csv")
    asked = {"konsep", "definisi", "klasifikasi", "ukuran", "satuan"}
    assert all(asked <= field["standar_data"].keys() for field in schema["fields"])
    assert schema["standar_data_baris"]["I.A.1"]["satuan"] == "orang"
    assert schema["standar_data_baris"]["III.1"]["satuan"] == "lembar"
    assert schema["standar_data_baris"]["IV.01"]["konsep"] == "Perolehan suara"


@pytest.mark.parametrize("kind", ["recap", "places", "polling"])
def test_every_code_is_in_the_catalogue_and_stands_beside_the_other_authoritys(
    kind: str, da1: Callable, tps: Callable, votes: Callable
) -> None:
    district = catalogue.districts("13.74")[0]
    village = catalogue.villages(district.code)[0]
    values = {"IV.01": 1, "IV.02": 2, "V.A": 3, "V.B": 0}
    makers = {
        "recap": lambda: da1("13.01"),
        "places": lambda: tps("13.74", [(district.name, village.name, "7", values), ("X", village.name, "8", values)]),
        "polling": lambda: votes("C1-DPR", "13.74", [(f"{village.code}.003", "D")], [("unit", "JUMLAH", 1)]),
    }
    built = makers[kind]().build()
    table = pd.read_csv(io.BytesIO(built.contents[f"{built.deliverable.slug}.csv"]), dtype=str).fillna("")
    pairs = [("kode_kemendagri", "kode_bps"), ("unit_code", "unit_code_bps")]
    pairs += [(f"{level}_code", f"{level}_code_bps") for level in ("kecamatan", "kelurahan") if kind == "places"]
    for ours, theirs in pairs:
        for code, bps in set(zip(table[ours], table[theirs], strict=True)):
            assert not code or catalogue.area(code)
            assert bps == catalogue.bps_code(code)
            assert "." not in bps
    if kind == "places":
        known = table[table["kecamatan"] == district.name].iloc[0]
        assert known["unit_code"] == f"{village.code}.007"
        assert known["kelurahan_code_bps"] == village.bps
        assert set(table.loc[table["kecamatan"] == "X", "unit_code"]) == {""}


def test_the_two_authorities_codes_are_told_apart() -> None:
    """Most kabupaten have other digits at BPS: one code taken for the other would name a neighbour."""
    differ = [o.code for o in offices() if o.code.replace(".", "") != catalogue.bps_code(o.code)]
    assert len(differ) == 11
    assert catalogue.bps_code("") == ""
    with pytest.raises(KeyError):
        catalogue.bps_code("99.99")
