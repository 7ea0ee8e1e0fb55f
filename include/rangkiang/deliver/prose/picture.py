"""A chart as PNG, for documents that take no drawings."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageColor, ImageDraw

from rangkiang.deliver.prose import fonts
from rangkiang.deliver.prose.bars import FILLS, INK, LINE, Bars, Box, height, shapes

SCALE = 3
"""Pixels per point: 216 to the inch."""

_ANCHORS = {"left": "ls", "middle": "ms", "right": "rs"}


@cache
def _palette() -> Image.Image:
    """Every colour of a chart, and the greys at the edges of letters."""
    palette = Image.new("P", (1, 1))
    greys = [f"#{level:02x}{level:02x}{level:02x}" for level in range(0, 256, 17)]
    palette.putpalette([part for colour in (*FILLS, LINE, INK, *greys) for part in ImageColor.getrgb(colour)[:3]])
    return palette


def png(chart: Bars, width: float) -> tuple[bytes, float]:
    """The picture, and its height in points."""
    high = height(chart, width, fonts.width)
    image = Image.new("RGB", (round(width * SCALE), round(high * SCALE)), "white")
    draw = ImageDraw.Draw(image)
    for shape in shapes(chart, width, fonts.width):
        if isinstance(shape, Box):
            corners = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
            draw.rectangle([round(c * SCALE) for c in corners], fill=shape.fill, outline=LINE, width=SCALE // 2)
        else:
            font = fonts.drawn(round(shape.size * SCALE))
            at = (shape.x * SCALE, shape.y * SCALE)
            draw.text(at, shape.text, fill=shape.colour, font=font, anchor=_ANCHORS[shape.side])
    buffer = io.BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(buffer, "PNG")
    return buffer.getvalue(), high
