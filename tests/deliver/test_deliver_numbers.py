"""Every number of every narrative is listed with its source, and the source gives that number again.

The sources are run as they stand: SQL by SQLite over the published CSVs, the rest by opening the file that is named.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from typing import Any

import openpyxl
import pandas as pd
import pytest
from docx import Document
from pypdf import PdfReader

from deliver.conftest import padang_panjang
from rangkiang import catalogue
from rangkiang.deliver import Built
from rangkiang.forms import form
from rangkiang.forms.contest import contestants

NUMBER = re.compile(r"-?\d[\d.,]*")
TYPES = {"column_no": "Int64", "partai": "Int64", "calon": "Int64", "value": "Int64", "page": "Int64"}
HOLES = {"I.A.1.L": 90, "I.A.1.P": 80, "I.B.4.JML": None, "IV.01": 10, "IV.02": 20, "V.A": 31, "V.B": 1}
WHOLE = {"I.A.1.L": 91, "I.A.1.P": 82, "I.B.4.JML": 101, "IV.01": 45, "IV.02": 55, "V.A": 100, "V.B": 1}
FIRST, SECOND = (d.name for d in catalogue.districts("13.74"))


@pytest.fixture(
    params=["db1", "flawed", "da1", "partial", "no total", "tps", "places", "padang", "dpr", "dpd", "c1", "decided"]
)
def built(
    request: pytest.FixtureRequest, db1: Callable, da1: Callable, tps: Callable, votes: Callable, decided: Callable
) -> Built:
    if request.param == "padang":
        return request.getfixturevalue("padang_built")
    places = [(district, f"N{n}", str(n), {**WHOLE, "IV.01": n}) for n in range(4) for district in (FIRST, SECOND)]
    makers: dict[str, Callable[[], Built]] = {
        "db1": lambda: db1().build(),
        "flawed": lambda: db1(("IV.01", "JUMLAH AKHIR", 12345), ("V.B", "JUMLAH AKHIR", None)).build(),
        "da1": lambda: da1().build(),
        "partial": lambda: da1("13.01", leave_out=["13.01.02", "13.01.03"]).build(),
        "no total": lambda: without_total(da1()).build(),
        "tps": lambda: tps("13.74", [("A", "B", "7", HOLES), ("A", "C", "8", WHOLE)]).build(),
        "places": lambda: tps("13.74", places).build(),
        "dpr": lambda: votes("DB1-DPR", "13.74", [("13.74", "SUMATERA BARAT I")], padang_panjang()).build(),
        "dpd": lambda: votes("DB1-DPD", "13.74", [("13.74", "")], padang_panjang()).build(),
        "c1": lambda: votes(
            "C1-DPR",
            "13.74",
            [(f"13.74.01.1001.{n:03}", "SUMATERA BARAT I") for n in range(1, 40)],
            [("unit", "JUMLAH", 1)],
        ).build(),
        "decided": lambda: decided().build(),
    }
    return makers[request.param]()


def without_total(case: Any) -> Any:
    """One sheet has no total, and another that has none does not know one of its figures either."""
    for member, hole in ((case.members[0], False), (case.members[1], True)):
        figures = member.figures
        figures.drop(figures.index[figures["column_kind"] == "total"], inplace=True)
        if hole:
            figures.loc[figures.index[figures["row"] == "V.B"][0], "value"] = pd.NA
    return case


def opened(built: Built, path: str) -> pd.DataFrame:
    data = built.contents[path]
    table = pd.read_csv(io.BytesIO(data), dtype=str)
    return table.astype({name: kind for name, kind in TYPES.items() if name in table and path != "narasi-angka.csv"})


@pytest.fixture
def tables(built: Built) -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(":memory:") as base:
        opened(built, f"{built.deliverable.slug}.csv").to_sql("data", base)
        opened(built, "temuan.csv").to_sql("temuan", base)
        yield base


def again(built: Built, tables: sqlite3.Connection, source: str) -> Any:
    """What a source gives."""
    if source.startswith(("SELECT", "WITH")):
        return tables.execute(source).fetchone()[0]
    package = json.loads(built.contents["datapackage.json"])["resources"]
    book = openpyxl.load_workbook(io.BytesIO(built.contents[f"{built.deliverable.slug}.xlsx"]), data_only=True)
    if found := re.fullmatch(r"datapackage.json: berkas di asli/(?: dengan mediatype (.*))?", source):
        wanted = (found[1] or "").split(" atau ")
        return sum(r["path"].startswith("asli/") and (not found[1] or r["mediatype"] in wanted) for r in package)
    if source == "datapackage.json: kolom tabel rapi":
        return len(next(r for r in package if r["path"] == f"{built.deliverable.slug}.csv")["schema"]["fields"])
    if found := re.fullmatch(r"buku kerja: Asal-usul, ([\w ]+)(?:, berkas (.*))?", source):
        media = {r["path"]: r["mediatype"] for r in package}
        head, *lines = list(book["Asal-usul"].values)
        at, path = head.index(found[1]), head.index("Berkas asli dalam map")
        return sum(line[at] for line in lines if not found[2] or media[line[path]] in found[2].split(" atau "))
    if source == "buku kerja: Kamus data, Persamaan yang harus terpenuhi":
        return sum("harus terpenuhi" in map(str, line) for line in book["Kamus data"].values)
    if found := re.fullmatch(r"katalog wilayah: (\S+), office (\S+), kolom (\w+)", source):
        return int(next(row for row in reference(found[1]) if row["office"] == found[2])[found[3]])
    if found := re.fullmatch(r"katalog wilayah: (\S+), banyaknya baris di bawah kode (\S+)", source):
        return sum(row["code"].startswith(f"{found[2]}.") for row in reference(found[1]))
    raise AssertionError(source)


def reference(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((files("rangkiang.catalogue") / "data" / name).read_text("utf-8").splitlines()))


def test_every_source_gives_its_number_again(built: Built, tables: sqlite3.Connection) -> None:
    numbers = opened(built, "narasi-angka.csv")
    assert len(numbers) > 20
    for told in numbers.itertuples():
        value = again(built, tables, told.source)
        if pd.isna(told.value):
            assert value == told.said
        elif told.said.endswith(" persen"):
            share = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert abs(share - Decimal(told.value)) <= Decimal("0.01"), told
            assert told.said == f"{told.value.replace('.', ',')} persen"
        else:
            assert int(value) == int(told.value), told
            assert told.said == f"{int(told.value):,}".replace(",", ".")


def test_no_number_of_a_narrative_is_without_a_source(built: Built) -> None:
    listed = opened(built, "narasi-angka.csv")
    known = {number for said in listed["said"] for number in numbers(said)}
    english = {number.translate(str.maketrans(",.", ".,")) for number in known}
    remarks = opened(built, "temuan.csv")
    english |= {number for said in remarks["sentence_en"] for number in numbers(said)}
    stated = numbers(prose(built, built.contents["narasi.md"].decode()))
    assert len(stated) > 8
    assert stated <= known
    assert numbers(prose(built, built.contents["narasi.en.md"].decode())) <= english


def test_print_says_what_the_text_says(built: Built) -> None:
    """PDF and DOCX hold every word and number of the Markdown."""
    words = re.findall(r"\w+", plain(built.contents["narasi.md"].decode()))
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(built.contents["narasi.pdf"])).pages)
    paper = Document(io.BytesIO(built.contents["narasi.docx"]))
    written = " ".join(text for block in paper.element.body for text in block.itertext())
    for text in (printed, written):
        there = set(re.findall(r"\w+", re.sub(r"(\w)-?\n(?=\w)", r"\1 ", text)))
        assert {word for word in words if word.isdigit()} <= there
    assert len(words) > 300


def numbers(text: str) -> set[str]:
    return {m.group().strip(".,-") for m in NUMBER.finditer(text)}


def plain(text: str) -> str:
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"\\(.)", r"\1", text)


def prose(built: Built, text: str) -> str:
    """The narrative without names: codes, links, and what the catalogue and the registry call things."""
    text = re.sub(r"`[^`]*`|\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\\(.)", r"\1", text)
    entry, said = form(built.deliverable.doctype), built.deliverable.metadata
    kind = catalogue.doctype(built.deliverable.doctype)
    names = [kind.name.id, kind.name.en, "UTF-8", *(n for e in catalogue.elections() for n in (e.name.id, e.name.en))]
    names += [n for row in (*entry.rows, *entry.leaf_rows) for n in (row.label.id, row.label.en)]
    names += [d.name for d in catalogue.districts()] + [o.name for o in catalogue.offices()]
    names += [f"{c.number} {c.name}" for c in contestants(entry) if c.name]
    names += [f"{word} {c.number}" for c in contestants(entry) for word in ("Nomor", "No.")]
    names += list(said["row_labels"].values())
    names += [d.get(key, "") for d in said["documents"] for key in ("dapil", "area_name")]
    names += [c.name for d in said["documents"] for c in _above(d["area_code"])]
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def _above(code: str) -> Iterator[Any]:
    while "." in code:
        yield catalogue.area(code)
        code = code.rpartition(".")[0]
