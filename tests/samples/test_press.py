"""The press says the truth about what it prints: checked without the press's own arithmetic and without the reader."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest

from samples import press
from samples.press import fonts
from samples.press.slips import KINDS, Slip
from samples.press.styles import OPTIONS, ROUNDS, Style, deal

Column = tuple[str, str, dict[str, int]]
SEED = 2019


@pytest.fixture(scope="module")
def printed() -> list[press.Print]:
    """Every model once, and more."""
    return list(press.sheets(SEED, 140))


def test_every_model_is_printed(printed: list[press.Print]) -> None:
    assert {one.model for one in printed} == set(press.MODELS)
    assert len(press.MODELS) == 25


def test_the_same_seed_prints_the_same_bytes(printed: list[press.Print]) -> None:
    assert list(press.sheets(SEED, 12)) == printed[: len(list(press.sheets(SEED, 12)))]
    assert next(press.sheets(SEED + 1, 1)).pdf != printed[0].pdf


@pytest.mark.parametrize("model", press.MODELS)
def test_every_choice_is_made_on_every_model(model: str) -> None:
    styles = [deal(SEED, model, nth) for nth in range(ROUNDS)]
    assert {field.name for field in fields(Style)} == set(OPTIONS)
    for name, options in OPTIONS.items():
        assert {getattr(style, name) for style in styles} == set(options), name


def test_identities_and_bounds_hold_in_every_column(printed: list[press.Print]) -> None:
    for one in printed:
        for kind, label, column in _columns(one):
            for left, right in _equations(column):
                assert left == right, (one.model, kind, label)
            for part in ("L", "P", "JML"):
                assert column[f"I.B.1.{part}"] <= column[f"I.A.1.{part}"]
                assert column[f"II.2.{part}"] <= column[f"II.1.{part}"] <= column[f"I.A.4.{part}"]
            assert min(column.values()) >= 0


def test_carries_and_totals_are_sums_of_the_units_before_them(printed: list[press.Print]) -> None:
    for one in printed:
        so_far: dict[str, int] = defaultdict(int)
        for kind, label, column in _columns(one):
            if kind == "unit":
                for code, value in column.items():
                    so_far[code] += value
            else:
                assert column == so_far, (one.model, kind, label)
        kinds = [kind for kind, _, _ in _columns(one)]
        assert kinds.count("total") == (0 if one.model.startswith("C1") else 1)


def test_every_column_has_the_same_rows_in_the_order_of_the_form(printed: list[press.Print]) -> None:
    for one in printed:
        rows = [tuple(column) for _, _, column in _columns(one)]
        assert len(set(rows)) == 1
        assert rows[0][:3] == ("I.A.1.L", "I.A.1.P", "I.A.1.JML")
        assert rows[0][-3:] == ("V.A", "V.B", "V.C")


def test_values_are_printed_as_the_office_prints_them(printed: list[press.Print]) -> None:
    for figure in (figure for one in printed for figure in one.truth):
        digits = figure.printed.replace(".", "")
        assert int(digits) == figure.value if digits.isdigit() else (figure.value == 0 and digits in ("", "-"))


def test_every_figure_stands_in_its_cell(printed: list[press.Print]) -> None:
    """The signs of the page that lie in a figure's cell are the figure, and lie half a point or more from its rules."""
    for one in printed:
        document = pdfium.PdfDocument(one.pdf)
        assert len(document) == one.pages
        for number, figures in groupby(one.truth, key=lambda figure: figure.page):
            _compare(document[number - 1], list(figures), f"{one.model} page {number} {one.style}")


def test_a_bundle_holds_its_sheets_one_after_the_other() -> None:
    (bundle,) = press.bundles(SEED, 1)
    document = pdfium.PdfDocument(bundle.pdf)
    assert len(document) == bundle.pages == sum(one.pages for one in bundle.sheets)
    for first, one in zip(bundle.first, bundle.sheets, strict=True):
        for number, figures in groupby(one.truth, key=lambda figure: figure.page):
            _compare(document[first + number - 2], list(figures), f"bundle {one.model} page {number}")


@pytest.mark.parametrize("model", press.MODELS)
def test_a_slip_breaks_what_it_says_and_nothing_else(model: str) -> None:
    one = press.single(SEED, model, 0, slip=True)
    slip = one.slip
    assert slip is not None
    assert slip.printed not in (slip.right, 0)
    assert slip.equations or slip.totals
    so_far, off = 0, []
    for kind, label, column in _columns(one):
        own = (kind, label) == (slip.column_kind, slip.column_label)
        wrong = 0 if kind.startswith("carried") else sum(left != right for left, right in _equations(column))
        assert wrong == (len(slip.equations) if own else 0)
        assert all(_fails(equation, column) == own for equation in slip.equations)
        if kind == "unit":
            so_far += column[slip.row]
        elif column[slip.row] != so_far:
            off.append((kind, label))
    assert off == list(slip.totals)


