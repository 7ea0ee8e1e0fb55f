"""Read and prove loose files, with no store, ledger or office: what ``rangkiang read`` does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from rangkiang.forms import form
from rangkiang.guard import Guard, oversize, side_by_side
from rangkiang.harmless import to_csv
from rangkiang.intake import Refused, Verdict
from rangkiang.model import FIGURE_COLUMNS, Reason, State, shown
from rangkiang.reading import Unreadable
from rangkiang.settings import Settings
from rangkiang.steps import keys

Found = tuple[str, pd.DataFrame | Reason]
"""A sheet's name, and its figures or why it could not be used."""


def read_files(files: Iterable[Path], out: Path, settings: Settings | None = None) -> list[tuple[str, Reason]]:
    """Write ``cells.csv`` and ``cells.parquet`` (FIGURE_COLUMNS) with every figure of every file into ``out``.

    Returns the files, and the sheets of files of several sheets, that could not be used, each with its reason; the
    others are read all the same. A sheet is called by its file and its pages: ``rekap.pdf#hal-4-6``.
    Files are read side by side, by ``settings.workers`` workers.
    """
    settings = settings or Settings()
    files = list(files)
    frames: list[pd.DataFrame] = []
    refused: list[tuple[str, Reason]] = []
    workers = max(1, min(settings.workers or len(os.sched_getaffinity(0)), len(files)))
    for path, sheets in zip(files, side_by_side(_file, files, settings.limits, workers), strict=True):
        for name, found in sheets:
            if isinstance(found, Reason):
                refused.append((str(path.with_name(name)), found))
            else:
                frames.append(found)
    cells = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(FIGURE_COLUMNS))
    cells = cells.astype(dict(FIGURE_COLUMNS))
    out.mkdir(parents=True, exist_ok=True)
    (out / "cells.csv").write_bytes(to_csv(cells))
    cells.to_parquet(out / "cells.parquet", index=False)
    return refused


def _file(guard: Guard, path: Path) -> list[Found]:
    size = path.stat().st_size
    if size > guard.limits.bytes:
        return [(path.name, oversize(size, guard.limits).reason)]
    return list(_sheets(guard, shown(path.name), path.read_bytes()))


def _sheets(guard: Guard, name: str, data: bytes) -> Iterator[Found]:
    """The figures of a file, or why it could not be used; of a file of several sheets, those of each sheet."""
    verdict = guard.inspect(data, name)
    if verdict.state is not State.SPLIT:
        yield name, _figures(guard, name, data, verdict)
        return
    try:
        found = guard.parts(data, verdict.media_type)
    except Refused as refusal:
        yield name, refusal.reason
        return
    for part in found:
        yield from _sheets(guard, keys.part(name, part.first_page, part.last_page), part.data)


def _figures(guard: Guard, name: str, data: bytes, verdict: Verdict) -> pd.DataFrame | Reason:
    if verdict.reason is not None:
        return verdict.reason
    said = verdict.classification
    if said is None:
        raise ValueError(f"{name}: accepted, but not classified")
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        return guard.read(data, verdict.media_type, form(said.form), name, sha256, said.pages, proved=True)
    except Unreadable as error:
        return error.reason
