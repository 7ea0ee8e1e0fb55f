"""Every form in every style that offices print in: each figure is read from its place, exactly, and proved.

The sheets come from a press that shares no code with the reader, see samples/press.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

import pandas as pd
import pytest

from rangkiang.forms import form
from rangkiang.model import Status
from rangkiang.proof import prove
from rangkiang.reading import Unreadable, read
from samples import press
from samples.press.styles import OPTIONS

SEED, PAGES = 2019, 700  # of which 667 hold every choice of every style on every form
SHOWN = 3  # differences of a sheet that a failing test prints

Figure = tuple[int, str, str, str, int | None]  # page, row, column kind, column label, value


@pytest.fixture(scope="module")
def printed() -> list[press.Print]:
    return list(press.sheets(SEED, PAGES))


def test_every_form_is_there_in_every_style(printed: list[press.Print]) -> None:
    assert sum(one.pages for one in printed) >= PAGES
    for model in press.MODELS:
        for name, options in OPTIONS.items():
            assert {getattr(one.style, name) for one in printed if one.model == model} == set(options), (model, name)


@pytest.mark.parametrize("model", press.MODELS)
def test_every_figure_of_every_sheet_is_read(printed: list[press.Print], model: str) -> None:
    own = [one for one in printed if one.model == model]
    wrong = [fault for n, one in enumerate(own) for fault in _faults(one, f"{model} no. {n}")]
    assert not wrong, "\n".join(wrong)


def _faults(one: press.Print, name: str) -> Iterator[str]:
    """What was read or proved otherwise than printed, a line for each, the sheet's style first."""
    layout = form(one.model)
    try:
        figures = read(one.pdf, "application/pdf", layout, f"{name}.pdf", "0" * 64)
    except Unreadable as error:
        yield f"{name} was not read: {error.reason} {one.style}"
        return
    proved, findings = prove(figures, layout, "", "0" * 64)
    want = [(t.page, t.row, t.column_kind, t.column_label, t.value) for t in one.truth]
    got = _read(proved, [t.printed for t in one.truth])
    differences = [(w, g) for w, g in zip_longest(want, got) if w != g]
    flagged = int((proved["status"] == Status.FLAGGED).sum())
    said = Counter(finding.code for finding in findings if finding.code != "row_not_filled")
    if differences or flagged or said:
        yield f"{name}: {len(differences)} of {len(want)} differ, {flagged} flagged, found {dict(said)}; {one.style}"
        yield from (f"  printed {w}, read {g}" for w, g in differences[:SHOWN])


def _read(proved: pd.DataFrame, printed: list[str]) -> list[Figure]:
    """What was read. Where nothing is printed, and no identity says that this is a zero, the reader rightly says
    'blank' and gives no number; that counts as the zero it stands for. A blank anywhere else is an error."""
    found: list[Figure] = []
    for n, figure in enumerate(proved.itertuples()):
        known = None if pd.isna(figure.value) else int(figure.value)
        blank = figure.status == Status.BLANK and n < len(printed) and not printed[n]
        value = 0 if known is None and blank else known
        found.append((int(figure.page), figure.row, figure.column_kind, figure.column_label, value))
    return found
