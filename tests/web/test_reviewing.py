"""The review desk: what it shows of a finding, and what becomes of what people send."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from helpers.askers import CLERK, COORDINATOR, ENGINEER, REVIEWER, VIEWER
from helpers.desks import CODE, HOSTILE, MORE, WHY, Desk, broken
from helpers.nights import office_night
from rangkiang import review
from rangkiang.decisions import Record
from rangkiang.model import Finding, Verdict
from rangkiang.people import Person, Role
from rangkiang.review.sums import Sum
from rangkiang.steps import Barn, deciding, reviewing
from rangkiang.steps.standings import records

HUGE = "WzEsMiwzLDllOTk5LCJhIiwiYSIsImEiLCJhIl0="  # [1,2,3,9e999,"a","a","a","a"]
OWN_CLERK = Person("petugas", Role.CLERK, frozenset({CODE}))
At = Callable[[Person], Desk]


def about(barn: Barn, finding: Finding) -> list[Record]:
    return [r for r in records(barn, CODE) if r.decision.finding == finding.id]


def ids_in_queue(desk: Desk, address: str = "/periksa") -> list[str]:
    return re.findall(r'class="butir" href="periksa/[\d.]+/(\w+)', desk.browser.get(address).text)


def test_a_finding_says_how_far_its_sum_is_off_and_what_would_make_it_hold(barn: Barn) -> None:
    finding = broken(barn)[0]
    it = reviewing.look(barn, finding.id).item
    printed, right = finding.params["left"], finding.params["right"]
    assert (it.left.total, it.right.total, it.difference) == (printed, right, MORE)
    assert [(b.cell.row, b.value, b.coefficient) for b in it.cells] == [
        ("II.1.JML", printed, 1),
        *((row, b.value, -1) for row, b in zip(("II.1.L", "II.1.P"), it.cells[1:], strict=True)),
    ]
    assert it.lit == 0  # of the others, the total holds already
    best = it.cells[0].candidates[0]
    assert (best.value, best.makes_it_hold, best.holds, best.of) == (right, True, 1, 2)
    assert it.cells[0].holds == 0
    one, other = (b.candidates[0] for b in it.cells[1:])
    assert one.makes_it_hold
    assert other.makes_it_hold
    assert (one.holds, one.of) == (other.holds, other.of) == (1, 2)


def test_the_page_has_all_of_it_in_words(at: At, barn: Barn) -> None:
    finding = broken(barn)[0]
    page = at(REVIEWER).page(finding)
    assert "Selisih" in page
    assert f"<b>{MORE}</b>" in page
    assert "membuat cocok" in page
    assert page.count('<li class="kotak') == 3
    assert 'class="kotak lampu" id="sel-0"' in page
    for kind in ("sel", "sekitar", "lembar"):
        assert re.search(rf'="\.\./\.\./gambar/{CODE}/{finding.sha256}/\d+/{kind}\?v=\w+"', page)
    assert "Difference" in at(REVIEWER).browser.get(f"/periksa/{CODE}/{finding.id}?lang=en").text


def test_of_a_workbook_what_stands_around_the_figure_is_shown(at: At, barn: Barn) -> None:
    finding = broken(barn, media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")[0]
    page = at(REVIEWER).page(finding)
    (shining,) = re.findall(r'class="kanan lampu">([^<]*)<', page.split('id="sekeliling-0">')[1].split("</table>")[0])
    assert shining == str(finding.params["left"])
    assert "/gambar/" not in page


def test_what_is_accepted_is_signed_by_who_is_logged_in_and_resumes_the_office(at: At, barn: Barn) -> None:
    finding, desk = broken(barn)[0], at(REVIEWER)
    status, there = desk.send(finding, putusan="accept", author="orang lain", by="orang lain")
    assert status == 303
    assert "sudah=accept" in there
    assert "jalan=1" in there
    (record,) = about(barn, finding)
    assert (record.decision.author, record.decision.verdict, record.decision.why) == (
        REVIEWER.name, Verdict.ACCEPT, WHY,
    )  # fmt: skip
    assert desk.runs == [CODE]
    assert finding.id not in ids_in_queue(desk)
    assert "diterapkan pada pengolahan berikutnya" in desk.page(finding)
    office_night(barn, CODE)
    assert "sudah diterapkan pada angka" in desk.page(finding)


def test_the_answer_leads_to_the_next_entry_and_says_what_was_done(at: At, barn: Barn) -> None:
    desk = at(REVIEWER)
    first, second = re.findall(r'class="butir" href="(periksa/[^"]+)"', desk.browser.get("/periksa").text)[:2]
    first, second = map(html.unescape, (first, second))
    seen = re.search(r'name="dilihat" value="(\w+)"', desk.browser.get(f"/{first}").text)
    assert seen
    _, there = desk.post(f"/{first}", {"dilihat": seen[1], "alasan_lain": WHY, "putusan": "defer"})
    assert there.startswith(f"/{second}&sudah=defer")
    page = desk.browser.get(there).text
    assert "Penundaan dicatat." in page
    assert f'rel="prev" href="../../{html.escape(first)}"' in page


def test_the_same_sent_again_is_the_same_decision(at: At, barn: Barn) -> None:
    finding, desk = broken(barn)[0], at(REVIEWER)
    seen = desk.seen(finding)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: desk.send(finding, seen, putusan="accept")[0], range(8)))
    assert answers == [303] * 8
    assert len(about(barn, finding)) == 1


def test_who_comes_second_is_shown_what_the_first_has_done_and_nothing_is_recorded(at: At, barn: Barn) -> None:
    finding, first, second = broken(barn)[0], at(REVIEWER), at(COORDINATOR)
    seen = second.seen(finding)
    assert first.send(finding, putusan="accept")[0] == 303
    status, page = second.send(finding, seen, putusan="rescan")
    assert status == 409
    assert "berubah sejak Anda melihatnya" in page
    assert REVIEWER.name in page
    assert [r.decision.author for r in about(barn, finding)] == [REVIEWER.name]
    assert second.send(finding, putusan="rescan")[0] == 303  # having seen it


def test_two_at_the_same_moment_never_decide_over_each_other(at: At, barn: Barn) -> None:
    finding = broken(barn)[0]
    desks = [at(Person(f"pemeriksa-{n}", Role.REVIEWER)) for n in range(6)]
    seen = desks[0].seen(finding)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda desk: desk.send(finding, seen, putusan="accept")[0], desks))
    assert sorted(answers) == [303] + [409] * 5
    assert len(about(barn, finding)) == 1


def test_a_correction_waits_for_somebody_else_and_then_proves_the_sheet(at: At, barn: Barn) -> None:
    finding, author, other = broken(barn)[0], at(REVIEWER), at(COORDINATOR)
    right = finding.params["right"]
    assert "sudah=waits" in author.send(finding, betulkan="0", **{"nilai-0": str(right)})[1]
    assert author.runs == []
    assert ids_in_queue(other)[0] == finding.id  # first of all
    assert ids_in_queue(other, "/periksa?siapa=kedua") == [finding.id]
    page = other.page(finding)
    assert (
        f"Selisih {MORE} menjadi 0: penjumlahan ini cocok. Penjumlahan yang mengikat sel ini: 0 dari 2 cocok, menjadi 1"
        in page
    )
    assert 'value="confirm:' not in author.page(finding)
    (waiting,) = about(barn, finding)
    assert author.send(finding, pendapat=f"confirm:{waiting.decision.id}")[0] == 422
    assert other.send(finding, pendapat=f"confirm:{waiting.decision.id}")[0] == 303
    assert other.runs == [CODE]
    office_night(barn, CODE)
    assert finding.id not in {f.id for f in broken(barn)}
    assert finding.id not in ids_in_queue(other)


def test_a_correction_that_changed_meanwhile_is_not_confirmed(at: At, barn: Barn) -> None:
    finding, author, other = broken(barn)[0], at(REVIEWER), at(COORDINATOR)
    author.send(finding, betulkan="0:51")
    seen = other.seen(finding)
    author.send(finding, betulkan="1:7")  # another cell of the same sum
    first = next(r for r in about(barn, finding) if r.decision.value == 51)
    assert other.send(finding, seen, pendapat=f"confirm:{first.decision.id}")[0] == 409
    assert not any(r.confirmed for r in about(barn, finding))


def test_an_offered_value_and_a_blank_cell_can_be_chosen(at: At, barn: Barn) -> None:
    finding, desk = broken(barn)[0], at(REVIEWER)
    assert desk.send(finding, betulkan="1:36")[0] == 303
    assert desk.send(finding, betulkan="2", **{"nilai-2": "-"})[0] == 303
    assert {(r.decision.cell.row, r.decision.value) for r in about(barn, finding) if r.decision.cell} == {
        ("II.1.L", 36), ("II.1.P", None),
    }  # fmt: skip


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"putusan": "correct"},
        {"putusan": "delete"},
        {"betulkan": "0"},
        {"betulkan": "0", "nilai-0": "1.234"},
        {"betulkan": "0", "nilai-0": "-1"},
        {"betulkan": "0", "nilai-0": "9" * 20},
        {"betulkan": "99", "nilai-99": "1"},
        {"betulkan": "x:1"},
        {"betulkan": "²:1"},
        {"pendapat": "confirm:nothing"},
        {"pendapat": "approve"},
        {"putusan": "accept", "why": "   "},
        {"putusan": "accept", "seen": ""},
    ],
)
def test_a_form_that_says_no_decision_records_nothing(at: At, barn: Barn, form: dict[str, str]) -> None:
    finding, desk = broken(barn)[0], at(REVIEWER)
    assert desk.send(finding, **form)[0] == 400
    assert about(barn, finding) == []


def test_ones_own_is_undone_and_the_finding_is_open_again(at: At, barn: Barn) -> None:
    finding, desk = broken(barn)[0], at(REVIEWER)
    desk.send(finding, putusan="accept")
    page = desk.browser.get("/periksa").text
    ((action, opinion),) = re.findall(r'class="urung" action="(.+?)".*?name="pendapat" value="(.+?)"', page, re.S)
    status, there = desk.post(f"/{html.unescape(action)}", {"pendapat": opinion, "alasan_lain": WHY})
    assert status == 303
    assert there.startswith(f"/periksa/{CODE}/{finding.id}")
    assert finding.id in ids_in_queue(desk)
    assert [r.standing.value for r in about(barn, finding)] == ["withdrawn"]
    assert 'class="urung"' not in desk.browser.get("/periksa").text


def several(desk: Desk, *findings: Finding) -> list[str]:
    page = desk.browser.get("/periksa").text
    chosen = dict(re.findall(r'name="pilih" value="(\w+)\.(\w+)"', page))
    return [f"{f.id}.{chosen[f.id]}" for f in findings]


def test_several_of_a_kind_are_accepted_with_one_reason(at: At, barn: Barn) -> None:
    desk, both = at(REVIEWER), broken(barn)
    assert len(both) == 2
    status, there = desk.post("/periksa", {"pilih": several(desk, *both), "alasan_lain": WHY, "putusan": "accept"})
    assert status == 303
    assert "sudah=accept&banyak=2&jalan=1" in there
    assert "2 temuan diterima" in desk.browser.get(there).text
    assert desk.runs == [CODE]
    assert {r.decision.finding for r in records(barn, CODE)} == {f.id for f in both}


def test_of_several_only_those_that_are_as_they_were_seen_are_recorded(at: At, barn: Barn) -> None:
    desk, both = at(REVIEWER), broken(barn)
    chosen = several(desk, *both)
    at(COORDINATOR).send(both[0], putusan="defer")
    status, page = desk.post("/periksa", {"pilih": chosen, "alasan_lain": WHY, "putusan": "accept"})
    assert status == 409
    assert "1 butir berubah sejak Anda melihatnya" in page
    assert [r.decision.verdict for r in about(barn, both[0])] == [Verdict.DEFER]
    assert {r.decision.finding for r in records(barn, CODE)} == {f.id for f in both}


def test_several_need_a_reason_a_choice_and_one_kind(at: At, barn: Barn) -> None:
    desk = at(REVIEWER)
    mixed = several(desk, broken(barn)[0], broken(barn, "total_broken")[0])
    for form in (
        {"pilih": mixed[:1]},
        {"alasan_lain": WHY},
        {"pilih": mixed, "alasan_lain": WHY},
        {"pilih": ["0" * 16 + "." + "0" * 16], "alasan_lain": WHY},
    ):
        assert desk.post("/periksa", form)[0] == 400, form  # type: ignore[arg-type]
    assert records(barn, CODE) == ()


def test_each_does_what_their_role_may(at: At, barn: Barn) -> None:
    finding = broken(barn)[0]
    for person in (VIEWER, ENGINEER):
        assert 'id="putuskan"' not in at(person).page(finding)
        assert at(person).send(finding, "x", putusan="accept")[0] == 403
    assert at(CLERK).send(finding, "x", putusan="accept")[0] == 403  # of another office
    assert at(CLERK).post("/periksa", {"pilih": [f"{finding.id}.x"], "alasan_lain": WHY})[0] == 403
    assert ids_in_queue(at(CLERK)) == []
    assert at(OWN_CLERK).send(finding, betulkan="0:51")[0] == 303
    (made,) = about(barn, finding)
    second = at(Person("petugas-dua", Role.CLERK, frozenset({CODE})))
    assert second.send(finding, pendapat=f"confirm:{made.decision.id}")[0] == 403
    assert at(REVIEWER).send(finding, pendapat=f"withdraw:{made.decision.id}")[0] == 422
    assert [r.standing.value for r in about(barn, finding)] == ["waiting"]


def test_a_finding_is_found_under_its_own_office_only(at: At, barn: Barn) -> None:
    finding = broken(barn)[0]
    desk = at(REVIEWER)
    assert desk.browser.get(f"/periksa/13.06/{finding.id}").status_code == 404
    assert desk.post(f"/periksa/13.06/{finding.id}", {"putusan": "accept", "alasan_lain": WHY})[0] == 404
    assert desk.browser.get(f"/periksa/{CODE}/nothing").status_code == 404


def test_nothing_of_a_file_is_markup(at: At, barn: Barn) -> None:
    desk = at(REVIEWER)
    finding = broken(barn)[0]
    deciding.decide(barn, Verdict.DEFER, finding.id, "siti", "<img src=x onerror=alert(1)>")
    for page in (desk.browser.get("/periksa").text, desk.page(finding)):
        assert HOSTILE not in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "\u202e" not in page
        assert "style=" not in page


@pytest.mark.parametrize("place", ["x", "W10=", "WzEsMiwzLDRd", "é", "A" * 9000, "bnVsbA==", HUGE])
def test_a_place_that_makes_no_sense_is_the_beginning(at: At, place: str) -> None:
    desk = at(REVIEWER)
    assert ids_in_queue(desk, f"/periksa?tempat={place}") == ids_in_queue(desk)


def test_a_document_that_waits_to_be_read_anew_is_said_to(at: At, barn: Barn, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = broken(barn)[0]
    monkeypatch.setattr("rangkiang.steps.keys.MAKER", "reading-99")
    page = at(REVIEWER).page(finding)
    assert "menunggu dibaca ulang" in page
    assert "gambar/" not in page
    assert at(REVIEWER).send(finding, putusan="accept")[0] == 422


def test_a_sum_over_a_blank_cell_counts_it_as_nothing_and_one_over_the_unreadable_is_not_known() -> None:
    one = Sum("a", {0: 1, 1: -1, 2: -1})
    assert one.off([7, 4, 0]) == 3
    assert (one.wanted([7, 4, 0], 2), one.wanted([7, 4, None], 2)) == (3, 3)
    assert one.holds([7, None, 3]) is None
    assert one.wanted([1, 4, 0], 2) is None  # less than nothing
    assert Sum("b", {0: 2, 1: -1}).wanted([0, 3], 0) is None  # no whole number
    assert Sum("c", {0: 1, 1: -1}, bound=True).holds([2, 3]) is True


def test_a_correction_of_a_sum_over_an_empty_cell_is_tried_all_the_same(barn: Barn) -> None:
    finding = broken(barn)[0]
    looked = reviewing.look(barn, finding.id)
    assert looked.sheet
    line = looked.item.cells[1].line
    assert line is not None
    figures = looked.sheet.figures.copy()
    figures.loc[figures.index[line], ["value", "status"]] = [None, "blank"]
    bare = review.item(finding, {finding.sha256: replace(looked.sheet, figures=figures)})
    assert bare.cells[1].value is None
    made = deciding.decide(barn, Verdict.CORRECT, finding.id, "siti", WHY, lambda c: c.row == "II.1.P", 9)
    tried = review.trial(bare, made)
    assert tried
    assert tried.after == finding.params["left"] - 9
