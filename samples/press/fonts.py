"""Fonts by the names styles use: built in, or embedded as TrueType; more of them where they are installed."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]

_BUILT_IN = {
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "times": ("Times-Roman", "Times-Bold"),
    "courier": ("Courier", "Courier-Bold"),
}
_EMBEDDED = {
    "vera": ("Vera.ttf", "VeraBd.ttf"),  # comes with reportlab
    "dejavu": (
        "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed-Bold.ttf",
    ),
}
CAP = 0.36
"""Half the height of a capital or digit, in sizes."""


class FontMissing(Exception):
    """A font of fonts.toml is not on this machine."""

    def __init__(self, name: str, package: str) -> None:
        super().__init__(f"The font '{name}' is not installed: apt-get install {package}")


@functools.cache
def more() -> dict[str, dict[str, str]]:
    """Of fonts.toml, by name: ``package``, and the files ``plain`` and ``bold``."""
    return tomllib.loads(Path(__file__).with_name("fonts.toml").read_text("utf-8"))


@functools.cache
def font(name: str, bold: bool) -> str:
    """The name under which reportlab knows it. Raises FontMissing."""
    if name in _BUILT_IN:
        return _BUILT_IN[name][bold]
    registered = f"press-{name}-{'bold' if bold else 'plain'}"
    pdfmetrics.registerFont(TTFont(registered, _file(name, bold)))
    return registered


def _file(name: str, bold: bool) -> str:
    """A machine without DejaVu prints Vera instead."""
    if name in _EMBEDDED:
        path = _EMBEDDED[name][bold]
        return path if Path(path).exists() or not path.startswith("/") else _EMBEDDED["vera"][bold]
    path = more()[name]["bold" if bold else "plain"]
    if not Path(path).exists():
        raise FontMissing(name, more()[name]["package"])
    return path


@functools.lru_cache(maxsize=100_000)
def width(text: str, name: str, size: float) -> float:
    """Width in points; ``name`` as reportlab knows it. A PDF gives an embedded font's widths in whole thousandths."""
    known = pdfmetrics.getFont(name)
    if isinstance(known, TTFont):
        return sum(int(known.face.getCharWidth(ord(sign))) for sign in text) * size / 1000
    return float(known.stringWidth(text, size))


@functools.lru_cache(maxsize=20_000)
def wrap(text: str, name: str, size: float, room: float) -> tuple[str, ...]:
    """Lines that fit the room, broken at spaces only: a word that is wider stands out."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", name, size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)
