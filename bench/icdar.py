"""Tables that are not ours: adjacency relations on the European half of ICDAR 2013, ours beside camelot's modes.

    python bench/icdar.py [../shared/data/icdar2013]

Everything is measured in this run: the score, pages per CPU-second, and which of our readers the pages went to. The
files are not in the repository; see tests/helpers/icdar.py for how they are scored.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from rangkiang.model import Cell, Table
from rangkiang.reading import survey
from tests.helpers import icdar

MODES = ("hybrid", "auto", "lattice", "stream", "network")

Reader = Callable[[bytes], list[Table]]


def ours(data: bytes) -> list[Table]:
    return list(survey(data, "application/pdf").tables)


def camelot(mode: str) -> Reader:
    import io

    from camelot.io import read_pdf

    def read(data: bytes) -> list[Table]:
        found = read_pdf(io.BytesIO(data), pages="all", flavor=mode, suppress_stdout=True)
        return [Table(int(t.page), mode, _cells(t.df.to_numpy().tolist())) for t in found]

    return read


def _cells(rows: list[list[str]]) -> tuple[Cell, ...]:
    return tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row) if text.strip())


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/icdar2013")
    files = icdar.documents(folder)
    if not files:
        print(f"nothing to measure: no eu-*.pdf in {folder}")
        return
    truths = {pdf: [icdar.truth(path) for path in paths] for pdf, paths in files.items()}
    pages = sum(len(pypdfium2.PdfDocument(pdf)) for pdf in files)
    print(f"{len(files)} documents, {pages} pages")
    print(f"{'reader':<18} {'macro-F':>8} {'recall':>8} {'precision':>9} {'pages/CPU-s':>12}")
    for name, reader in (("rangkiang", ours), *((f"camelot {mode}", camelot(mode)) for mode in MODES)):
        reader(next(iter(files)).read_bytes())  # imports are not what is measured
        began = time.process_time()
        found = {pdf: reader(pdf.read_bytes()) for pdf in files}
        took = time.process_time() - began
        scores = [icdar.score(found[pdf], truths[pdf]) for pdf in files]
        recall = sum(s.recall for s in scores) / len(scores)
        precision = sum(s.precision for s in scores) / len(scores)
        print(f"{name:<18} {icdar.macro_f(scores):8.3f} {recall:8.3f} {precision:9.3f} {pages / took:12.1f}")
    engines = Counter(d.engine for pdf in files for d in survey(pdf.read_bytes(), "application/pdf").decisions)
    print("our pages by reader: " + ", ".join(f"{engine} {count}" for engine, count in engines.most_common()))


if __name__ == "__main__":
    main()
