"""The media type of a workbook, by what is in its package."""

from __future__ import annotations

import zipfile

from rangkiang.books import package
from rangkiang.books.compound import MAGIC, Compound
from rangkiang.books.errors import Unusable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.12"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"

ENGINES = {XLSX: "calamine", XLSM: "calamine", XLS: "calamine", ODS: "ods"}
KINDS = frozenset(ENGINES)
"""Those that are read. XLSB is not: the reader of values takes its errors for blank cells."""

_MAIN_PARTS = {
    "xl/workbook.xml": XLSX,
    "xl/workbook.bin": XLSB,
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled"
_STREAMS = {
    "Workbook": XLS,
    "Book": XLS,
    "WordDocument": "application/msword",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "__properties_version1.0": "application/vnd.ms-outlook",
}
_SHORT = 65536


def kind_of(data: bytes) -> str:
    """The media type of a workbook that is read. Raises Unusable: unknown_type, broken_file."""
    kind = ole_type(data) if data.startswith(MAGIC) else zip_type(data)
    if kind not in KINDS:
        raise Unusable("unknown_type", media_type=kind or "application/octet-stream")
    return kind


def zip_type(data: bytes) -> str | None:
    """The media type of a document in a ZIP package; None where it is none. Raises Unusable('broken_file')."""
    with package.opened(data) as parts:
        names = set(parts.namelist())
        found = next((kind for name, kind in _MAIN_PARTS.items() if name in names), None)
        if found == XLSX:
            return XLSM if _MACROS in _start(parts, "[Content_Types].xml") else XLSX
        if found is None and "content.xml" in names:
            told = _start(parts, "mimetype").decode("ascii", "replace").strip()
            return ODS if told.startswith(ODS) else (told if told.startswith(_OPEN_DOCUMENT) else _OPEN_DOCUMENT)
        if found is None and "encrypted-package" in names:
            return ODS
        return found


def ole_type(data: bytes) -> str | None:
    """The media type of what a compound file holds in its root; None where it is nothing known, or broken."""
    try:
        streams = Compound(data).streams
    except Unusable:
        return None
    return next((kind for name, kind in _STREAMS.items() if name in streams), None)


def _start(parts: zipfile.ZipFile, name: str) -> bytes:
    if name not in parts.NameToInfo:
        return b""
    return next(package.pieces(parts, name), b"")[:_SHORT]
