"""Pictures as files: what scanners and phones send."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from typing import Any, Literal

from PIL import Image

from samples.damage.levels import Device
from samples.damage.pictures import Picture

Kind = Literal["pdf", "png", "jpeg", "tiff"]
MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
}
ONE_PAGE: tuple[Kind, ...] = ("png", "jpeg")
_PLAIN = 90  # of JPEG, for what is black and white
_LONG_AGO = time.gmtime(0)  # the same bytes on every run


def pack(pictures: Sequence[Picture], device: Device, kind: Kind) -> bytes:
    """A file of the pictures. Raises ValueError where the kind of file has no room for so many."""
    if kind in ONE_PAGE and len(pictures) > 1:
        raise ValueError(f"{kind} holds one page, not {len(pictures)}")
    pages = [_page(picture, device) for picture in pictures]
    if kind == "png" and device.mode != "bilevel":
        pages = [Image.open(_saved(pages, "JPEG", quality=device.quality))]
    return _saved(pages, kind.upper(), **_options(device, kind)).getvalue()


def _page(picture: Picture, device: Device) -> Image.Image:
    page = Image.fromarray(picture)
    return page.convert("1", dither=Image.Dither.NONE) if device.mode == "bilevel" else page


def _options(device: Device, kind: Kind) -> dict[str, Any]:
    resolution = (device.claimed, device.claimed)
    lossy = {} if device.mode == "bilevel" else {"quality": device.quality}
    compression = "jpeg" if lossy else "group4"
    return {
        "pdf": {"resolution": device.dpi, "creationDate": _LONG_AGO, "modDate": _LONG_AGO, **lossy},
        "png": {"dpi": resolution, "compress_level": 1},
        "jpeg": {"dpi": resolution, "quality": device.quality or _PLAIN},
        "tiff": {"dpi": resolution, "compression": compression, **lossy},
    }[kind]


def _saved(pages: Sequence[Image.Image], form: str, **options: Any) -> io.BytesIO:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(out, form, **more, **options)
    out.seek(0)
    return out
