"""What becomes of files that come twice, differ, go away, or fail in a way nobody foresaw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from helpers.nights import house, newest, night, of_offices, office_night
from rangkiang import catalogue, steps
from rangkiang.errors import BatchFailed, UnknownOffice, UnknownStage
from rangkiang.guard import Guard
from rangkiang.model import State
from rangkiang.steps import Barn
from rangkiang.store import Store
from samples import papers
from samples.region import province

CODE = "13.74"
DB1 = "inbox/13.74_kota_padang_panjang/PL.01.8/DB1-PPWP/DB1-PPWP KOTA PADANG PANJANG.pdf"


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str, inbox: dict[str, bytes]) -> Iterator[Barn]:
    with house(tmp_path, ledger_url, of_offices(inbox, [CODE])) as opened:
        yield opened


def dataset(barn: Barn) -> tuple[str, ...]:
    """The originals that speak in the office's DB1 dataset."""
    found = barn.ledger.deliverable(CODE, "PL.01.8", "DB1-PPWP")
    return tuple(d["sha256"] for d in found.metadata["documents"]) if found else ()


def other_db1(barn: Barn) -> bytes:
    """The same sheet with another byte in it, which no reader sees."""
    return barn.store.get(DB1).replace(b"%%EOF", b"% \n%%EOF")


def swapped_db1() -> bytes:
    """A DB1 of the same place that adds up, with the figures of its two kecamatan changed about."""
    tally = next(t for t in province() if t.office.code == CODE)
    first, second = tally.districts
    return papers.db1(tally, [(first.district.name, second.figures), (second.district.name, first.figures)])


def test_another_file_of_the_same_sheet_is_settled_and_counted_once(barn: Barn) -> None:
    barn.store.put(f"{DB1}-2.pdf", other_db1(barn))
    office_night(barn, CODE)
    assert len(dataset(barn)) == 1
    assert {d.state for d in barn.ledger.documents(office=CODE, doctype="DB1-PPWP")} == {State.FILED}
    assert len(barn.ledger.documents(office=CODE, doctype="DB1-PPWP")) == 2


def test_files_that_disagree_speak_for_nobody_until_one_is_taken_away(barn: Barn) -> None:
    night(barn, [CODE])
    assert len(dataset(barn)) == 1
    barn.store.put(f"{DB1}-2.pdf", swapped_db1())
    night(barn, [CODE])
    assert dataset(barn) == ()
    assert not newest(barn, "db1-*")
    assert not list(barn.store.list("filed/KPU Kota Padang Panjang/PL.01.8/"))
    rivals = [f for f in barn.ledger.findings(CODE) if f.code == "documents_disagree"]
    assert [f.params["count"] for f in rivals] == [2, 2]
    assert {d.state for d in barn.ledger.documents(office=CODE, doctype="DB1-PPWP")} == {State.ARRANGED}
    barn.store.delete(DB1)
    night(barn, [CODE])
    (speaks,) = dataset(barn)
    assert barn.store.get(f"originals/{speaks[:2]}/{speaks}") == swapped_db1()
    assert not [f for f in barn.ledger.findings(CODE) if f.code == "documents_disagree"]


def test_what_was_replaced_does_not_wait_where_its_successor_is_contradicted(barn: Barn) -> None:
    night(barn, [CODE])
    barn.store.put(f"{DB1}-2.pdf", swapped_db1())
    night(barn, [CODE])
    barn.store.put(DB1, other_db1(barn))
    night(barn, [CODE])
    states = {d.key: d.state for d in barn.ledger.documents(office=CODE, doctype="DB1-PPWP") if d.key != DB1}
    assert states == {f"{DB1}-2.pdf": State.ARRANGED}
    own = sorted(d.state for d in barn.ledger.documents(office=CODE, doctype="DB1-PPWP") if d.key == DB1)
    assert own == [State.ARRANGED, State.FILED]
    assert barn.ledger.unmoved([State.ARRANGED], timedelta(0)) == []


def test_a_dataset_whose_only_document_is_held_back_later_is_withdrawn(barn: Barn) -> None:
    night(barn, [CODE])
    (db1,) = dataset(barn)
    barn.ledger.move(CODE, db1, State.HELD)
    steps.file(barn, CODE)
    night(barn, [CODE])
    assert dataset(barn) == ()
    assert not newest(barn, "db1-*")


