"""What stands on a recap sheet, before it is drawn: its lines from the form registry, its columns cut into blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rangkiang.forms import Form, LeafRow, Section, form, forms
from rangkiang.model import ColumnKind
from samples.arithmetic import Figures, total

ELECTION = "PEMILIHAN UMUM PRESIDEN DAN WAKIL PRESIDEN TAHUN 2019"


@dataclass(frozen=True, slots=True)
class Style:
    """How one office prints: no two do it alike."""

    per_block: int = 8  # units before the table goes on in the next block
    carries: bool = True  # running totals between the blocks
    carried_out: str = "JUMLAH PINDAHAN"
    thousands: str = "."
    zero: str = "0"
    row_height: float = 11.5  # points
    font_size: float = 7.0
    turned: bool = False  # unit names read upwards even where they would fit

    def print(self, value: int | None) -> str:
        """A figure as this office writes it; an empty cell where nothing is known."""
        if value is None:
            return ""
        return f"{value:,}".replace(",", self.thousands) if value else self.zero


@dataclass(frozen=True, slots=True)
class Column:
    kind: ColumnKind
    label: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet. ``note`` stands at the foot of every page and says where the figures come from."""

    form: Form
    places: tuple[tuple[str, str], ...]  # the lines that name its area: ('KECAMATAN', 'LUBUK ALUNG'), ...
    signed_by: str
    units: tuple[Column, ...]
    total: Column
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that stay together: a section's heading, or a row with its sub-rows."""

    heading: Section | None
    leaves: tuple[LeafRow, ...]

    @property
    def number(self) -> str:
        return self.leaves[0].parent.number

    @property
    def label(self) -> str:
        """What stands in URAIAN; the number that some labels begin with has a column of its own."""
        if self.heading:
            return f"{self.heading.code.rpartition('.')[2]}.  {self.heading.label.id}"
        return self.leaves[0].parent.label.id.removeprefix(f"{self.number} ")


def sheet(
    model: str,
    places: Sequence[str],
    units: Sequence[tuple[str, Figures]],
    signed_by: str,
    note: str,
    printed_total: Figures | None = None,
) -> Sheet:
    """A sheet of that model. ``places`` names its area and those around it up to the province, the nearest first.

    The total column is the sum of the units, unless the sheet prints another one.
    """
    entry = form(model)
    columns = tuple(Column(ColumnKind.UNIT, label, figures) for label, figures in units)
    sums = printed_total or total((c.figures for c in columns), [leaf.code for leaf in entry.leaf_rows])
    lines = tuple(zip(_area_labels(entry), places, strict=True))
    return Sheet(entry, lines, signed_by, columns, Column(ColumnKind.TOTAL, "JUMLAH AKHIR", sums), note)


def _area_labels(entry: Form) -> list[str]:
    """What the sheet and the sheets it feeds call their areas: KECAMATAN, KABUPATEN/KOTA, PROVINSI."""
    upper = next((f for f in forms().values() if f.below == entry.model), None)
    return [entry.printed_area, *(_area_labels(upper) if upper else ())]


def blocks(entire: Sheet, style: Style) -> list[tuple[Column, ...]]:
    """The columns of each block. Units are spread evenly; carries are running totals and stand between the blocks."""
    rows = [leaf.code for leaf in entire.form.leaf_rows]
    count = -(-len(entire.units) // style.per_block)
    cuts = [len(entire.units) * n // count for n in range(count + 1)]
    found = []
    for n in range(count):
        before = total((c.figures for c in entire.units[: cuts[n]]), rows)
        after = total((c.figures for c in entire.units[: cuts[n + 1]]), rows)
        carried_in = (Column(ColumnKind.CARRIED_IN, "JUMLAH PINDAHAN", before),) if n and style.carries else ()
        carried_out = (Column(ColumnKind.CARRIED_OUT, style.carried_out, after),) if style.carries else ()
        last = (entire.total,) if n + 1 == count else carried_out
        found.append((*carried_in, *entire.units[cuts[n] : cuts[n + 1]], *last))
    return found


def groups(entry: Form) -> Iterator[Group]:
    """Headings and rows from top to bottom."""
    opened: set[str] = set()
    for row in entry.rows:
        for section in entry.sections:
            if section.code not in opened and f"{row.section}.".startswith(f"{section.code}."):
                opened.add(section.code)
                yield Group(section, ())
        yield Group(None, tuple(leaf for leaf in entry.leaf_rows if leaf.parent.code == row.code))


def printed_split(entry: Form, leaf: LeafRow) -> str:
    """What stands in the narrow column beside the label: L, P, JML, or nothing."""
    return next((split.printed[0] for split in entry.splits if split.code == leaf.split), "")
