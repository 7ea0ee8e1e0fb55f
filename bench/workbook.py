"""A hundred thousand rows of twenty columns read: seconds and memory, beside openpyxl and pandas on the same file.

Run by hand: ``make bench``. Each reader has a process of its own. Ours gives cells with their places, spans and doubts,
having looked through the package and for formulas; the others give values.
"""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROWS, COLUMNS = 100_000, 20
OLD_ROWS = 65_000  # an old workbook ends at 65,536


def ours(path: Path) -> int:
    from rangkiang.intake import media_type
    from rangkiang.reading import tables

    data = path.read_bytes()
    return sum(len(table.cells) for table in tables(data, media_type(data)))


def plain_openpyxl(path: Path) -> int:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return sum(value is not None for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)


def full_openpyxl(path: Path) -> int:
    """With merged cells and formulas, as a reader of sheets needs them."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    return sum(cell.value is not None for sheet in book for row in sheet.iter_rows() for cell in row)


def plain_pandas(path: Path) -> int:
    import pandas as pd

    frame = pd.read_csv(path, dtype=str) if path.suffix == ".csv" else pd.read_excel(path, header=None, dtype=object)
    return int(frame.notna().sum().sum())


READERS: dict[str, Callable[[Path], int]] = {
    "rangkiang": ours,
    "openpyxl, read only": plain_openpyxl,
    "openpyxl": full_openpyxl,
    "pandas": plain_pandas,
}
FILES = {
    "values.xlsx": list(READERS),
    "sums.xlsx": ["rangkiang", "openpyxl, read only"],
    "values.xls": ["rangkiang"],
    "values.ods": ["rangkiang"],
    "values.csv": ["rangkiang", "pandas"],
}


def lines(rows: int) -> list[list[str | int]]:
    chance = random.Random(2019)  # noqa: S311 - figures to be read, nothing secret
    return [
        [f"KECAMATAN {n // 5000}", f"NAGARI {n // 50}", f"TPS {n % 50:03}", *(chance.randrange(400) for _ in range(17))]
        for n in range(rows)
    ]


def write(folder: Path) -> None:
    rows = lines(ROWS)
    with (folder / "values.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    _xlsx(folder / "values.xlsx", rows, sums=False)
    _xlsx(folder / "sums.xlsx", rows, sums=True)
    _xls(folder / "values.xls", rows[:OLD_ROWS])
    (folder / "values.ods").write_bytes(_ods(rows))


def _xlsx(path: Path, rows: list[list[str | int]], sums: bool) -> None:
    import xlsxwriter  # type: ignore[import-untyped]

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("TPS")
    for n, row in enumerate(rows):
        sheet.write_row(n, 0, row[: COLUMNS - sums])
        if sums:
            total = sum(int(v) for v in row[3 : COLUMNS - 1])
            sheet.write_formula(n, COLUMNS - 1, f"=SUM(D{n + 1}:S{n + 1})", None, total)
    book.close()


def _xls(path: Path, rows: list[list[str | int]]) -> None:
    import xlwt  # type: ignore[import-untyped]

    book = xlwt.Workbook()
    sheet = book.add_sheet("TPS")
    for n, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(n, column, value)
        if n % 1000 == 999:
            sheet.flush_row_data()
    book.save(str(path))


def _ods(rows: list[list[str | int]]) -> bytes:
    """Put in by hand: the library that makes small ones takes minutes for two million cells."""
    import zipfile

    from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]
    from odf.table import Table  # type: ignore[import-untyped]

    book = OpenDocumentSpreadsheet()
    book.spreadsheet.addElement(Table(name="TPS"))
    book.save(out := io.BytesIO())
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{v}"><text:p>{v}</text:p></table:table-cell>'
            if isinstance(v, int)
            else f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'
            for v in row
        )
        + "</table:table-row>"
        for row in rows
    )
    made = io.BytesIO()
    with zipfile.ZipFile(out) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "content.xml":
                head, _, tail = part.partition(b'table:name="TPS"/>')
                part = head + b'table:name="TPS">' + body.encode() + b"</table:table>" + tail
            after.writestr(name, part)
    return made.getvalue()


def measured(reader: str, path: Path) -> tuple[float, float, int]:
    """CPU-seconds, MiB above what an idle interpreter takes, cells."""
    told = subprocess.run([sys.executable, __file__, reader, str(path)], check=True, capture_output=True, text=True)
    seconds, peak, cells = json.loads(told.stdout)
    return seconds, peak, cells


def measure(reader: str, path: Path) -> None:
    before = peak_memory()
    began = time.process_time()
    cells = READERS[reader](path)
    seconds = time.process_time() - began
    print(json.dumps([seconds, peak_memory() - before, cells]))


def peak_memory() -> float:
    """MiB, of this process alone: what resource.getrusage tells begins with the parent's."""
    told = Path("/proc/self/status").read_text("ascii")
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        for name, readers in FILES.items():
            path = Path(folder, name)
            results = {reader: measured(reader, path) for reader in readers}
            own = results["rangkiang"]
            print(f"{name}  {path.stat().st_size / 1e6:.1f} MB, {own[2]} cells")
            for reader, (seconds, peak, cells) in results.items():
                ratio = f"{seconds / own[0]:5.1f} x" if reader != "rangkiang" else ""
                print(f"  {reader:<20} {seconds:6.1f} s {peak:7.0f} MiB  {cells} cells  {ratio}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
