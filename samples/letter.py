"""A covering letter: a proper document that is no results form."""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from rangkiang.catalogue import Office
from samples.pdf_text import BOLD, FONT

_BODY = (
    "Nomor      : 000/CONTOH/2019",
    "Lampiran  : 1 (satu) berkas",
    "Perihal     : Pengantar penyampaian berkas hasil pemilu",
    "",
    "Bersama ini kami sampaikan berkas hasil Pemilihan Umum Tahun 2019 untuk didigitalkan",
    "sebagaimana arahan rapat koordinasi. Rincian berkas terdapat pada daftar terlampir.",
    "",
    "Demikian disampaikan, atas perhatiannya diucapkan terima kasih.",
    "",
    "",
    "(tanda tangan)",
    "",
    "Surat ini contoh; bukan surat dinas.",
)


def letter(office: Office) -> bytes:
    """One page of A4 as PDF, the same on every run."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    width, height = A4
    canvas.setFont(BOLD, 13)
    canvas.drawCentredString(width / 2, height - 70, "KOMISI PEMILIHAN UMUM")
    canvas.drawCentredString(width / 2, height - 88, office.unit_kerja.removeprefix("KPU ").upper())
    canvas.line(60, height - 98, width - 60, height - 98)
    canvas.setFont(FONT, 11)
    for n, line in enumerate(_BODY):
        canvas.drawString(72, height - 140 - 18 * n, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
