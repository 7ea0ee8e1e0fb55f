"""Secrets that are made on the first run and kept."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def kept(path: Path, made: str) -> str:
    """What the file holds; where there is none, ``made``, written as a whole and readable by its owner only.

    Of several processes that come at once the first one's stays, and all of them get that.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(made)
            with suppress(FileExistsError):
                os.link(aside, path)
        finally:
            os.unlink(aside)  # noqa: PTH108 - as mkstemp names it
    return path.read_text("utf-8")
