"""What is left to do: the server tells it as the documents themselves would."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rangkiang.ledger import Arrival, Filed, Ledger
from rangkiang.model import Classification, Deliverable, Document, Finding, Reason, Severity, State

OFFICE, OTHER = "13.05", "13.06"
MAKERS = {"DB1-PPWP": "m-db1", "DA1-PPWP": "m-da1"}


def add(
    ledger: Ledger,
    sha256: str,
    state: State = State.FILED,
    proof: str = "m-da1",
    model: str = "DA1-PPWP",
    office: str = OFFICE,
    stage: str = "PL.01.8",
) -> Document:
    said = Classification(model, model, stage, "PPWP-2019", f"{office}.01", "X")
    made = Document(office, sha256, f"inbox/{sha256}.pdf", 9, "application/pdf", state, None, said)
    ledger.add_document(made)
    if proof:
        ledger.record_reading(office, sha256, proof, "proofs/x", "digest", {}, kind="proof")
    return made


def lay(ledger: Ledger, key: str, sha256: str, present: bool = True) -> None:
    ledger.record_arrivals(OFFICE, [Arrival(key, "e", 9, sha256, present=present)])


def test_documents_proved_by_todays_makers_are_done(ledger: Ledger) -> None:
    add(ledger, "a")
    add(ledger, "b", proof="m-db1", model="DB1-PPWP")
    assert ledger.unproved(OFFICE, MAKERS) == []


@pytest.mark.parametrize(
    ("state", "proof", "model"),
    [
        (State.ACCEPTED, "m-da1", "DA1-PPWP"),  # received anew
        (State.READ, "", "DA1-PPWP"),
        (State.FILED, "older", "DA1-PPWP"),
        (State.FILED, "m-db1", "DA1-PPWP"),  # the maker of another form
        (State.HELD, "m-da1-decided", "DA1-PPWP"),  # what was decided is no longer in force
        (State.FILED, "m-da1", "GONE"),  # a form that the registry does not know any more
    ],
)
def test_all_others_are_not(ledger: Ledger, state: State, proof: str, model: str) -> None:
    due = add(ledger, "a", state, proof, model)
    assert ledger.unproved(OFFICE, MAKERS) == [due]
    assert ledger.unproved(OTHER, MAKERS) == []
    assert ledger.unproved(OFFICE, MAKERS, apart={"a"}) == []
    assert ledger.unproved(OFFICE, MAKERS, sha256s=["b"]) == []
    assert ledger.unproved(OFFICE, MAKERS, stage="PL.01.7") == []


def test_a_proof_that_is_being_replaced_does_not_count(ledger: Ledger) -> None:
    due = add(ledger, "a", proof="")
    ledger.record_reading(OFFICE, "a", "m-da1", "proofs/x", "", {}, kind="proof")
    assert ledger.unproved(OFFICE, MAKERS) == [due]


@pytest.mark.parametrize("state", [State.RECEIVED, State.QUARANTINED, State.SPLIT])
def test_what_cannot_be_read_is_not_due(ledger: Ledger, state: State) -> None:
    add(ledger, "a", state, proof="")
    assert ledger.unproved(OFFICE, MAKERS) == []


def test_a_document_is_replaced_when_another_lies_under_its_key_and_it_nowhere(ledger: Ledger) -> None:
    for sha256 in "abc":
        add(ledger, sha256)
    lay(ledger, "inbox/a.pdf", "new")
    lay(ledger, "inbox/b.pdf", "new")
    lay(ledger, "inbox/elsewhere.pdf", "b")
    lay(ledger, "inbox/c.pdf", "gone", present=False)
    assert ledger.replaced_by(OFFICE, ["a", "b", "c"]) == {"a": "new"}
    assert ledger.replaced_by(OFFICE, ["b", "c"]) == {}
    assert ledger.lying(OFFICE, ["a", "b", "c"]) == {"b"}


def test_a_sheet_is_replaced_by_the_same_pages_of_the_new_file(ledger: Ledger) -> None:
    def sheet(sha256: str, first: int) -> None:
        made = replace(add(ledger, f"{sha256}-made"), sha256=sha256, key=f"inbox/k.pdf#hal-{first}-{first}")
        ledger.add_document(made)

    def file(sha256: str, *parts: str) -> None:
        about = Reason("several_sheets", {"count": len(parts), "parts": list(parts)})
        ledger.add_document(Document(OFFICE, sha256, "inbox/k.pdf", 9, "application/pdf", State.SPLIT, about))
        lay(ledger, "inbox/k.pdf", sha256)

    sheet("old-1", 1)
    sheet("same-2", 2)
    file("old", "old-1", "same-2")
    assert ledger.replaced_by(OFFICE, ["old-1", "same-2"]) == {}
    sheet("new-1", 1)
    file("new", "new-1", "same-2")
    assert ledger.replaced_by(OFFICE, ["old-1", "same-2"]) == {"old-1": "new-1"}
    assert ledger.lying(OFFICE, ["old-1", "new-1", "same-2"]) == {"new-1", "same-2"}


def test_who_has_delivered_what(ledger: Ledger) -> None:
    add(ledger, "a", State.HELD)
    add(ledger, "b", State.ACCEPTED, office=OTHER)
    add(ledger, "c", State.FILED, stage="PL.01.7")
    add(ledger, "d", State.RECEIVED, stage="PL.01.9")
    assert ledger.delivered("PL.01.8") == {OFFICE}
    assert ledger.stages(OFFICE) == {"PL.01.7", "PL.01.8"}


def test_what_is_arranged_is_delivered_once_it_is_filed_or_cannot_be(ledger: Ledger) -> None:
    add(ledger, "a", State.ARRANGED)
    add(ledger, "b", State.READ, office=OTHER)
    assert ledger.delivered("PL.01.8") == set()
    assert ledger.underway("PL.01.8") == {OFFICE, OTHER}
    rivals = Finding(OFFICE, "a", "documents_disagree", Severity.CRITICAL, "", {})
    ledger.replace_findings(OFFICE, "a", "rivals", [rivals])
    assert ledger.delivered("PL.01.8") == {OFFICE}
    assert ledger.underway("PL.01.8") == {OTHER}


def test_datasets_are_known_by_name_alone(ledger: Ledger) -> None:
    for office in (OTHER, OFFICE):
        ledger.record_deliverable(Deliverable(office, "PL.01.8", "DA1-PPWP", "f", f"da1-{office}", "d", (), {"n": 1}))
    both = [Filed(office, "PL.01.8", "DA1-PPWP", f"da1-{office}", "d") for office in (OFFICE, OTHER)]
    assert ledger.filed() == both
    assert ledger.filed(office=OTHER) == both[1:]
    assert ledger.filed(stage="PL.01.7") == []


def test_documents_of_one_state_are_moved_together_and_others_stay(ledger: Ledger) -> None:
    add(ledger, "a", State.ARRANGED)
    add(ledger, "b", State.HELD)
    add(ledger, "c", State.ARRANGED)
    assert ledger.move_all(OFFICE, ["a", "b"], State.FILED, State.ARRANGED) == 1
    assert {d.sha256: d.state for d in ledger.documents()} == {
        "a": State.FILED, "b": State.HELD, "c": State.ARRANGED,
    }  # fmt: skip
    assert ledger.move_all(OFFICE, ["a", "b"], State.FILED, State.ARRANGED) == 0
