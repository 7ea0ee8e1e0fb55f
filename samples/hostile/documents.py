"""Hostile PDFs."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from functools import partial

import pypdf
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from samples.hostile import objects as o
from samples.hostile.bad import FILED, Bad, sheet

_HEAD = o.text(
    "MODEL DB1-PPWP",
    "SERTIFIKAT REKAPITULASI HASIL PENGHITUNGAN PEROLEHAN SUARA DARI SETIAP KECAMATAN",
    "KABUPATEN/KOTA : KOTA PADANG PANJANG",
    "PROVINSI : SUMATERA BARAT",
)
_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 842 595] "
_DRAWS = b"/Resources << /Font << /F 4 0 R >> /XObject << /X 10 0 R >> >> "
_FLATE = b"/Filter /FlateDecode "
_TWICE = b"/Filter [/FlateDecode /FlateDecode] "


def files() -> Iterator[Bad]:
    """A PDF with each fault."""
    yield Bad("terkunci.pdf", "encrypted", lambda: _changed(lambda w: w.encrypt("rahasia", algorithm="AES-256")))
    yield Bad("tidak boleh disalin.pdf", "encrypted", lambda: _restricted(0))
    yield Bad("tidak boleh diubah.pdf", FILED, lambda: _restricted(-1))
    for share in (10, 50, 99):
        yield Bad(f"terpotong {share} persen.pdf", "broken_file", partial(_cut, share))
    yield Bad("xref salah tempat.pdf", FILED, lambda: _misplaced(sheet()))
    yield Bad("xref berputar.pdf", FILED, _looping_table)
    yield Bad("halaman berputar.pdf", "broken_file", lambda: _pages(b"/Kids [2 0 R 3 0 R] /Count 2"))
    yield Bad("tanpa halaman.pdf", "broken_file", lambda: _pages(b"/Kids [] /Count 0"))
    yield Bad("halaman bohong.pdf", "no_table", lambda: _pages(b"/Kids [3 0 R] /Count 2000000000"))
    yield Bad("10000 halaman.pdf", "too_large", lambda: _pages(b"/Kids [" + b"3 0 R " * 10_000 + b"] /Count 10000"))
    yield Bad("pohon halaman dalam.pdf", "broken_file", _deep_tree)
    yield Bad("gambar berputar.pdf", "too_large", lambda: _drawn({10: _form(b"/X Do " * 2, 10)}))
    yield Bad("gambar beranak.pdf", "too_large", _laughs)
    yield Bad("larik bersarang.pdf", "no_table", lambda: _page(o.stream(_HEAD + _nested() + b" TJ")))
    yield Bad("kamus bersarang.pdf", "no_table", lambda: _page(o.stream(_HEAD), {10: _nested()}, b"/A 10 0 R "))
    yield Bad("20000 piksel.pdf", "too_large", _huge_picture)
    yield Bad("bom.pdf", "too_large", lambda: _page(o.stream(o.zeros(2**30), _FLATE)))
    yield Bad(
        "bom bersarang.pdf",
        "too_large",
        lambda: _page(o.stream(zlib.compress(o.zeros(2**30)), _TWICE)),
    )
    yield Bad("lima juta garis.pdf", "too_large", lambda: _page(_many(_HEAD, b"0 0 m 1 1 l S " * 10_000, 500)))
    yield Bad("satu garis panjang.pdf", "no_table", lambda: _page(_many(_HEAD + b"0 0 m ", b"1 1 l " * 10_000, 500)))
    yield Bad("isi tanpa akhir.pdf", "too_slow", _endless)
    yield Bad("sejuta huruf.pdf", "too_large", _wordy)
    yield Bad("halaman tanpa luas.pdf", "no_table", lambda: _boxed(b"[0 0 0 0]"))
    yield Bad("halaman sebesar dunia.pdf", "no_table", lambda: _boxed(b"[0 0 1e38 1e38]"))
    yield Bad("isi menunjuk diri.pdf", "page_empty", lambda: _page(b"[5 0 R 5 0 R]"))
    yield Bad("huruf rusak.pdf", "no_table", _broken_font)
    yield Bad("formulir XFA.pdf", "unknown_document", _xfa)
    yield Bad("skrip.pdf", FILED, lambda: _changed(lambda w: w.add_js("app.alert('halo');")))
    yield Bad("menjalankan program.pdf", FILED, lambda: _changed(_launch))
    yield Bad("berlampiran.pdf", FILED, lambda: _changed(lambda w: w.add_attachment("virus.exe", b"MZ" * 1000)))
    yield Bad("bercatatan.pdf", FILED, lambda: _changed(_annotate))
    yield Bad("sampah di depan dan belakang.pdf", FILED, lambda: b"\n\0sampah\n" * 50 + sheet() + b"\0\xff" * 1000)
    yield Bad("PDF juga ZIP.pdf", FILED, lambda: sheet() + _small_zip())


def _changed(change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(sheet()))
    change(writer)
    return _bytes(writer)


def _bytes(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _restricted(rights: int) -> bytes:
    """Opens without a password; what may be done with it is up to the reader's good manners."""
    permissions = pypdf.constants.UserAccessPermissions(rights & 0xFFFFFFFC)
    return _changed(
        lambda w: w.encrypt("", owner_password="pemilik", algorithm="AES-128", permissions_flag=permissions)  # noqa: S106
    )


