"""Real sheets that are not ours to keep: handwritten C1 of 2019, and scanned canvasses of American counties."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from rapidfuzz import fuzz

from bench.scan.peers import numbers_on
from rangkiang.frames import from_parquet
from rangkiang.guard import jobs
from rangkiang.model import Cell, Status, Table
from rangkiang.reading import Unreadable, survey
from samples.damage.pictures import Picture

ALIKE = 85.0
"""Labels that are so much alike, of 100, may be the same."""

_ROWS = {
    "dpt_jumlah": "I.A.4.JML",
    "pengguna_jumlah": "I.B.4.JML",
    "suara_01": "IV.01",
    "suara_02": "IV.02",
    "suara_sah": "V.A",
    "suara_tidak_sah": "V.B",
    "sah_tidak_sah": "V.C",
}
_DPI = 300
_NUMBER = re.compile(r"\d+")


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


def canvasses(folder: Path) -> Iterator[str]:
    """A line for each file: votes found in cells, votes wrong in the cell they belong to, and what tesseract finds."""
    files = sorted(folder.glob("*.pdf"))
    if not files:
        yield f"nothing to measure: no PDF in {folder}"
        return
    yield f"{'canvass':<32} {'votes':>6} {'found':>7} {'placed':>7} {'flagged':>8} {'silent':>7} {'tesseract':>10}"
    for pdf in files:
        with pdf.with_suffix(".truth.csv").open(encoding="utf-8", newline="") as lines:
            truth = [r for r in csv.DictReader(lines) if r["votes"].isdigit() and int(r["votes"])]
        votes = Counter(r["votes"] for r in truth)
        tables = _tables(pdf)
        found = votes & Counter(_digits(cell) for table in tables for cell in table.cells)
        placed = Counter(_place(tables, r) for r in truth)
        alone = votes & numbers_on(_pictures(pdf))
        yield (
            f"{pdf.stem:<32} {votes.total():>6} {found.total() / votes.total():>7.1%} {placed['right']:>7}"
            f" {placed['flagged']:>8} {placed['silent']:>7} {alone.total() / votes.total():>10.1%}"
        )


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


def _tables(pdf: Path) -> Sequence[Table]:
    try:
        return survey(pdf.read_bytes(), "application/pdf").tables
    except Unreadable:
        return ()


def _pictures(pdf: Path) -> list[Picture]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=_DPI / 72, grayscale=True).to_numpy() for page in document]


def _digits(cell: Cell) -> str:
    """A number without its separators; '' for any other text."""
    text = re.sub(r"[\s,.]", "", cell.text)
    return text if text.isdecimal() else ""


def _place(tables: Iterable[Table], line: Mapping[str, str]) -> str:
    """What stands where the precinct's line meets the candidate's column, or the other way round: right, flagged,
    silent; '' where there is no such place."""
    for table in tables:
        grid = table.grid()
        turned = [list(column) for column in zip(*grid, strict=True)]
        for rows, columns in ((grid, turned), (turned, grid)):
            r, c = _named(rows, line["precinct"]), _named(columns, line["candidate"] or line["office"])
            cell = rows[r][c] if r is not None and c is not None else None
            if cell and cell.text:
                return "flagged" if cell.doubt else "right" if _digits(cell) == line["votes"] else "silent"
    return ""


def _named(lines: Sequence[Sequence[Cell | None]], name: str) -> int | None:
    """The line that has this name and no other as much alike; digits must be the same."""
    scores = [max((_alike(cell.text, name) for cell in line if cell), default=0.0) for line in lines]
    best = max(scores, default=0.0)
    return scores.index(best) if best >= ALIKE and scores.count(best) == 1 else None


def _alike(text: str, name: str) -> float:
    same = _NUMBER.findall(text) == _NUMBER.findall(name)
    return fuzz.token_sort_ratio(text.upper(), name.upper()) if same else 0.0
