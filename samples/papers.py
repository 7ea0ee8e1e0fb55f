"""The papers of the sample province as its offices make them: each office has its own habits of naming and printing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from rangkiang import catalogue
from rangkiang.catalogue import Office
from rangkiang.model import Level
from samples import pdf_sheet, tables, xlsx_sheet
from samples.arithmetic import Figures
from samples.inbox import key_of
from samples.region import FLAT, DistrictTally, RegencyTally, polling_places
from samples.sheet import Sheet, Style, sheet
from samples.tables import Dialect, Line

NOTE = (
    "Contoh: pembagian per kecamatan dan bagian I–III adalah data sintetis; "
    "perolehan suara per kabupaten/kota adalah angka resmi 2019."
)
STYLES = (
    Style(),
    Style(per_block=9, row_height=8.4, font_size=6.0),
    Style(per_block=7, carried_out="JUMLAH DIPINDAHKAN", zero="-"),
    Style(per_block=12, thousands="", turned=True),
    Style(per_block=6, carries=False, zero="-", row_height=8.6, font_size=6.0),
)
DIALECTS = (
    Dialect(),
    Dialect(";", "utf-8-sig", wording=1),
    Dialect("\t", "cp1252", wording=2, context=False),
    Dialect(";", "cp1252", thousands=".", wording=3, total=True),
)
_DB1_PATHS = (
    "PL.01.8/DB1-PPWP/DB1-PPWP {name}.pdf",
    "PL.01.8/MODEL DB1-PPWP_{slug}.pdf",
    "{name} - DB1 PPWP (final).pdf",
    "Rekap Pleno/DB1/db1_ppwp_{slug}.pdf",
)
_TPS_PATHS = ("PL.01.7/TPS-PPWP/tps_contoh_sintetis_{slug}.csv", "Hasil per TPS - contoh sintetis.csv")
_TPS_LINES, _TPS_PER_VILLAGE = 40, 8


def style(office: Office) -> Style:
    """How that office prints its sheets."""
    return STYLES[_place(office) % len(STYLES)]


def dialect(office: Office) -> Dialect:
    """How that office writes its tables."""
    return DIALECTS[_place(office) % len(DIALECTS)]


def db1_key(office: Office) -> str:
    """Where that office keeps its DB1."""
    path = _DB1_PATHS[_place(office) % len(_DB1_PATHS)]
    return key_of(office.code, path.format(name=office.name, slug=office.slug.partition("_")[2]))


def tps_key(office: Office) -> str:
    """Where that office keeps its TPS table. The name says that the table is synthetic: a CSV has no room for notes."""
    path = _TPS_PATHS[_place(office) % len(_TPS_PATHS)]
    return key_of(office.code, path.format(slug=office.slug.partition("_")[2]))


def da1_path(tally: DistrictTally, suffix: str) -> str:
    """The path of a DA1 in its office's inbox."""
    return f"PL.01.8/DA1-PPWP/DA1-PPWP Kec. {tally.district.name_kemendagri}{suffix}"


def db1(tally: RegencyTally, units: Sequence[tuple[str, Figures]] | None = None) -> bytes:
    """The DB1 as PDF. With ``units`` it prints those columns, beside the totals as they should be."""
    columns = units or [(d.district.name, d.figures) for d in tally.districts]
    places = [tally.office.name, catalogue.offices()[0].name]
    made = sheet("DB1-PPWP", places, columns, tally.office.unit_kerja.upper(), NOTE, tally.figures)
    return pdf_sheet.draw(made, style(tally.office))


def dc1(tallies: Sequence[RegencyTally]) -> bytes:
    """The DC1 as PDF: one column per regency."""
    province = catalogue.offices()[0]
    columns = [(t.office.name, t.figures) for t in tallies]
    return pdf_sheet.draw(sheet("DC1-PPWP", [province.name], columns, province.unit_kerja.upper(), NOTE), Style())


def da1(tally: DistrictTally) -> Sheet:
    """The DA1 of a kecamatan, its villages invented."""
    office = catalogue.office(tally.district.office)
    places = [tally.district.name, office.name, catalogue.offices()[0].name]
    columns = [(v.name, v.figures) for v in tally.villages]
    return sheet("DA1-PPWP", places, columns, f"PPK {tally.district.name}", NOTE)


def da1_xlsx(tally: DistrictTally) -> bytes:
    return xlsx_sheet.write(da1(tally), style(catalogue.office(tally.district.office)))


def tps_rows(tally: RegencyTally) -> list[list[str]]:
    """The lines of the TPS table, header first: some TPS of some villages."""
    return tables.records(FLAT, tps_lines(tally), dialect(tally.office))


def tps_lines(tally: RegencyTally) -> list[Line]:
    """What stands in the TPS table: each place's names, and its figures."""
    return list(islice(_lines(tally), _TPS_LINES))


def tps(tally: RegencyTally, rows: Sequence[Sequence[str]]) -> bytes:
    """The TPS table as that office's kind of CSV."""
    return tables.to_csv(rows, dialect(tally.office))


def _lines(tally: RegencyTally) -> Iterator[Line]:
    """The first village of each kecamatan, then the second of each, and so on."""
    most = max(len(d.villages) for d in tally.districts)
    for turn in range(most):
        for entry in tally.districts:
            for village in entry.villages[turn : turn + 1]:
                for place in polling_places(village)[:_TPS_PER_VILLAGE]:
                    names = {
                        Level.KABKOTA: tally.office.name,
                        Level.KECAMATAN: entry.district.name,
                        Level.KELURAHAN: f"{village.name} – SINTETIS",
                        Level.TPS: str(place.number),
                    }
                    yield names, place.figures


def _place(office: Office) -> int:
    return catalogue.offices().index(office)
