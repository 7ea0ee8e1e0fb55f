"""From the bytes of a scan to pictures of its pages, one at a time. What one costs is judged before it is unpacked."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import cv2
import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PIL import Image

from rangkiang.scans.colour import in_colour
from rangkiang.scans.errors import Unusable
from rangkiang.scans.leaf import Picture
from rangkiang.settings import limits

POINTS = 72.0  # to an inch
COARSEST, FINEST = 150.0, 300.0
"""Dots per inch that a page of a PDF is rendered at: below, rules vanish; above, there is nothing more to read."""
LONGEST, SHORTEST = 1191.0, 842.0
"""Points of the longer side of A3 and of A4. A page is no larger than the one; where a picture does not say how large
it is, or says what no sheet is (phones say 72 dpi), it is taken for the other."""
_HALF = 0.5  # share of a page under a picture that makes it the page's own
_ORIENTATION = 0x0112  # EXIF


def pictures(data: bytes, media_type: str) -> Iterator[Picture]:
    """The pages of a PDF, PNG, JPEG or TIFF in order, upright as the file itself says.

    Raises Unusable: too_large, broken_file.
    """
    return _of_pdf(data) if media_type == "application/pdf" else _of_image(data)


def picture(data: bytes, media_type: str, number: int) -> Picture:
    """One page of a file, from 1, without unpacking the others. Raises Unusable as :func:`pictures` does."""
    try:
        if media_type != "application/pdf":
            return _frame(data, number - 1)
        with closing(pypdfium2.PdfDocument(data)) as document:
            return _rendered(document, number - 1)
    except Image.DecompressionBombError as error:  # Pillow has a limit of its own
        raise Unusable("too_large", actual="gambar raksasa", limit=_spoken(limits().pixels)) from error
    except (pypdfium2.PdfiumError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _broken(error) from error


def _of_pdf(data: bytes) -> Iterator[Picture]:
    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            if len(document) > limits().pages:
                raise Unusable("too_large", actual=f"{len(document)} halaman", limit=f"{limits().pages} halaman")
            for number in range(len(document)):
                yield _rendered(document, number)
    except pypdfium2.PdfiumError as error:
        raise _broken(error) from error


def _rendered(document: Any, n: int) -> Picture:
    """The nth page from 0; of what was unpacked for it nothing else is kept."""
    with closing(document[n]) as page:
        width, height = page.get_size()
        dots, coloured = _embedded(page, width * height)
        scale = min(max(dots, COARSEST), FINEST, FINEST * LONGEST / max(width, height)) / POINTS
        with closing(page.render(scale=scale, grayscale=not coloured, rev_byteorder=True)) as bitmap:
            pixels = bitmap.to_numpy()
            return in_colour(n + 1, pixels if coloured else pixels.copy(), scale)


def _embedded(page: Any, area: float) -> tuple[float, bool]:
    """Dots per inch of the pictures on a page that cover much of it, FINEST where none does; may there be colour?"""
    dots, coloured = 0.0, False
    for thing in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,)):
        width, height = thing.get_px_size()
        _judge(width, height)
        left, bottom, right, top = thing.get_bounds()
        covered = max((right - left) * (top - bottom), 1.0)
        coloured |= thing.get_metadata().bits_per_pixel > 8
        if covered >= _HALF * area:
            dots = max(dots, POINTS * float(width * height / covered) ** 0.5)
    return (dots, coloured) if dots else (FINEST, True)


def _of_image(data: bytes) -> Iterator[Picture]:
    try:
        with _opened(data) as image:
            frames = getattr(image, "n_frames", 1)
        if frames > limits().pages:
            raise Unusable("too_large", actual=f"{frames} halaman", limit=f"{limits().pages} halaman")
        for number in range(frames):
            yield _frame(data, number)
    except Image.DecompressionBombError as error:  # Pillow has a limit of its own
        raise Unusable("too_large", actual="gambar raksasa", limit=_spoken(limits().pixels)) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # what Pillow says of broken files
        raise _broken(error) from error


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as image:
        yield image


def _frame(data: bytes, n: int) -> Picture:
    """The nth picture from 0; of what was unpacked for it nothing else is kept."""
    with _opened(data) as image:
        image.seek(n)
        _judge(*image.size)
        longer = max(image.size)
        scale = _said(image) or longer / SHORTEST
        image.draft("RGB" if image.mode != "L" else "L", _sane(image.size, scale))
        pixels = _turned(_plain(image), image.getexif().get(_ORIENTATION, 1))
    wanted = max(_sane((longer, 0), scale))
    if wanted < max(pixels.shape):
        share = wanted / max(pixels.shape)
        pixels = cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return in_colour(n + 1, pixels, scale * max(pixels.shape) / longer)


def _said(image: Image.Image) -> float | None:
    """Pixels for a point as the file says, where a sheet of paper may be so large."""
    dots = float(max(image.info.get("dpi", (0, 0))))
    points = max(image.size) * POINTS / dots if dots > 1 else 0.0
    return dots / POINTS if SHORTEST / 2 < points <= 1.05 * LONGEST else None


def _sane(size: tuple[int, int], scale: float) -> tuple[int, int]:
    """The size at no more than FINEST."""
    share = min(1.0, FINEST / POINTS / scale)
    return round(size[0] * share), round(size[1] * share)


def _plain(image: Image.Image) -> NDArray[np.uint8]:
    """Grey or colours, transparent parts white."""
    if image.mode.startswith("I;16"):
        return (np.asarray(image) >> 8).astype(np.uint8, copy=False)
    if image.mode in {"LA", "PA", "RGBA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    image.load()  # converting would copy what needs no conversion
    wanted = "L" if image.mode in {"1", "L"} else "RGB"
    return np.asarray(image if image.mode == wanted else image.convert(wanted))


def _turned(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """As a camera says that it was held (EXIF 2.3, 4.6.4 A)."""
    if orientation in {5, 6, 7, 8}:
        pixels = np.swapaxes(pixels, 0, 1)
    if orientation in {2, 3, 6, 7}:
        pixels = pixels[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _judge(width: int, height: int) -> None:
    if width * height > limits().pixels:
        raise Unusable("too_large", actual=f"{width} × {height} piksel", limit=_spoken(limits().pixels))


def _spoken(pixels: int) -> str:
    return f"{pixels // 1_000_000} juta piksel"


def _broken(error: Exception) -> Unusable:
    return Unusable("broken_file", detail=f"{type(error).__name__}: {error}"[:160])