def test_slips_of_every_kind_are_made() -> None:
    prints = [press.single(SEED, "DA1-PPWP", nth, slip=True) for nth in range(24)]
    assert {one.slip.kind for one in prints if one.slip} == set(KINDS)
    assert all(any(_is_slip(figure, one.slip) for figure in one.truth) for one in prints if one.slip)


def test_a_font_that_is_not_installed_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = {"gothic": {"package": "fonts-gothic", "plain": "/nowhere/plain.ttf", "bold": "/nowhere/bold.ttf"}}
    monkeypatch.setattr(fonts, "more", lambda: nowhere)
    with pytest.raises(fonts.FontMissing, match="apt-get install fonts-gothic"):
        press.single(SEED, "C1-PPWP", 0, font="gothic")


def test_the_command_writes_files_and_their_truth(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "samples.press", "--out", tmp_path, "--pages", "3"], check=True)
    with (tmp_path / "truth.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    printed = list(press.sheets(SEED, 3))
    assert [int(row["value"]) for row in rows] == [figure.value for one in printed for figure in one.truth]
    assert [(tmp_path / name).read_bytes() for name in sorted({row["file"] for row in rows})] == [
        one.pdf for one in printed
    ]


def _compare(page: pdfium.PdfPage, figures: list[press.Truth], where: str) -> None:
    boxes = np.array([figure.box for figure in figures])
    found: list[list[tuple[str, tuple[float, ...]]]] = [[] for _ in figures]
    for sign, box in _signs(page):
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        for n in np.flatnonzero((boxes[:, 0] < x) & (x < boxes[:, 2]) & (boxes[:, 1] < y) & (y < boxes[:, 3])):
            room = (box[0] - boxes[n][0], box[1] - boxes[n][1], boxes[n][2] - box[2], boxes[n][3] - box[3])
            assert min(room) >= 0.5, (where, figures[n], sign, box)
            again = any(s == sign and max(abs(b[0] - box[0]), abs(b[1] - box[1])) < 0.3 for s, b in found[n])
            found[n] += [] if again else [(sign, box)]
    for figure, signs in zip(figures, found, strict=True):
        assert "".join(sign for sign, _ in signs) == figure.printed, (where, figure)


def _signs(page: pdfium.PdfPage) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Every sign that leaves ink: left, bottom, right, top on the page before /Rotate."""
    text = page.get_textpage()
    for n in range(text.count_chars()):
        sign = chr(pdfium.raw.FPDFText_GetUnicode(text, n))
        if not sign.isspace():
            yield sign, text.get_charbox(n)


def _columns(one: press.Print) -> Iterator[Column]:
    """Columns block by block, from the order of the truth alone: a block begins where the first row comes again."""
    lines = [(row, list(figures)) for row, figures in groupby(one.truth, key=lambda figure: figure.row)]
    starts = [n for n, (row, _) in enumerate(lines) if row == lines[0][0]]
    for start, end in pairwise([*starts, len(lines)]):
        block = lines[start:end]
        for n, head in enumerate(block[0][1]):
            assert {(f[n].column_kind, f[n].column_label) for _, f in block} == {(head.column_kind, head.column_label)}
            yield head.column_kind, head.column_label, {row: figures[n].value for row, figures in block}


def _is_slip(figure: press.Truth, slip: Slip) -> bool:
    where = (figure.row, figure.column_kind, figure.column_label, figure.value)
    return where == (slip.row, slip.column_kind, slip.column_label, slip.printed)


def _fails(equation: str, column: dict[str, int]) -> bool:
    left, right = equation.split(" = ")
    return column[left] != sum(column[row] for row in right.split(" + "))


def _equations(column: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Left and right side of every identity of a sheet."""
    v = column
    for row in (*(f"I.{part}.{n}" for part in "AB" for n in range(1, 5)), "II.1", "II.2"):
        yield v[f"{row}.JML"], v[f"{row}.L"] + v[f"{row}.P"]
    for part in ("L", "P", "JML"):
        for list_ in ("I.A", "I.B"):
            yield v[f"{list_}.4.{part}"], sum(v[f"{list_}.{n}.{part}"] for n in (1, 2, 3))
    yield v["III.1"], v["III.2"] + v["III.3"] + v["III.4"]
    parties: dict[str, list[int]] = defaultdict(list)
    for row in v:
        if row.startswith("IV."):
            party, _, candidate = row[3:].rpartition(".")
            parties[party] += [v[row]] if candidate != "T" else []
    for party, votes in parties.items():
        if party:
            yield v[f"IV.{party}.T"], sum(votes)
    yield v["V.A"], sum(v[f"IV.{party}.T"] if party else sum(votes) for party, votes in parties.items())
    yield v["V.C"], v["V.A"] + v["V.B"]
    yield v["V.C"], v["III.4"]
    yield v["V.C"], v["I.B.4.JML"]
