"""Pictures of figures: of the right cell, made by us, for who may look at the document."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from helpers.askers import CLERK, REVIEWER
from helpers.desks import CODE, Desk, broken
from rangkiang.forms import form
from rangkiang.model import Finding
from rangkiang.people import Person
from rangkiang.review import Bound
from rangkiang.scans.atlas import atlas
from rangkiang.scans.shown import SCALE
from rangkiang.steps import Barn, keys, picturing, reviewing

At = Callable[[Person], Desk]


def cell(barn: Barn, finding: Finding) -> Bound:
    return reviewing.look(barn, finding.id).item.cells[0]


def picture(desk: Desk, finding: Finding, line: int | None, kind: str) -> Image.Image:
    answer = desk.browser.get(f"/gambar/{CODE}/{finding.sha256}/{line}/{kind}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def test_on_the_page_the_cell_is_lit_and_nothing_else_is(at: At, barn: Barn) -> None:
    finding = broken(barn)[0]
    one = cell(barn, finding)
    assert one.sheet
    assert one.line is not None
    box = picturing.box_of(one.sheet, one.line)
    assert box
    lit = np.asarray(picture(at(REVIEWER), finding, one.line, "lembar"), dtype=int)
    coloured = np.argwhere(lit.max(axis=2) - lit.min(axis=2) > 60)
    (top, left), (bottom, right) = coloured.min(axis=0), coloured.max(axis=0)
    wanted = np.array([box.x0, box.y0, box.x1, box.y1]) * SCALE
    assert np.abs(np.array([left, top, right, bottom]) - wanted).max() < 8
    around = picture(at(REVIEWER), finding, one.line, "sekitar")
    assert around.width < 0.6 * lit.shape[1]
    assert around.height < 0.3 * lit.shape[0]


def test_a_cell_is_cut_out_of_its_page_where_the_reader_kept_no_picture(at: At, barn: Barn) -> None:
    finding = broken(barn)[0]
    one = cell(barn, finding)
    cut = np.asarray(picture(at(REVIEWER), finding, one.line, "sel").convert("L"))
    assert cut.shape[0] < 40
    assert (cut < 100).any()  # digits
    assert (cut > 200).mean() > 0.4  # on paper, without the rules around


def test_a_scans_cell_is_shown_as_the_reader_saw_it(at: At, barn: Barn) -> None:
    finding = broken(barn)[0]
    one = cell(barn, finding)
    assert one.sheet
    assert one.line is not None
    page = one.sheet.at(one.line, "page")
    count = int((one.sheet.figures["page"] == page).sum())
    crops = [np.full((20, 30 + n % 90), 40 + n % 150, np.uint8) for n in range(count)]
    kept = keys.crops(finding.sha256, form("DB1-PPWP"), page)
    barn.store.put(kept, atlas(crops))
    try:
        own = crops[[n for n, p in enumerate(one.sheet.figures["page"]) if p == page].index(one.line)]
        shown = np.asarray(picture(at(REVIEWER), finding, one.line, "sel").convert("L"))
        assert abs(shown.shape[1] - own.shape[1]) <= 2
        assert abs(float(np.median(shown)) - float(own[0, 0])) < 8
    finally:
        barn.store.delete(kept)


def test_pictures_are_kept_by_the_browser_as_long_as_the_address_names_the_reader(at: At, barn: Barn) -> None:
    finding, desk = broken(barn)[0], at(REVIEWER)
    version = reviewing.look(barn, finding.id).version
    address = f"/gambar/{CODE}/{finding.sha256}/{cell(barn, finding).line}/sel"
    assert "immutable" in desk.browser.get(f"{address}?v={version}").headers["cache-control"]
    assert desk.browser.get(f"{address}?v=other").headers["cache-control"] == "private, no-store"
    assert desk.browser.get("/periksa").headers.get_list("cache-control") == ["private, no-store"]


@pytest.mark.parametrize("line", ["-1", "99999", "1e3", str(10**30)])
def test_there_are_no_pictures_of_what_is_not_there(at: At, barn: Barn, line: str) -> None:
    desk, finding = at(REVIEWER), broken(barn)[0]
    assert desk.browser.get(f"/gambar/{CODE}/{finding.sha256}/{line}/sel").status_code in (404, 422)
    assert desk.browser.get(f"/gambar/{CODE}/{'0' * 64}/1/sel").status_code == 404
    assert desk.browser.get(f"/gambar/13.06/{finding.sha256}/1/sel").status_code == 404  # another office's address
    assert desk.browser.get(f"/gambar/{CODE}/{finding.sha256}/1/asli").status_code == 422
    assert at(CLERK).browser.get(f"/gambar/{CODE}/{finding.sha256}/1/sel").status_code == 403


def test_a_book_has_no_pictures(at: At, barn: Barn) -> None:
    (finding, *_) = broken(barn, media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    for kind in ("sel", "sekitar", "lembar"):
        address = f"/gambar/{CODE}/{finding.sha256}/{cell(barn, finding).line}/{kind}"
        assert at(REVIEWER).browser.get(address).status_code == 404


def test_a_page_that_cannot_be_painted_is_no_picture(at: At, barn: Barn, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = broken(barn)[0]
    barn.store.delete(keys.page(finding.sha256, 1))
    monkeypatch.setattr("rangkiang.steps.keys.original", lambda sha256: f"bad/{sha256}")
    barn.store.put(f"bad/{finding.sha256}", b"%PDF-1.7 and then nothing")
    line = cell(barn, finding).line
    assert at(REVIEWER).browser.get(f"/gambar/{CODE}/{finding.sha256}/{line}/lembar").status_code == 404
    assert barn.store.stat(keys.page(finding.sha256, 1)) is None
