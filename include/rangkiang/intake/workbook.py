"""Workbooks: is the package whole and harmless, what do its first rows say?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries

from rangkiang.intake.front import FRONT_ROWS, Front, Refused, broken, megabytes
from rangkiang.intake.sniff import OLE, ZIP

MAX_EXPANDED = 300 * 1024 * 1024
MAX_PARTS = 5000
MAX_ROWS = 100_000
MAX_COLUMNS = 256
MAX_MERGED = 1_000_000  # cells under one merged range: each becomes an object in memory

_DTD = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Za-z]{1,3}[0-9]{1,7}:[A-Za-z]{1,3}[0-9]{1,7})"')


def refusal(data: bytes, kind: str) -> Refused:
    """Why a file that is no workbook cannot be taken for one: locked, broken, or something else."""
    if kind == OLE and "EncryptedPackage".encode("utf-16-le") in data:
        return Refused("encrypted")
    if kind == ZIP and not zipfile.is_zipfile(io.BytesIO(data)):
        return Refused("broken_file", detail="arsip ZIP tidak lengkap")
    return Refused("unknown_type", media_type=kind)


def front(data: bytes) -> Front:
    """The rows of the first sheet that has any. Raises Refused: broken_file, too_large, empty_workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _inspect_parts(parts)
        with closing(openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)) as book:
            rows = next((rows for rows in map(_rows, book.worksheets) if rows), None)
            count = len(book.worksheets)
    except Refused:
        raise
    except Exception as error:  # a parser of hostile files may raise anything: it becomes one sentence
        raise broken(error) from error
    if rows is None:
        raise Refused("empty_workbook")
    return Front(tuple("\t".join(filter(None, row)) for row in rows[:FRONT_ROWS]), rows, count)


def _inspect_parts(parts: zipfile.ZipFile) -> None:
    """Read every part once: declared sizes bound what is read, checksums must hold, no XML may declare entities."""
    size = sum(part.file_size for part in parts.infolist())
    if size > MAX_EXPANDED or len(parts.infolist()) > MAX_PARTS:
        raise Refused("too_large", actual=megabytes(size), limit=megabytes(MAX_EXPANDED))
    if any(part.flag_bits & 0x1 for part in parts.infolist()):
        raise Refused("encrypted")
    for part in parts.infolist():
        content = parts.read(part)
        if not part.filename.endswith((".xml", ".rels", ".vml")):
            continue
        if _DTD.search(content):
            raise Refused("broken_file", detail=f"{part.filename}: deklarasi DTD tidak diizinkan")
        for merged in _MERGED.finditer(content):
            left, top, right, bottom = range_boundaries(merged[1].decode("ascii"))
            area = ((right or 0) - (left or 0) + 1) * ((bottom or 0) - (top or 0) + 1)
            if area > MAX_MERGED:
                raise Refused("too_large", actual=f"{area} sel", limit=f"{MAX_MERGED} sel")


def _rows(sheet: Any) -> list[list[str]]:
    """Rows of a sheet as text, blank ones left out."""
    return [row for row in _texts(sheet) if any(row)]


def _texts(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True):
        yield ["" if value is None else str(value).strip() for value in row]
