"""Which area a document is about: from the lines that name it, or from the names in a flat table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rangkiang.catalogue import Area, area, find_area, fold, offices
from rangkiang.forms import Form, flat, forms
from rangkiang.intake.front import Refused
from rangkiang.model import Level

_TOTALS = {"JUMLAH", "TOTAL", "JUMLAHAKHIR"}
_DAPIL = ("DAERAH PEMILIHAN", "DAPIL")
_ENDS = re.compile(  # what may stand to the right of a name on its line
    r"\t|\s{3,}|\s+(?:HALAMAN\s+\d|MODEL\s|LEMBAR\s|TAHUN\s+\d|PEMILIHAN\s+UMUM\b|SERTIFIKAT\b)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """The names that a sheet's lines give, as printed, upper case. ``areas`` holds those that stand there."""

    areas: Mapping[Level, str]
    dapil: str = ""  # 'SUMATERA BARAT I'


def named(lines: Sequence[str]) -> Named:
    """What stands behind 'KABUPATEN/KOTA *) :' and its like; the first line of a kind speaks."""
    areas: dict[Level, str] = {}
    dapil = ""
    for level, name in _fields([line.upper().rstrip() for line in lines]):
        if level is None:
            dapil = dapil or " ".join(name.split())
        else:
            areas.setdefault(level, name)
    return Named(areas, dapil)


def of_sheet(form: Form, names: Mapping[Level, str], office_code: str) -> Area:
    """The area that a sheet's own line names, within those its other lines name. Raises Refused('unknown_area')."""
    if form.area not in names:
        raise Refused("unknown_area", area=f"{form.printed_area}: -")
    found = _found(form.area, names, office_code)
    if found is None:
        raise Refused("unknown_area", area=names[form.area])
    return found


def announced() -> Mapping[str, Level | None]:
    """What sheets print in front of a name, and the level of that name; None for an electoral district."""
    whole = {printed: level for form in forms().values() for level, printed in _printed(form)}
    return {**_words(), **whole}


def _printed(form: Form) -> tuple[tuple[Level, str], tuple[Level, str]]:
    return (form.area, form.printed_area), (form.unit, form.printed_unit)


def same(names: Mapping[Level, str]) -> dict[Level, str]:
    """Something equal for every way to write an area: its code, or its folded name where it is not known."""
    found: dict[Level, str] = {}
    within = ""
    for level in Level:
        if level in names:
            place = find_area(level, names[level], within)
            found[level] = place.code if place else fold(names[level])
            within = place.code if place else within
    return found


def of_lines(form: Form, rows: Sequence[Sequence[str]], office_code: str) -> Area:
    """The area of a flat table: what its own column says, else where its units lie. Raises Refused('unknown_area')."""
    top, columns = flat.header(form, rows)
    body = rows[top + 1 :]
    if form.area in columns.keys:
        return _said(form.area, _distinct(body, columns.keys[form.area]))
    names = _distinct(body, columns.keys[Level.KECAMATAN])
    return _home(names, office_code)


def _found(level: Level, names: Mapping[Level, str], office_code: str) -> Area | None:
    """Names repeat: a kecamatan is looked up in its kabupaten or kota, a village in its kecamatan, a TPS in its
    village. Where no line names what it lies in, the name must be the only one, or the only one of the office.
    """
    above = next((u for u in _above(level) if u in names), None)
    if above is None:
        return find_area(level, names[level]) or find_area(level, names[level], office_code)
    home = _found(above, names, office_code)
    if home is None:
        raise Refused("unknown_area", area=f"{names[level]}, {names[above]}")
    return find_area(level, names[level], home.code)


def _above(level: Level) -> list[Level]:
    """The levels whose name helps to find one of this level, the nearest first. Names of kabupaten do not repeat."""
    order = list(Level)
    return order[order.index(Level.KABKOTA) : order.index(level)][::-1]


def _fields(lines: Sequence[str]) -> Iterator[tuple[Level | None, str]]:
    """Level (None for the electoral district) and name of every labelled name, in the order of the lines."""
    for text in _joined(lines):
        found = list(_label().finditer(text)) if ":" in text else []
        for field, after in zip(found, [*found[1:], None], strict=False):
            name = _ENDS.split(text[field.end() : after.start() if after else len(text)], maxsplit=1)[0].strip()
            word = " ".join(field["word"].split())
            level = _words()[word]
            if name:
                yield level, f"{word} {name}" if _tells(level, field["label"], name) else name


def _joined(lines: Sequence[str]) -> list[str]:
    """The lines, a name that stands below its label and colon, or with its colon below its label, drawn up to it."""
    found: list[str] = []
    for line in lines:
        open_label = found and (found[-1].endswith(":") and ":" not in line)
        open_name = found and ":" not in found[-1] and line.lstrip().startswith(":")
        if open_label or open_name:
            found[-1] += f" {line.strip()}"
        else:
            found.append(line)
    return found


def _tells(level: Level | None, label: str, name: str) -> bool:
    """KABUPATEN or KOTA alone as a label says which of two areas of one name is meant."""
    return level is Level.KABKOTA and "/" not in label and not name.startswith("KOTA ")


@cache
def _words() -> Mapping[str, Level | None]:
    """What sheets call the levels, by the form registry: KECAMATAN; DESA, KELURAHAN, NAGARI. None: a dapil."""
    found: dict[str, Level | None] = dict.fromkeys(_DAPIL)
    for form in forms().values():
        for level, printed in _printed(form):
            found.update((word.strip(), level) for word in printed.split("/"))
    return found


@cache
def _label() -> re.Pattern[str]:
    """A label and its colon: 'KABUPATEN/KOTA *) :', 'KECAMATAN / DISTRIK:', 'NOMOR TPS :'."""
    words = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(_words(), key=len, reverse=True))
    return re.compile(
        rf"(?:^|(?<=\s))(?:NO(?:MOR|\.)?\s*)?(?P<label>(?P<word>{words})(?:\s*/\s*\w+)*)"
        r"(?:\s*\([^)]*\))?\s*(?:\*+\s*\)?)?\s*:\s*"
    )


def _distinct(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    names = dict.fromkeys(row[column] for row in rows if column < len(row) and row[column])
    return [name for name in names if fold(name) not in _TOTALS]


def _said(level: Level, names: Sequence[str]) -> Area:
    found = {find_area(level, name) for name in names}
    only = found.pop() if len(found) == 1 else None
    if only is None:
        raise Refused("unknown_area", area=", ".join(names[:5]) or "-")
    return only


def _home(names: Sequence[str], office_code: str) -> Area:
    """The one kabupaten or kota that most of the kecamatan lie in; of several, the office's own."""
    codes = [o.code for o in offices() if o.level is Level.KABKOTA]
    counts = {c: sum(find_area(Level.KECAMATAN, n, c) is not None for n in names) for c in codes}
    most = max(counts.values())
    best = [c for c in codes if counts[c] == most]
    if not most or 2 * most < len(names) or (len(best) > 1 and office_code not in best):
        raise Refused("unknown_area", area=", ".join(names[:5]) or "-")
    return area(office_code if office_code in best else best[0])
