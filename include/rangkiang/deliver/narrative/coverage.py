"""How much of what is expected is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rangkiang import catalogue
from rangkiang.deliver import facts
from rangkiang.deliver.columns import coded
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.narrative import queries
from rangkiang.deliver.narrative.teller import Teller
from rangkiang.deliver.words import sentence_case
from rangkiang.model import Level


def coverage_lines(made: Dataset, teller: Teller) -> Iterable[Mapping[str, Any]]:
    """One line per level: what is there, of what the catalogue expects."""
    for line in facts.coverage(made):
        level = catalogue.level_name(line.level)
        expected = f"Cakupan: {level} menurut katalog wilayah"
        yield {
            "level": sentence_case(catalogue.level_name(line.level, teller.lang)),
            "present": teller.number(line.present, f"Cakupan: {level} yang ada", queries.coverage(made, line)),
            "expected": teller.number(line.expected, expected, reference(made, line.level)) if line.expected else "",
            "missing": [a.name for a in line.missing],
            "values": (line.present, line.expected),
        }


def reference(made: Dataset, level: Level) -> str:
    """Where the catalogue says how many areas of a level an office has."""
    if not coded(level):
        column = "tps" if level is Level.TPS else "villages"
        return f"katalog wilayah: official_results.csv, office {made.office.code}, kolom {column}"
    file = "districts.csv" if level is Level.KECAMATAN else "offices.csv"
    return f"katalog wilayah: {file}, banyaknya baris di bawah kode {made.office.code}"
