"""A strip shows the number and nothing else, at one height, wherever it stands in its cell."""

from __future__ import annotations

import numpy as np
import pytest

from rangkiang.scans.leaf import Grey
from rangkiang.scans.strips import DIGIT, HEIGHT, MOST, STEP, WIDEST, Strip, strips
from scans.cell_pictures import cell


def only(crop: Grey) -> Strip:
    """The one strip of a cell."""
    found = strips(crop)
    assert found is not None
    assert len(found) == 1
    return found[0]


def inky(strip: Strip, axis: int) -> list[int]:
    """Rows or columns with ink."""
    where: list[int] = np.flatnonzero((strip.pixels < 128).any(axis=axis)).tolist()
    return where


@pytest.mark.parametrize(("size", "near"), [(9, 5), (14, 4), (24, 2), (48, 2), (100, 2)])
def test_digits_come_to_one_height_whatever_their_size(size: int, near: int) -> None:
    rows = inky(only(cell("708", size, (size * 6, round(size * 1.5)))), 1)
    assert rows[-1] - rows[0] + 1 == pytest.approx(DIGIT, abs=near)


@pytest.mark.parametrize("align", ["l", "m", "r"])
@pytest.mark.parametrize("room", [(80, 30), (400, 30), (150, 90)])
def test_number_is_found_in_wide_and_tall_cells(align: str, room: tuple[int, int]) -> None:
    strip = only(cell("52", 20, room, align=align))
    assert strip.pixels.shape == (HEIGHT, 2 * STEP)
    rows = inky(strip, 1)
    assert rows[-1] - rows[0] + 1 == pytest.approx(DIGIT, abs=2)


@pytest.mark.parametrize("rules", [1, 2, 3])
def test_rules_at_the_edges_are_wiped_out(rules: int) -> None:
    bare, ruled = (only(cell("1.234", rules=thick)) for thick in (0, rules))
    assert np.abs(bare.pixels.astype(int) - ruled.pixels).max() < 40


def test_one_beside_a_rule_is_no_rule() -> None:
    picture = cell("11", 24, (60, 36), rules=2, align="r")
    columns = np.flatnonzero((only(picture).pixels < 128).any(axis=0))
    assert np.sum(np.diff(columns) > 1) == 1  # two strokes


@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_paper_alone_has_no_strips(noise: float) -> None:
    grain = np.random.default_rng(1).normal(0, noise, (30, 120))
    assert strips((230 + grain).clip(0, 255).astype(np.uint8)) == ()


def test_rules_around_nothing_are_nothing() -> None:
    assert strips(cell("", rules=2)) == ()


@pytest.mark.parametrize(
    "crop", [np.zeros((30, 90), np.uint8), np.full((3, 90), 255, np.uint8), np.zeros((0, 0), np.uint8)]
)
def test_dark_or_tiny_cells_show_nothing(crop: Grey) -> None:
    assert strips(crop) is None


def test_dash_keeps_its_shape() -> None:
    strip = only(cell("-"))
    rows, columns = inky(strip, 1), inky(strip, 0)
    assert len(rows) < len(columns)
    assert len(rows) < DIGIT / 2


def test_what_stands_apart_is_a_strip_of_its_own() -> None:
    picture = cell("87", room=(300, 36), align="l")
    picture[8:28, 250:254] = 0
    found = strips(picture)
    assert found is not None
    assert [one.place[0] < 150 for one in found] == [True, False]


def test_dirt_all_over_shows_nothing() -> None:
    picture = cell("", room=(600, 36))
    picture[10:20, 20::70] = 0
    picture[10:20, 21::70] = 0
    assert len(range(20, 600, 70)) > MOST
    assert strips(picture) is None


def test_uneven_light_becomes_white_paper() -> None:
    shade = np.linspace(1.0, 0.85, 150)
    strip = only((cell("640") * shade).astype(np.uint8))
    assert np.median(strip.pixels) == 255
    assert strip.pixels.min() < 60


def test_long_numbers_are_no_wider_than_the_widest() -> None:
    assert only(cell("123.456.789.012.345", 20, (400, 30))).pixels.shape == (HEIGHT, WIDEST)


def test_cells_are_left_as_they_were() -> None:
    picture = cell("31", rules=2)
    before = picture.copy()
    strips(picture)
    assert np.array_equal(picture, before)
