"""Real sheets that are not ours to keep: handwritten C1 of 2019."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
from PIL import Image

from rangkiang.frames import from_parquet
from rangkiang.guard import jobs
from rangkiang.model import Status
from rangkiang.reading import Unreadable

_ROWS = {
    "dpt_jumlah": "I.A.4.JML",
    "pengguna_jumlah": "I.B.4.JML",
    "suara_01": "IV.01",
    "suara_02": "IV.02",
    "suara_sah": "V.A",
    "suara_tidak_sah": "V.B",
    "sah_tidak_sah": "V.C",
}


def handwritten(folder: Path) -> Iterator[str]:
    """A line for each polling place: right, flagged, or wrong, figure by figure."""
    if not (folder / "truth.csv").exists():
        yield f"nothing to measure: no truth.csv in {folder}"
        return
    whole: Counter[str] = Counter()
    yield f"handwritten C1{'':<36}" + "".join(f"{row:>10}" for row in _ROWS.values())
    for line in csv.DictReader((folder / "truth.csv").read_text("utf-8").splitlines()):
        said, refused = _c1(_two_pages(folder, line), line["id"])
        results = [_judged(said.get(row), int(line[name])) for name, row in _ROWS.items()]
        whole.update(results)
        yield f"{line['id'][-50:]:<50}" + "".join(f"{result:>10}" for result in results) + refused
    yield ", ".join(f"{result} {count}" for result, count in whole.most_common())


def _two_pages(folder: Path, line: Mapping[str, str]) -> bytes:
    first, second = (Image.open(folder / line[name]).convert("L") for name in ("img_lembar1", "img_lembar2"))
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=[second], compression="tiff_lzw")
    return out.getvalue()


def _c1(data: bytes, name: str) -> tuple[dict[str, tuple[int | None, str]], str]:
    """By row: value and status; and why the sheet is refused, where it is."""
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        made = jobs.reading_of(jobs.prove_read(data, "image/tiff", "C1-PPWP", name, sha256))
    except Unreadable as error:
        return {}, f"  refused: {error.reason.code}"
    figures = from_parquet(made.figures)
    values = [None if pd.isna(value) else int(value) for value in figures["value"]]
    return dict(zip(figures["row"], zip(values, figures["status"], strict=True), strict=True)), ""


def _judged(said: tuple[int | None, str] | None, truth: int) -> str:
    if said is None:
        return "missing"
    value, status = said
    if status == Status.FLAGGED:
        return "flagged"
    return status if (value or 0) == truth else "WRONG"
