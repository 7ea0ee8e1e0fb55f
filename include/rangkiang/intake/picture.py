"""Pictures: how large they are, by their heads alone."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from rangkiang.intake.front import Refused, broken
from rangkiang.settings import limits


def check(data: bytes) -> int:
    """The pages of a picture. Raises Refused: too_large by what its head says, broken_file where there is none."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as picture:
            size, frames = picture.size, int(getattr(picture, "n_frames", 1))
    except Image.DecompressionBombError as error:  # Pillow has a limit of its own
        raise Refused("too_large", actual="gambar raksasa", limit=_spoken(limits().pixels)) from error
    except Exception as error:  # a parser of hostile files may raise anything: it becomes one sentence
        raise broken(error) from error
    check_pixels(*size)
    if frames > limits().pages:
        raise Refused("too_large", actual=f"{frames} halaman", limit=f"{limits().pages} halaman")
    return frames


def check_pixels(width: int, height: int) -> None:
    """Raises Refused('too_large') for a picture that nobody should unpack."""
    if width * height > limits().pixels:
        raise Refused("too_large", actual=f"{width} × {height} piksel", limit=_spoken(limits().pixels))


def _spoken(pixels: int) -> str:
    return f"{pixels // 1_000_000} juta piksel"
