"""The order of the offices is by the rule that the page says, and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine, text

from rangkiang import board, catalogue
from rangkiang.board import View
from rangkiang.board.ranking import Ranked, percent, ranking
from rangkiang.ledger import Arrival, Ledger
from rangkiang.model import Classification, Document, Finding, Reason, Severity, State

AGAM, PADANG_PANJANG, BUKITTINGGI, PADANG = "13.06", "13.74", "13.75", "13.71"
NUMBERS = iter(range(1, 10**6))


def hand_in(
    ledger: Ledger, office: str, area: str, state: State = State.FILED, key: str = "", here: bool = True
) -> str:
    """A DA1 of a kecamatan, or of a file that nobody could use; its digest."""
    sha256 = f"{next(NUMBERS):064x}"
    key = key or f"inbox/{office}/{sha256}.pdf"
    said = Classification("DA1-PPWP", "DA1-PPWP", "PL.01.8", "PPWP-2019", area, "X", 2)
    known = state is not State.QUARANTINED
    made = Document(office, sha256, key, 9, "", State.RECEIVED, None, said if known else None)
    ledger.add_document(made)
    ledger.move(office, sha256, state, None if known else Reason("encrypted"))
    ledger.record_arrivals(office, [Arrival(key, "e", 9, sha256, present=here)])
    return sha256


def places(ledger: Ledger) -> Mapping[str, Ranked]:
    return {one.office.code: one for one in ranking(ledger)}


def all_districts(ledger: Ledger, office: str) -> None:
    for area in catalogue.children(office):
        hand_in(ledger, office, area.code)


def test_a_small_office_and_a_large_one_that_lack_the_same_share_are_equal(ledger: Ledger) -> None:
    for office in (PADANG_PANJANG, PADANG):
        all_districts(ledger, office)
    small, large = places(ledger)[PADANG_PANJANG], places(ledger)[PADANG]
    assert (small.present, small.expected) == (2, 4)
    assert (large.present, large.expected) == (11, 13)
    assert (small.score, large.score) == (50, 84)
    assert (large.place, small.place) == (1, 2)


def test_equal_scores_share_their_place_and_the_next_one_is_skipped(ledger: Ledger) -> None:
    bukittinggi, agam = (catalogue.children(code) for code in (BUKITTINGGI, AGAM))
    hand_in(ledger, PADANG_PANJANG, catalogue.children(PADANG_PANJANG)[0].code)  # 1 of 4: 25
    all_districts(ledger, BUKITTINGGI)  # 3 of 5: 60
    hand_in(ledger, AGAM, agam[0].code)  # 1 of 18: 5
    hand_in(ledger, PADANG, catalogue.children(PADANG)[0].code)  # 1 of 13: 7
    hand_in(ledger, "13.72", catalogue.children("13.72")[0].code)
    found = places(ledger)
    assert len(bukittinggi) == 3
    assert found[BUKITTINGGI].place == 1
    solok = found["13.72"]
    assert solok.score == 100 // solok.expected
    ordered = [one for one in ranking(ledger) if one.place]
    assert [one.score for one in ordered] == sorted((one.score for one in ordered), reverse=True)
    for one in ordered:
        assert one.place == 1 + sum((other.score or 0) > (one.score or 0) for other in ordered)


def test_ties_stay_ties(ledger: Ledger) -> None:
    for office in (PADANG_PANJANG, BUKITTINGGI):
        hand_in(ledger, office, catalogue.children(office)[0].code, State.QUARANTINED)
    found = places(ledger)
    assert found[PADANG_PANJANG].score == found[BUKITTINGGI].score == 0
    assert found[PADANG_PANJANG].place == found[BUKITTINGGI].place == 1


def test_what_was_sent_back_held_or_replaced_was_not_used_as_it_was_handed_in(ledger: Ledger) -> None:
    first, second, *_ = (area.code for area in catalogue.children(BUKITTINGGI))
    hand_in(ledger, BUKITTINGGI, first)
    assert places(ledger)[BUKITTINGGI].first_pass == 100
    hand_in(ledger, BUKITTINGGI, second, State.QUARANTINED, here=False)  # and has been taken away since
    assert places(ledger)[BUKITTINGGI].first_pass == 50
    hand_in(ledger, BUKITTINGGI, second, State.HELD)
    assert places(ledger)[BUKITTINGGI].first_pass == 33
    hand_in(ledger, BUKITTINGGI, second, key="inbox/x.pdf")
    assert places(ledger)[BUKITTINGGI].first_pass == 50
    hand_in(ledger, BUKITTINGGI, second, key="inbox/x.pdf")  # another file under that name: the one before is replaced
    assert (places(ledger)[BUKITTINGGI].used, places(ledger)[BUKITTINGGI].judged) == (2, 5)
    hand_in(ledger, BUKITTINGGI, first, State.READ)  # on its way: nobody knows yet
    assert places(ledger)[BUKITTINGGI].judged == 5


def test_offices_without_documents_and_the_province_have_no_place_and_stand_last(ledger: Ledger) -> None:
    hand_in(ledger, PADANG, catalogue.children(PADANG)[0].code, State.QUARANTINED)
    first, *others = ranking(ledger)
    assert (first.office.code, first.place, first.score) == (PADANG, 1, 0)
    assert len(others) == 19
    assert {one.place for one in others} == {None}
    assert others[-1].office.code == "13"


def test_figures_that_a_person_corrected_are_not_proved_without_one(ledger: Ledger) -> None:
    sha256 = hand_in(ledger, PADANG, catalogue.children(PADANG)[0].code)
    counts = {"proved": 80, "read": 10, "flagged": 5, "decided": 5, "blank": 50}
    ledger.record_reading(PADANG, sha256, "m", "k", "d", counts, kind="proof")
    ledger.record_reading(PADANG, sha256, "m", "k", "d", {"read": 1000})
    assert places(ledger)[PADANG].proved == 80
    note = Finding(PADANG, sha256, "figure_corrected", Severity.INFO, "x")
    ledger.replace_findings(PADANG, sha256, "decision", [note])
    assert places(ledger)[PADANG].proved == 79


def test_the_median_time_ends_when_a_document_is_filed_for_the_first_time(ledger: Ledger, ledger_url: str) -> None:
    digests = [hand_in(ledger, PADANG, area.code) for area in catalogue.children(PADANG)[:3]]
    with create_engine(ledger_url).begin() as connection:
        for sha256, hours in zip(digests, (1, 5, 90), strict=True):
            earlier = text(f"UPDATE documents SET created_at = filed_at - interval '{hours} hours' WHERE sha256 = :sha")  # noqa: S608
            connection.execute(earlier, {"sha": sha256})
    ledger.move(PADANG, digests[0], State.ARRANGED)
    ledger.move(PADANG, digests[0], State.FILED)  # anew, by a better reader
    assert places(ledger)[PADANG].median == timedelta(hours=5)


def test_the_page_says_the_rule_and_no_votes(ledger: Ledger) -> None:
    all_districts(ledger, PADANG)
    page = board.accuracy(View(datetime.now(UTC)), ledger)
    assert "Nilai = kelengkapan × terpakai langsung" in page
    assert "<b>84 %</b>" in page
    assert page.count("belum ada yang dinilai") == 19
    assert "Score = completeness × used as handed in" in board.accuracy(View(datetime.now(UTC), "en"), ledger)


def test_only_all_of_it_is_a_hundred() -> None:
    assert (percent(999, 1000), percent(1000, 1000), percent(0, 0)) == (99, 100, None)
