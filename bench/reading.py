"""Pages of recap sheets read per CPU-second, beside camelot's lattice reader as it comes, on the same sample pages.

Run by hand: ``make bench``. Also counts how many figures of the sheet each gets: a fast reader that errs is no reader.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

from camelot.io import read_pdf
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from rangkiang.forms import form
from rangkiang.reading import read
from samples import papers
from samples.region import province

SHEETS = 6


def ours(data: bytes) -> int:
    figures = read(data, "application/pdf", form("DB1-PPWP"), "db1.pdf", "0" * 64)
    return int(figures["value"].notna().sum())


def plain_camelot(data: bytes) -> int:
    tables = read_pdf(io.BytesIO(data), pages="all", flavor="lattice")
    cells = [str(c).replace(".", "") for t in tables for row in t.df.to_numpy() for c in row]
    return sum(c.isdecimal() for c in cells)


def measure(reader: Callable[[bytes], int], sheets: list[bytes]) -> tuple[float, int]:
    reader(sheets[0])  # imports and caches are not what is measured
    began = time.process_time()
    found = sum(reader(sheet) for sheet in sheets)
    return time.process_time() - began, found


def main() -> None:
    sheets = [papers.db1(tally) for tally in province()[:SHEETS]]
    pages = sum(len(PdfDocument(sheet)) for sheet in sheets)
    results = {name: measure(reader, sheets) for name, reader in (("rangkiang", ours), ("camelot", plain_camelot))}
    for name, (took, found) in results.items():
        print(f"{name:<10} {pages / took:6.1f} pages per CPU-second   {found} numbers seen")
    print("camelot sees the numbers of rows and columns and the carries too; ours are figures with their row and unit")
    print(f"ratio      {results['camelot'][0] / results['rangkiang'][0]:6.1f} x")


if __name__ == "__main__":
    main()
