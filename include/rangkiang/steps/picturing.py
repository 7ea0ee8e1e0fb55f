"""Pictures of pages and of single figures, for whoever looks at a document: made by us, never the file's own bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

from rangkiang.forms import form
from rangkiang.model import Box, Document
from rangkiang.review import Sheet
from rangkiang.scans import atlas
from rangkiang.scans.shown import SCALE
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn

MEDIA_TYPE = "image/webp"

AROUND = (150.0, 45.0)
"""Points beside, and above and below a cell that are shown with it."""
LONGER, WIDEST = 1100, 800
"""Pixels of a page's longer side in a letter, and of an excerpt's width, at most."""
BESIDE = (60.0, 14.0)
"""Points beside, and above and below an excerpt's place: a number alone says little."""
_RULE = 1.2  # points inside a cell's edge that its rules may take
_MARGIN = 5  # pixels around what is printed in a cell
_LIGHT, _EDGE = (255, 226, 120), (140, 47, 57)
_QUALITY, _LETTERS_QUALITY = 70, 65
_PAPER = 24  # of 255: so dark is white paper at most, once it is packed


def page(barn: Barn, document: Document, number: int) -> bytes:
    """A page (from 1), from the store where it has been shown before. Raises Refused, Failed."""
    key = keys.page(document.sha256, number)
    if barn.store.stat(key) is None:
        original = barn.store.get(keys.original(document.sha256))
        barn.store.put_if_absent(key, barn.guard.page(original, document.media_type, number))
    return barn.store.get(key)


def lit(page: bytes, box: Box) -> bytes:
    """The page with a cell lit."""
    return _webp(_lit(page, box))


def around(page: bytes, box: Box) -> bytes:
    """What stands around a lit cell."""
    across, along = AROUND
    return _webp(_cut(_lit(page, box), Box(box.x0 - across, box.y0 - along, box.x1 + across, box.y1 + along)))


def cell(barn: Barn, sheet: Sheet, line: int) -> bytes | None:
    """The picture of a figure as the reader of scans saw it; None where none was kept."""
    number, pages = sheet.at(line, "page"), sheet.figures["page"]
    key = keys.crops(sheet.sha256, form(sheet.form.model), number)
    if barn.store.stat(key) is None:
        return None
    left, top = atlas.place(int((pages.iloc[:line] == number).sum()))
    width, height = atlas.TILE
    with _opened(barn.store.get(key)) as kept:
        tile = kept.convert("L").crop((left, top, left + width, top + height))
    return _webp(tile.crop(_inked(tile)))


def cut(page: bytes, box: Box) -> bytes:
    """What is printed in a cell, out of its page."""
    with _opened(page) as whole:
        inside = Box(box.x0 + _RULE, box.y0 + _RULE, box.x1 - _RULE, box.y1 - _RULE)
        found = _cut(whole.convert("L"), inside)
    left, top, right, bottom = _ink(found) or (0, 0, *found.size)
    kept = (max(0, left - _MARGIN), max(0, top - _MARGIN), right + _MARGIN, bottom + _MARGIN)
    return _webp(found.crop((*kept[:2], min(kept[2], found.width), min(kept[3], found.height))))


def outlined(page: bytes, boxes: Sequence[Box]) -> bytes:
    """The page made small, with places on it outlined, for a letter."""
    with _opened(page) as opened:
        return _jpeg(_outlined(opened, boxes, LONGER / max(opened.size)))


def excerpt(page: bytes, box: Box) -> bytes:
    """A place by itself, outlined, with as much around it as says what it is, for a letter."""
    across, along = BESIDE
    with _opened(page) as opened:
        around = Box(box.x0 - across, box.y0 - along, box.x1 + across, box.y1 + along)
        piece = _cut(_outlined(opened, [box], 1.0), around)
    return _jpeg(_smaller(piece, WIDEST / piece.width))


def box_of(sheet: Sheet, line: int) -> Box | None:
    """Where a figure stands on its page, as far as that is known."""
    if not sheet.pictured(line):
        return None
    return Box(*(float(sheet.at(line, name)) for name in ("x0", "y0", "x1", "y1")))


def _opened(picture: bytes) -> Image.Image:
    """A picture that a worker of ours has made; of any other kind none is opened."""
    return Image.open(io.BytesIO(picture), formats=("WEBP",))


def _lit(page: bytes, box: Box) -> Image.Image:
    with _opened(page) as opened:
        whole = opened.convert("RGB")
    light = Image.new("RGB", whole.size, "white")
    place = _pixels(box)
    ImageDraw.Draw(light).rectangle(place, fill=_LIGHT)
    shown = ImageChops.multiply(whole, light)
    ImageDraw.Draw(shown).rectangle((place[0] - 3, place[1] - 3, place[2] + 3, place[3] + 3), outline=_EDGE, width=3)
    return shown


def _outlined(page: Image.Image, boxes: Sequence[Box], share: float) -> Image.Image:
    """The page in that share of its size, or as it is, with places outlined."""
    shown = _smaller(page, share).convert("RGB")
    scale, pen = shown.width / page.width, ImageDraw.Draw(shown)
    for box in boxes:
        x0, y0, x1, y1 = (round(at * scale) for at in _pixels(box))
        pen.rectangle((x0 - 3, y0 - 3, x1 + 3, y1 + 3), outline=_EDGE, width=2)
    return shown


def _smaller(picture: Image.Image, share: float) -> Image.Image:
    if share >= 1:
        return picture
    return picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.BOX)


def _pixels(box: Box) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = (round(at * SCALE) for at in (box.x0, box.y0, box.x1, box.y1))
    return x0, y0, max(x0, x1), max(y0, y1)


def _cut(whole: Image.Image, box: Box) -> Image.Image:
    """A piece of the page, as far as it reaches; one pixel at least."""
    x0, y0, x1, y1 = _pixels(box)
    left, top = min(max(0, x0), whole.width - 1), min(max(0, y0), whole.height - 1)
    return whole.crop((left, top, max(left + 1, min(x1, whole.width)), max(top + 1, min(y1, whole.height))))


def _inked(tile: Image.Image) -> tuple[int, int, int, int]:
    """The part of a tile that a crop fills: from its upper left corner to where nothing but white follows."""
    found = _ink(tile)
    return (0, 0, *found[2:]) if found else (0, 0, 1, 1)


def _ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around all that is darker than paper."""
    return ImageChops.invert(picture).point(lambda dark: 255 if dark > _PAPER else 0).getbbox()


def _webp(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=2)
    return buffer.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    """As every program for mail shows it."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=_LETTERS_QUALITY)
    return buffer.getvalue()
