"""Does the folder a file lies in agree with what the file says, and which polling place does its name tell?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rangkiang import catalogue
from rangkiang.intake.front import Refused
from rangkiang.model import Classification, Level, Reason

_STAGE = re.compile(r"[A-Z]{2}\.\d{2}(\.\d{1,2})?")
_POLLING_PLACE = re.compile(r"(?<![0-9A-Z.])\d\d\.\d\d\.\d\d\.(?:\d{4}|K\d+)\.\d{3}(?![0-9A-Z])", re.IGNORECASE)
_BELOW = {Level.KABKOTA: Level.KECAMATAN, Level.KECAMATAN: Level.KELURAHAN, Level.KELURAHAN: Level.TPS}
_EXTENSION = re.compile(r"\.[a-z]{3,4}(#.*)?$", re.IGNORECASE)


def compare(key: str, said: Classification) -> Classification:
    """The classification with remarks on the folders of ``inbox/<slug>/<folders…>/<name>``.

    A folder named after another jenis dokumen is a disagreement: raises Refused('path_disagrees'). A kode tahapan that
    is not on the list, or another than the document's own, is a remark: the codes are not certain (see the catalogue).
    """
    remarks = list(said.remarks)
    for folder in key.split("/")[2:-1]:
        _check_doctype(folder, said)
        code = folder.strip().upper()
        if not _STAGE.fullmatch(code):
            continue
        if catalogue.stage(code) is None:
            remarks.append(Reason("unknown_stage", {"stage": code}))
        elif code != said.stage:
            remarks.append(Reason("path_disagrees", {"path_says": code, "content_says": said.stage}))
    return replace(said, remarks=tuple(remarks))


def polling_place(key: str, office_code: str) -> catalogue.Area | None:
    """The polling place that a key names: by its code, 13.05.01.2001.003, or by kecamatan, village and TPS, one after
    the other, as folders or as parts of a name that are joined by '_'. None where it names none, or more than one."""
    said = _EXTENSION.sub("", "/".join(key.split("/")[2:] or [key]))
    codes = {code.upper() for code in _POLLING_PLACE.findall(said)}
    if codes:
        return _area(codes.pop()) if len(codes) == 1 else None
    parts = iter(re.split("[/_]", said))
    return _within(_within(_within(catalogue.Area(office_code, Level.KABKOTA, ""), parts), parts), parts)


def _area(code: str) -> catalogue.Area | None:
    try:
        return catalogue.area(code)
    except KeyError:
        return None


def _within(place: catalogue.Area | None, parts: Iterator[str]) -> catalogue.Area | None:
    """The first of the areas right below that a part names."""
    below = _BELOW.get(place.level) if place else None
    if place is None or below is None:
        return None
    named = (part for part in parts if below is not Level.TPS or "TPS" in part.upper())
    return next((found for part in named if (found := catalogue.find_area(below, part, place.code))), None)


def _check_doctype(folder: str, said: Classification) -> None:
    named = next((d for d in catalogue.doctypes() if catalogue.fold(d.code) == catalogue.fold(folder)), None)
    if named is not None and named.code != said.doctype:
        raise Refused("path_disagrees", path_says=named.code, content_says=said.doctype)
