"""Every fault is really in the files, and intake says of it what faults.json says."""

from __future__ import annotations

import io
from contextlib import closing

import openpyxl
import pypdfium2  # type: ignore[import-untyped]
import pytest

from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.intake import inspect, media_type
from rangkiang.model import Finding, Level
from rangkiang.proof import prove
from rangkiang.reading import read
from samples.faults import NO_NUMBER, PASSWORD, Fault
from samples.inbox import Inbox

Faults = dict[str, Fault]
OF_INTAKE = (
    "wrong_office", "encrypted", "broken_file", "empty_workbook", "page_dark", "unknown_document",
)  # fmt: skip


def proved(box: Inbox, fault: Fault, model: str) -> tuple[Finding, ...]:
    data = box.files[fault.key]
    frame = read(data, media_type(data), form(model), "x", "0" * 64)
    return prove(frame, form(model), fault.office, "0" * 64)[1]


def test_faults_speak_of_reasons_that_there_are(faults: Faults) -> None:
    assert len(faults) == 13
    for fault in faults.values():
        said = [fault.expect.get("reason"), fault.expect.get("finding"), *fault.expect.get("also", [])]
        assert {code for code in said if code} <= set(catalogue.reasons()), fault
        assert fault.id
        assert fault.en


@pytest.mark.parametrize("name", OF_INTAKE)
def test_intake_refuses_with_the_reason_foretold(box: Inbox, faults: Faults, name: str) -> None:
    fault = faults[name]
    verdict = inspect(box.files[fault.key], fault.key, fault.office)
    assert verdict.reason is not None
    assert {"state": verdict.state.value, "reason": verdict.reason.code} == fault.expect


def test_the_wrong_sum_is_one_identity_and_its_total_and_nothing_else(box: Inbox, faults: Faults) -> None:
    fault = faults["sum_error"]
    found = proved(box, fault, "DB1-PPWP")
    assert sorted(f.code for f in found) == sorted([fault.expect["finding"], *fault.expect["also"]])
    (identity,) = (f for f in found if f.code == "identity_broken")
    assert identity.params["column"] == fault.expect["column"]
    assert fault.expect["row"] in {cell.row for cell in identity.cells}
    assert {cell.row.split(".")[0] for f in found for cell in f.cells} == {"II"}


def test_the_duplicate_has_the_bytes_of_the_first(box: Inbox, faults: Faults) -> None:
    fault = faults["duplicate_file"]
    assert box.files[fault.key] == box.files[fault.expect["first"]]
    assert fault.expect["first"] < fault.key  # the inbox is listed in this order


def test_the_file_in_the_wrong_inbox_is_also_in_the_right_one(box: Inbox, faults: Faults) -> None:
    data = box.files[faults["wrong_office"].key]
    assert [key.split("/")[1][:5] for key, other in box.files.items() if other == data] == ["13.04", "13.03"]


def test_the_locked_pdf_opens_with_its_password_only(box: Inbox, faults: Faults) -> None:
    data = box.files[faults["encrypted"].key]
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(data)
    with closing(pypdfium2.PdfDocument(data, password=PASSWORD)) as document:
        assert "MODEL DA1-PPWP" in document[0].get_textpage().get_text_bounded()


def test_the_cut_pdf_has_a_beginning_and_no_end(box: Inbox, faults: Faults) -> None:
    data = box.files[faults["broken_file"].key]
    assert data.startswith(b"%PDF-")
    assert b"%%EOF" not in data


def test_the_empty_workbook_opens_and_is_empty(box: Inbox, faults: Faults) -> None:
    book = openpyxl.load_workbook(io.BytesIO(box.files[faults["empty_workbook"].key]))
    assert [list(page.iter_rows(values_only=True)) for page in book] == [[]]


def test_the_scan_is_a_picture_without_text(box: Inbox, faults: Faults) -> None:
    with closing(pypdfium2.PdfDocument(box.files[faults["scan"].key])) as document:
        page = document[0]
        assert page.get_textpage().count_chars() == 0
        picture = page.render(scale=0.5, grayscale=True).to_numpy()
    assert picture.min() < 120 < 230 < picture.max()


def test_ink_hides_one_number_and_no_other(box: Inbox, faults: Faults) -> None:
    fault = faults["ink_blot"]
    unsure = [f for f in proved(box, fault, "DA1-PPWP") if f.code == fault.expect["finding"]]
    assert [(c.row, c.column_label) for f in unsure for c in f.cells] == [(fault.expect["row"], fault.expect["column"])]


def test_only_one_regency_has_no_tps_table(box: Inbox, faults: Faults) -> None:
    have = {key.split("/")[1] for key in box.files if key.endswith(".csv")}
    without = [o.code for o in catalogue.offices() if o.level is Level.KABKOTA and o.slug not in have]
    assert without == [faults["document_missing"].office]


def test_the_bad_table_has_a_word_for_a_number_and_a_tps_twice(box: Inbox, faults: Faults) -> None:
    fault = faults["check_failed"]
    lines = box.files[fault.key].decode("cp1252").splitlines()
    assert sum(NO_NUMBER in line for line in lines) == 1
    assert len(lines) - len(set(lines)) == 1
    assert [f.params["raw"] for f in proved(box, fault, "TPS-PPWP")] == [NO_NUMBER]


def test_the_unknown_stage_is_remarked_on_and_the_file_accepted(box: Inbox, faults: Faults) -> None:
    fault = faults["unknown_stage"]
    verdict = inspect(box.files[fault.key], fault.key, fault.office)
    assert verdict.classification is not None
    assert [r.code for r in verdict.classification.remarks] == ["unknown_stage"]
