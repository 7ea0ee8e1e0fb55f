"""Prints sheets into a folder: ``python -m samples.press --out DIR --pages 500``."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from samples.press import sheets


def main() -> None:
    """Writes a PDF for each sheet and truth.csv for all of them."""
    parser = argparse.ArgumentParser(prog="python -m samples.press", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2019)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with (chosen.out / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("file", "page", "row", "column_kind", "column_label", "value", "printed"))
        for number, one in enumerate(sheets(chosen.seed, chosen.pages), 1):
            name = f"{number:04}-{one.model}.pdf"
            (chosen.out / name).write_bytes(one.pdf)
            table.writerows((name, t.page, t.row, t.column_kind, t.column_label, t.value, t.printed) for t in one.truth)


main()
