"""Comments on flagged cells: what was found about them, in the words of the finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rangkiang.deliver.remarks import sentence
from rangkiang.model import Finding

SHOWN = 3
WIDTH = 300  # pixels
_PER_LINE = 46  # characters of the comment's font in that width
_LINE = 15  # pixels


def comment(sheet: Any, row: int, column: int, found: Sequence[Finding]) -> None:
    """Write a comment on a cell that findings bind."""
    texts = [sentence(f) for f in found[:SHOWN]]
    if len(found) > SHOWN:
        texts.append(f"Dan {len(found) - SHOWN} temuan lain; lihat lembar Temuan.")
    text = "\n".join(texts)
    height = _LINE * (1 + sum(1 + len(t) // _PER_LINE for t in texts))
    sheet.write_comment(row, column, text, {"x_scale": 1, "width": WIDTH, "height": height, "font_size": 9})
