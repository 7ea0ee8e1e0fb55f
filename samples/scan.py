"""Makes a scan of a digital sheet: its first page as a grey picture, a little askew, on paper not quite white."""

from __future__ import annotations

import io
from contextlib import closing

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

DPI = 150
SKEW = 0.7  # degrees
_PAPER, _NOISE, _QUALITY = 244, 5.0, 60


def scanned(pdf: bytes) -> bytes:
    """An image-only PDF of the first page."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        width, height = document[0].get_size()
        picture = document[0].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
    return _as_pdf(_worn(picture), width, height)


def _worn(picture: Image.Image) -> Image.Image:
    turned = picture.rotate(SKEW, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grain = np.random.default_rng(2019).normal(0.0, _NOISE, (turned.height, turned.width))
    ink = np.asarray(turned, dtype=np.float64) * (_PAPER / 255) + grain
    return Image.fromarray(ink.clip(0, 255).astype(np.uint8))


def _as_pdf(picture: Image.Image, width: float, height: float) -> bytes:
    jpeg, out = io.BytesIO(), io.BytesIO()
    picture.save(jpeg, "JPEG", quality=_QUALITY)
    jpeg.seek(0)
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
