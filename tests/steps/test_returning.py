"""What cannot be used comes back to its office as a slip: with its reason, its picture, once, and by mail once."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from helpers.letterbox import Letterbox, letterbox
from helpers.nights import house, night, office_night
from rangkiang import steps
from rangkiang.forms import form
from rangkiang.frames import from_parquet
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.mail import NotMailed
from rangkiang.model import State, Verdict
from rangkiang.settings import Offices
from rangkiang.slips.folder import find
from rangkiang.steps import Barn, deciding, keys
from rangkiang.steps.returning import returned
from samples import papers
from samples.faults import Fault
from samples.region import province

CODE, FOLDER = "13.74", "returned/13.74_kota_padang_panjang/"
INBOX = "inbox/13.74_kota_padang_panjang/"
DB1 = f"{INBOX}PL.01.8/DB1-PPWP/DB1.pdf"
HOSTILE = f'{INBOX}"><img src=x onerror=alert(1)>\u202e.pdf'
TALLY = next(t for t in province() if t.office.code == CODE)
TO = ("berkas@padangpanjang.example", "arsip@padangpanjang.example")


def db1(more: int = 0) -> bytes:
    """The city's DB1, one sum of its second kecamatan printed this much too high."""
    first, second = TALLY.districts
    wrong = {**second.figures, "II.1.JML": (second.figures["II.1.JML"] or 0) + more}
    return papers.db1(TALLY, [(first.district.name, first.figures), (second.district.name, wrong)])


@pytest.fixture(scope="module")
def bad(made: tuple[dict[str, bytes], list[Fault]]) -> dict[str, bytes]:
    """Files of the samples that cannot be used, by the reason they come back for."""
    files, faults = made
    return {str(f.expect["reason"]): files[f.key] for f in faults if "reason" in f.expect}


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory, postgres: Server, bad: dict[str, bytes]) -> Iterator[Barn]:
    """A night of an office most of whose files cannot be used."""
    files = {
        DB1: db1(),
        HOSTILE: bad["unknown_document"],
        f"{INBOX}foto.jpg": bad["page_dark"],
        f"{INBOX}terkunci.pdf": bad["encrypted"],
        f"{INBOX}Book1.xlsx": bad["empty_workbook"],
        f"{INBOX}potong.pdf": bad["broken_file"],
    }
    with house(tmp_path_factory.mktemp("returned"), database_url(postgres, "returned"), files) as barn:
        office_night(barn, CODE)
        yield barn


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str) -> Iterator[Barn]:
    """An office with one sheet, a sum of which is printed wrong."""
    with house(tmp_path, ledger_url, {DB1: db1(10)}) as opened:
        office_night(opened, CODE)
        yield opened


@pytest.fixture
def bare(tmp_path: Path, ledger_url: str) -> Iterator[Barn]:
    """An office that has handed in nothing."""
    with house(tmp_path, ledger_url, {}) as opened:
        yield opened


def slips(barn: Barn) -> dict[str, str]:
    """Every slip in the office's folder, by the digest of its document."""
    names = {entry.key for entry in barn.store.list(FOLDER)}
    if not names:
        return {}
    listed = json.loads(barn.store.get(f"{FOLDER}daftar.json"))["slips"]
    assert names == {f"{FOLDER}daftar.json"} | {FOLDER + one["slip"] for one in listed}
    return {one["sha256"]: barn.store.get(FOLDER + one["slip"]).decode() for one in listed}


def about(barn: Barn, key: str) -> str:
    (document,) = (d for d in barn.ledger.documents(office=CODE) if d.key.startswith(key))
    return slips(barn)[document.sha256]


def pictures(page: str) -> list[np.ndarray[Any, Any]]:
    found = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(one))).convert("RGB")).astype(int) for one in found]


def test_every_document_that_cannot_be_used_has_its_slip_and_no_other(after: Barn) -> None:
    back = [d for d in after.ledger.documents(office=CODE) if d.state is State.QUARANTINED]
    assert len(back) == 5
    assert set(slips(after)) == {d.sha256 for d in back}
    for document in back:
        page = slips(after)[document.sha256]
        assert document.sha256 in page
        assert "KPU Kota Padang Panjang" in page
        assert "KPU Provinsi Sumatera Barat" in page


