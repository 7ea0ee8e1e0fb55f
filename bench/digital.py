"""Digital sheets: our reader beside camelot's and pdfplumber's, on the same generated pages, in one run.

    python bench/digital.py [--pages 60] [--long 500]

Prints, for each reader, the share of the printed numbers that it finds as cells of their page, pages per CPU-second and
peak memory (each reader in a process of its own); then how ours grows with the length of a file, and with a second
worker. Ratios were measured side by side; the rest depends on the machine. ``bench/foreign.py`` does the same for
tables that are not ours.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from rangkiang.settings import Limits
from samples.press import sheets

SEED = 2019
PEERS = ("camelot lattice", "camelot lattice, vector engine", "pdfplumber")
OURS = "rangkiang"

Cells = Iterator[tuple[int, str]]  # page, text


def ours(data: bytes) -> Cells:
    from rangkiang.reading import tables

    for table in tables(data, "application/pdf"):
        for cell in table.cells:
            yield table.page, cell.text


def camelot(data: bytes, **options: object) -> Cells:
    from camelot.io import read_pdf

    for table in read_pdf(io.BytesIO(data), pages="all", flavor="lattice", suppress_stdout=True, **options):
        for row in table.df.to_numpy():
            for text in row:
                yield int(table.page), str(text)


def plumber(data: bytes) -> Cells:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for number, page in enumerate(document.pages, 1):
            for table in page.extract_tables():
                for row in table:
                    for text in row:
                        yield number, text or ""


READERS: dict[str, Callable[[bytes], Cells]] = {
    OURS: ours,
    "camelot lattice": camelot,
    "camelot lattice, vector engine": lambda data: camelot(data, engine="vector", backend="pdfium", use_fallback=False),
    "pdfplumber": plumber,
}


def measure(reader: str, folder: Path) -> dict[str, float]:
    """Read every PDF of the folder; in a process of its own, so that the peak is the reader's."""
    files = sorted(folder.glob("*.pdf"))
    read = READERS[reader]
    list(read(files[0].read_bytes()))  # imports and caches are not what is measured
    right = numbers = pages = 0
    took = 0.0
    for path in files:
        data = path.read_bytes()
        began = time.process_time()
        found = list(read(data))
        took += time.process_time() - began
        truth = printed(path.with_suffix(".csv"))
        pages += len(pypdfium2.PdfDocument(data))
        numbers += sum(sum(c.values()) for c in truth.values())
        right += matched(found, truth)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pages": pages, "seconds": took, "numbers": numbers, "right": right, "peak": peak}


def printed(path: Path) -> dict[int, Counter[str]]:
    """The numbers that are printed on each page."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    with path.open(encoding="utf-8", newline="") as lines:
        for page, text in csv.reader(lines):
            found[int(page)][text] += 1
    return found


def matched(cells: Iterable[tuple[int, str]], truth: dict[int, Counter[str]]) -> int:
    """How many of the printed numbers stand in a cell of their page, alone."""
    seen: dict[int, Counter[str]] = defaultdict(Counter)
    for page, text in cells:
        seen[page][" ".join(text.split())] += 1
    return sum((seen[page] & numbers).total() for page, numbers in truth.items())


def in_its_own_process(*arguments: str) -> dict[str, float]:
    program = [sys.executable, __file__, *arguments]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def write(folder: Path, pages: int) -> None:
    folder.mkdir(parents=True)
    for n, sheet in enumerate(sheets(SEED, pages)):
        (folder / f"{n:04}.pdf").write_bytes(sheet.pdf)
        with (folder / f"{n:04}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows((t.page, t.printed) for t in sheet.truth if t.printed)


def joined(files: Iterable[Path], pages: int) -> bytes:
    """One file of so many pages, of the pages of many."""
    whole = pypdfium2.PdfDocument.new()
    for path in files:
        part = pypdfium2.PdfDocument(path)
        whole.import_pages(part, list(range(min(len(part), pages - len(whole)))))
        if len(whole) == pages:
            break
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def compare(folder: Path) -> None:
    results = {reader: in_its_own_process("--reader", reader, str(folder)) for reader in READERS}
    best = results[OURS]
    print(f"{'reader':<32} {'numbers right':>14} {'pages/CPU-s':>12} {'peak MB':>8} {'ours is':>9}")
    for reader, r in results.items():
        ratio = (r["seconds"] / r["pages"]) / (best["seconds"] / best["pages"])
        print(
            f"{reader:<32} {r['right'] / r['numbers']:>13.2%} {r['pages'] / r['seconds']:>12.1f} {r['peak']:>8.0f}"
            f" {ratio:>7.1f} x"
        )
    print(f"{best['pages']:.0f} pages, {best['numbers']:.0f} printed numbers")


def grow(folder: Path, longest: int) -> None:
    """Time and memory against the length of one file."""
    first = 0.0
    for pages in (longest // 4, longest // 2, longest):
        alone = folder.parent / f"{pages}"
        alone.mkdir()
        (alone / "long.pdf").write_bytes(joined(sorted(folder.glob("*.pdf")), pages))
        (alone / "long.csv").write_text("")
        r = in_its_own_process("--once", str(alone / "long.pdf"))
        first = first or r["seconds"] / pages
        print(
            f"a file of {pages:>4} pages: {r['seconds'] / pages * 1000:6.1f} ms a page"
            f" ({r['seconds'] / pages / first:.2f} x), peak {r['peak']:.0f} MB"
        )


def once(path: Path) -> dict[str, float]:
    """One file, from nothing: what a process needs that reads it and keeps all its tables."""
    data = path.read_bytes()
    began = time.process_time()
    cells = sum(1 for _ in ours(data))
    took = time.process_time() - began
    return {"seconds": took, "cells": cells, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def side_by_side(pages: int) -> None:
    """Figures, not only tables, through worker processes as a night reads them: one worker, then two.

    The start of the workers is in it, so there is enough to read for it not to count.
    """
    from rangkiang.forms import form
    from rangkiang.guard import Guard
    from rangkiang.guard import side_by_side as shared_out

    prints = 3 * list(sheets(SEED, pages))

    def read(guard: Guard, n: int) -> int:
        p = prints[n]
        return len(guard.read(p.pdf, "application/pdf", form(p.model), "x.pdf", f"{n:064}", p.pages))

    took = {}
    for workers in (1, 2):
        list(shared_out(read, range(2), Limits(), workers))
        began = time.perf_counter()
        figures = sum(shared_out(read, range(len(prints)), Limits(), workers))
        took[workers] = time.perf_counter() - began
        count = sum(p.pages for p in prints)
        print(f"{workers} worker(s): {count / took[workers]:6.1f} pages per second, {figures} figures")
    print(f"two workers are {took[1] / took[2]:.2f} x one")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--pages", type=int, default=60, help="pages that every reader reads")
    arguments.add_argument("--long", type=int, default=500, help="pages of the long file")
    arguments.add_argument("--reader", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    arguments.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.reader:
        print(json.dumps(measure(chosen.reader[0], Path(chosen.reader[1]))))
    elif chosen.once:
        print(json.dumps(once(chosen.once)))
    else:
        with tempfile.TemporaryDirectory() as made:
            write(Path(made) / "compared", chosen.pages)
            compare(Path(made) / "compared")
            write(Path(made) / "long", chosen.long)
            grow(Path(made) / "long", chosen.long)
            side_by_side(chosen.long // 2)


if __name__ == "__main__":
    main()
