"""Writes an inbox from the real figures of 2019: TPS tables, DA1, DB1 and DC1. No fault is sown, nothing is repaired.

``python -m samples.real --data ../shared/data/sumbar2019 --out DIR`` makes ``DIR/inbox/…``. A row without real figures
is printed and left blank; every sheet's total is the sum of its own columns, whatever the next level says.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from rangkiang import catalogue
from rangkiang.catalogue import Office
from rangkiang.model import Level
from samples import pdf_sheet, tables, xlsx_sheet
from samples.arithmetic import Figures, complete
from samples.inbox import Inbox
from samples.sheet import Style, sheet
from samples.tables import Dialect

NOTE = (
    "Dibuat dari angka rekapitulasi 2019 yang telah diumumkan; baris tanpa data dibiarkan kosong. Bukan dokumen asli."
)
PLACES = ("kabkota", "kecamatan", "kelurahan")
TPS_COLUMNS = (
    *PLACES,
    "tps",
    "dpt_l",
    "dpt_p",
    "situng_01",
    "situng_02",
    "situng_sah",
    "situng_tsah",
    "situng_pengguna",
)
"""Columns of the TPS tables, kept as they stand."""

_BASE = {"I.A.1.L": "dpt_l", "I.A.1.P": "dpt_p", "IV.01": "rekap_01", "IV.02": "rekap_02"}
_STYLE = Style()

Record = Mapping[str, str]


def build(data: Path) -> Inbox:
    """The whole inbox in memory. ``data`` holds ``kabkota_…``, ``kecamatan_…``, ``kelurahan_…`` and ``tps_….csv``."""
    box = Inbox()
    regencies, districts, villages, places = (_read(data, level) for level in (*PLACES, "tps"))
    province = catalogue.offices()[0]
    offices = {r["kabkota"]: _office(r["kabkota"]) for r in regencies}
    dc1 = sheet("DC1-PPWP", [province.name], columns(regencies, "kabkota"), province.unit_kerja.upper(), NOTE)
    box.put(province.code, "PL.01.8/DC1-PPWP/DC1-PPWP.pdf", pdf_sheet.draw(dc1, _STYLE))
    for name, group in _by(districts, "kabkota").items():
        _db1(box, offices[name], group)
    for (name, district), group in _by_pair(villages).items():
        _da1(box, offices[name], district, group)
    for n, (name, group) in enumerate(_by(places, "kabkota").items()):
        _table(box, offices[name], group, as_workbook=n % 2 == 1)
    return box


def _db1(box: Inbox, office: Office, districts: Sequence[Record]) -> None:
    places = [office.name, catalogue.offices()[0].name]
    made = sheet("DB1-PPWP", places, columns(districts, "kecamatan"), office.unit_kerja.upper(), NOTE)
    box.put(office.code, f"PL.01.8/DB1-PPWP/DB1-PPWP {office.name}.pdf", pdf_sheet.draw(made, _STYLE))


def _da1(box: Inbox, office: Office, district: str, villages: Sequence[Record]) -> None:
    places = [district, office.name, catalogue.offices()[0].name]
    made = sheet("DA1-PPWP", places, columns(villages, "kelurahan"), f"PPK {district}", NOTE)
    box.put(office.code, f"PL.01.8/DA1-PPWP/DA1-PPWP {district}.xlsx", xlsx_sheet.write(made, _STYLE))


def _table(box: Inbox, office: Office, places: Sequence[Record], as_workbook: bool) -> None:
    rows = [[place[column] for column in TPS_COLUMNS] for place in places]
    path = f"PL.01.7/TPS-PPWP/tps_{office.slug.partition('_')[2]}"
    if as_workbook:
        typed = [[*row[: len(PLACES)], *map(int, row[len(PLACES) :])] for row in rows]
        box.put(office.code, f"{path}.xlsx", tables.to_xlsx([TPS_COLUMNS, *typed], "TPS"))
    else:
        box.put(office.code, f"{path}.csv", tables.to_csv([TPS_COLUMNS, *rows], Dialect()))


def columns(records: Sequence[Record], name: str) -> list[tuple[str, Figures]]:
    """One column per record: what is known, and what the form's identities derive from it."""
    return [
        (record[name], complete("DB1-PPWP", {row: int(record[column]) for row, column in _BASE.items()}))
        for record in records
    ]


def _office(name: str) -> Office:
    found = catalogue.find_area(Level.KABKOTA, name)
    if found is None:
        raise ValueError(f"no kabupaten or kota is called {name!r}")
    return catalogue.office(found.code)


def _read(data: Path, level: str) -> list[Record]:
    with (data / f"{level}_kawalpemilu_ppwp.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _by(records: Sequence[Record], column: str) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record[column]].append(record)
    return groups


def _by_pair(records: Sequence[Record]) -> dict[tuple[str, str], list[Record]]:
    """By regency and kecamatan: names of kecamatan repeat."""
    return {(r, d): group for r, of in _by(records, "kabkota").items() for d, group in _by(of, "kecamatan").items()}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.real", description="Write an inbox from the real figures.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the sumbar2019 CSV files")
    parser.add_argument("--out", type=Path, required=True, help="folder to write inbox/ into")
    asked = parser.parse_args()
    box = build(asked.data)
    changed = box.write(asked.out)
    print(f"{len(box.files)} files in {asked.out / 'inbox'} ({changed} written)")


if __name__ == "__main__":
    main()