@pytest.mark.parametrize(
    ("file", "says", "do"),
    [
        ("foto.jpg", "Halaman 1 terlalu gelap", "Pindai atau foto ulang"),
        ("terkunci.pdf", "dikunci dengan kata sandi", "simpan tanpa kata sandi"),
        ("Book1.xlsx", "Buku kerja tidak berisi data", "Periksa apakah berkas"),
        ("potong.pdf", "Berkas rusak atau terpotong", "dari sumber aslinya"),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(after: Barn, file: str, says: str, do: str) -> None:
    page = about(after, INBOX + file)
    assert says in page
    assert do in page
    assert f"{INBOX}{file}" in page


def test_it_shows_the_page_where_there_is_one_and_says_so_where_there_is_none(after: Barn) -> None:
    (dark,) = pictures(about(after, f"{INBOX}foto.jpg"))
    assert dark.mean() < 20
    (letter,) = pictures(about(after, HOSTILE.partition("\u202e")[0]))
    assert letter.mean() > 200
    assert 1 < letter.shape[0] / letter.shape[1] < 1.6  # an upright sheet
    for file in ("terkunci.pdf", "Book1.xlsx", "potong.pdf"):
        page = about(after, INBOX + file)
        assert not pictures(page)
        assert "Tidak ada gambar" in page


def test_a_hostile_name_is_shown_and_does_nothing(after: Barn) -> None:
    page = about(after, HOSTILE.partition("\u202e")[0])
    assert "&lt;img src=x onerror=alert(1)&gt;%E2%80%AE.pdf" in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "<script" not in page
    assert 'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:' in page


def test_a_second_night_writes_nothing(after: Barn) -> None:
    before = {entry.key: entry.etag for entry in after.store.list(FOLDER)}
    assert steps.give_back(after, CODE) == 0
    office_night(after, CODE)
    assert {entry.key: entry.etag for entry in after.store.list(FOLDER)} == before
    assert returned(after, CODE)


def test_slips_of_an_older_make_are_made_anew(after: Barn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rangkiang.steps.returning.SLIPS", "slips-0")
    assert not returned(after, CODE)
    assert steps.give_back(after, CODE) == 5
    monkeypatch.undo()
    assert steps.give_back(after, CODE) == 5


def test_slips_name_whom_to_turn_to_as_the_settings_do_now(after: Barn) -> None:
    desk = replace(after, settings=after.settings.model_copy(update={"offices": Offices(contact="Meja bantuan <1>")}))
    assert steps.give_back(desk, CODE) == 5
    assert "<b>Pertanyaan:</b> Meja bantuan &lt;1&gt;" in about(desk, f"{INBOX}foto.jpg")
    assert steps.give_back(after, CODE) == 5


def test_a_new_scan_that_is_asked_for_comes_back_with_the_cells_in_question(barn: Barn) -> None:
    assert slips(barn) == {}
    finding = next(f for f, _ in deciding.findings(barn, CODE) if f.code == "identity_broken")
    deciding.decide(barn, Verdict.RESCAN, finding.id, "siti", "cap menutupi angka")
    office_night(barn, CODE)
    page = slips(barn)[finding.sha256]
    assert "pemindaian ulang diminta oleh siti" in page
    assert "cap menutupi angka" in page
    assert "II.1.JML" in page
    *crops, whole = pictures(page)
    assert len(crops) == len(finding.cells) == 3
    for box in places(barn, finding.sha256, [(c.row, c.column_label) for c in finding.cells]):
        assert outlined(whole, box)
    assert all(red(crop).any() for crop in crops)


def places(barn: Barn, sha256: str, cells: list[tuple[str, str]]) -> list[tuple[float, ...]]:
    """Where figures stand, as shares of their page, an A4 or F4 that lies on its side."""
    document = barn.ledger.document(CODE, sha256)
    assert document
    figures = from_parquet(barn.store.get(keys.reading(sha256, form(document.said.form))))
    lines = pd.concat([figures[(figures["row"] == r) & (figures["column_label"] == c)] for r, c in cells])
    return [tuple(line) for line in lines[["x0", "y0", "x1", "y1"]].astype(float).to_numpy()]


def red(picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return (picture[..., 0] > 110) & (picture[..., 1] < 90) & (picture[..., 2] < 90)


def outlined(page: np.ndarray[Any, Any], box: tuple[float, ...]) -> bool:
    """Is there a red line all around the box, and none through its middle?"""
    import pypdfium2

    width, height = pypdfium2.PdfDocument(db1(10))[0].get_size()
    scale = page.shape[1] / width
    assert abs(page.shape[0] / height - scale) < 0.01
    x0, y0, x1, y1 = (round(at * scale) for at in box)
    rim = red(page)[y0 - 4 : y1 + 5, x0 - 4 : x1 + 5]
    above, below = rim[:4].any(axis=0), rim[-4:].any(axis=0)
    return bool(above[3:-3].mean() > 0.9 and below[3:-3].mean() > 0.9)


def test_what_is_replaced_leaves_no_slip(bare: Barn, bad: dict[str, bytes]) -> None:
    bare.store.put(f"{INBOX}foto.jpg", bad["page_dark"])
    office_night(bare, CODE)
    assert len(slips(bare)) == 1
    sent_back = next(iter(slips(bare)))
    assert find(bare.store, CODE, sent_back) == slips(bare)[sent_back].encode()
    bare.store.put(f"{INBOX}foto.jpg", db1())
    office_night(bare, CODE)
    assert sent_back not in slips(bare)
    assert find(bare.store, CODE, sent_back) is None


def test_two_files_that_disagree_both_come_back_until_one_is_taken_away(barn: Barn) -> None:
    barn.store.put(f"{INBOX}DB1 (2).pdf", db1(20))
    office_night(barn, CODE)
    pages = slips(barn)
    assert len(pages) == 2
    assert all("Ada 2 berkas DB1-PPWP" in page for page in pages.values())
    barn.store.delete(f"{INBOX}DB1 (2).pdf")
    office_night(barn, CODE)
    assert slips(barn) == {}


@pytest.fixture
def box() -> Iterator[Letterbox]:
    with letterbox() as opened:
        yield opened


def mailing(barn: Barn, box: Letterbox, **more: object) -> Barn:
    """The same house, with a mail server and the office's addresses in its settings."""
    offices = Offices(addresses={CODE: TO})
    return replace(barn, settings=barn.settings.model_copy(update={"smtp": box.settings(**more), "offices": offices}))


def test_an_office_gets_one_mail_with_all_its_slips_and_each_slip_once(
    bare: Barn, box: Letterbox, bad: dict[str, bytes]
) -> None:
    house = mailing(bare, box)
    for name, reason in (("foto.jpg", "page_dark"), ("terkunci.pdf", "encrypted")):
        house.store.put(INBOX + name, bad[reason])
    office_night(house, CODE)
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == (", ".join(TO), "rangkiang@sumbar.example")
    assert mail["Subject"] == "Pengembalian 2 berkas: KPU Kota Padang Panjang"
    plain, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    for text in (plain, html):
        assert "foto.jpg" in text
        assert "simpan tanpa kata sandi" in text
    attached = {part.get_payload(decode=True).decode() for part in mail.iter_attachments()}
    assert attached == set(slips(house).values())

    office_night(house, CODE)
    assert len(box.mails) == 1
    house.store.put(f"{INBOX}potong.pdf", bad["broken_file"])
    office_night(house, CODE)
    assert [m["Subject"][:21] for m in box.mails] == ["Pengembalian 2 berkas", "Pengembalian 1 berkas"]


def test_a_new_scan_that_is_asked_for_because_levels_differ_is_mailed_once(bare: Barn, box: Letterbox) -> None:
    """The levels are compared without it from then on, which is no other matter."""
    house = mailing(bare, box)
    house.store.put(DB1, db1(10))
    house.store.put(f"{INBOX}DA1.xlsx", papers.da1_xlsx(TALLY.districts[1]))
    night(house, [CODE], ["PL.01.8"])
    differs = next(f for f, _ in deciding.findings(house, CODE) if f.code == "level_differs")
    deciding.decide(house, Verdict.RESCAN, differs.id, "siti", "angkanya lain daripada di DA1")
    for _ in range(2):
        night(house, [CODE], ["PL.01.8"])
        assert "angkanya lain daripada di DA1" in about(house, DB1)
        assert returned(house, CODE)
    assert len(box.mails) == 1


def test_a_file_of_which_a_new_scan_is_asked_for_contradicts_nobody_any_more(bare: Barn) -> None:
    district = TALLY.districts[1]
    one, two, *others = district.villages
    swapped = (replace(one, figures=two.figures), replace(two, figures=one.figures), *others)
    bare.store.put(f"{INBOX}DA1.xlsx", papers.da1_xlsx(district))
    bare.store.put(f"{INBOX}DA1 lagi.xlsx", papers.da1_xlsx(replace(district, villages=swapped)))
    office_night(bare, CODE)
    disagree = next(f for f, d in deciding.findings(bare, CODE) if f.code == "documents_disagree" and "lagi" in d.name)
    deciding.decide(bare, Verdict.RESCAN, disagree.id, "siti", "dua desa tertukar")
    office_night(bare, CODE)
    assert "documents_disagree" not in {f.code for f in bare.ledger.findings(CODE)}
    assert "dua desa tertukar" in slips(bare)[disagree.sha256]
    assert len(slips(bare)) == 1
    assert returned(bare, CODE)


def test_a_server_that_is_away_keeps_nothing_back_and_gets_the_mail_later(
    bare: Barn, box: Letterbox, bad: dict[str, bytes]
) -> None:
    house = mailing(bare, box)
    house.store.put(f"{INBOX}foto.jpg", bad["page_dark"])
    box.stop()
    with pytest.raises(NotMailed):
        office_night(house, CODE)
    assert len(slips(house)) == 1
    assert not returned(house, CODE)  # so the next night does not end after `collect`
    box.start()
    office_night(house, CODE)
    assert len(box.mails) == 1
    assert returned(house, CODE)


def test_a_mail_that_may_have_gone_out_goes_out_again_and_is_known_by_its_id(
    bare: Barn, box: Letterbox, bad: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = mailing(bare, box)
    house.store.put(f"{INBOX}foto.jpg", bad["page_dark"])
    with monkeypatch.context() as patch:
        patch.setattr(house.ledger, "record_mailed", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            office_night(house, CODE)
    office_night(house, CODE)
    office_night(house, CODE)
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_recipient_who_is_refused_does_not_keep_the_mail_from_the_others(
    bare: Barn, box: Letterbox, bad: dict[str, bytes]
) -> None:
    house = mailing(bare, box)
    house.store.put(f"{INBOX}foto.jpg", bad["page_dark"])
    box.refused = {TO[1]}
    office_night(house, CODE)
    assert len(box.mails) == 1
    assert [m.sent_to for m in house.ledger.mailed(CODE)] == [TO[0]]


def test_a_password_is_sent_over_tls_only_and_to_a_server_whose_certificate_is_right(
    bare: Barn, bad: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = tmp_path / "password"
    password.write_text("rahasia-2019\n")
    bare.store.put(f"{INBOX}foto.jpg", bad["page_dark"])
    with letterbox(login=("rangkiang", "rahasia-2019"), folder=tmp_path) as box:
        house = mailing(bare, box, starttls=True, user="rangkiang", password_file=password)
        with pytest.raises(NotMailed, match="certificate"):
            office_night(house, CODE)
        assert (box.mails, box.logins) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(box.certificate))
        office_night(house, CODE)
        assert (len(box.mails), box.logins) == (1, ["rangkiang"])


def test_nothing_is_mailed_unless_a_server_and_an_address_are_named(
    bare: Barn, box: Letterbox, bad: dict[str, bytes]
) -> None:
    bare.store.put(f"{INBOX}foto.jpg", bad["page_dark"])
    office_night(bare, CODE)
    elsewhere = Offices(addresses={"13.06": TO})
    office_night(
        replace(mailing(bare, box), settings=mailing(bare, box).settings.model_copy(update={"offices": elsewhere})),
        CODE,
    )
    assert (box.mails, returned(bare, CODE)) == ([], True)


def test_it_says_when_the_file_came_in(bare: Barn, bad: dict[str, bytes]) -> None:
    bare.store.put(f"{INBOX}foto.jpg", bad["page_dark"])
    office_night(bare, CODE)
    here = datetime.now(UTC) + timedelta(hours=7)
    assert re.search(rf"{here.day} \w+ {here.year} pukul \d\d\.\d\d WIB", about(bare, f"{INBOX}foto.jpg"))
