"""Inboxes to be read: the DA1 of every kecamatan, as often as needed, printed, as workbooks, or scanned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from rangkiang import catalogue
from samples import papers, pdf_sheet, xlsx_sheet
from samples.damage import Level, wear
from samples.inbox import key_of
from samples.region import RegencyTally
from samples.sheet import Sheet, Style

DIGITAL, WORKBOOK, CLEAN, OFFICE = "digital", "workbook", "clean scan", "office scan"


def _printed(one: Sheet, how: Style, n: int) -> bytes:
    # A remark at the end makes other bytes of the same sheet. Whoever files them sees that their figures are the same.
    return pdf_sheet.draw(one, how) + f"% {n}\n".encode()


def _worn(level: Level) -> Callable[[Sheet, Style, int], bytes]:
    return lambda one, how, n: wear(pdf_sheet.draw(one, how), level, n)


KINDS: dict[str, tuple[str, Callable[[Sheet, Style, int], bytes]]] = {
    DIGITAL: (".pdf", _printed),
    WORKBOOK: (".xlsx", lambda one, how, _n: xlsx_sheet.write(one, how)),
    CLEAN: (".pdf", _worn(Level.CLEAN)),
    OFFICE: (".pdf", _worn(Level.OFFICE)),
}


def sheets(tally: RegencyTally, kind: str, count: int) -> dict[str, bytes]:
    """So many objects of a regency's inbox, by key: its DA1s in turn."""
    return dict(islice(_each(tally, kind), count))


def _each(tally: RegencyTally, kind: str) -> Iterator[tuple[str, bytes]]:
    suffix, make = KINDS[kind]
    how, n = papers.style(catalogue.office(tally.office.code)), 0
    while True:
        for district in tally.districts:
            n += 1
            name = papers.da1_path(district, f" ({n}){suffix}")
            yield key_of(tally.office.code, name), make(papers.da1(district), how, n)
