"""Scores found tables against those of the ICDAR 2013 table competition, by adjacency relations.

M. Göbel, T. Hassan, E. Oro, G. Orsi: A Methodology for Evaluating Algorithms for Table Understanding in PDF Documents
(DocEng 2012). Every cell with text is related to the next cell with text on its right and below it, for each row and
column that it covers, once. A relation is found where the same two texts stand in the same direction to each other.
"""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rangkiang.model import Cell, Table

Relation = tuple[str, str, str]

_ALIKE = str.maketrans("\u2018\u2019\u201c\u201d\u2010\u2011\u2012\u2013\u2014\u2212\u00ad", "''\"\"-------")


@dataclass(frozen=True, slots=True)
class Score:
    """Relations of one document: in the truth, in what was found, in both."""

    truth: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        return self.right / self.truth if self.truth else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else float(not self.truth)

    @property
    def f(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def documents(folder: Path) -> dict[Path, list[Path]]:
    """Every PDF with its truths. One document has two, since its title may be seen as part of the table or not."""
    return {
        pdf: sorted(folder.glob(f"{pdf.stem.removesuffix('a')}*-str.xml")) for pdf in sorted(folder.glob("eu-*.pdf"))
    }


def truth(path: Path) -> list[Table]:
    """The tables of a ``-str.xml``; a table that goes on elsewhere counts as one table for each of its regions."""
    regions = ET.parse(path).getroot().iter("region")  # noqa: S314  files of our own test data
    return [Table(int(region.get("page", 1)), "truth", tuple(map(_cell, region.iter("cell")))) for region in regions]


def score(found: Iterable[Table], truths: Sequence[Sequence[Table]]) -> Score:
    """All tables of a document against the truth that it comes closest to."""
    ours = relations(found)
    return max((_score(ours, relations(tables)) for tables in truths), key=lambda s: s.f)


def macro_f(scores: Iterable[Score]) -> float:
    """Every document counts the same."""
    all_f = [s.f for s in scores]
    return sum(all_f) / len(all_f)


def relations(tables: Iterable[Table]) -> Counter[Relation]:
    return Counter(relation for table in tables for relation in _relations(table))


def normal(text: str) -> str:
    """Without what typesetting adds: white space, ligatures, kinds of dashes and quotation marks, case."""
    return "".join(unicodedata.normalize("NFKC", text.translate(_ALIKE)).split()).casefold()


def _score(found: Counter[Relation], true: Counter[Relation]) -> Score:
    return Score(true.total(), found.total(), (found & true).total())


def _relations(table: Table) -> Iterator[Relation]:
    grid = [[cell if cell and normal(cell.text) else None for cell in row] for row in table.grid()]
    columns = [list(column) for column in zip(*grid, strict=True)]
    for direction, lines in (("right", grid), ("below", columns)):
        pairs = {pair: None for line in lines for pair in _neighbours(line)}
        yield from ((normal(one.text), normal(other.text), direction) for one, other in pairs)


def _neighbours(line: Sequence[Cell | None]) -> Iterator[tuple[Cell, Cell]]:
    there = list(dict.fromkeys(cell for cell in line if cell))
    return pairwise(there)


def _cell(element: ET.Element) -> Cell:
    row, col = int(element.get("start-row", 0)), int(element.get("start-col", 0))
    last_row, last_col = int(element.get("end-row", row)), int(element.get("end-col", col))
    text = element.findtext("content") or ""
    return Cell(row, col, text, None, last_row - row + 1, last_col - col + 1)
