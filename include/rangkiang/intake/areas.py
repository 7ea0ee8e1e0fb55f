"""Which area a document is about: from the line that names it, or from the names in a flat table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rangkiang.catalogue import Area, area, find_area, fold, offices
from rangkiang.forms import Form, flat, forms
from rangkiang.intake.front import Refused
from rangkiang.model import Level

_TOTALS = {"JUMLAH", "TOTAL", "JUMLAHAKHIR"}
_ELSEWHERE = r"\s+(?:HALAMAN\s+\d|MODEL\s|LEMBAR\s|TAHUN\s+\d)"  # what may stand to the right of a name on its line


def of_sheet(form: Form, lines: Sequence[str], office_code: str) -> Area:
    """The area that a sheet's own line names. Raises Refused('unknown_area')."""
    name = _named(form.printed_area, lines)
    if not name:
        raise Refused("unknown_area", area=f"{form.printed_area}: -")
    found = find_area(form.area, name, _within(form, lines, name))
    if found is None and form.area is Level.KECAMATAN:
        found = find_area(form.area, name, office_code) if not _named(_label(Level.KABKOTA), lines) else None
    if found is None:
        raise Refused("unknown_area", area=name)
    return found


def of_lines(form: Form, rows: Sequence[Sequence[str]], office_code: str) -> Area:
    """The area of a flat table: what its own column says, else where its units lie. Raises Refused('unknown_area')."""
    top, columns = flat.header(form, rows)
    body = rows[top + 1 :]
    if form.area in columns.keys:
        return _said(form.area, _distinct(body, columns.keys[form.area]))
    names = _distinct(body, columns.keys[Level.KECAMATAN])
    return _home(names, office_code)


def _within(form: Form, lines: Sequence[str], name: str) -> str:
    """A sheet of a kecamatan names its kabupaten or kota too; names of kecamatan repeat."""
    upper = _named(_label(Level.KABKOTA), lines) if form.area is Level.KECAMATAN else ""
    if not upper:
        return ""
    found = find_area(Level.KABKOTA, upper)
    if found is None:
        raise Refused("unknown_area", area=f"{name}, {upper}")
    return found.code


def _label(level: Level) -> str:
    return next((f.printed_area for f in forms().values() if f.area is level), "")


def _named(label: str, lines: Sequence[str]) -> str:
    """The name after 'KABUPATEN/KOTA *) :', on that line or the next; KOTA alone says something about the name."""
    parts = label.split("/")
    choices = "|".join(map(re.escape, parts))
    slashed = r"\s*/\s*".join(map(re.escape, parts))
    others = "|".join(re.escape(f.printed_area.split("/")[0]) for f in forms().values())
    pattern = re.compile(
        rf"(?:^|\s)(?P<label>{slashed}|{choices})(?:\s*/\s*\w+)?\s*(?:\*+\)?)?\s*:\s*"
        rf"(?P<name>\S.*?)\s*(?=\t|\s{{3,}}|{_ELSEWHERE}|\s(?:{others})\b[^:]{{0,20}}:|$)"
    )
    upper = [line.upper().rstrip() for line in lines]
    for n, line in enumerate(upper):
        following = upper[n + 1].strip() if n + 1 < len(upper) else ""
        found = pattern.search(f"{line} {following}" if line.endswith(":") else line)
        if found:
            alone = len(parts) > 1 and found["label"] in parts and not found["name"].startswith("KOTA ")
            return f"{found['label']} {found['name']}" if alone else found["name"]
    return ""


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
