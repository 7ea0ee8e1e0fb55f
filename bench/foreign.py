"""Tables that are not ours: ours beside camelot's modes, in one run.

    python bench/foreign.py [../shared/data]

On the European half of ICDAR 2013: adjacency relations, as tests/helpers/icdar.py scores them. On seven canvasses of
American counties: the share of the votes that stand in a cell of their own. Both with pages per CPU-second. The files
are not in the repository.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
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


READERS: tuple[tuple[str, Reader], ...] = (("rangkiang", ours), *((f"camelot {mode}", camelot(mode)) for mode in MODES))


def timed(reader: Reader, files: Iterable[Path]) -> tuple[dict[Path, list[Table]], float]:
    """What the reader finds in each file, and its pages per CPU-second."""
    files = list(files)
    reader(files[0].read_bytes())  # imports are not what is measured
    began = time.process_time()
    found = {pdf: reader(pdf.read_bytes()) for pdf in files}
    took = time.process_time() - began
    return found, sum(len(pypdfium2.PdfDocument(pdf)) for pdf in files) / took


def competition(folder: Path) -> None:
    files = icdar.documents(folder)
    if not files:
        print(f"nothing to measure: no eu-*.pdf in {folder}")
        return
    truths = {pdf: [icdar.truth(path) for path in paths] for pdf, paths in files.items()}
    print(f"ICDAR 2013, {len(files)} documents")
    print(f"{'reader':<18} {'macro-F':>8} {'recall':>8} {'precision':>9} {'pages/CPU-s':>12}")
    for name, reader in READERS:
        found, speed = timed(reader, files)
        scores = [icdar.score(found[pdf], truths[pdf]) for pdf in files]
        recall = sum(s.recall for s in scores) / len(scores)
        precision = sum(s.precision for s in scores) / len(scores)
        print(f"{name:<18} {icdar.macro_f(scores):8.3f} {recall:8.3f} {precision:9.3f} {speed:12.1f}")
    engines = Counter(d.engine for pdf in files for d in survey(pdf.read_bytes(), "application/pdf").decisions)
    print("our pages by reader: " + ", ".join(f"{engine} {count}" for engine, count in engines.most_common()))


def canvasses(folder: Path) -> None:
    files = sorted(folder.glob("*.pdf"))
    if not files:
        print(f"nothing to measure: no PDF in {folder}")
        return
    print(f"canvasses, {len(files)} documents")
    print(f"{'reader':<18} {'votes in a cell':>16} {'pages/CPU-s':>12}")
    truths = {pdf: _votes(pdf.with_suffix(".truth.csv")) for pdf in files}
    for name, reader in READERS:
        found, speed = timed(reader, files)
        seen = sum((_numbers(found[pdf]) & truths[pdf]).total() for pdf in files)
        print(f"{name:<18} {seen / sum(t.total() for t in truths.values()):>15.1%} {speed:12.1f}")


def _votes(path: Path) -> Counter[int]:
    """All votes above zero: an empty cell stands for none."""
    with path.open(encoding="utf-8", newline="") as lines:
        return Counter(int(r["votes"]) for r in csv.DictReader(lines) if r["votes"].isdigit() and int(r["votes"]))


def _numbers(tables: Iterable[Table]) -> Counter[int]:
    texts = (re.sub(r"[\s,]", "", cell.text) for table in tables for cell in table.cells)
    return Counter(int(text) for text in texts if text.isdecimal())


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    competition(data / "icdar2013")
    canvasses(data / "openelections" / "digital")


if __name__ == "__main__":
    main()
