"""The sentences people read."""

from __future__ import annotations

import json

import pytest

from rangkiang.catalogue import Texts, advise, explain, level_name, number, reasons
from rangkiang.catalogue.wording import placeholders
from rangkiang.model import Level, Reason, Severity

CLOSED = {"side": "left", "verdict": "accept", "lapse": "gone"}


@pytest.mark.parametrize("code", list(reasons()))
def test_every_reason_is_whole_in_both_languages(code: str) -> None:
    entry = reasons()[code]
    for texts in (entry.text, entry.do):
        assert texts.id != texts.en
        assert placeholders(texts.id) == placeholders(texts.en)
        assert all(name.isidentifier() for name in placeholders(texts.id))
        assert all(t.endswith((".", "}")) for t in (texts.id, texts.en))
    assert placeholders(entry.do.id) <= entry.placeholders
    reason = Reason(code, dict.fromkeys(entry.placeholders, "kecamatan") | CLOSED)
    for lang in ("id", "en"):
        assert "{" not in explain(reason, lang) + advise(reason, lang)


def test_numbers_are_written_as_each_language_writes_them() -> None:
    params = {"row": "V.A", "printed": 1234567, "computed": 1234560, "difference": -7}
    reason = Reason("total_broken", params)
    assert explain(reason).startswith("Jumlah baris V.A tercetak 1.234.567, sedangkan jumlah kolomnya 1.234.560, ")
    assert "printed as 1,234,567, its columns add up to 1,234,560, off by -7." in explain(reason, "en")
    assert explain(reason, "id") == explain(Reason("total_broken", json.loads(json.dumps(params))))
    assert (number(1234.5), number(1234.5, "en"), number(999)) == ("1.234,5", "1,234.5", "999")


def test_text_that_looks_like_a_number_stays_as_printed() -> None:
    text = explain(Reason("cell_unreadable", {"raw": "12.34{x}", "row": "V.A", "column": "01"}))
    assert text == 'Bukan bilangan cacah: "12.34{x}" pada baris V.A, kolom 01.'


def test_lists_levels_and_blanks_are_words() -> None:
    assert explain(Reason("pages_missing", {"pages": [2, 3]})) == "Halaman tidak lengkap: 2, 3 tidak ada."
    assert explain(Reason("unit_missing", {"units": {"PAUH", "KURANJI"}})) == "Tidak ada kolom untuk KURANJI, PAUH."
    unit = Reason("unknown_unit", {"column": "PAUH", "level": "kabkota", "area": "SUMATERA BARAT"})
    assert explain(unit) == "Kolom PAUH tidak dikenal sebagai kabupaten/kota di SUMATERA BARAT."
    assert explain(unit, "en") == "Column PAUH is not known as a regency or city of SUMATERA BARAT."
    blank = Reason("carry_broken", {"row": "IV.01", "page": 2, "printed": None, "computed": 10})
    assert "tercetak kosong, seharusnya 10" in explain(blank)


def test_a_side_of_a_page_is_a_word() -> None:
    cut = Reason("page_cut", {"page": 2, "side": "right"})
    assert explain(cut) == "Halaman 2 terpotong di sisi kanan."
    assert explain(cut, "en") == "Page 2 is cut off at the right."


def test_what_a_reason_lacks_is_said() -> None:
    with pytest.raises(KeyError, match="no_such_reason"):
        explain(Reason("no_such_reason"))
    with pytest.raises(ValueError, match="wrong_office needs a value for office"):
        explain(Reason("wrong_office", {"area": "AGAM"}))
    with pytest.raises(ValueError, match="'fr'"):
        advise(Reason("empty_file"), "fr")


def test_values_a_sentence_does_not_need_do_no_harm() -> None:
    assert explain(Reason("empty_file", {"level": "dusun"})) == "Berkas kosong (0 bita)."


def test_kinds_and_severities() -> None:
    assert {e.code for e in reasons().values() if e.severity is Severity.CRITICAL} == {
        "documents_disagree",
        "check_failed",
        "place_unread",
        "rescan_asked",
    }
    assert all((e.severity is None) == (e.kind != "finding") for e in reasons().values())


def test_level_names() -> None:
    assert [level_name(level, "en") for level in Level][:3] == ["province", "regency or city", "district"]
    assert level_name("tps") == "TPS"
    with pytest.raises(ValueError, match="dusun"):
        level_name("dusun")


def test_texts() -> None:
    assert (Texts("ya", "yes").get("id"), Texts("ya", "yes").get("en")) == ("ya", "yes")
