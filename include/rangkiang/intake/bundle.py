"""Several sheets in one file: where each begins, and each as a file of its own.

A page or a workbook's sheet that names another form, area or electoral district than those before it begins a new
part. What names nothing (a continuation, a cover letter, an attachment) belongs to the part before it; a cover letter
in front to the first. A sheet that repeats its head on every page is one part; the same head again on a page 1, after
the last of several numbered pages, is a second copy and a part of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rangkiang.books import KINDS, XLSM, XLSX
from rangkiang.intake import areas, bundle_pdf, bundle_workbook
from rangkiang.intake.classify import model_line, recognised
from rangkiang.intake.front import Refused, megabytes
from rangkiang.intake.sniff import PDF
from rangkiang.settings import limits

MAX_PARTS = 500
GROWTH = 2
"""All parts together may be so many times as large as the largest file: each holds what they share, such as fonts."""

_CUT = frozenset({XLSX, XLSM})
"""Workbooks that can be taken apart: packages of one file per sheet."""

_NUMBERED = re.compile(r"\bHALAMAN\s*:?\s*(\d{1,3})\s*(?:DARI|/)\s*(\d{1,3})", re.IGNORECASE)

Head = Mapping[str, str]
"""What a page says about its sheet: 'model', 'dapil' and levels, each in one spelling; empty where it says nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of a file. Pages count from 1; a workbook's sheet counts as a page."""

    first_page: int
    last_page: int
    data: bytes


def parts(data: bytes, media_type: str) -> tuple[Part, ...]:
    """Each sheet as a file of the same type; the same bytes always give the same parts, and one sheet gives the file.

    Raises Refused: too_large, sheets_differ, broken_file.
    """
    found = ranges(data, media_type)
    if len(found) == 1:
        return (Part(*found[0], data),)
    cut = bundle_pdf.cut if media_type == PDF else bundle_workbook.cut
    made: list[Part] = []
    size = 0
    for (first, last), content in zip(found, cut(data, found), strict=True):
        made.append(Part(first, last, content))
        size += len(content)
        if size > GROWTH * limits().bytes:
            actual, limit = f"{len(found)} lembar, > {megabytes(size)}", megabytes(GROWTH * limits().bytes)
            raise Refused("too_large", actual=actual, limit=limit)
    return tuple(made)


def ranges(data: bytes, media_type: str) -> tuple[tuple[int, int], ...]:
    """First and last page of every sheet, for a file that its front has let pass. Raises Refused as ``parts`` does."""
    if media_type == PDF:
        found = _grouped(bundle_pdf.pages(data))
    elif media_type in KINDS:
        found = _grouped(bundle_workbook.sheets(data))
    else:
        return ((1, 1),)
    if len(found) > MAX_PARTS:
        raise Refused("too_large", actual=f"{len(found)} lembar", limit=f"{MAX_PARTS} lembar")
    if len(found) > 1 and media_type not in {PDF, *_CUT}:
        raise Refused("sheets_differ", count=len(found), media_type=media_type)
    return found


def head(lines: Sequence[str], within: Head) -> Head:
    """What the lines of a page say, a page of a sheet whose head so far is ``within``.

    Until a page has named a model they are a letter's, and what that names is not taken for a sheet's. A model that
    is only mentioned counts with the name of its area.
    """
    named = areas.named(lines)
    _, model = model_line(lines)
    form = recognised(lines) if model or named.areas else None
    if form and (model or form.area in named.areas):
        model = form.model
    if not model and "model" not in within:
        return {}
    found = {"model": model, "dapil": named.dapil, **{k.value: v for k, v in areas.same(named.areas).items()}}
    return {key: value for key, value in found.items() if value}


def _grouped(pages: Iterable[Sequence[str]]) -> tuple[tuple[int, int], ...]:
    starts, known = [1], dict[str, str]()
    number, complete = 0, False
    for number, lines in enumerate(pages, 1):
        said = head(lines, known)
        numbered = _numbered(lines)
        again = complete and numbered[0] == 1 and "model" in said
        if again or any(known.get(key, value) != value for key, value in said.items()):
            starts.append(number)
            known = {}
        known.update(said)
        complete = numbered[0] == numbered[1] > 1 or (complete and not numbered[1])
    return tuple(zip(starts, [*(start - 1 for start in starts[1:]), max(number, 1)], strict=True))


def _numbered(lines: Sequence[str]) -> tuple[int, int]:
    """The page and the number of pages where a line says 'Halaman 2 dari 3', else (0, 0)."""
    found = next((m for line in lines if (m := _NUMBERED.search(line))), None)
    return (int(found[1]), int(found[2])) if found else (0, 0)
