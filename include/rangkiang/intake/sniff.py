"""The media type of a file by its content. Extensions lie; bytes rarely do."""

from __future__ import annotations

import re

from rangkiang import books
from rangkiang.books import ODS, XLSX
from rangkiang.forms import flat

__all__ = ["CSV", "OLE", "PDF", "SCANS", "WORKBOOKS", "XLSX", "ZIP", "media_type"]

PDF = "application/pdf"
CSV = "text/csv"
OLE = "application/x-ole-storage"
ZIP = "application/zip"
WORKBOOKS = books.KINDS
SCANS = frozenset({"image/png", "image/jpeg", "image/tiff"})

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"Rar!", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"{\\rtf", "application/rtf"),
)
_MARKUP = re.compile(r"\s*<(!doctype html|html|\?xml|table)\b", re.IGNORECASE)
_HEAD = 65536


def media_type(data: bytes) -> str:
    """The media type of a file's content; ``application/octet-stream`` where it is nothing known."""
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data)
    found = next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
    if found == OLE:
        return books.ole_type(data) or OLE
    return found or (_text_type(data) if data else "application/x-empty")


def _zip_type(data: bytes) -> str:
    try:
        return books.zip_type(data) or ZIP
    except books.Unusable:
        # The directory stands at the end of a zip: of one cut short, the names of the first parts are left.
        if ODS.encode() in data[:_HEAD]:
            return ODS
        return XLSX if b"xl/" in data or b"[Content_Types].xml" in data[:_HEAD] else ZIP


def _text_type(data: bytes) -> str:
    try:
        text = flat.decode(data[: _HEAD - _HEAD % 4])
    except ValueError:
        return "application/octet-stream"
    if _MARKUP.match(text):
        return "text/html" if "html" in text[:200].lower() else "text/xml"
    return CSV if any(mark in text for mark in flat.DELIMITERS) else "text/plain"
