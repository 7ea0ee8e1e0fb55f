"""ZIP packages of documents: is one whole and harmless? Its parts, in small pieces."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from itertools import pairwise

from rangkiang.books.errors import Unusable, broken
from rangkiang.books.places import place

MAX_EXPANDED = 300 * 1024 * 1024
MAX_PARTS = 5000
MAX_MERGED = 1_000_000  # cells under one merged range

_PIECE = 1024 * 1024
_OVERLAP = 256  # longer than anything that is searched for
_HEAD = 30  # bytes of a part's own head, without its name
_MARKUP = (".xml", ".rels", ".vml")
_DTD = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Za-z]{1,3}[0-9]{1,7}:[A-Za-z]{1,3}[0-9]{1,7})"')
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, OSError, EOFError, RuntimeError)
_LOCKED = re.compile(rb"<(?:\w+:)?encryption-data\b")


def opened(data: bytes) -> zipfile.ZipFile:
    """Raises Unusable('broken_file')."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise broken(f"arsip ZIP: {error}") from error


def pieces(parts: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part's content, a MiB at a time. Raises KeyError, Unusable('broken_file')."""
    yield from _content(parts, parts.getinfo(name))


def content(parts: zipfile.ZipFile, name: str) -> bytes:
    """A whole part, or nothing where there is none of that name."""
    return b"".join(pieces(parts, name)) if name in parts.NameToInfo else b""


def check(data: bytes) -> None:
    """Read every part once, in pieces: sizes and checksums must be what is declared, no two parts may share bytes or
    a name, no XML may declare entities. Raises Unusable: too_large, encrypted, broken_file.
    """
    with opened(data) as parts:
        listed = parts.infolist()
        declared = sum(part.file_size for part in listed)
        if declared > MAX_EXPANDED:
            raise _too_large(declared)
        if len(listed) > MAX_PARTS:
            raise Unusable("too_large", actual=f"{len(listed)} bagian", limit=f"{MAX_PARTS} bagian")
        if any(part.flag_bits & 0x1 for part in listed):
            raise Unusable("encrypted")
        _check_places(listed)
        left = MAX_EXPANDED
        for part in listed:
            left -= _check_part(parts, part, left)


def _check_places(listed: list[zipfile.ZipInfo]) -> None:
    if len({part.filename for part in listed}) < len(listed):
        raise broken("arsip ZIP: nama bagian berulang")
    for part, after in pairwise(sorted(listed, key=lambda p: p.header_offset)):
        if part.header_offset + _HEAD + len(part.filename) + part.compress_size > after.header_offset:
            raise broken(f"arsip ZIP: {part.filename} bertumpang tindih")


def _check_part(parts: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """The size that a part really has."""
    # A part is read up to the size that is declared for it: to learn its real size, more is declared.
    more = copy(part)
    more.file_size = left + 1
    size, before = 0, b""
    for piece in _content(parts, more):
        size += len(piece)
        if size > left:
            raise _too_large(MAX_EXPANDED - left + size)
        if part.filename.lower().endswith(_MARKUP):
            _check_markup(part.filename, before + piece)
            before = piece[-_OVERLAP:]
    if size != part.file_size:
        raise broken(f"{part.filename}: {size} bita, tertulis {part.file_size}")
    return size


def _check_markup(name: str, text: bytes) -> None:
    if _DTD.search(text):
        raise broken(f"{name}: deklarasi DTD tidak diizinkan")
    if name == "META-INF/manifest.xml" and _LOCKED.search(text):
        raise Unusable("encrypted")
    for merged in _MERGED.finditer(text) if b"mergeCell" in text else ():
        (top, left), (bottom, right) = (place(end) for end in merged[1].decode("ascii").split(":"))
        area = (bottom - top + 1) * (right - left + 1)
        if area > MAX_MERGED:
            raise Unusable("too_large", actual=f"{area} sel", limit=f"{MAX_MERGED} sel")


def _content(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with parts.open(part) as stream:
            while piece := stream.read(_PIECE):
                yield piece
    except _DAMAGED as error:
        raise broken(f"{part.filename}: {error}") from error


def _too_large(size: int) -> Unusable:
    megabytes = 1024 * 1024
    return Unusable("too_large", actual=f"{size / megabytes:.0f} MB", limit=f"{MAX_EXPANDED / megabytes:.0f} MB")