def _misplaced(data: bytes) -> bytes:
    head, _, tail = data.rpartition(b"startxref\n")
    return head + b"startxref\n7\n" + tail.partition(b"\n")[2]


def _looping_table() -> bytes:
    """The table of objects names itself as the one before it."""
    data = sheet()
    start = data.rpartition(b"startxref\n")[2].split()[0]
    head, mark, tail = data.rpartition(b"trailer\n<<")
    return head + mark + b" /Prev " + start + tail


def _page(content: bytes, more: o.Objects | None = None, page: bytes = b"") -> bytes:
    resources = b"/Resources << /Font << /F 4 0 R >> >> "
    return o.written({**o.one_page(content, page=resources + page), **(more or {})})


def _pages(entries: bytes) -> bytes:
    return _page(o.stream(_HEAD), {o.PAGES: b"<< /Type /Pages " + entries + b" >>"})


def _deep_tree(depth: int = 10_000) -> bytes:
    found = {o.PAGES: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"}
    for n in range(depth):
        up, down = (o.PAGES if n == 0 else 9 + n), (11 + n if n < depth - 1 else o.PAGE)
        found[10 + n] = b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (up, down)
    return _page(o.stream(_HEAD), found)


def _form(content: bytes, inner: int) -> bytes:
    return o.stream(content, _FORM + b"/Resources << /XObject << /X %d 0 R >> >> " % inner)


def _drawn(forms: o.Objects) -> bytes:
    return o.written({**o.one_page(o.stream(_HEAD + b"/X Do"), page=_DRAWS), **forms})


def _laughs(depth: int = 12) -> bytes:
    """Each drawing shows the next one ten times."""
    forms = {10 + n: _form(b"/X Do " * 10, 11 + n) for n in range(depth)}
    return _drawn({**forms, 10 + depth: o.stream(b"0 0 m 1 1 l S ", _FORM)})


def _nested(depth: int = 1_000_000) -> bytes:
    return b"[" * depth + b"]" * depth


def _huge_picture(side: int = 20_000) -> bytes:
    about = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray "
    picture = o.stream(o.zeros(side * side // 8), about % (side, side) + _FLATE)
    shown = o.stream(_HEAD + b"q 842 0 0 595 0 0 cm /X Do Q")
    return o.written({**o.one_page(shown, page=_DRAWS), 10: picture})


def _many(head: bytes, part: bytes, times: int) -> bytes:
    return o.stream(o.repeated(part, times, head), _FLATE)


def _wordy(lines: int = 2000, words: int = 100) -> bytes:
    shown = b"".join(b"(" + b"suara %d " % n * words + b") Tj T* " for n in range(lines))
    return _page(_deflated(_HEAD + b"BT /F 0.1 Tf 0.2 TL 40 400 Td " + shown + b"ET"))


def _endless(pages: int = 500) -> bytes:
    """Page after page of work for nothing: none takes long, nor much memory."""
    tree = b"<< /Type /Pages /Kids [" + b"3 0 R " * pages + b"] /Count %d >>" % pages
    return _page(_many(_HEAD, b"q Q " * 2**18, 20), {o.PAGES: tree})


def _deflated(data: bytes) -> bytes:
    return o.stream(zlib.compress(data, 9), _FLATE)


def _boxed(box: bytes) -> bytes:
    made = o.one_page(o.stream(_HEAD))
    made[o.PAGE] = made[o.PAGE].replace(b"[0 0 842 595]", box)
    return o.written(made)


def _broken_font() -> bytes:
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor << /FontFile2 10 0 R >> >>"
    return _page(o.stream(_HEAD), {o.FONT: font, 10: o.stream(bytes(range(256)) * 40)})


def _xfa() -> bytes:
    """What other readers than Adobe's show of a dynamic form."""
    made = o.one_page(
        o.stream(o.text("Please wait... If this message is not eventually replaced, your viewer may not be able")),
        catalog=b"/AcroForm << /Fields [] /XFA 10 0 R >> ",
    )
    return o.written({**made, 10: o.stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template/></xdp:xdp>")})


def _launch(writer: pypdf.PdfWriter) -> None:
    action = {"/S": NameObject("/Launch"), "/F": TextStringObject("cmd.exe")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject(k): v for k, v in action.items()})


def _annotate(writer: pypdf.PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text="1.000.000", rect=(50, 550, 200, 650)))


def _small_zip() -> bytes:
    from samples.hostile.books import zipped

    return zipped({"xl/workbook.xml": b"<workbook/>"})


def _cut(percent: int) -> bytes:
    return sheet()[: len(sheet()) * percent // 100]
