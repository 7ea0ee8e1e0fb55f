"""The board's pages: that they count right, what is absent among it, and that nothing hostile gets through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpers.nights import house, night, of_offices
from rangkiang import board, catalogue
from rangkiang.board import View, Wanted
from rangkiang.board.lines import Line, lines
from rangkiang.ledger import Arrival, Ledger
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.ledger.overview import Standing
from rangkiang.model import (
    Classification,
    Decision,
    Document,
    Finding,
    Opinion,
    Reason,
    Severity,
    State,
    Verdict,
)
from rangkiang.model import (
    View as Said,
)
from rangkiang.steps import Barn, deciding
from samples import demo

AGAM, HOSTILE = "13.06", '"><script>alert(1)</script>\u202e.pdf'
WHY = "sudah dicocokkan"


@pytest.fixture(scope="module")
def barn(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Barn]:
    """A night of one regency: a DB1 whose printed sums do not hold, its polling places, and no DA1."""
    files = of_offices(demo.build()[0].files, [AGAM])
    with house(tmp_path_factory.mktemp("board"), database_url(postgres, "board"), files) as opened:
        night(opened, [AGAM])
        yield opened


def view(lang: str = "id", days: int = 0) -> View:
    return View(datetime.now(UTC) + timedelta(days=days, hours=2), lang)


def line(ledger: Ledger, office: str = AGAM) -> Line:
    return next(found for found in lines(ledger, True) if found.office.code == office)


def add(ledger: Ledger, n: int, state: State = State.QUARANTINED, office: str = AGAM, **more: object) -> Document:
    """A document that lies in the office's inbox."""
    made = Document(office, f"{n:064x}", f"inbox/{office}/{n}.pdf", 9, "application/pdf", state)
    made = replace(made, **more)  # type: ignore[arg-type]
    ledger.add_document(made)
    ledger.record_arrivals(office, [Arrival(made.key, "e", 9, made.sha256)])
    return made


def sheet(area: str = AGAM) -> Classification:
    return Classification("DB1-PPWP", "DB1-PPWP", "PL.01.8", "PPWP-2019", area, "AGAM", 2)


def test_a_night_is_counted_and_what_is_absent_with_it(barn: Barn) -> None:
    agam = line(barn.ledger)
    documents = [d for d in barn.ledger.documents(office=AGAM) if d.state is not State.SPLIT]
    assert agam.count(Standing.RECEIVED) == len(documents)
    assert agam.count(Standing.FILED) == agam.count(Standing.LIVE) == sum(d.state is State.FILED for d in documents)
    districts = catalogue.children(AGAM)
    assert (agam.expected, agam.present) == (len(districts) + 2, 2)  # with the DB1 and the table of its polling places
    assert {(doctype, area.code) for doctype, area in agam.missing} == {("DA1-PPWP", a.code) for a in districts}
    cell = agam.cell("PL.01.8", "DB1-PPWP")
    assert cell
    assert {s: cell.count(s) for s in (Standing.PROVED, Standing.REVIEW, Standing.HELD)} == {
        Standing.PROVED: 1, Standing.REVIEW: 1, Standing.HELD: 0,
    }  # fmt: skip
    padang = line(barn.ledger, "13.71")
    assert (padang.present, padang.count(Standing.RECEIVED), padang.oldest) == (0, 0, None)
    assert padang.expected == len(catalogue.children("13.71")) + 2


def test_every_count_is_the_length_of_its_list(barn: Barn) -> None:
    found = lines(barn.ledger, True)
    for standing in Standing:
        _, total = barn.ledger.listed(standing, True, {}, 50, 0)
        assert total == sum(each.count(standing) for each in found), standing


def test_a_documents_page_has_its_finding_its_decision_and_its_checks(barn: Barn) -> None:
    about = next(f for f, _ in deciding.findings(barn, AGAM) if f.code == "identity_broken")
    made = deciding.decide(barn, Verdict.DEFER, about.id, "siti", WHY)
    page = board.document(view(), barn.ledger, True, AGAM, about.sha256)
    assert page
    assert catalogue.explain(Reason(about.code, about.params)).split(":")[0] in page
    assert f'href="#{made.finding}"' in page
    assert "siti" in page
    assert "berlaku" in page
    assert "kesalahan" in page
    assert "pemeriksaan sesuai" in page
    assert 'href="../dags/regency__13.06_agam"' in page
    assert board.document(view(), barn.ledger, True, AGAM, "0" * 64) is None


def test_the_board_says_what_waits_for_how_long_and_why(ledger: Ledger) -> None:
    add(ledger, 1, reason=Reason("page_dark", {"page": 3}))
    page = board.overview(view(days=3), ledger, True)
    assert "1 berkas ditahan atau dikarantina" in page
    assert "Halaman 3" in page
    assert "3 hari" in page
    assert board.office(view(), ledger, True, AGAM).count("<li title=") == line(ledger).expected == 18  # type: ignore[union-attr]


def test_a_file_that_was_sent_back_and_taken_away_waits_for_nobody(ledger: Ledger) -> None:
    sent_back = add(ledger, 1)
    assert line(ledger).count(Standing.QUARANTINED) == line(ledger).count(Standing.RECEIVED) == 1
    ledger.record_arrivals(AGAM, [Arrival(sent_back.key, "e", 9, sent_back.sha256, present=False)])
    assert line(ledger).count(Standing.QUARANTINED) == line(ledger).count(Standing.RECEIVED) == 0


