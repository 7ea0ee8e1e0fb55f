"""Hostile text files and pictures, and files that are not what their names say."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial

from PIL import Image

from samples.hostile.bad import FILED, Bad, noted, rows, sheet, table


def files() -> Iterator[Bad]:
    """A file with each fault."""
    yield from _tables()
    yield from _pictures()
    yield from _impostors()


def names() -> Iterator[Bad]:
    """Good sheets under bad names."""
    for name in (
        "..\\..\\etc\\passwd.pdf",
        "hasil\u202efdp.exe.pdf",
        "\x1b[2Jlayar\x07 baris\nbaru.pdf",
        "=cmd|' !A0.pdf",
        "<img src=x onerror=alert(1)>.pdf",
        "-rf $(reboot) `reboot` %2e%2e%2f.pdf",
        "nama " + "panjang" * 35 + "x.pdf",
        "bukan utf-8 \udcff.pdf",
    ):
        yield Bad(name, FILED, partial(_marked, name))


def _tables() -> Iterator[Bad]:
    lines = [";".join(row) for row in rows()]
    yield Bad("latin di dalam utf-8.csv", FILED, lambda: "\n".join(_joined("caf\x00")).encode().replace(b"\0", b"\xe9"))
    yield Bad("utf-16 tanpa tanda.csv", FILED, lambda: "\n".join(lines).encode("utf-16-le"))
    yield Bad("rumus.csv", FILED, lambda: "\n".join(_joined("=HYPERLINK(1)")).encode())
    yield Bad("ber-NUL.csv", "unknown_type", lambda: table().replace(b"-", b"\0"))
    yield Bad("satu baris 50 MB.csv", "too_large", lambda: b"1;" * (25 * 2**20))
    yield Bad("satu isian 50 MB.csv", "too_large", lambda: b'a;"' + b"x" * (50 * 2**20) + b'"\n')
    yield Bad("sejuta kolom.csv", "too_large", lambda: b";".join(b"k%d" % n for n in range(1_000_000)) + b"\n")
    yield Bad("spasi saja.csv", "unknown_type", lambda: b" \n" * 100)
    yield Bad("satu bita.csv", "unknown_type", lambda: b"x")
    yield Bad("kosong.csv", "empty_file", lambda: b"")


def _joined(note: str) -> list[str]:
    return [";".join(row) for row in noted(note)]


def _pictures() -> Iterator[Bad]:
    yield Bad("gambar raksasa.png", "too_large", lambda: _huge_png(60_000))
    yield Bad("terpotong.jpg", "broken_file", lambda: _picture("JPEG")[:2000])
    yield Bad("hanya awal.jpg", "broken_file", lambda: _picture("JPEG")[:12])
    yield Bad("banyak halaman.tif", "page_empty", _pages)


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((800, 1100)).save(out, kind)
    return out.getvalue()


def _pages() -> bytes:
    out = io.BytesIO()
    page = Image.new("1", (100, 140), 1)
    page.save(out, "TIFF", save_all=True, append_images=[page] * 50)
    return out.getvalue()


def _huge_png(side: int) -> bytes:
    """A head that promises a picture nobody could unpack, and next to nothing behind it."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _impostors() -> Iterator[Bad]:
    yield Bad("sebenarnya PDF.xlsx", FILED, lambda: sheet() + b"% PDF\n")
    yield Bad("sebenarnya CSV.pdf", FILED, lambda: table() + b"\r\n")
    yield Bad("sebenarnya PNG.pdf", "page_blurred", lambda: _picture("PNG"))
    yield Bad("sebenarnya HTML.xls", "unknown_type", lambda: b"<html><table><tr><td>1</td></tr></table></html>")
    yield Bad("surat.rtf", "unknown_type", lambda: rb"{\rtf1\ansi Surat pengantar\par}")
    yield Bad("dimampatkan.pdf.gz", "unknown_type", lambda: gzip.compress(sheet(), mtime=0))
    yield Bad("arsip.tar", "unknown_type", _tar)


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("../../etc/cron.d/x")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"x\n\n\n"))
    return out.getvalue()


def _marked(name: str) -> bytes:
    """A good sheet of its own for each name: the same bytes twice are one document."""
    return sheet() + b"% " + ascii(name).encode() + b"\n"