def test_a_ledger_that_is_away_blames_no_document(barn: Barn, monkeypatch: pytest.MonkeyPatch) -> None:
    (batch,) = steps.collect(barn, CODE)

    def away(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    monkeypatch.setattr(Guard, "reading", away)
    with pytest.raises(OperationalError):
        steps.read(barn, CODE, batch)
    assert {d.state for d in barn.ledger.documents(office=CODE)} == {State.ACCEPTED}


def test_a_file_that_left_the_inbox_stays_in_the_data(barn: Barn) -> None:
    office_night(barn, CODE)
    before = dataset(barn)
    barn.store.delete(DB1)
    office_night(barn, CODE)
    assert dataset(barn) == before != ()


def test_the_same_bytes_under_another_name_are_one_document(barn: Barn) -> None:
    office_night(barn, CODE)
    barn.store.put("inbox/13.74_kota_padang_panjang/zz/copy.pdf", barn.store.get(DB1))
    office_night(barn, CODE)
    assert len(barn.ledger.documents(office=CODE, doctype="DB1-PPWP")) == 1
    (finding,) = (f for f in barn.ledger.findings(CODE) if f.code == "duplicate_file")
    assert finding.params["first"] == DB1


def test_a_file_that_is_taken_away_while_others_are_fetched_costs_them_nothing(
    barn: Barn, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = type(barn.store).get

    def get(store: Store, key: str) -> bytes:
        if key == DB1:
            store.delete(key)
        return real(store, key)

    monkeypatch.setattr(type(barn.store), "get", get)
    office_night(barn, CODE)
    assert DB1 not in barn.ledger.arrivals(CODE)
    assert barn.ledger.documents(office=CODE, states=[State.FILED])
    assert not steps.collect(barn, CODE)


def test_two_documents_of_one_name_have_a_data_docs_page_each(barn: Barn) -> None:
    barn.store.put(DB1.replace("/DB1-PPWP/", "/kiriman kedua/"), swapped_db1())
    office_night(barn, CODE)
    folder = barn.settings.home / "data-docs" / catalogue.office(CODE).slug
    twins = barn.ledger.documents(office=CODE, doctype="DB1-PPWP")
    assert len(twins) == 2
    names = {f"DB1-PPWP/{twin.name} ({twin.sha256[:12]})" for twin in twins}
    links = re.findall('href="([^"]+)">(DB1-PPWP/[^<]+)<', (folder / "index.html").read_text("utf-8"))
    assert {name for _, name in links} == names
    assert all(name in (folder / href).read_text("utf-8") for href, name in links)
    assert len({href for href, _ in links}) == 2


def test_one_documents_unforeseen_failure_costs_the_others_nothing(barn: Barn, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Guard.reading

    def reading(guard: Guard, data: bytes, media_type: str, *rest: object) -> object:
        if media_type == "text/csv":
            raise RuntimeError("a fault of ours")
        return real(guard, data, media_type, *rest)  # type: ignore[arg-type]

    (batch,) = steps.collect(barn, CODE)
    monkeypatch.setattr(Guard, "reading", reading)
    with pytest.raises(BatchFailed, match="a fault of ours"):
        steps.read(barn, CODE, batch)
    steps.arrange(barn, CODE, batch)
    assert {d.said.doctype: d.state for d in barn.ledger.documents(office=CODE)} == {
        "DB1-PPWP": State.ARRANGED,
        "TPS-PPWP": State.ACCEPTED,
    }
    monkeypatch.undo()
    night(barn, [CODE], ["PL.01.7"])
    assert {d.state for d in barn.ledger.documents(office=CODE)} == {State.FILED}


def test_a_stage_waits_for_the_offices_until_its_deadline(barn: Barn) -> None:
    office_night(barn, CODE)
    assert steps.gather(barn, "PL.01.8", deadline=False) == []
    assert steps.gather(barn, "PL.01.8", deadline=True) == [CODE]
    assert not steps.settled(barn, CODE)
    night(barn, [CODE])
    assert steps.gather(barn, "PL.01.8", deadline=True) == []
    assert steps.settled(barn, CODE)


def test_a_stage_that_could_go_ahead_waits_for_an_office_that_is_at_work(barn: Barn) -> None:
    patient = replace(barn, settings=barn.settings.model_copy(update={"stragglers": 99}))
    for batch in steps.collect(patient, CODE):
        steps.read(patient, CODE, batch)
        steps.arrange(patient, CODE, batch)
    assert steps.gather(patient, "PL.01.8", deadline=False) == []
    assert "PL.01.8" not in barn.ledger.nights(), "what is not to be done yet has not begun"
    steps.file(patient, CODE)
    assert steps.gather(patient, "PL.01.8", deadline=False) == [CODE]


def test_force_reads_again_and_changes_nothing(barn: Barn) -> None:
    night(barn, [CODE])
    assert steps.collect(barn, CODE) == []
    before = barn.ledger.snapshot()
    (batch,) = steps.collect(barn, CODE, force=True)
    assert len(batch) == 2
    steps.read(barn, CODE, batch)
    steps.arrange(barn, CODE, batch)
    steps.file(barn, CODE)
    assert barn.ledger.snapshot() == before


def test_a_run_can_be_narrowed(barn: Barn) -> None:
    (batch,) = steps.collect(barn, CODE, doctype="DB1-PPWP")
    assert len(batch) == 1
    assert steps.collect(barn, CODE, stage="PL.02.1") == []


def test_an_unknown_office_or_stage_says_where_to_look(barn: Barn) -> None:
    with pytest.raises(UnknownOffice, match="rangkiang catalogue offices"):
        steps.collect(barn, "13.99")
    with pytest.raises(UnknownStage, match="rangkiang catalogue stages"):
        steps.gather(barn, "XX.1")


def test_every_office_is_told_what_it_has_not_handed_in(barn: Barn) -> None:
    from rangkiang.steps.status import status

    office_night(barn, CODE)
    line = next(s for s in status(barn) if s.office.code == CODE)
    assert {e.doctype: (e.received, e.expected) for e in line.expected} == {
        "DB1-PPWP": (1, 1),
        "TPS-PPWP": (1, 1),
        "DA1-PPWP": (0, len(catalogue.districts(CODE))),
    }
