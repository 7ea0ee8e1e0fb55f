"""Every kind of file gives its pages, upright as it says, and without what anybody stamped on them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from rangkiang.scans.errors import Unusable
from rangkiang.scans.leaf import Picture
from rangkiang.scans.pictures import pictures
from rangkiang.settings import limits

PAPER = (413, 585)  # an A4 page at 50 dpi


def page(mode: str = "RGB") -> Image.Image:
    """A black bar at the top and a blue stamp below it."""
    paper = Image.new("RGB", PAPER, "white")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((50, 20, 360, 40), fill="black")
    pen.ellipse((100, 300, 200, 400), outline=(40, 60, 220), width=8)
    return paper.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(*images: Image.Image, size: tuple[float, float] = (595, 842)) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    for image in images:
        canvas.drawImage(ImageReader(image), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def one(data: bytes, media_type: str) -> Picture:
    (picture,) = pictures(data, media_type)
    return picture


def assert_upright(picture: Picture) -> None:
    """The bar is at the top, and goes from left to right."""
    height, width = picture.grey.shape
    bar = picture.grey[round(0.045 * height) : round(0.06 * height), round(0.15 * width) : round(0.85 * width)]
    assert bar.max() < 60
    assert picture.grey[round(0.8 * height) :].min() > 240


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "CMYK"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_pictures_of_every_mode(kind: str, mode: str) -> None:
    if mode in {"PNG": {"CMYK"}, "JPEG": {"P", "RGBA"}}.get(kind, set()):
        pytest.skip("there are no such files")
    picture = one(saved(page(mode), kind), f"image/{kind.lower()}")
    assert picture.grey.shape == (585, 413)
    assert picture.number == 1
    assert_upright(picture)


def test_sixteen_bits() -> None:
    deep = Image.fromarray(np.asarray(page("L")).astype(np.uint16) * 257)
    assert_upright(one(saved(deep, "PNG"), "image/png"))


def test_what_is_transparent_is_paper() -> None:
    clear = page("RGBA")
    clear.putalpha(page("L").point(lambda level: 255 - level))
    assert one(saved(clear, "PNG"), "image/png").grey[500, 200] == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_phone_says_how_it_was_held(orientation: int) -> None:
    turn = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}.get(orientation, [])
    stored = page()
    for step in turn:
        stored = stored.transpose(Image.Transpose(step))
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert_upright(one(saved(stored, "JPEG", exif=exif), "image/jpeg"))


def test_pages_of_a_tiff_and_of_a_pdf_in_order() -> None:
    sheets = [page("L"), Image.new("L", PAPER, 200), Image.new("L", PAPER, 90)]
    tiff = saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])
    for data, media_type in ((tiff, "image/tiff"), (pdf(*sheets), "application/pdf")):
        found = list(pictures(data, media_type))
        assert [picture.number for picture in found] == [1, 2, 3]
        assert [int(np.median(picture.grey)) for picture in found] == pytest.approx([255, 200, 90], abs=1)


@pytest.mark.parametrize(("dots", "rendered"), [(50, 150), (200, 200), (600, 300)])
def test_a_pdf_is_seen_as_finely_as_what_is_in_it(dots: int, rendered: int) -> None:
    scan = page("L").resize((PAPER[0] * dots // 100, PAPER[1] * dots // 100))
    picture = one(pdf(scan, size=(297, 421)), "application/pdf")
    assert picture.scale * 72 == pytest.approx(rendered, rel=0.01)
    assert picture.grey.shape[0] == pytest.approx(421 * picture.scale, abs=2)


def test_what_is_drawn_over_the_picture_of_a_page_is_seen_with_it() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawImage(ImageReader(page("L").resize((1652, 2338))), 0, 0, 595, 842)
    canvas.rect(100, 100, 300, 50, fill=1)
    canvas.save()
    grey = one(out.getvalue(), "application/pdf").grey
    assert grey[round((842 - 125) / 842 * len(grey)), grey.shape[1] // 3] < 60


def test_a_drawn_page_among_scans_is_seen_finely() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.drawString(100, 700, "SERTIFIKAT")
    canvas.save()
    assert one(out.getvalue(), "application/pdf").scale * 72 == pytest.approx(300)


def test_how_large_the_paper_is() -> None:
    large = page("L").resize((1654, 2339))
    assert one(saved(large, "PNG", dpi=(200, 200)), "image/png").scale * 72 == pytest.approx(200, rel=0.01)
    unsaid = one(saved(large, "PNG"), "image/png")
    assert unsaid.scale == pytest.approx(2339 / 842)
    assert one(saved(large, "JPEG", dpi=(72, 72)), "image/jpeg").scale == pytest.approx(2339 / 842, rel=0.01)


def test_a_picture_finer_than_anybody_needs_is_made_smaller() -> None:
    picture = one(saved(page("L").resize((2550, 3600)), "PNG", dpi=(600, 600)), "image/png")
    assert picture.scale * 72 == pytest.approx(300, rel=0.01)
    assert picture.grey.shape == (1800, 1275)


@pytest.mark.parametrize("data", [saved(page(), "PNG"), pdf(page())], ids=["png", "pdf"])
def test_coloured_ink_pales_and_black_print_stays(data: bytes) -> None:
    picture = one(data, "application/pdf" if data.startswith(b"%PDF") else "image/png")
    height = len(picture.grey)
    stamp = (slice(round(0.5 * height), round(0.7 * height)), slice(None))
    assert picture.grey[stamp].min() < 110
    assert picture.printed[stamp].min() > 200
    assert picture.printed[: height // 10].min() < 30


def test_without_colour_there_is_one_picture() -> None:
    picture = one(saved(page("L").convert("RGB"), "PNG"), "image/png")
    assert picture.printed is picture.grey


def test_too_large_is_said_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    small = limits().model_copy(update={"pixels": 100_000, "pages": 1})
    monkeypatch.setattr("rangkiang.scans.pictures.limits", lambda: small)
    for data, media_type in (
        (saved(page("L"), "PNG"), "image/png"),
        (pdf(page("L")), "application/pdf"),
        (saved(Image.new("1", (9, 9)), "TIFF", save_all=True, append_images=[Image.new("1", (9, 9))]), "image/tiff"),
    ):
        with pytest.raises(Unusable, match="too_large"):
            list(pictures(data, media_type))


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/tiff", "application/pdf"])
def test_a_broken_file_is_refused(media_type: str) -> None:
    whole = {
        "image/png": saved(page("L"), "PNG"),
        "image/jpeg": saved(page("L"), "JPEG"),
        "image/tiff": saved(page("L"), "TIFF"),
        "application/pdf": pdf(page("L")),
    }[media_type]
    for data in (whole[: len(whole) // 3], b"", b"\0" * 200):
        with pytest.raises(Unusable, match="broken_file"):
            list(pictures(data, media_type))
