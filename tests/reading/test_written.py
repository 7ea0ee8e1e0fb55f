"""Sheets filled in by hand: whole, in part, and mixed with another's pages."""

from __future__ import annotations

import pytest

from helpers.boxed import LAYOUTS, VOTERS, filled, filled_sheet, tiff
from rangkiang.forms import form
from rangkiang.guard import jobs
from rangkiang.reading import Unreadable, read
from rangkiang.reading.scan import written
from rangkiang.scans.c1.read import Field, read_c1
from rangkiang.scans.leaf import Grey
from rangkiang.scans.pictures import pictures
from rangkiang.scans.upright import upright

C1 = form("C1-PPWP")
SHA = "0" * 64
TIFF = "image/tiff"


@pytest.fixture(scope="module")
def fields() -> list[Field]:
    return [field for picture in pictures(filled_sheet(), TIFF) for field in read_c1([upright(picture)])]


def first_page(dpt: str) -> Grey:
    return filled(LAYOUTS[0], {**VOTERS, "I.A.4.JML": dpt}, {})


def test_a_sheet_gives_every_row_of_the_form_with_what_its_words_say() -> None:
    figures = read(filled_sheet(), TIFF, C1, "c1.tif", SHA)
    assert figures["row"].tolist() == [leaf.code for leaf in C1.leaf_rows]
    assert set(figures["engine"]) == {written.ENGINE}
    said = {C1.leaf_rows[at].code: number for at, _, number in figures.attrs["in_words"]}
    assert said.items() <= {"IV.01": 20, "IV.02": 128, "V.A": 148, "V.B": 5, "V.C": 153}.items()
    assert len(said) >= 3


def test_the_figures_pictures_are_kept() -> None:
    made = jobs.reading_of(jobs.read(filled_sheet(), TIFF, "C1-PPWP", "c1.tif", SHA))
    assert set(made.crops) == {1, 2}


def test_a_page_that_was_not_sent_is_named() -> None:
    with pytest.raises(Unreadable) as refused:
        read(tiff(first_page("190")), TIFF, C1, "c1.tif", SHA)
    assert (refused.value.reason.code, refused.value.reason.params["pages"]) == ("pages_missing", "2")


def test_a_page_that_was_scanned_twice_counts_once(fields: list[Field]) -> None:
    again = [field for field in fields if field.page == 1]
    assert written.figures([*fields, *again], C1).guesses() == written.figures(fields, C1).guesses()


def test_pages_of_two_sheets_in_one_file_are_told_apart(fields: list[Field]) -> None:
    (picture,) = pictures(tiff(first_page("888")), TIFF)
    with pytest.raises(Unreadable) as refused:
        written.figures([*fields, *read_c1([upright(picture)])], C1)
    assert refused.value.reason.code == "rows_repeated"
    assert "I.A.4.JML" in refused.value.reason.params["rows"]
