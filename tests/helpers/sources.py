"""Numbers of a narrative computed again by the sources that come with them, as they stand: SQL by SQLite over the
published CSVs, the rest by opening the file that is named."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from typing import Any

import openpyxl
import pandas as pd

TYPES = {"column_no": "Int64", "partai": "Int64", "calon": "Int64", "value": "Int64", "page": "Int64"}
TYPES |= {"upper": "Int64", "lower": "Int64", "difference": "Int64"}

Read = Callable[[str], bytes]
"""A file of a folder by its path."""


def table(data: bytes) -> pd.DataFrame:
    """A published CSV: counts as numbers, codes as texts."""
    found = pd.read_csv(io.BytesIO(data), dtype=str)
    return found.astype({name: kind for name, kind in TYPES.items() if name in found and "said" not in found})


def check_numbers(read: Read, slug: str) -> int:
    """Every number of the folder's narrative is what its source gives; says how many there are."""
    numbers = table(read("narasi-angka.csv"))
    with closing(sqlite3.connect(":memory:")) as base:
        table(read(f"{slug}.csv")).to_sql("data", base)
        if numbers["source"].str.contains("temuan").any():
            table(read("temuan.csv")).to_sql("temuan", base)
        folder = Folder(read, slug, base)
        for told in numbers.itertuples():
            _check(told, folder.again(told.source))
    return len(numbers)


def _check(told: Any, value: Any) -> None:
    if pd.isna(told.value):
        assert value == told.said, told
    elif told.said.endswith(" persen"):
        share = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert abs(share - Decimal(told.value)) <= Decimal("0.01"), told
        assert told.said == f"{told.value.replace('.', ',')} persen", told
    else:
        assert int(value) == int(told.value), told
        assert told.said == f"{int(told.value):,}".replace(",", "."), told


class Folder:
    """A folder's files, opened once."""

    def __init__(self, read: Read, slug: str, base: sqlite3.Connection) -> None:
        self._slug, self._base = slug, base
        self._package = json.loads(read("datapackage.json"))["resources"]
        self._book = openpyxl.load_workbook(io.BytesIO(read(f"{slug}.xlsx")), read_only=True, data_only=True)

    def again(self, source: str) -> Any:
        """What a source gives."""
        if source.startswith(("SELECT", "WITH")):
            return self._base.execute(source).fetchone()[0]
        if found := re.fullmatch(r"datapackage.json: berkas di asli/(?: dengan mediatype (.*))?", source):
            wanted = (found[1] or "").split(" atau ")
            originals = [r for r in self._package if r["path"].startswith("asli/")]
            return sum(not found[1] or r["mediatype"] in wanted for r in originals)
        if source == "datapackage.json: kolom tabel rapi":
            tidy = next(r for r in self._package if r["path"] == f"{self._slug}.csv")
            return len(tidy["schema"]["fields"])
        if found := re.fullmatch(r"buku kerja: Asal-usul, ([\w ]+)(?:, berkas (.*))?", source):
            media = {r["path"]: r["mediatype"] for r in self._package}
            head, *lines = list(self._book["Asal-usul"].values)
            at, path = head.index(found[1]), head.index("Berkas asli dalam map")
            return sum(line[at] for line in lines if not found[2] or media[line[path]] in found[2].split(" atau "))
        if source == "buku kerja: Kamus data, Persamaan yang harus terpenuhi":
            return sum("harus terpenuhi" in map(str, line) for line in self._book["Kamus data"].values)
        if found := re.fullmatch(r"katalog wilayah: (\S+), office (\S+), kolom (\w+)", source):
            return int(next(row for row in _reference(found[1]) if row["office"] == found[2])[found[3]])
        if found := re.fullmatch(r"katalog wilayah: (\S+), banyaknya baris di bawah kode (\S+)", source):
            return sum(row["code"].startswith(f"{found[2]}.") for row in _reference(found[1]))
        raise AssertionError(source)


def _reference(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((files("rangkiang.catalogue") / "data" / name).read_text("utf-8").splitlines()))
