"""The Data Package is valid, and notices when a file changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from frictionless import validate

from rangkiang.deliver import Built
from rangkiang.forms import form


def written(built: Built, folder: Path) -> Path:
    for path, data in built.contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder / "datapackage.json"


@pytest.mark.parametrize("kind", ["db1", "da1", "flawed"])
def test_the_package_is_valid(kind: str, db1: Callable, da1: Callable, tmp_path: Path) -> None:
    cases = {"db1": db1, "da1": da1, "flawed": lambda: db1(("IV.01", "JUMLAH AKHIR", 9), ("V.B", "JUMLAH AKHIR", None))}
    report = validate(str(written(cases[kind]().build(), tmp_path)))
    assert report.valid, report.flatten(["type", "message"])


def test_the_package_of_a_flat_table_is_valid(tps: Callable, tmp_path: Path) -> None:
    values = {"IV.01": None, "IV.02": 20, "V.A": 20, "V.B": 1}
    report = validate(str(written(tps("13.74", [("X", "Y", "1", values)], raw="=1").build(), tmp_path)))
    assert report.valid, report.flatten(["type", "message"])


@pytest.mark.parametrize("change", [(b",proved,", b",proven,"), (b",IV.01,", b",IV.09,"), (b",60,", b",x60,")])
def test_the_schema_refuses_what_the_registry_does_not_know(
    change: tuple[bytes, bytes], db1: Callable, tmp_path: Path
) -> None:
    built = db1().build()
    package = written(built, tmp_path)
    table = tmp_path / f"{built.deliverable.slug}.csv"
    said = json.loads(package.read_text("utf-8"))
    for resource in said["resources"]:
        resource.pop("hash")
        resource.pop("bytes")
    package.write_text(json.dumps(said))
    assert validate(str(package)).valid
    table.write_bytes(table.read_bytes().replace(*change, 1))
    assert not validate(str(package)).valid


def test_the_package_notices_a_changed_byte(db1: Callable, tmp_path: Path) -> None:
    built = db1().build()
    package = written(built, tmp_path)
    table = tmp_path / f"{built.deliverable.slug}.csv"
    table.write_bytes(table.read_bytes().replace(b",60,", b",61,", 1))
    assert not validate(str(package)).valid


def test_the_package_lists_every_file_of_data_and_says_who_and_under_what_terms(db1: Callable) -> None:
    built = db1().build()
    said = json.loads(built.contents["datapackage.json"])
    assert {r["path"] for r in said["resources"]} == set(built.contents) - {"datapackage.json", "dcat.jsonld"}
    assert said["licenses"][0]["name"] == "other-open"
    assert said["contributors"][0]["title"] == "KPU Kota Padang Panjang"
    fields = next(r for r in said["resources"] if r["path"].endswith("panjang.csv"))["schema"]["fields"]
    rows = next(f for f in fields if f["name"] == "row")["constraints"]["enum"]
    assert rows == [leaf.code for leaf in form("DB1-PPWP").leaf_rows]
