"""Whole sheets: drawn by the test, and the real ones of 2019."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.boxed import filled, leaf
from rangkiang.forms import form
from rangkiang.model import FIGURE_COLUMNS, Finding, Status
from rangkiang.proof import prove
from rangkiang.scans.c1.layout import layouts
from rangkiang.scans.c1.numerals import words
from rangkiang.scans.c1.read import Field, read_c1
from rangkiang.scans.leaf import Leaf
from rangkiang.scans.pictures import pictures
from rangkiang.scans.upright import upright

FIRST, SECOND = layouts()
VOTES = {"IV.01": "X20", "IV.02": "128", "V.A": "148", "V.B": "XX5", "V.C": "153"}
VOTERS = {place.row: filling for place, filling in zip(FIRST.places, 12 * ("X94", "137", "XXX"), strict=False)}
TRUE = {
    "I.A.4.JML": "dpt_jumlah",
    "I.B.4.JML": "pengguna_jumlah",
    "IV.01": "suara_01",
    "IV.02": "suara_02",
    "V.A": "suara_sah",
    "V.B": "suara_tidak_sah",
    "V.C": "sah_tidak_sah",
}
ENOUGH = 0.8


def count(filling: str) -> int:
    return int(filling.replace("X", "") or 0)


def test_a_drawn_sheet_is_read_with_its_leaves_in_any_order_and_turn():
    spoken = {row: words(count(filling)) for row, filling in VOTES.items()}
    second, first = filled(SECOND, VOTES, spoken), filled(FIRST, VOTERS, {})
    found = read_c1([leaf(np.ascontiguousarray(second[::-1, ::-1])), replace(leaf(first), number=2)])
    assert [field.row for field in found] == [*VOTERS, *VOTES]
    assert {field.row: field.page for field in found}["V.C"] == 1
    said = {field.row: field.guesses[0].value for field in found}
    meant = {row: count(filling) for row, filling in {**VOTERS, **VOTES}.items()}
    right = sum(said[row] == meant[row] for row in meant)
    assert right >= 0.7 * len(meant)
    assert {row: said[row] for row in VOTES} == {row: meant[row] for row in VOTES}


def test_words_that_say_another_number_are_told_apart_from_the_boxes():
    page = filled(SECOND, VOTES, {"V.C": "SERATUS LIMA PULUH TUJUH"})
    field = next(field for field in read_c1([leaf(page)]) if field.row == "V.C")
    assert 153 in [guess.value for guess in field.written[:3]]
    assert 157 not in [guess.value for guess in field.written[:3]]
    assert field.spoken[0].value == 157


def test_a_leaf_of_something_else_gives_nothing():
    assert read_c1([leaf(np.full((1770, 1240), 255, np.uint8))]) == []


@pytest.fixture(scope="module")
def sheets(request: pytest.FixtureRequest) -> Path:
    folder = Path(request.config.rootpath).parent / "shared" / "data" / "c1_2019"
    if not folder.is_dir():
        pytest.skip(f"the real C1 sheets are not here: {folder}")
    return folder


def test_real_sheets_of_2019(sheets: Path):
    """Nothing that is proved or read is wrong, and most figures are."""
    tally: Counter[str] = Counter()
    for truth in _truths(sheets):
        figures, _ = proved([*_leaves(sheets / truth["img_lembar1"], 1), *_leaves(sheets / truth["img_lembar2"], 2)])
        said = figures.set_index("row")
        for row, column in TRUE.items():
            sure = said.loc[row, "status"] in (Status.PROVED, Status.READ)
            right = said.loc[row, "value"] == int(truth[column])
            tally["flagged" if not sure else "right" if right else "wrong"] += 1
    assert tally["wrong"] == 0
    assert tally["right"] >= ENOUGH * tally.total()


def proved(leaves: list[Leaf]) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    found = read_c1(leaves, "C1-PPWP")
    return prove(_frame(found), form("C1-PPWP"), "13.01", "0" * 64)


def _frame(found: list[Field]) -> pd.DataFrame:
    lines = [_line(field) for field in found]
    figures = pd.DataFrame(lines).astype(dict(FIGURE_COLUMNS))[list(FIGURE_COLUMNS)]
    figures.attrs["guesses"] = [[n, [[g.text, g.value, g.p] for g in field.guesses]] for n, field in enumerate(found)]
    return figures


def _line(field: Field) -> Mapping[str, object]:
    best = field.guesses[0] if field.guesses else None
    box = {"x0": field.box.x0, "y0": field.box.y0, "x1": field.box.x1, "y1": field.box.y1}
    return {
        **box, "file": "c1.png", "sha256": "0" * 64, "page": field.page, "form": "C1-PPWP", "row": field.row,
        "row_label": field.row, "column_kind": "unit", "column_label": "TPS 1", "value": best.value if best else None,
        "raw": best.text if best else "?", "status": "read", "confidence": best.p if best else 0.0, "engine": "c1",
    }  # fmt: skip


def _truths(sheets: Path) -> Iterator[dict[str, str]]:
    with (sheets / "truth.csv").open() as lines:
        yield from csv.DictReader(lines)


def _leaves(path: Path, number: int) -> Iterator[Leaf]:
    for picture in pictures(path.read_bytes(), "image/png"):
        yield upright(replace(picture, number=number))
