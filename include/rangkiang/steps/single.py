"""Read and prove loose files, with no store, ledger or office: what ``rangkiang read`` does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from rangkiang.forms import form
from rangkiang.intake import inspect
from rangkiang.model import FIGURE_COLUMNS, Reason
from rangkiang.proof import prove
from rangkiang.reading import Unreadable, read


def read_files(files: Iterable[Path], out: Path) -> list[tuple[str, Reason]]:
    """Write ``cells.csv`` and ``cells.parquet`` (FIGURE_COLUMNS) with every figure of every file into ``out``.

    Returns the files that could not be used, each with its reason; the others are read all the same.
    """
    frames: list[pd.DataFrame] = []
    refused: list[tuple[str, Reason]] = []
    for path in files:
        found = _figures(path)
        if isinstance(found, Reason):
            refused.append((str(path), found))
        else:
            frames.append(found)
    cells = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(FIGURE_COLUMNS))
    cells = cells.astype(dict(FIGURE_COLUMNS))
    out.mkdir(parents=True, exist_ok=True)
    cells.to_csv(out / "cells.csv", index=False)
    cells.to_parquet(out / "cells.parquet", index=False)
    return refused


def _figures(path: Path) -> pd.DataFrame | Reason:
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    verdict = inspect(data, path.name)
    if verdict.reason is not None:
        return verdict.reason
    if verdict.classification is None:
        raise ValueError(f"{path}: accepted, but not classified")
    entry = form(verdict.classification.form)
    try:
        figures = read(data, verdict.media_type, entry, path.name, sha256)
    except Unreadable as error:
        return error.reason
    return prove(figures, entry, "", sha256)[0]
