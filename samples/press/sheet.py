"""A sheet as it will stand on its pages: what it says above the table, and which cells stand on which page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from samples.press.cells import Cell, Maker, Strip
from samples.press.fonts import font, wrap
from samples.press.grid import Column, Grid
from samples.press.places import Area
from samples.press.rows import Heading, Line
from samples.press.styles import Style

_MM = 72 / 25.4
PAPERS = {"A4": (210 * _MM, 297 * _MM), "F4": (215 * _MM, 330 * _MM), "A3": (297 * _MM, 420 * _MM)}
MARGIN = 30.0
TITLE = 8.0  # size of the titles and of the area's lines
FOOT = {"none": 14.0, "boxes": 52.0, "list": 84.0}  # height of what stands below the table
_GAP = 12.0  # between two tables of a page
_UNITS = {
    "C1": ("", "TEMPAT PEMUNGUTAN SUARA"),
    "DAA1": ("TPS", "DESA/KELURAHAN"),
    "DA1": ("DESA/KELURAHAN", "KECAMATAN"),
    "DB1": ("KECAMATAN", "KABUPATEN/KOTA"),
    "DC1": ("KABUPATEN/KOTA", "PROVINSI"),
}
_CONTESTS = {
    "PPWP": "PRESIDEN DAN WAKIL PRESIDEN",
    "DPR": "ANGGOTA DEWAN PERWAKILAN RAKYAT",
    "DPD": "ANGGOTA DEWAN PERWAKILAN DAERAH",
    "DPRD-PROV": "ANGGOTA DEWAN PERWAKILAN RAKYAT DAERAH PROVINSI",
    "DPRD-KABKOTA": "ANGGOTA DEWAN PERWAKILAN RAKYAT DAERAH KABUPATEN/KOTA",
}
_SPELLED = {"DPRD-PROV": "DPRD PROVINSI", "DPRD-KABKOTA": "DPRD KAB/KOTA"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that is printed, before it is placed."""

    level: str
    election: str
    area: Area
    style: Style
    lines: tuple[Line, ...]
    grid: Grid

    @property
    def model(self) -> str:
        return f"{self.level}-{self.election}"

    @property
    def printed_model(self) -> str:
        """As offices print it; older papers print the canonical name of DPRD-PROV."""
        spelled = self.style.spelled or self.election == "DPRD-KABKOTA"
        return f"{self.level}-{_SPELLED.get(self.election, self.election) if spelled else self.election}"

    @property
    def titles(self) -> tuple[str, str]:
        unit, area = _UNITS[self.level]
        of = f" DARI SETIAP {unit} DALAM WILAYAH {area}" if unit else f" DI {area}"
        first = f"SERTIFIKAT {'REKAPITULASI ' * bool(unit)}HASIL PENGHITUNGAN PEROLEHAN SUARA{of}"
        return first, f"PEMILIHAN UMUM {_CONTESTS[self.election]} TAHUN 2019"

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The lines above the table: label and name."""
        dapil = (("DAERAH PEMILIHAN", self.area.dapil),) if self.area.dapil else ()
        return (*self.area.places, *dapil)

    def title_lines(self) -> list[str]:
        room = measure(self.style)[0] - 2 * MARGIN
        return [line for title in self.titles for line in wrap(title, font(self.style.font, True), TITLE, room)]

    def top(self) -> float:
        """Where the table begins, from the bottom of the page."""
        lines = 1 + len(self.title_lines()) + len(self.places)
        return measure(self.style)[1] - MARGIN - lines * TITLE * 1.4 - 6


@dataclass(frozen=True, slots=True)
class Page:
    """The table cells of one page, in the order of the sheet, and the columns they belong to."""

    columns: tuple[Column, ...]
    cells: list[Cell] = field(default_factory=list)


def measure(style: Style) -> tuple[float, float]:
    """Width and height of the page as it is looked at, in points."""
    short, long = PAPERS[style.paper]
    return (long, short) if style.landscape else (short, long)


def pages(sheet: Sheet) -> list[Page]:
    """Blocks of columns one after the other, each from its first row to its last."""
    unit = "DESA/KELURAHAN/NAGARI" if sheet.level == "DA1" else _UNITS[sheet.level][0]
    found: list[Page] = []
    start = 3
    for columns in sheet.grid.blocks:
        found += _block(sheet, Maker(sheet.style, sheet.grid, columns, unit), start)
        start += len(columns)
    return found


def _block(sheet: Sheet, maker: Maker, start: int) -> list[Page]:
    top, bottom = sheet.top(), MARGIN + FOOT[sheet.style.signatures]
    header = maker.header(start)
    found = [Page(maker.columns)]
    y = top
    for part in _parts(sheet):
        if y < top:
            y -= _GAP
        for n, bundle in enumerate(_bundles(maker, part)):
            strips = [header, *bundle] if n == 0 else bundle
            if y - sum(strip.height for strip in strips) < bottom and found[-1].cells:
                found.append(Page(maker.columns))
                y = top
                strips = [header, *bundle] if sheet.style.header else strips
            for strip in strips:
                y -= strip.height
                found[-1].cells.extend(cell.moved(MARGIN, y) for cell in strip.cells)
    return found


def _parts(sheet: Sheet) -> list[Sequence[Line]]:
    """The tables: one, or one for people and ballots and one for votes."""
    fourth = next(n for n, line in enumerate(sheet.lines) if isinstance(line, Heading) and line.number == "IV")
    return [sheet.lines] if sheet.style.tables == 1 else [sheet.lines[:fourth], sheet.lines[fourth:]]


def _bundles(maker: Maker, lines: Sequence[Line]) -> Iterator[list[Strip]]:
    """A heading never stands last on a page."""
    bundle: list[Strip] = []
    for line in lines:
        for strip in maker.strips(line):
            bundle.append(strip)
            if not strip.binds:
                yield bundle
                bundle = []
