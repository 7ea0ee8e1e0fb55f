"""PDFs object by object, so that each can be as wrong as wanted."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cache

CATALOG, PAGES, PAGE, FONT, CONTENT = 1, 2, 3, 4, 5
"""Numbers of the objects of :func:`one_page`."""
FREE = 10
"""The first number that :func:`one_page` leaves free."""

Objects = Mapping[int, bytes]


def one_page(content: bytes, **changes: bytes) -> dict[int, bytes]:
    """A document of one page. ``content`` is a stream object; ``page`` and ``catalog`` add to these dictionaries."""
    return {
        CATALOG: b"<< /Type /Catalog /Pages 2 0 R " + changes.get("catalog", b"") + b">>",
        PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 5 0 R "
        + changes.get("page", b"/Resources << /Font << /F 4 0 R >> >> ")
        + b">>",
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        CONTENT: content,
    }


def stream(data: bytes, dictionary: bytes = b"") -> bytes:
    """A stream of these bytes as they are."""
    return b"<< /Length %d " % len(data) + dictionary + b">>\nstream\n" + data + b"\nendstream"


def zeros(size: int) -> bytes:
    """So many bytes of nothing (a multiple of a megabyte), compressed."""
    return repeated(b"\0" * 2**20, size // 2**20)


@cache
def repeated(part: bytes, times: int, head: bytes = b"") -> bytes:
    """zlib's bytes for ``part`` so many times over, behind ``head``: compressed once, and never all in memory."""
    packer = zlib.compressobj(9, wbits=-15)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)  # refers to nothing before it
    checksum = zlib.adler32(head)
    for _ in range(times):
        checksum = zlib.adler32(part, checksum)
    return b"\x78\xda" + first + again * times + packer.flush() + checksum.to_bytes(4, "big")


def text(*lines: str) -> bytes:
    """Content that says these lines."""
    shown = b"".join(b"(" + line.encode("cp1252") + b") Tj T* " for line in lines)
    return b"BT /F 10 Tf 12 TL 40 560 Td " + shown + b"ET\n"


def written(objects: Objects, *, trailer: bytes = b"", start: int | None = None) -> bytes:
    """The file. ``start`` says where the table of objects is said to stand, where that is not where it stands."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n" % size
    out += b"0000000000 65535 f \n"
    out += b"".join(
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(1, size)
    )
    out += b"trailer\n<< /Size %d /Root 1 0 R " % size + trailer + b">>\n"
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % (table if start is None else start)