def test_a_sheet_of_a_file_lies_in_the_inbox_as_long_as_its_file(ledger: Ledger) -> None:
    parts = {"count": 2, "parts": [f"{n:064x}" for n in (8, 9)]}
    bundle = add(ledger, 1, State.SPLIT, reason=Reason("several_sheets", parts))
    ledger.add_document(replace(bundle, sha256=f"{8:064x}", key=f"{bundle.key}#hal-1-2", state=State.QUARANTINED))
    assert line(ledger).count(Standing.QUARANTINED) == 1
    ledger.record_arrivals(AGAM, [Arrival(bundle.key, "e", 9, bundle.sha256, present=False)])
    assert line(ledger).count(Standing.QUARANTINED) == 0


def test_nobody_is_asked_about_a_document_that_was_replaced_on_the_whole_board_as_little_as_on_an_offices(
    ledger: Ledger,
) -> None:
    old = add(ledger, 1, State.FILED, classification=sheet())
    about = Finding(AGAM, old.sha256, "level_differs", Severity.ERROR, "x")
    ledger.replace_findings(AGAM, old.sha256, "level", [about])
    add(ledger, 2, State.FILED, classification=sheet(), key=old.key)
    for office in ("", AGAM):
        found = next(one for one in lines(ledger, True, office) if one.office.code == AGAM)
        assert found.count(Standing.REVIEW) == ledger.listed(Standing.REVIEW, True, {}, 9, 0)[1] == 0


def test_a_finding_is_reviewed_until_somebodys_word_about_it_is_in_force(ledger: Ledger) -> None:
    document = add(ledger, 1, State.FILED, classification=sheet())
    about = Finding(AGAM, document.sha256, "level_differs", Severity.ERROR, "x")
    ledger.replace_findings(AGAM, document.sha256, "level", [about])

    def waits() -> tuple[int, int]:
        return line(ledger).count(Standing.REVIEW), line(ledger).count(Standing.SECOND)

    def say(verdict: Verdict, minute: int) -> Decision:
        at = datetime(2026, 1, 1, 9, minute, tzinfo=UTC)
        made = Decision(AGAM, document.sha256, about.code, about.subject, verdict, "siti", at, WHY)
        ledger.record_decisions([made])
        return made

    def think(made: Decision, of: Said, by: str, minute: int) -> None:
        at = datetime(2026, 1, 1, 9, minute, tzinfo=UTC)
        ledger.record_decisions([], [Opinion(made.id, of, by, at, WHY)])

    assert waits() == (1, 0)
    say(Verdict.DEFER, 1)
    assert waits() == (1, 0)
    correction = say(Verdict.CORRECT, 2)
    assert waits() == (1, 1)
    think(correction, Said.CONFIRM, "SITI", 3)  # no second person
    assert waits() == (1, 1)
    think(correction, Said.CONFIRM, "budi", 4)
    assert waits() == (0, 0)
    think(correction, Said.REFUSE, "budi", 5)
    assert waits() == (1, 0)
    accepted = say(Verdict.ACCEPT, 6)
    assert waits() == (0, 0)
    think(accepted, Said.WITHDRAW, "siti", 7)
    assert waits() == (1, 0)


def test_flagged_figures_are_reviewed_though_no_finding_says_so(ledger: Ledger) -> None:
    document = add(ledger, 1, State.ARRANGED, classification=sheet())
    ledger.record_reading(AGAM, document.sha256, "p", "k", "d", {"flagged": 2}, kind="proof")
    assert line(ledger).count(Standing.REVIEW) == 1
    assert board.document(view(), ledger, True, AGAM, document.sha256)


def test_a_hostile_name_is_shown_and_does_nothing(ledger: Ledger) -> None:
    made = add(
        ledger, 1, key=f"inbox/x/{HOSTILE}", reason=Reason("unknown_area", {"area": HOSTILE, "level": "kabkota"})
    )
    pages = [
        board.overview(view(), ledger, True),
        board.office(view(), ledger, True, AGAM),
        board.documents(view(), ledger, True, Wanted(stage=HOSTILE)),
        board.documents(view(), ledger, True, Wanted(Standing.QUARANTINED)),
        board.document(view(), ledger, True, AGAM, made.sha256),
    ]
    for page in pages:
        assert page
        assert "<script>alert" not in page
        assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)" in pages[-1]  # type: ignore[operator]


def test_a_long_list_has_pages(ledger: Ledger) -> None:
    for n in range(60):
        add(ledger, n)
    asked = {"keadaan": "quarantined", "kantor": AGAM, "tahapan": "-", "hal": "2"}
    page = board.documents(view(), ledger, True, Wanted.of(asked))
    assert page.count('<th scope="row"') == 10
    assert "Halaman 2 dari 2" in page
    assert "Tidak ada dokumen" in board.documents(view(), ledger, True, Wanted.of({**asked, "hal": "99999"}))


@pytest.mark.parametrize("asked", [{"keadaan": "'"}, {"hal": "0"}, {"hal": "٣"}, {"hal": "-1"}, {"kantor": "../x"}])
def test_an_address_without_sense_is_the_whole_list(asked: dict[str, str]) -> None:
    assert Wanted.of(asked) == Wanted()


def test_everything_is_said_in_both_languages(barn: Barn) -> None:
    assert "Where the files of all offices stand" in board.overview(view("en"), barn.ledger, True)
    assert "Keadaan berkas semua satuan kerja" in board.overview(view(), barn.ledger, True)
    assert 'lang="en"' in board.documents(view("en"), barn.ledger, True, Wanted())
