"""The queue of the review desk: what is in it, in what order, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rangkiang.decisions import CODES
from rangkiang.ledger import Arrival, Ledger
from rangkiang.ledger.queue import Asked, Queued
from rangkiang.model import (
    CellRef,
    Classification,
    Decision,
    Document,
    Finding,
    Opinion,
    Severity,
    State,
    Verdict,
    View,
)

AT, OFFICE = datetime(2026, 1, 2, tzinfo=UTC), "13.06"
SAID = Classification("DB1-PPWP", "DB1-PPWP", "PL.01.8", "PPWP-2019", OFFICE, "AGAM", 2)


def document(
    ledger: Ledger, n: int, office: str = OFFICE, state: State = State.FILED, doctype: str = "DB1-PPWP"
) -> str:
    sha256 = f"{n:064x}"
    said = Classification(doctype, doctype, "PL.01.8", "PPWP-2019", office, "AGAM", 2)
    ledger.add_document(Document(office, sha256, f"inbox/{office}/{n}.pdf", 9, "application/pdf", state, None, said))
    ledger.record_arrivals(office, [Arrival(f"inbox/{office}/{n}.pdf", "e", 9, sha256)])
    return sha256


def found(
    sha256: str, subject: str, cells: int = 1, off: int | None = None, severity: Severity = Severity.ERROR,
    code: str = "identity_broken", office: str = OFFICE,
) -> Finding:  # fmt: skip
    bound = tuple(CellRef(sha256, f"I.{n}", "unit", "A", n, 1) for n in range(cells))
    params = {} if off is None else {"difference": off}
    return Finding(office, sha256, code, severity, subject, params, bound)


def put(ledger: Ledger, *findings: Finding) -> None:
    one = findings[0]
    ledger.replace_findings(one.office, one.sha256, "form", findings)


def queue(ledger: Ledger, asked: Asked = Asked(), limit: int = 50) -> list[Queued]:  # noqa: B008 - it is frozen
    return ledger.queue(asked, True, CODES, limit)


def count(ledger: Ledger, asked: Asked) -> int:
    return ledger.waiting(asked, True, CODES, 1).total


def subjects(entries: list[Queued]) -> list[str]:
    return [entry.finding.subject for entry in entries]


def decide(ledger: Ledger, about: Finding, verdict: Verdict, author: str = "siti") -> Decision:
    cell, value = (about.cells[0], 7) if verdict is Verdict.CORRECT else (None, None)
    made = Decision(
        about.office, about.sha256, about.code, about.subject, verdict, author, AT, "ya", about.cells, cell, value
    )
    ledger.record_decisions([made])
    return made


def test_the_worst_comes_first(ledger: Ledger) -> None:
    sha256 = document(ledger, 1)
    waiting = found(sha256, "waits", severity=Severity.WARNING)
    put(
        ledger,
        found(sha256, "warning", 90, 900, Severity.WARNING),
        found(sha256, "small", 3, -4),
        found(sha256, "large", 3, -40),
        found(sha256, "wide", 39),
        found(sha256, "single"),
        found(sha256, "told in words only", off=None),
        waiting,
    )
    decide(ledger, waiting, Verdict.CORRECT)
    assert subjects(queue(ledger)) == [
        "waits", "wide", "large", "small", "single", "told in words only", "warning",
    ]  # fmt: skip
    first = queue(ledger)[0]
    assert first.second
    assert first.finding == waiting


def test_what_was_found_first_comes_first_of_two_alike(ledger: Ledger) -> None:
    for n in (3, 1, 2):
        put(ledger, found(document(ledger, n), f"{n}"))
    assert subjects(queue(ledger)) == ["3", "1", "2"]


def test_only_what_needs_eyes_is_in_it(ledger: Ledger) -> None:
    sha256 = document(ledger, 1)
    verdicts = {verdict: found(sha256, verdict.value) for verdict in Verdict}
    put(
        ledger,
        *verdicts.values(),
        found(sha256, "nothing to decide", code="decision_lapsed", severity=Severity.WARNING),
        found(sha256, "a remark", severity=Severity.INFO),
        found(sha256, "held", severity=Severity.CRITICAL),
    )
    made = {verdict: decide(ledger, finding, verdict) for verdict, finding in verdicts.items()}
    assert set(subjects(queue(ledger))) == {"correct", "defer"}
    assert count(ledger, Asked()) == 2
    assert ledger.waiting(Asked(), True, CODES, 1).second == count(ledger, Asked(second=True)) == 1
    assert subjects(queue(ledger, Asked(second=False))) == ["defer"]
    said = [Opinion(made[Verdict.CORRECT].id, View.CONFIRM, "budi", AT + timedelta(1), "ya")]
    said.append(Opinion(made[Verdict.ACCEPT].id, View.WITHDRAW, "siti", AT + timedelta(1), "keliru"))
    ledger.record_decisions([], said)
    assert set(subjects(queue(ledger))) == {"accept", "defer"}


def test_a_correction_whose_finding_is_gone_still_waits(ledger: Ledger) -> None:
    sha256 = document(ledger, 1)
    one = found(sha256, "gone", 2)
    decide(ledger, one, Verdict.CORRECT)
    (entry,) = queue(ledger)
    assert entry.finding.id == one.id
    assert entry.second
    assert entry.found == AT


def test_what_nobody_can_decide_about_any_more_is_not_in_it(ledger: Ledger) -> None:
    old, gone = document(ledger, 1), document(ledger, 2, state=State.QUARANTINED)
    put(ledger, found(old, "old"))
    put(ledger, found(gone, "sent back"))
    assert subjects(queue(ledger)) == ["old"]
    new = document(ledger, 3)
    ledger.record_arrivals(OFFICE, [Arrival(f"inbox/{OFFICE}/1.pdf", "e2", 9, new)])
    assert queue(ledger) == []
    assert count(ledger, Asked()) == 0


def test_it_is_narrowed_by_office_stage_type_and_kind(ledger: Ledger) -> None:
    put(ledger, found(document(ledger, 1), "a"), found(f"{1:064x}", "b", code="total_broken"))
    put(ledger, found(document(ledger, 2, "13.05", doctype="DA1-PPWP"), "c", office="13.05"))
    assert subjects(queue(ledger, Asked(offices=("13.05",)))) == ["c"]
    assert set(subjects(queue(ledger, Asked(offices=("13.05", OFFICE))))) == {"a", "b", "c"}
    assert subjects(queue(ledger, Asked(doctype="DA1-PPWP"))) == ["c"]
    assert subjects(queue(ledger, Asked(code="total_broken"))) == ["b"]
    assert queue(ledger, Asked(stage="PL.01.7")) == []
    assert count(ledger, Asked(doctype="DB1-PPWP")) == 2


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_page_by_page_everything_comes_once_and_back_again(ledger: Ledger, size: int) -> None:
    sha256 = document(ledger, 1)
    put(ledger, *(found(sha256, f"{n}", n % 3, n % 2) for n in range(11)))
    whole = queue(ledger)
    assert len(whole) == 11
    pages: list[Queued] = []
    while page := ledger.queue(Asked(), True, CODES, size, after=pages[-1].place if pages else None):
        pages += page
    assert pages == whole
    for n in range(1, 11):
        before = ledger.queue(Asked(), True, CODES, size, before=whole[n].place)
        assert before == whole[max(0, n - size) : n]


def test_what_one_decided_last_is_known_until_it_is_taken_back(ledger: Ledger) -> None:
    sha256 = document(ledger, 1)
    made = decide(ledger, found(sha256, "a"), Verdict.ACCEPT)
    decide(ledger, found(sha256, "b"), Verdict.ACCEPT, "budi")
    assert ledger.last_of("siti", AT) == made
    assert ledger.last_of("siti", AT + timedelta(seconds=1)) is None
    ledger.record_decisions([], [Opinion(made.id, View.WITHDRAW, "siti", AT, "keliru")])
    assert ledger.last_of("siti", AT) is None
