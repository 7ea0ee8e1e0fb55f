"""What a decision comes to, by what people said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from decisions.made import after, plain, said
from rangkiang.decisions import Standing, check, weigh
from rangkiang.errors import DecisionRefused
from rangkiang.model import Decision, Opinion, Verdict, View

ACCEPT, CORRECT = plain(Verdict.ACCEPT), plain(Verdict.CORRECT)


def standing(decision: Decision, *opinions: Opinion, two_persons: bool = True) -> str:
    (record,) = weigh([decision], opinions, two_persons)
    return record.standing.value


def standings(decisions: Sequence[Decision], *opinions: Opinion) -> list[str]:
    found = {r.decision.id: r.standing.value for r in weigh(decisions, opinions)}
    return [found[d.id] for d in decisions]


def test_what_changes_a_figure_waits_for_a_second_person() -> None:
    assert standing(CORRECT) == "waiting"
    assert standing(CORRECT, said(CORRECT, View.CONFIRM, "budi", 5)) == "in force"
    assert standing(CORRECT, two_persons=False) == "in force"
    assert {standing(plain(v)) for v in Verdict if v is not Verdict.CORRECT} == {"in force"}


def test_nobody_is_their_own_second_person_however_they_write_themselves() -> None:
    for name in ("siti", " SITI", "Ｓiti"):
        assert standing(CORRECT, said(CORRECT, View.CONFIRM, name, 5)) == "waiting"


def test_the_author_withdraws_for_good_and_nobody_else_does() -> None:
    confirmed = said(CORRECT, View.CONFIRM, "budi", 5)
    assert standing(CORRECT, confirmed, said(CORRECT, View.WITHDRAW, "siti", 6)) == "withdrawn"
    assert standing(CORRECT, confirmed, said(CORRECT, View.WITHDRAW, "budi", 6)) == "in force"


def test_of_what_others_say_the_last_counts() -> None:
    refused, confirmed = said(CORRECT, View.REFUSE, "budi", 6), said(CORRECT, View.CONFIRM, "ani", 7)
    assert standing(CORRECT, said(CORRECT, View.CONFIRM, "ani", 5), refused) == "refused"
    assert standing(CORRECT, refused, confirmed) == "in force"
    assert standing(ACCEPT, said(ACCEPT, View.REFUSE, "budi", 1)) == "refused"


def test_the_newest_decision_about_a_finding_counts() -> None:
    later = plain(Verdict.DEFER, at=after(1))
    assert standings([ACCEPT, later]) == ["superseded", "in force"]
    assert standings([ACCEPT, plain(Verdict.ACCEPT, subject="y", at=after(1))]) == ["in force", "in force"]
    assert standings([ACCEPT, replace(CORRECT, at=after(1))]) == ["in force", "waiting"]


def test_of_two_corrections_of_a_cell_the_later_confirmed_counts() -> None:
    other = plain(Verdict.CORRECT, subject="y", value=8, author="ani", at=after(1))
    opinions = said(other, View.CONFIRM, "budi", 2), said(CORRECT, View.CONFIRM, "budi", 3)
    assert standings([CORRECT, other], *opinions) == ["in force", "superseded"]
    assert standings([CORRECT, other], *opinions, said(CORRECT, View.WITHDRAW, "siti", 4)) == ["withdrawn", "in force"]


def test_corrections_of_several_cells_under_one_finding_stand_side_by_side() -> None:
    other = plain(Verdict.CORRECT, row="V.B")
    opinions = said(CORRECT, View.CONFIRM, "budi", 2), said(other, View.CONFIRM, "budi", 3)
    assert standings([CORRECT, other], *opinions) == ["in force", "in force"]
    assert standings([CORRECT, other, plain(Verdict.ACCEPT, at=after(4))], *opinions) == [
        "superseded", "superseded", "in force",
    ]  # fmt: skip


def test_what_has_lapsed_says_why() -> None:
    (record,) = weigh([ACCEPT], [], lapses={ACCEPT.id: "replaced"})
    assert (record.standing, record.lapse) == (Standing.LAPSED, "replaced")


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (replace(ACCEPT, why="  "), "the reason is missing"),
        (replace(ACCEPT, author=""), "the name of the person is missing"),
        (replace(ACCEPT, author="si\u202eti"), "one line of plain text"),
        (replace(ACCEPT, why="x" * 2001), "longer than 2000"),
        (replace(ACCEPT, at=START.replace(tzinfo=None)) if (START := after(0)) else ACCEPT, "not in UTC"),
        (replace(ACCEPT, code="check_failed"), "cannot be accepted"),
        (replace(ACCEPT, code="figure_corrected"), "nothing can be decided about figure_corrected"),
        (replace(ACCEPT, code="encrypted"), "nothing can be decided about encrypted"),
        (replace(ACCEPT, value=3), "only a correction"),
        (replace(CORRECT, cell=None), "names one of the cells"),
        (replace(CORRECT, value=-1), "no count"),
        (replace(CORRECT, value=10**18), "no count"),
        (replace(CORRECT, code="level_differs"), "which of two documents"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_a_sentence(decision: Decision, sentence: str) -> None:
    with pytest.raises(DecisionRefused, match=sentence):
        check(decision)
