"""Scans of printed sheets: the same every time, each level worse than the one before, and points keep their place."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageSequence

from rangkiang.intake import media_type
from samples import press
from samples.damage import MEDIA_TYPES, ONE_PAGE, Kind, Level, Worn, pages, wear
from samples.damage.paper import printed
from samples.press.styles import deal

SEEDS = range(3)
DPI = 40


@pytest.fixture(scope="module")
def short() -> press.Print:
    """One page, ruled, upright."""
    return next(one for one in map(_sheet, range(40)) if one.pages == 1 and one.style.turn == "upright")


@pytest.fixture(scope="module")
def long() -> press.Print:
    return next(one for one in map(_sheet, range(40)) if one.pages == 2)


@pytest.fixture(scope="module")
def worn(short: press.Print) -> dict[Level, list[Worn]]:
    return {level: [next(pages(short.pdf, level, seed)) for seed in SEEDS] for level in Level}


@pytest.mark.parametrize("level", Level)
def test_the_same_seed_gives_the_same_bytes_and_another_one_others(short: press.Print, level: Level) -> None:
    assert wear(short.pdf, level, 7) == wear(short.pdf, level, 7)
    assert wear(short.pdf, level, 7) != wear(short.pdf, level, 8)


@pytest.mark.parametrize("kind", MEDIA_TYPES)
@pytest.mark.parametrize("level", Level)
def test_every_kind_of_file_opens_as_what_it_is(short: press.Print, level: Level, kind: Kind) -> None:
    data = wear(short.pdf, level, 1, kind)
    assert media_type(data) == MEDIA_TYPES[kind]
    assert [min(size) > 800 for size in _sizes(data, kind)] == [True]


@pytest.mark.parametrize("kind", [kind for kind in MEDIA_TYPES if kind not in ONE_PAGE])
def test_all_pages_are_there(long: press.Print, kind: Kind) -> None:
    assert len(list(_sizes(wear(long.pdf, Level.PHOTO, 1, kind), kind))) == long.pages


@pytest.mark.parametrize("kind", ONE_PAGE)
def test_a_file_of_one_page_is_not_made_of_more(long: press.Print, kind: Kind) -> None:
    with pytest.raises(ValueError, match="holds one page"):
        wear(long.pdf, Level.CLEAN, 1, kind)


def test_a_scan_has_no_text(short: press.Print) -> None:
    with closing(pypdfium2.PdfDocument(wear(short.pdf, Level.OFFICE, 1))) as document:
        assert document[0].get_textpage().count_chars() == 0


def test_each_level_is_further_from_the_print(short: press.Print, worn: dict[Level, list[Worn]]) -> None:
    """Measured point by point, each where it has come to: so places are right as well."""
    clean, office, photo = (np.mean([_distance(short.pdf, page) for page in worn[level]]) for level in Level)
    assert 1 < clean < office < photo
    assert clean < 25


def test_phones_take_fewer_points_than_scanners(worn: dict[Level, list[Worn]]) -> None:
    assert min(page.device.dpi for page in worn[Level.CLEAN]) >= 200
    assert all(150 <= page.device.dpi <= 200 or page.device.mode == "bilevel" for page in worn[Level.OFFICE])
    assert all(110 <= page.device.dpi <= 170 for page in worn[Level.PHOTO])


@pytest.mark.parametrize(("level", "turn"), zip(Level, ("rotate 90", "rotate 180", "rotate 270"), strict=True))
def test_figures_are_found_in_their_cells(level: Level, turn: str) -> None:
    """Whatever the page's own turn: a cell with a number has ink in the middle of its height, an empty one has none."""
    styles = ((nth, deal(5, "C1-DPD", nth)) for nth in range(200))
    nth = next(nth for nth, style in styles if style.turn == turn and style.zero == "" and style.size >= 7)
    one = press.single(5, "C1-DPD", nth)
    page = next(pages(one.pdf, level, 3))
    inked: dict[bool, list[float]] = {True: [], False: []}
    for figure in one.truth:
        if figure.page == 1:
            inked[bool(figure.printed)].append(_darkest(page, page.corners(figure.box)))
    assert np.median(inked[True]) > np.median(inked[False]) + 40


def _sheet(nth: int) -> press.Print:
    return press.single(2019, "C1-PPWP", nth)


def _sizes(data: bytes, kind: Kind) -> Iterator[tuple[int, int]]:
    if kind == "pdf":
        with closing(pypdfium2.PdfDocument(data)) as document:
            yield from (document[n].render(scale=2).to_pil().size for n in range(len(document)))
    else:
        yield from (page.size for page in ImageSequence.Iterator(Image.open(io.BytesIO(data))))


def _distance(pdf: bytes, page: Worn) -> float:
    """Mean difference of brightness between the print and the scan, 0 to 255."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        flat = printed(document[0], DPI)
    y, x = np.mgrid[: flat.shape[0], : flat.shape[1]]
    there = page.places(np.column_stack([x.ravel(), y.ravel()]) * (72 / DPI)).astype(np.float32)
    across, down = there.reshape(*flat.shape, 2).transpose(2, 0, 1)
    around = round(page.device.dpi / DPI)
    seen = cv2.remap(cv2.blur(_grey(page), (around, around)), across, down, cv2.INTER_LINEAR)
    return float(np.abs(seen.astype(float) - flat).mean())


def _darkest(page: Worn, corners: np.ndarray) -> float:
    """How much darker than its paper the darkest point in the middle of a cell is."""
    square = np.array([[0, 0], [119, 0], [119, 39], [0, 39]], dtype=np.float32)
    cut = cv2.warpPerspective(_grey(page), cv2.getPerspectiveTransform(corners.astype(np.float32), square), (120, 40))[
        14:26, 8:112
    ]
    return float(np.median(cut) - cut.min())


def _grey(page: Worn) -> np.ndarray:
    return page.picture if page.picture.ndim == 2 else cv2.cvtColor(page.picture, cv2.COLOR_RGB2GRAY)
