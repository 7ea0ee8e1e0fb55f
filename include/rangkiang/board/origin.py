"""Makes the pages that say where a figure is from: a document's figures to choose one of, and one figure's way."""

from __future__ import annotations

from functools import partial

from rangkiang import catalogue
from rangkiang.board import words
from rangkiang.board.pages import View, render
from rangkiang.model import Document
from rangkiang.people import Act
from rangkiang.review import Origin, Sheet, around

COLUMNS = 12
"""So many columns of a sheet are shown at once."""


def figures(view: View, document: Document, sheet: Sheet, page: int) -> str:
    """All figures of a document, a page of columns at a time."""
    widest = max(map(len, sheet.rows.values()), default=0)
    pages = max(1, -(-widest // COLUMNS))
    left = (min(page, pages) - 1) * COLUMNS
    shown = {row: lines[left : left + COLUMNS] for row, lines in sheet.rows.items()}
    heads = [str(sheet.at(line, "column_label") or "") for line in next(iter(shown.values()), ())]
    return render(
        view,
        "angka",
        d=document,
        sheet=sheet,
        office=catalogue.office(document.office),
        heads=heads,
        rows=shown,
        page=min(page, pages),
        pages=pages,
    )


def origin(view: View, found: Origin) -> str:
    """Where one figure is from, from the published dataset back to the file."""
    pictured = found.sheet.pictured(found.line)
    return render(
        view,
        "asal",
        it=found,
        office=catalogue.office(found.document.office),
        pictured=pictured,
        piece=None if pictured else around(found.sheet, found.line),
        # Of a stage's runs Airflow tells a clerk nothing.
        percent=partial(_percent, lang=view.lang),
        sees_all=view.person is not None and view.person.may(Act.LOOK),
    )


def _percent(share: float, lang: str) -> str:
    """With two decimals: 0.9998 is far from 0.99 where a figure in a hundred thousand may be wrong."""
    text = f"{100 * share:.2f}"
    return words.say("percent", lang, n=text if lang == "en" else text.replace(".", ","))
