"""Hostile workbooks and other archives."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

from samples import papers, tables
from samples.hostile.bad import FILED, Bad, book, noted, tally

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEET = "xl/worksheets/sheet1.xml"
_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
_OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def files() -> Iterator[Bad]:
    """A workbook, or what calls itself one, with each fault."""
    yield Bad("terpotong.xlsx", "broken_file", lambda: book()[: len(book()) // 2])
    yield Bad("CRC salah.xlsx", "broken_file", _wrong_sum)
    yield Bad("terkunci.xlsx", "encrypted", lambda: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") * 9)
    yield Bad("sampah.xls", "unknown_type", lambda: OLE + bytes(range(256)) * 40)
    yield Bad("zip bersarang.xlsx", "unknown_type", _nested_zip)
    yield Bad("satu gigabita nol.xlsx", "too_large", lambda: _with(_SHEET, lambda _: b"", 2**30))
    yield Bad("100000 bagian.xlsx", "too_large", lambda: zipped({**_parts(), **_small(100_000)}))
    yield Bad("entitas berlipat.xlsx", "broken_file", lambda: _with(_SHEET, lambda xml: _doctype(xml, _LAUGHS)))
    yield Bad("entitas luar.xlsx", "broken_file", lambda: _with(_SHEET, lambda xml: _doctype(xml, _OUTSIDE)))
    yield Bad("gabungan sejuta sel.xlsx", "too_large", lambda: _with(_SHEET, _merged("A1:XFD1048576")))
    yield Bad("100000 gabungan.xlsx", FILED, lambda: _with(_SHEET, _merged(*_merges(100_000))))
    yield Bad("sel tersesat.xlsx", "too_large", lambda: _with(_SHEET, _stray))
    yield Bad("tautan luar.xlsx", FILED, _linked)
    yield Bad("rumus berputar.xlsx", FILED, _circular)
    yield Bad("rumus suntikan.xlsx", FILED, lambda: tables.to_xlsx(noted("=cmd|'/C calc'!A0"), "Tabel"))
    yield Bad("bom.ods", "too_large", _open_document)
    yield Bad("surat.docx", "unknown_type", lambda: zipped({"word/document.xml": b"<document/>"}))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP with these parts, always the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _parts(data: bytes = b"") -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data or book())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _small(count: int) -> dict[str, bytes]:
    return {f"xl/media/{n}.txt": b"" for n in range(count)}


def _with(name: str, change: Callable[[bytes], bytes], zeros: int = 0) -> bytes:
    """The good workbook with one part changed, or so many zeros in its place."""
    parts = _parts()
    if zeros:
        return zip_bomb({n: c for n, c in parts.items() if n != name}, name, zeros)
    return zipped({**parts, name: change(parts[name])})


def zip_bomb(parts: Mapping[str, bytes], name: str, zeros: int) -> bytes:
    """A ZIP with one more part, of so many zeros, that are never held in memory."""
    out = io.BytesIO(zipped(parts))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w") as part,
    ):
        for _ in range(zeros // 2**20):
            part.write(b"\0" * 2**20)
    return out.getvalue()


def _wrong_sum() -> bytes:
    """The right bytes under the wrong checksum."""
    data = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        sums = archive.getinfo(_SHEET).CRC.to_bytes(4, "little")
    return bytes(data).replace(sums, zlib.crc32(b"something else").to_bytes(4, "little"))


def _nested_zip(depth: int = 6, width: int = 16) -> bytes:
    """Sixteen to the power of five archives of a hundred megabytes each, after the well-known 42.zip."""
    inner = zip_bomb({}, "0.dll", 100 * 2**20)
    for _ in range(depth - 1):
        inner = zipped({f"lib {n}.zip": inner for n in range(width)})
    return inner


def _doctype(xml: bytes, declaration: bytes) -> bytes:
    return declaration + xml.partition(b"?>")[2].replace(b"<sheetData>", b"<sheetData><!-- -->", 1)


def _merged(*ranges: str) -> Callable[[bytes], bytes]:
    cells = b"".join(b'<mergeCell ref="%s"/>' % r.encode() for r in ranges)
    merges = b'<mergeCells count="%d">%s</mergeCells>' % (len(ranges), cells)
    return lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merges, 1)


def _merges(count: int) -> list[str]:
    """Pairs of empty cells below the table."""
    return [f"A{2 * n}:A{2 * n + 1}" for n in range(1000, 1000 + count)]


def _stray(xml: bytes) -> bytes:
    cell = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml).replace(b"</sheetData>", cell, 1)


def _circular() -> bytes:
    """A sheet of another kind, two of whose figures are each computed from the other, and never were."""
    parts = _parts(papers.da1_xlsx(tally().districts[0]))
    found = re.findall(rb'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?><v>[0-9]{3,}</v></c>', parts[_SHEET])
    (one, style), (other, _) = found[:2]
    for cell, source in ((one, other), (other, one)):
        formula = b'<c r="%s"%s><f>%s</f></c>' % (cell, style, source)
        parts[_SHEET] = re.sub(rb'<c r="%s"[^>]*><v>[0-9]+</v></c>' % cell, formula, parts[_SHEET], count=1)
    return zipped(parts)


def _linked() -> bytes:
    """A link to somebody else's disk."""
    parts = _parts()
    relation = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    relations = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", relation + b'externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    )
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    outside = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="x" Target="file://203.0.113.1/share/book.xlsx" TargetMode="External"/></Relationships>'
    )
    return zipped(
        {
            **parts,
            "xl/_rels/workbook.xml.rels": relations,
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": outside,
        }
    )


def _open_document() -> bytes:
    """A spreadsheet of a thousand million rows, said in one attribute, and a bomb beside it."""
    row = b'<table:table-row table:number-rows-repeated="1000000000"><table:table-cell/></table:table-row>'
    content = (
        b"<document-content><body><spreadsheet><table:table>%s</table:table></spreadsheet></body></document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zip_bomb({"mimetype": kind, "content.xml": content % row}, "styles.xml", 400 * 2**20)
