"""What is kept in the journal is what was said, to the microsecond; nothing takes the place of another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from rangkiang.errors import JournalContradicts
from rangkiang.journal import Journal, Page, dump, key, load
from rangkiang.ledger import Arrival, Deed, Mailed, Outcome, Publication, Said
from rangkiang.model import (
    Approval,
    CellRef,
    Classification,
    Decision,
    Document,
    Opinion,
    Reason,
    Ruling,
    State,
    Verdict,
    View,
)
from rangkiang.store import Store, open_store

AT = datetime(2019, 5, 7, 1, 2, 3, 456789, UTC)
CELL = CellRef("a" * 64, "II.1.JML", "unit", "PADANG PANJANG TIMUR", 12, 1)
SAID: tuple[Said, ...] = (
    Decision("13.74", "a" * 64, "identity_broken", "x", Verdict.CORRECT, "siti", AT, "“jelas”", (CELL,), CELL, None),
    Opinion("0" * 16, View.CONFIRM, "budi", AT, "benar"),
    Approval("b" * 64, "PL.01.8", Ruling.APPROVE, "ketua", AT, "ya"),
    Publication("PL.01.8", 7, "b" * 64, {"db1": "c" * 64}),
    Mailed("d" * 16, "13.74", "a" * 64, "berkas@kota.example", "<1@x>"),
    Deed("siti", "clerk", "decide", "13.74", "0" * 16, Outcome.STALE),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path.as_uri())


@pytest.mark.parametrize("said", SAID, ids=lambda said: type(said).__name__)
def test_what_was_said_comes_back(said: Said, store: Store) -> None:
    at = AT.astimezone(timezone(timedelta(hours=7)))
    name = key(said, at)
    assert load(name, dump(said, at)) == (said, AT)
    journal = Journal(store)
    journal.said(said, at)
    journal.said(said, at)
    assert list(journal.facts()) == [name]
    assert journal.fact(name) == (said, AT)


def test_a_release_never_takes_the_number_of_another(store: Store) -> None:
    journal = Journal(store)
    journal.said(Publication("PL.01.8", 7, "b" * 64, {"db1": "c" * 64}, day="2019-05-07"), AT)
    journal.said(Publication("PL.01.8", 7, "b" * 64, {"db1": "c" * 64}), AT)
    with pytest.raises(JournalContradicts):
        journal.said(Publication("PL.01.8", 7, "e" * 64, {"db1": "f" * 64}), AT)


def test_pages_follow_one_another_whoever_writes_them(store: Store) -> None:
    arrival = Arrival("inbox/x/a.pdf", "etag", 3, "a" * 64)
    said = Classification("DB1-PPWP", "DB1-PPWP", "PL.01.8", "PPWP-2019", "13.74", "PADANG PANJANG")
    refused = Document("13.74", "b" * 64, "k", 3, "", State.QUARANTINED, Reason("broken_file", {"n": 1}))
    accepted = Document("13.74", "a" * 64, "k", 3, "application/pdf", State.ACCEPTED, None, said)
    pages = [
        Page(AT, (arrival,)),
        Page(AT - timedelta(days=1), documents=((refused, AT), (accepted, AT))),
        Page(AT, filed=(("a" * 64, "maker", AT),)),
    ]
    for page in pages:
        Journal(store).write("13.74", page)
    Journal(store).write("13.06", pages[0])
    assert list(Journal(store).pages("13.74")) == pages
    assert Journal(store).begun
    assert not list(Journal(store).facts())
