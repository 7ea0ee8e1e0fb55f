"""What the ledger promises: writes that may be made again, by several processes, and come out as they went in."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from rangkiang.ledger import Arrival, Compared, Deed, Ledger, Outcome, Publication, Reading, open_ledger
from rangkiang.ledger.audit import LONGEST
from rangkiang.ledger.tables import metadata
from rangkiang.model import (
    Approval,
    CellRef,
    Check,
    Classification,
    Decision,
    Deliverable,
    Document,
    FileEntry,
    Finding,
    Opinion,
    Reason,
    Ruling,
    Severity,
    State,
    Verdict,
    View,
)

OFFICE, SHA = "13.05", "a" * 64
ABOUT = Classification(
    form="DB1-PPWP", doctype="DB1-PPWP", stage="PL.01.8", election="PPWP-2019", area_code="13.05",
    area_name="Padang Pariaman", pages=3, remarks=(Reason("unknown_stage", {"stage": "PL.99", "n": 2}),),
    dapil="SUMATERA BARAT II",
)  # fmt: skip
CHECKS = [Check("z", Severity.CRITICAL, True), Check("a", Severity.INFO, False, "3 of 9")]
DOCUMENT = Document(OFFICE, SHA, "inbox/13.05_x/a.pdf", 1234, "application/pdf", State.RECEIVED)
CELL = CellRef(SHA, "I.A.1.L", "unit", "LUBUK ALUNG", 12, 1, nth=1)
DECISION = Decision(
    OFFICE, SHA, "identity_broken", "I.A.3 / Lubuk Alung", Verdict.CORRECT, "siti", datetime(2026, 11, 26, tzinfo=UTC),
    "angka 7 tertutup cap", (CELL, CellRef(SHA, "I.A.1.P", "unit", "LUBUK ALUNG")), CELL, 17,
)  # fmt: skip
COMPARED = Compared(OFFICE, "PL.01.8", "DB1-PPWP", "d1", ("0f", "a1"))
OPINION = Opinion(DECISION.id, View.CONFIRM, "budi", datetime(2026, 11, 26, 5, 0, 0, 7, tzinfo=UTC), "benar 17")


def finding(subject: str = "I.A.3 / Lubuk Alung", sha256: str = SHA, **params: object) -> Finding:
    cells = (CellRef(sha256, "I.A.1.L", "unit", "LUBUK ALUNG", 12, 1), CellRef(sha256, "I.A.1.P", "total", "JUMLAH"))
    return Finding(OFFICE, sha256, "identity_fails", Severity.ERROR, subject, params, cells)


def deliverable(digest: str = "d1", **more: object) -> Deliverable:
    entry = FileEntry("data/cells.csv", "f" * 64, 10, "text/csv", "Angka")
    made = Deliverable(OFFICE, "PL.01.8", "DB1-PPWP", "KPU/PL.01.8/DB1-PPWP", "db1-13.05", digest, (entry,), {"n": [1]})
    return replace(made, **more)


def log(database: str) -> list[tuple[object, ...]]:
    """Where each row physically stands and who wrote it last: changed by any write, even of equal values."""
    with create_engine(database).connect() as connection:
        queries = [text(f"SELECT '{name}', ctid, xmin FROM {name}") for name in metadata.tables]  # noqa: S608
        return [tuple(row) for query in queries for row in connection.execute(query)]


def fill(ledger: Ledger) -> None:
    """One of everything."""
    ledger.record_arrivals(OFFICE, [Arrival("inbox/b", "e1", 5, SHA, "inbox/a"), Arrival("inbox/a", "e0", 5, SHA)])
    ledger.add_document(DOCUMENT)
    ledger.move(OFFICE, SHA, State.ACCEPTED, classification=ABOUT, from_states=[State.RECEIVED])
    ledger.record_reading(OFFICE, SHA, "reading-1", "readings/a.parquet", "d", {"read": 10, "blank": 1})
    ledger.record_reading(OFFICE, SHA, "proof-1", "proofs/a.parquet", "e", {"proved": 11}, kind="proof")
    ledger.replace_findings(OFFICE, SHA, "form", [finding("b", delta=-1), finding("a")])
    ledger.replace_checks(OFFICE, SHA, CHECKS)
    ledger.record_deliverable(deliverable())
    ledger.record_compared("PL.01.8", [COMPARED])
    ledger.record_release("db1-13.05", "PL.01.8", OFFICE, "d1", 4, verified=True)
    ledger.replace_reconciliation("PL.01.8", [{"level": "kabkota", "upper": 3, "lower": None}, {"level": "kecamatan"}])

    ledger.record_decisions([DECISION], [OPINION])


def test_what_goes_in_comes_out_equal(ledger: Ledger) -> None:
    fill(ledger)
    assert list(ledger.arrivals(OFFICE)) == ["inbox/a", "inbox/b"]
    assert ledger.arrivals(OFFICE)["inbox/b"] == Arrival("inbox/b", "e1", 5, SHA, "inbox/a", present=True)
    assert ledger.document(OFFICE, SHA) == replace(DOCUMENT, state=State.ACCEPTED, classification=ABOUT)
    assert ledger.reading(OFFICE, SHA, "reading-1").counts == {"read": 10, "blank": 1}
    assert ledger.reading(OFFICE, SHA, "proof-1") is None
    assert ledger.reading(OFFICE, SHA, "proof-1", kind="proof").key == "proofs/a.parquet"
    assert ledger.findings() == [finding("a"), finding("b", delta=-1)]
    assert ledger.checks(OFFICE, SHA) == CHECKS
    assert ledger.deliverable(OFFICE, "PL.01.8", "DB1-PPWP") == deliverable()
    assert ledger.compared() == [COMPARED]
    assert (ledger.decisions(OFFICE), ledger.opinions([DECISION.id])) == ([DECISION], [OPINION])
    assert ledger.decisions(ids=[DECISION.id])[0].id == DECISION.id
    assert ledger.reconciliation("PL.01.8")[0] == {"level": "kabkota", "upper": 3, "lower": None}


def test_doing_it_all_again_writes_nothing(ledger: Ledger, ledger_url: str) -> None:
    fill(ledger)
    ledger.move(OFFICE, SHA, State.READ)
    before, rows = ledger.snapshot(), log(ledger_url)
    fill(ledger)
    assert not ledger.move(OFFICE, SHA, State.READ)
    assert log(ledger_url) == rows
    assert ledger.snapshot() == before


def test_equal_histories_give_equal_snapshots_byte_for_byte(ledger: Ledger) -> None:
    fill(ledger)
    first = json.dumps(ledger.snapshot(), sort_keys=False)
    assert "created_at" not in first
    ledger.replace_findings(OFFICE, SHA, "form", [])
    ledger.replace_reconciliation("PL.01.8", [])
    assert json.dumps(ledger.snapshot()) != first
    fill(ledger)
    assert json.dumps(ledger.snapshot(), sort_keys=False) == first
    assert all(json.loads(first).values()), "every table takes part"


def test_a_document_is_added_once_and_never_overwritten(ledger: Ledger) -> None:
    assert ledger.add_document(DOCUMENT)
    assert not ledger.add_document(replace(DOCUMENT, key="inbox/other.pdf", state=State.QUARANTINED))
    assert ledger.document(OFFICE, SHA) == DOCUMENT
    assert ledger.add_document(replace(DOCUMENT, office="13.06"))  # the same bytes, another document
    assert ledger.document("13.07", SHA) is None


def test_a_move_happens_once_and_only_from_where_it_may(ledger: Ledger) -> None:
    ledger.add_document(DOCUMENT)
    assert not ledger.move(OFFICE, SHA, State.FILED, from_states=[State.ARRANGED])
    assert not ledger.move(OFFICE, "b" * 64, State.FILED)
    assert ledger.document(OFFICE, SHA).state is State.RECEIVED
    assert ledger.move(OFFICE, SHA, State.ACCEPTED, classification=ABOUT, from_states=[State.RECEIVED])
    assert not ledger.move(OFFICE, SHA, State.ACCEPTED, classification=ABOUT, from_states=[State.RECEIVED])
    assert ledger.move(OFFICE, SHA, State.HELD, Reason("held", {"check": "x"}))
    assert not ledger.move(OFFICE, SHA, State.HELD, Reason("held", {"check": "x"}))
    assert ledger.move(OFFICE, SHA, State.HELD, Reason("held", {"check": "y"}))
    held = ledger.document(OFFICE, SHA)
    assert (held.reason, held.classification) == (Reason("held", {"check": "y"}), ABOUT)
    assert held.media_type == "application/pdf"
    assert ledger.move(OFFICE, SHA, State.ARRANGED, media_type="text/csv")
    assert ledger.document(OFFICE, SHA).media_type == "text/csv"
    assert ledger.document(OFFICE, SHA).reason is None


def test_documents_are_found_by_any_condition_in_a_stable_order(ledger: Ledger) -> None:
    for n, (office, key) in enumerate([("13.71", "b"), ("13.05", "é"), ("13.05", "Z"), ("13.05", "a")]):
        ledger.add_document(replace(DOCUMENT, office=office, key=key, sha256=f"{n}" * 64))
    ledger.move("13.05", "1" * 64, State.ACCEPTED, classification=ABOUT)
    ledger.move("13.05", "2" * 64, State.ACCEPTED, classification=replace(ABOUT, stage="PL.02", area_code="13"))
    assert [d.key for d in ledger.documents()] == ["Z", "a", "é", "b"]
    assert [d.key for d in ledger.documents(office="13.71")] == ["b"]
    assert [d.key for d in ledger.documents(states=[State.RECEIVED, State.READ])] == ["a", "b"]
    assert ledger.documents(states=[]) == ledger.documents(sha256s=[]) == []
    assert [d.key for d in ledger.documents(stage="PL.01.8", doctype="DB1-PPWP", area="13.05")] == ["é"]
    assert [d.key for d in ledger.documents(sha256s=(s * 64 for s in "02"))] == ["Z", "b"]


def test_replaced_findings_leave_other_scopes_and_documents_alone(ledger: Ledger) -> None:
    other = "b" * 64
    assert ledger.replace_findings(OFFICE, SHA, "form", [finding("a"), finding("b"), finding("a")])
    assert ledger.replace_findings(OFFICE, SHA, "level", [finding("c")])
    assert ledger.replace_findings(OFFICE, other, "form", [finding("d", sha256=other)])
    assert ledger.replace_findings(OFFICE, SHA, "form", [finding("b", delta=2)])
    assert [f.subject for f in ledger.findings()] == ["b", "c", "d"]
    assert ledger.findings(sha256=SHA, scope="form") == [finding("b", delta=2)]
    assert not ledger.replace_findings(OFFICE, SHA, "form", [finding("b", delta=2)])
    with pytest.raises(ValueError, match="another document"):
        ledger.replace_findings(OFFICE, SHA, "form", [finding(sha256=other)])


def test_arrivals_are_changed_by_key(ledger: Ledger) -> None:
    ledger.record_arrivals(OFFICE, [Arrival("a", "1", 1, "x"), Arrival("b", "1", 1, "y")])
    ledger.record_arrivals(OFFICE, [Arrival("a", "2", 3, "z", present=False)])
    ledger.record_arrivals("13.06", [Arrival("a", "9", 9, "w")])
    ledger.record_arrivals(OFFICE, [])
    expected = {"a": Arrival("a", "2", 3, "z", present=False), "b": Arrival("b", "1", 1, "y")}
    assert ledger.arrivals(OFFICE) == expected


def test_a_version_counts_digests_and_survives_a_withdrawal(ledger: Ledger) -> None:
    def publish(digest: str, verified: bool = True) -> int:
        return ledger.record_release("s", "PL.01.8", OFFICE, digest, 3, verified)

    assert [publish("d1", False), publish("d1"), publish("d2"), publish("d2"), publish("d1")] == [1, 1, 2, 2, 3]
    assert [(r.version, r.digest, r.verified, r.files) for r in ledger.releases("PL.01.8")] == [(3, "d1", True, 3)]
    assert ledger.releases("PL.02") == []
    assert [ledger.withdraw_release(slug) for slug in ("s", "s", "t")] == [True, False, False]
    assert ledger.releases() == []
    assert publish("d1") == 4


def test_a_deliverable_can_be_dropped(ledger: Ledger) -> None:
    ledger.record_deliverable(deliverable())
    ledger.record_deliverable(deliverable("d2", office="13.06"))
    ledger.record_deliverable(deliverable("d3"))
    assert [d.digest for d in ledger.deliverables(stage="PL.01.8")] == ["d3", "d2"]
    assert ledger.drop_deliverable(OFFICE, "PL.01.8", "DB1-PPWP")
    assert not ledger.drop_deliverable(OFFICE, "PL.01.8", "DB1-PPWP")
    assert ledger.deliverables(office=OFFICE) == []


def test_texts_off_broken_files_do_not_stop_the_ledger(ledger: Ledger) -> None:
    reason = Reason("broken_file", {"detail": "x\0", "at": (1, 2)})
    ledger.add_document(replace(DOCUMENT, key="a\0b\udcff", reason=reason))
    assert ledger.document(OFFICE, SHA).key == "a\ufffdb\ufffd"
    assert ledger.document(OFFICE, SHA).reason == Reason("broken_file", {"detail": "x\ufffd", "at": [1, 2]})
    long = finding("\0" + "kolom " * 2000)
    assert ledger.replace_findings(OFFICE, SHA, "form", [long])
    assert not ledger.replace_findings(OFFICE, SHA, "form", [long])
    with pytest.raises(TypeError, match="is none"):
        ledger.replace_findings(OFFICE, SHA, "form", [finding(bad=object())])


def in_processes(count: int, work: Callable[[int], None], exit_code: int = 0) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=work, args=(n,)) for n in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [exit_code] * count


def test_of_several_processes_exactly_one_moves_a_document(ledger: Ledger) -> None:
    """The children inherit an open ledger, as Airflow's tasks do, and do not disturb each other's connections."""
    shas = [f"{n:064}" for n in range(40)]

    def work(worker: int) -> None:
        for sha in shas:
            ledger.add_document(replace(DOCUMENT, sha256=sha))
            if ledger.move(OFFICE, sha, State.ACCEPTED, from_states=[State.RECEIVED]):
                ledger.record_reading(OFFICE, sha, f"worker-{worker}", "k", "d", {})

    in_processes(4, work)
    assert sorted(r.sha256 for r in ledger.readings(OFFICE)) == shas
    assert len(ledger.documents(states=[State.ACCEPTED])) == len(shas)


def test_replacements_at_the_same_time_never_mix(ledger: Ledger) -> None:
    def work(worker: int) -> None:
        for _ in range(25):
            ledger.replace_findings(OFFICE, SHA, "form", [finding(f"{worker}/{n}") for n in range(5)])
            ledger.record_release("s", "PL.01.8", OFFICE, f"d{worker}", 1, False)
            ledger.record_arrivals(OFFICE, [Arrival(f"{n}", f"{worker}", 1, "x") for n in range(worker % 2, 20)])

    in_processes(4, work)
    assert len({f.subject.split("/")[0] for f in ledger.findings()}) == 1
    assert len(ledger.findings()) == 5
    assert len(ledger.arrivals(OFFICE)) == 20


def test_a_lock_lets_one_in_at_a_time_and_is_let_go_by_the_killed(ledger: Ledger, tmp_path: Path) -> None:
    def work(worker: int) -> None:
        for _ in range(10):
            with ledger.lock("file/13.05"), (tmp_path / "inside").open("x"):
                ledger.add_document(replace(DOCUMENT, sha256=f"{worker:064}"))
                (tmp_path / "inside").unlink()

    def die(_: int) -> None:
        with ledger.lock("file/13.05"):
            os.kill(os.getpid(), signal.SIGKILL)

    in_processes(3, work)
    in_processes(1, die, exit_code=-signal.SIGKILL)
    with ledger.lock("file/13.06"), ledger.lock("file/13.05"):
        assert len(ledger.documents()) == 3


def test_only_postgresql_is_taken() -> None:
    with pytest.raises(ValueError, match="PostgreSQL only"):
        open_ledger("sqlite:///x.db")


def test_what_was_decided_is_kept_once_and_never_changed(ledger: Ledger, ledger_url: str) -> None:
    assert ledger.record_decisions([DECISION], [OPINION]) == 2
    assert ledger.record_decisions([DECISION, replace(DECISION, why="lain")], [OPINION]) == 1
    assert len(ledger.decisions()) == 2
    with create_engine(ledger_url).connect() as connection:
        for change in ("UPDATE decisions SET value = 18", "DELETE FROM opinions", "TRUNCATE decisions"):
            with pytest.raises(DBAPIError, match="nothing is changed or deleted"):
                connection.execute(text(change))
            connection.rollback()


def test_the_audit_trail_is_only_added_to(ledger: Ledger, ledger_url: str) -> None:
    deed = Deed("siti", "clerk", "decide", OFFICE, "x" * 5000 + "\0", Outcome.DONE)
    before = ledger.snapshot()
    ledger.record_deed(deed)
    ledger.record_deed(deed)
    ((_, first), (_, second)), total = ledger.deeds({"account": "siti"})
    assert total == 2
    assert first == second == replace(deed, about="x" * LONGEST)
    assert ledger.snapshot() == before
    with create_engine(ledger_url).connect() as connection:
        for change in ("UPDATE audit SET account = 'budi'", "DELETE FROM audit", "TRUNCATE audit"):
            with pytest.raises(DBAPIError, match="nothing is changed or deleted"):
                connection.execute(text(change))
            connection.rollback()


def test_what_was_said_of_a_release_is_kept_once_and_never_changed(ledger: Ledger, ledger_url: str) -> None:
    first = Approval("a" * 64, "PL.01.8", Ruling.RETURN, "rina", datetime(2026, 9, 18, 5, tzinfo=UTC), "tunggu")
    later = replace(first, at=first.at + timedelta(hours=1))
    yes = replace(later, ruling=Ruling.APPROVE, at=later.at + timedelta(hours=1))
    assert ledger.record_approval(first) == ledger.record_approval(later) == first
    assert ledger.record_approval(yes) == yes
    again = replace(first, at=yes.at + timedelta(hours=1))  # another last word than the one before
    assert ledger.record_approval(again) == again
    assert ledger.approvals("a" * 64) == [again, yes, first]
    assert ledger.approvals(limit=1) == [again]
    ledger.record_publication(Publication("PL.01.8", 1, "a" * 64, {"x": "1"}))
    ledger.record_publication(Publication("PL.01.8", 1, "a" * 64, {"x": "1"}))
    ledger.record_publication(Publication("PL.01.8", 2, "b" * 64, {"x": "2"}))
    assert ledger.publications() == {"PL.01.8": Publication("PL.01.8", 2, "b" * 64, {"x": "2"})}
    with create_engine(ledger_url).connect() as connection:
        for change in ("UPDATE approvals SET ruling = 'approve'", "DELETE FROM publications", "TRUNCATE approvals"):
            with pytest.raises(DBAPIError, match="nothing is changed or deleted"):
                connection.execute(text(change))
            connection.rollback()


def test_a_document_has_one_proof(ledger: Ledger) -> None:
    proof = Reading(OFFICE, SHA, "proof", "proof-1", "proofs/a", "d", {"proved": 1})
    ledger.record_reading(OFFICE, SHA, "reading-1", "readings/a", "d", {})
    assert ledger.replace_proof(proof)
    assert not ledger.replace_proof(proof)
    assert ledger.replace_proof(replace(proof, maker="proof-1-decided"))
    assert [r.maker for r in ledger.readings(OFFICE, kind="proof")] == ["proof-1-decided"]
    assert [r.maker for r in ledger.readings(OFFICE, kind="reading")] == ["reading-1"]
