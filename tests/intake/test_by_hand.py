"""Forms filled in by hand: known by their boxes; whose they are, only the file's name can tell."""

from __future__ import annotations

import pytest

from helpers.boxed import filled_sheet
from rangkiang.intake import inspect
from rangkiang.intake.path import polling_place
from rangkiang.model import State

INBOX = "inbox/13.05_padang_pariaman/"
TPS = "13.05.01.2001.003"


@pytest.fixture(scope="module")
def scan() -> bytes:
    return filled_sheet()


@pytest.mark.parametrize(
    ("name", "office", "area", "remark"),
    [
        (f"{INBOX}PL.01.7/C1-PPWP/{TPS}.tif", "13.05", TPS, "place_by_name"),
        (f"{INBOX}pindaian.tif", "13.05", "", "place_unread"),
        ("pindaian.tif", "", "", "place_unread"),
    ],
)
def test_a_handwritten_form_is_taken_in_and_its_place_is_what_the_name_says(
    scan: bytes, name: str, office: str, area: str, remark: str
) -> None:
    verdict = inspect(scan, name, office)
    assert verdict.state is State.ACCEPTED
    said = verdict.classification
    assert said
    assert (said.form, said.area_code, said.pages) == ("C1-PPWP", area, 2)
    assert [one.code for one in said.remarks] == [remark]


def test_a_form_of_another_offices_polling_place_is_misplaced(scan: bytes) -> None:
    verdict = inspect(scan, f"{INBOX}13.71.01.1001.002.tif", "13.05")
    assert verdict.reason
    assert verdict.reason.code == "wrong_office"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (f"{INBOX}C1_{TPS}_2019.pdf", TPS),
        (f"{INBOX}{TPS}.pdf#hal-1-2", TPS),
        (f"{INBOX}PL.01.7/LUBUK ALUNG/LUBUK ALUNG/TPS 3.pdf", TPS),
        (f"{INBOX}Kec. Lubuk Alung_Nagari Lubuk Alung_TPS 003_C1.tif", TPS),
        (f"{TPS}.tif", TPS),
        (f"{INBOX}{TPS}_13.05.01.2001.004.pdf", None),  # two
        (f"{INBOX}13.05.01.9999.003.pdf", None),  # no such village
        (f"{INBOX}13.05.01.2001.000.pdf", None),
        (f"{INBOX}LUBUK ALUNG/TPS 3.pdf", None),  # of which village?
        (f"{INBOX}LUBUK ALUNG/LUBUK ALUNG/3.pdf", None),  # may be a page
        (f"{INBOX}scan0003.pdf", None),
    ],
)
def test_a_polling_place_is_named_by_its_code_or_from_kecamatan_to_tps(key: str, code: str | None) -> None:
    found = polling_place(key, "13.05" if key.startswith("inbox/") else "")
    assert (found.code if found else None) == code
