"""A small city's DB1, one figure of which is printed too high."""

from __future__ import annotations

from samples import papers
from samples.region import province

CODE, ROW = "13.74", "II.1.JML"
INBOX = "inbox/13.74_kota_padang_panjang"
KEY = f"{INBOX}/PL.01.8/DB1-PPWP/DB1.pdf"
TALLY = next(t for t in province() if t.office.code == CODE)
FIRST, SECOND = TALLY.districts
NAME, RIGHT = SECOND.district.name, SECOND.figures[ROW] or 0


def db1(more: int, row: str = ROW) -> bytes:
    """The city's DB1, one cell of its second kecamatan printed this much too high."""
    wrong = {**SECOND.figures, row: (SECOND.figures[row] or 0) + more}
    return papers.db1(TALLY, [(FIRST.district.name, FIRST.figures), (NAME, wrong)])
