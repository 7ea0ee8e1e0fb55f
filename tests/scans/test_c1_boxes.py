"""A sheet's boxes are found whichever way it lies, and whatever is missing of it."""

import cv2
import numpy as np
import pytest

from helpers.boxed import HEIGHT, ONTO, WIDTH, at, bent, leaf, sheet
from rangkiang.scans.c1.boxes import boxed, cut, unruled
from rangkiang.scans.c1.layout import layouts
from rangkiang.scans.c1.register import place, turned
from rangkiang.scans.c1.ruled import through
from rangkiang.scans.c1.signs import AROUND

PAGES = layouts()
FIRST, SECOND = PAGES[0], PAGES[1]
STRAIGHT = np.eye(3)
CORNERS = np.array([[0.02, 0.16], [0.98, 0.16], [0.98, 0.79], [0.02, 0.79]])


def placed(picture):
    found = place(leaf(picture), PAGES)
    assert found is not None
    return found


def off(found, matrix=STRAIGHT) -> float:
    """How far the layout's corners are from where they were drawn, in pixels, at the most."""
    return float(np.abs(found.pixels(CORNERS) - through(matrix @ ONTO, CORNERS)).max())


@pytest.mark.parametrize(("page", "quarters"), [(FIRST, 0), (SECOND, 1), (FIRST, 2), (SECOND, 3), (SECOND, 0)])
def test_page_and_turn_are_told_by_the_rules(page, quarters):
    lying = np.ascontiguousarray(np.rot90(sheet(page), quarters))
    found = placed(lying)
    assert found.page is page
    assert found.leaf.grey.shape == (HEIGHT, WIDTH)
    assert off(found) < 1.5


def test_places_lead_back_to_the_picture_as_it_came():
    upside_down = np.ascontiguousarray(np.rot90(sheet(SECOND), 2))
    found = placed(upside_down)
    x, y = at(0.9, 0.2)
    there = found.leaf.places(np.array([[x, y]], dtype=float))[0] * 2.0
    assert there == pytest.approx([WIDTH - 1 - x, HEIGHT - 1 - y], abs=0.01)


@pytest.mark.parametrize(("degrees", "shift"), [(-1.4, 0), (0.8, 18)])
def test_skew_and_perspective(degrees, shift):
    picture, matrix = bent(sheet(FIRST), degrees=degrees, shift=shift)
    assert off(placed(picture), matrix) < 2


def test_a_page_without_its_corners():
    picture = sheet(SECOND)
    cropped = picture[70:-120, 45:-30]
    found = placed(cropped)
    assert off(found, np.array([[1, 0, -45], [0, 1, -70], [0, 0, 1]])) < 1.5


def test_a_faint_page_with_broken_rules():
    picture = sheet(FIRST, ink=150)
    for left in range(0, WIDTH, 70):
        picture[:, left : left + 16] = 255
    picture[300:420, 100:700] = 255
    assert off(placed(picture)) < 2


def ruled(down: int, across: int, left: int = 60):
    """A table with a rule every so many pixels down and across."""
    picture = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for y in range(60, 1701, down):
        cv2.line(picture, (left, y), (1180, y), 0, 2)
    for x in range(left, 1181, across):
        cv2.line(picture, (x, 60), (x, 1700), 0, 2)
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        np.full((HEIGHT, WIDTH), 255, np.uint8),
        ruled(50, 37),
        ruled(8, 16),  # every rule of any layout is there, among others
        ruled(41, 2000, left=640),  # every upright rule of a layout may be the only one that is there
        np.zeros((1, 1), np.uint8),
        np.zeros((3, 20_000), np.uint8),
    ],
    ids=["nothing", "a table", "a grid", "one upright rule", "a dot", "a thread"],
)
def test_what_is_no_such_sheet_is_not_taken_for_one(picture):
    assert place(leaf(picture), PAGES) is None


def test_each_box_shows_what_is_in_it():
    dotted = {("I.A.1.L", 0), ("I.B.4.JML", 2), ("II.2.P", 1), ("III.4", 0)}
    numbers = boxed(placed(bent(sheet(FIRST, dotted), degrees=0.7)[0]))
    assert len(numbers) == 34
    inner = slice(AROUND + 4, -AROUND - 4)
    inked = {(number.row, n) for number in numbers for n in range(3) if number.pictures[n][inner, inner].min() < 100}
    assert inked == dotted


def test_a_box_that_paper_moved_is_followed():
    picture = sheet(SECOND, {("IV.01", 1)})
    left, top = at(0.84, 0.13)
    right, bottom = at(1.0, 0.2)
    picture[top:bottom, left:right] = np.roll(picture[top:bottom, left:right], 4, axis=0)
    number = next(n for n in boxed(placed(picture)) if n.row == "IV.01")
    straight = next(n for n in boxed(placed(sheet(SECOND))) if n.row == "IV.01")
    assert number.corners[:, 1] - straight.corners[:, 1] == pytest.approx(np.full(4, 4.0), abs=1.5)


def test_lines_of_words_are_cut_out():
    picture = sheet(SECOND)
    x, y = at(0.5, 0.205)
    cv2.circle(picture, (x, y), 6, 0, -1)
    line = cut(placed(picture), SECOND.words["IV.01"])
    assert line.shape == pytest.approx((45, 1008), abs=2)
    assert line[15:30].min() < 50


def test_a_turn_leads_back():
    picture = sheet(FIRST)
    for quarters in range(4):
        lying = turned(leaf(picture), quarters)
        x, y = 300.0, 500.0
        there = lying.places(np.array([[x, y]]))[0] * 2.0
        assert lying.grey[int(y), int(x)] == picture[round(there[1]), round(there[0])]


def test_rules_between_boxes_are_taken_away_and_a_one_beside_them_stays():
    crop = np.full((50, 150), 255, np.uint8)
    crop[:2] = crop[-2:] = 0
    crop[:, [50, 51, 99, 100]] = 0
    crop[10:40, 22:25] = crop[10:40, 70:73] = 0  # two ones
    clean = unruled(crop)
    assert np.flatnonzero((clean < 128).any(axis=0)).tolist() == [22, 23, 24, 70, 71, 72]
    assert np.flatnonzero((clean < 128).any(axis=1)).tolist() == list(range(10, 40))
