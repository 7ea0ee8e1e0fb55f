"""The pages that say where each figure of a dataset comes from: which figures stand on which, and what binds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rangkiang.forms import Form
from rangkiang.portal.figures import Figure, Place, Remark, documents
from rangkiang.portal.sums import RowTotal, Sheet, Sum

MOST = 120
"""Figures on a page: more are hard to read, and weigh too much."""
HEAVIEST = 160_000
"""Bytes of a page and the pictures of cells on it, where that can be had with fewer figures ..."""
EACH = 620
"""... each of which takes so many."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A figure with what binds it."""

    figure: Figure
    sums: tuple[int, ...]  # numbers of the sums of its piece, from 1
    total: RowTotal | None
    remarks: tuple[int, ...]  # numbers of the remarks of its part, from 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Figures of one column on one page of a document."""

    lines: tuple[Traced, ...]
    sums: tuple[Sum, ...]

    @property
    def first(self) -> Figure:
        return self.lines[0].figure


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one page of the site."""

    number: int
    pieces: tuple[Piece, ...]
    remarks: tuple[Remark, ...]

    @property
    def figures(self) -> list[Figure]:
        return [line.figure for piece in self.pieces for line in piece.lines]


def parts(
    figures: Sequence[Figure], remarks: Sequence[Remark], form: Form | None, sizes: Mapping[str, int]
) -> list[Part]:
    """The figures of a dataset in parts. ``sizes``: bytes of its files by path, those of pictures among them."""
    binding: dict[Place, list[tuple[int | None, Remark]]] = defaultdict(list)
    for remark in remarks:
        for place, page in remark.cells:
            binding[place].append((page, remark))
    sheets = {own[0].sha256: Sheet(own, form) for own in documents(figures)}
    packed = _packed(list(_runs(figures)), sizes)
    return [_part(number, runs, sheets, binding) for number, runs in enumerate(packed, 1)]


def printed(parts: Sequence[Part]) -> dict[str, tuple[int, int]]:
    """Where a dataset's totals stand that are printed in one place and not added up: number of the part and line of the
    table, by row."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    totals = any(figure.is_total for part in parts for figure in part.figures)
    for part in parts:
        for figure in part.figures:
            if figure.is_total or not totals:
                found[figure.row].append((part.number, figure.line))
    return {row: places[0] for row, places in found.items() if len(places) == 1}


def _runs(figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    """The figures of each column on each page, no more of them than a page of the site takes."""
    for own in documents(figures):
        ordered = sorted(own, key=lambda f: (f.page, f.column, f.line))
        for _, column in groupby(ordered, key=lambda f: (f.page, f.column)):
            found = list(column)
            yield from (found[at : at + MOST] for at in range(0, len(found), MOST))


def _packed(runs: Sequence[list[Figure]], sizes: Mapping[str, int]) -> Iterator[list[list[Figure]]]:
    packed: list[list[Figure]] = []
    for run in runs:
        together = [figure for one in [*packed, run] for figure in one]
        pictures = {figure.picture.path for figure in together if figure.picture}
        heavy = sum(sizes.get(path, 0) for path in pictures) + EACH * len(together) > HEAVIEST
        if packed and (len(together) > MOST or heavy):
            yield packed
            packed = []
        packed.append(run)
    if packed:
        yield packed


def _part(
    number: int,
    runs: Sequence[Sequence[Figure]],
    sheets: Mapping[str, Sheet],
    binding: Mapping[Place, Sequence[tuple[int | None, Remark]]],
) -> Part:
    numbers: dict[str, int] = {}
    remarks: list[Remark] = []

    def about(figure: Figure) -> tuple[int, ...]:
        found = [remark for page, remark in binding.get(figure.place, ()) if page in (None, figure.page)]
        for remark in found:
            if remark.id not in numbers:
                remarks.append(remark)
                numbers[remark.id] = len(remarks)
        return tuple(sorted({numbers[remark.id] for remark in found}))

    pieces = []
    for run in runs:
        sheet = sheets[run[0].sha256]
        sums = sheet.down(run[0].column, {figure.row for figure in run})
        lines = tuple(
            Traced(f, tuple(n for n, one in enumerate(sums, 1) if f.row in one.rows), sheet.across(f), about(f))
            for f in run
        )
        pieces.append(Piece(lines, tuple(sums)))
    return Part(number, tuple(pieces), tuple(remarks))
