"""What the site holds of each office, and the tile that it has on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from rangkiang import catalogue
from rangkiang.catalogue import Office
from rangkiang.model import Level
from rangkiang.portal.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Standing:
    """What the site holds of one office."""

    office: Office
    datasets: tuple[Manifest, ...]
    held: tuple[Manifest, ...] = ()  # of its datasets what a reconciliation keeps back, and that one's slug

    @property
    def stages(self) -> Mapping[str, tuple[Manifest, ...]]:
        codes = sorted({m["stage"] for m in self.datasets})
        return {code: tuple(m for m in self.datasets if m["stage"] == code) for code in codes}

    def count(self, status: str) -> int:
        return sum(m["counts"].get(status, 0) for m in self.datasets)

    def owed(self, stage: str) -> tuple[str, ...]:
        """Jenis dokumen that this office owes at that stage."""
        by = ("province",) if self.office.level is Level.PROVINSI else ("office", "district")
        return tuple(d.code for d in catalogue.doctypes() if d.stage == stage and d.expected in by)

    def missing(self, stage: str) -> tuple[str, ...]:
        """Those of which nothing is published, nor held back."""
        there = {m["doctype"] for m in self.datasets} | {one["doctype"] for one in self.held}
        return tuple(code for code in self.owed(stage) if code not in there)


@dataclass(frozen=True, slots=True)
class Tile:
    """An office on the map: how many of the datasets that it owes are there, and how many figures are flagged."""

    standing: Standing
    column: int
    row: int
    there: int
    owed: int

    @property
    def name(self) -> str:
        """The area's name, which may be divided on a narrow screen."""
        divided = _divided()
        return " ".join(divided.get(word, word) for word in self.standing.office.short_name.split())

    @property
    def state(self) -> Literal["full", "part", "none"]:
        if not self.standing.datasets:
            return "none"
        return "full" if self.there >= self.owed else "part"


def standings(manifests: Sequence[Manifest]) -> list[Standing]:
    """Every office of the catalogue, the province first."""
    return [_standing(office, manifests) for office in catalogue.offices()]


def tiles(found: Sequence[Standing], stages: Sequence[str]) -> list[Tile]:
    """The regencies and cities row by row from the north, counting what is owed at these stages."""
    placed = ((_places()[one.office.code], one) for one in found if one.office.level is Level.KABKOTA)
    return [_tile(one, column, row, stages) for (row, column), one in sorted(placed, key=lambda p: p[0])]


def _standing(office: Office, manifests: Sequence[Manifest]) -> Standing:
    held = ({**one, "slug": m["slug"]} for m in manifests for one in m["held"] if one["office"] == office.code)
    return Standing(office, tuple(m for m in manifests if m["office"] == office.code), tuple(held))


def _tile(standing: Standing, column: int, row: int, stages: Sequence[str]) -> Tile:
    owed = {(stage, code) for stage in stages for code in standing.owed(stage)}
    there = {(m["stage"], m["doctype"]) for m in standing.datasets}
    return Tile(standing, column, row, len(owed & there), len(owed))


@cache
def _places() -> Mapping[str, tuple[int, int]]:
    """Row and column of each tile."""
    return {code: (row, column) for code, (column, row) in _map()["tiles"].items()}


@cache
def _divided() -> Mapping[str, str]:
    """Words with the hyphen that is only seen where a line ends at it."""
    return {word.replace("-", ""): word.replace("-", "\N{SOFT HYPHEN}") for word in _map()["divided"]}


@cache
def _map() -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(files(__package__).joinpath("map.yaml").read_text("utf-8"))
    return read
