"""Every number of every narrative is listed with its source, and the source gives that number again."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from docx import Document
from pypdf import PdfReader

from deliver.conftest import padang_panjang
from helpers.sources import check_numbers, table
from rangkiang import catalogue
from rangkiang.deliver import Built
from rangkiang.forms import form
from rangkiang.forms.contest import contestants

NUMBER = re.compile(r"-?\d[\d.,]*")
HOLES = {"I.A.1.L": 90, "I.A.1.P": 80, "I.B.4.JML": None, "IV.01": 10, "IV.02": 20, "V.A": 31, "V.B": 1}
WHOLE = {"I.A.1.L": 91, "I.A.1.P": 82, "I.B.4.JML": 101, "IV.01": 45, "IV.02": 55, "V.A": 100, "V.B": 1}
FIRST, SECOND = (d.name for d in catalogue.districts("13.74"))


@pytest.fixture(
    params=[
        "db1",
        "flawed",
        "many holes",
        "dapils",
        "da1",
        "partial",
        "no total",
        "tps",
        "places",
        "padang",
        "dpr",
        "dpd",
        "c1",
        "decided",
    ]
)
def built(
    request: pytest.FixtureRequest, db1: Callable, da1: Callable, tps: Callable, votes: Callable, decided: Callable
) -> Built:
    if request.param == "padang":
        return request.getfixturevalue("padang_built")
    districts = [(d.code, "SUMATERA BARAT I") for d in catalogue.districts("13.74")]
    of_one_city = [("13.74", f"PADANG PANJANG {n}") for n in (1, 2)]
    two = [("unit", "A", 1), ("total", "JUMLAH AKHIR", 1)]
    places = [(district, f"N{n}", str(n), {**WHOLE, "IV.01": n}) for n in range(4) for district in (FIRST, SECOND)]
    makers: dict[str, Callable[[], Built]] = {
        "db1": lambda: db1().build(),
        "flawed": lambda: db1(("IV.01", "JUMLAH AKHIR", 12345), ("V.B", "JUMLAH AKHIR", None)).build(),
        "many holes": lambda: with_holes(votes("DA1-DPR", "13.74", districts, two)).build(),
        "dapils": lambda: votes("DB1-DPRD-KABKOTA", "13.74", of_one_city, padang_panjang()).build(),
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


def with_holes(case: Any) -> Any:
    """Two sheets of parties; nothing is known of the second but the valid votes."""
    figures = case.members[1].figures
    figures.loc[figures["row"] != "V.A", "value"] = pd.NA
    return case


def without_total(case: Any) -> Any:
    """One sheet has no total, and another that has none does not know one of its figures either."""
    for member, hole in ((case.members[0], False), (case.members[1], True)):
        figures = member.figures
        figures.drop(figures.index[figures["column_kind"] == "total"], inplace=True)
        if hole:
            figures.loc[figures.index[figures["row"] == "V.B"][0], "value"] = pd.NA
    return case


def test_every_source_gives_its_number_again(built: Built) -> None:
    assert check_numbers(built.contents.__getitem__, built.deliverable.slug) > 20


def test_no_number_of_a_narrative_is_without_a_source(built: Built) -> None:
    listed = table(built.contents["narasi-angka.csv"])
    known = {number for said in listed["said"] for number in numbers(said)}
    english = {number.translate(str.maketrans(",.", ".,")) for number in known}
    remarks = table(built.contents["temuan.csv"])
    english |= {number for said in remarks["sentence_en"] for number in numbers(said)}
    stated = numbers(prose(built, built.contents["narasi.md"].decode()))
    assert len(stated) > 8
    assert stated <= known
    assert numbers(prose(built, built.contents["narasi.en.md"].decode())) <= english


def test_print_says_what_the_text_says(built: Built) -> None:
    """PDF and DOCX hold every word of the Markdown, and their charts are there."""
    words = set(re.findall(r"\w+", plain(built.contents["narasi.md"].decode())))
    paper = Document(io.BytesIO(built.contents["narasi.docx"]))
    written = " ".join("".join(block.itertext("{*}t")) for block in paper.element.iter("{*}p"))
    assert words <= set(re.findall(r"\w+", written))
    assert len(paper.inline_shapes) >= 2
    book = PdfReader(io.BytesIO(built.contents["narasi.pdf"]))
    printed = re.sub(r"\s+", "", "".join(page.extract_text() for page in book.pages))
    assert [word for word in words if word not in printed] == []
    assert book.metadata.title == built.deliverable.metadata["title"]["id"]


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
    names = [
        kind.name.id,
        kind.name.en,
        kind.code,
        "UTF-8",
        *(n for e in catalogue.elections() for n in (e.name.id, e.name.en)),
    ]
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
