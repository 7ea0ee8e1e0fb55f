"""What cannot be read is refused, with the right reason."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from rangkiang.scans.faults import fault
from rangkiang.scans.leaf import Grey, Picture
from scans.drawn_pages import SCALE, recap, worn


def said(grey: Grey) -> tuple[str, dict[str, object]]:
    error = fault(Picture(3, grey, grey, SCALE))
    return error.code, error.params


def test_no_light() -> None:
    assert said((worn(recap().grey, 3) * 0.2).astype(np.uint8)) == ("page_dark", {"page": 3})


@pytest.mark.parametrize("paper", [255, 200, 120])
def test_nothing_written(paper: int) -> None:
    assert said(worn(np.full((700, 500), paper, np.uint8), 3)) == ("page_empty", {"page": 3})


def test_a_speck_is_no_writing() -> None:
    speck = cv2.circle(np.full((1754, 1240), 250, np.uint8), (300, 300), 6, (0,), -1).astype(np.uint8)
    assert said(speck)[0] == "page_empty"


def test_out_of_focus() -> None:
    assert said(worn(recap().grey, 2, blur=4)) == ("page_blurred", {"page": 3})


def test_the_grain_of_a_camera_is_no_sharpness() -> None:
    assert said(worn(recap().grey, 8, blur=4))[0] == "page_blurred"


@pytest.mark.parametrize(("side", "kept"), [("right", np.s_[:, :700]), ("left", np.s_[:, 200:]),
                                            ("bottom", np.s_[:400]), ("top", np.s_[300:])])  # fmt: skip
def test_a_side_is_missing(side: str, kept: tuple[slice, ...]) -> None:
    assert said(np.ascontiguousarray(recap().grey[kept])) == ("page_cut", {"page": 3, "side": side})


def test_a_letter() -> None:
    letter = recap(ink=255)
    for grey in (letter.grey, worn(letter.grey, 5, blur=0.8)):
        assert said(replace(letter, grey=grey).grey)[0] == "no_sheet"


def test_a_photograph() -> None:
    rough = np.random.default_rng(7).normal(120, 60, (90, 120))
    scene = cv2.resize(rough.clip(0, 255).astype(np.uint8), (1200, 900), interpolation=cv2.INTER_CUBIC)
    assert said(scene.astype(np.uint8))[0] in {"no_sheet", "page_blurred"}
