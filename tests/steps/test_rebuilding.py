"""A ledger that was lost comes back from the store alone: the same, to the day, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from helpers.letterbox import Letterbox, letterbox
from helpers.misprint import CODE, KEY, RIGHT, ROW, db1
from helpers.mortal import Killed, Mortal
from helpers.nights import night, office_night
from rangkiang import steps
from rangkiang.errors import JournalBehind, LedgerLost, LedgerNotEmpty
from rangkiang.journal import key
from rangkiang.ledger import Deed, Ledger, Outcome, open_ledger
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import Verdict
from rangkiang.settings import Offices, Settings
from rangkiang.steps import Barn, deciding, rebuilding
from rangkiang.steps.digest import digests
from samples import papers
from samples.region import province

STAGE, WHY = "PL.01.8", "sudah dicocokkan dengan berkas asli"
FOLDER = KEY.rpartition("/")[0]
BOOK, COPY, JUNK = f"{FOLDER}/buku.xlsx", f"{FOLDER}/salinan.pdf", f"{FOLDER}/rusak.pdf"
WRITES = ("put", "put_if_absent", "put_if_match", "delete")


@pytest.fixture(scope="module")
def post() -> Iterator[Letterbox]:
    with letterbox() as box:
        yield box


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, postgres: Server, post: Letterbox) -> Iterator[Barn]:
    """A house in which much has happened."""
    first = next(t for t in province() if t.office.code == CODE).districts[0]
    settings = Settings(
        home=tmp_path_factory.mktemp("lived"),
        ledger=database_url(postgres, "lived"),
        smtp=post.settings(),
        offices=Offices(addresses={CODE: ("berkas@kota.example",)}),
    )
    with steps.open_barn(settings) as barn:
        for at, data in {KEY: db1(10), BOOK: papers.da1_xlsx(first), JUNK: b"%PDF-1.4 rusak"}.items():
            barn.store.put(at, data)
        night(barn, [CODE], [STAGE])
        broken = next(f for f, _ in deciding.findings(barn, CODE) if f.code == "identity_broken")
        made = deciding.decide(barn, Verdict.CORRECT, broken.id, "siti", WHY, lambda c: c.row == ROW, RIGHT)
        deciding.confirm(barn, made.id, "budi", "benar")
        barn.ledger.record_deed(Deed("siti", "clerk", "decide", CODE, made.id, Outcome.DONE))
        barn.store.put(COPY, db1(10))
        night(barn, [CODE], [STAGE])
        barn.store.delete(BOOK)
        barn.store.put(KEY, db1(20))
        office_night(barn, CODE)
        steps.reconcile(barn, STAGE)
        proposal = steps.propose(barn, STAGE)
        steps.send_back(barn, proposal.digest, "ketua", "tunggu berkas asli")
        yield barn


@contextmanager
def after_a_loss(lived: Barn, ledger_url: str) -> Iterator[Barn]:
    """The house with an empty ledger."""
    settings = lived.settings.model_copy(update={"ledger": ledger_url})
    with steps.open_barn(settings, lost=True) as barn:
        yield barn


def all_of(ledger: Ledger) -> dict[str, Any]:
    return {
        **ledger.snapshot(),
        "said": sorted((key(said, at), at) for said, at in ledger.told()),
        "trail": [deed for _, deed in ledger.deeds({})[0]],
        "days": [(made.stage, made.number, made.day) for made in ledger.history()],
        "versions": ledger.releases(),
        "since": ledger.received(CODE),
        "filed": set(ledger.filed_with(CODE)),
    }


def alike(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    for part, what in wanted.items():
        assert found[part] == what, part


def test_the_same_ledger_comes_back_and_the_next_night_does_nothing(
    lived: Barn, ledger_url: str, post: Letterbox
) -> None:
    wanted, store, mails = all_of(lived.ledger), digests(lived), len(post.mails)
    assert len(lived.ledger.history()) == 2
    assert mails == 2  # a broken file; then two files that disagree
    with pytest.raises(LedgerLost), steps.open_barn(lived.settings.model_copy(update={"ledger": ledger_url})):
        pass
    with after_a_loss(lived, ledger_url) as barn:
        assert [one.code for one in steps.examine(barn)] == ["ledger_lost"]
        made = steps.rebuild(barn)
        assert not made.failed
        alike(all_of(barn.ledger), wanted)
        assert digests(barn) == store
        writes = count()
        again = replace(barn, store=Mortal(barn.store, WRITES, writes))  # type: ignore[arg-type]
        night(again, [CODE], [])
        assert steps.gather(again, STAGE) == []
        assert next(writes) == 0
        assert len(post.mails) == mails
        assert steps.examine(barn, deep=True) == []


def test_killed_anywhere_while_it_is_made_and_begun_again(
    lived: Barn, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, store = all_of(lived.ledger), digests(lived)
    with after_a_loss(lived, ledger_url) as barn:
        for place in ("arrange", "reconcile", "verify"):

            def die(*_: object) -> None:
                raise Killed

            with monkeypatch.context() as patch:
                patch.setattr(rebuilding, place, die)
                with pytest.raises(Killed):
                    steps.rebuild(barn)
            with pytest.raises(LedgerLost), steps.open_barn(barn.settings):
                pass
        steps.rebuild(barn)
        alike(all_of(barn.ledger), wanted)
        assert digests(barn) == store
        with pytest.raises(LedgerNotEmpty):
            steps.rebuild(barn)


def test_a_house_from_before_the_journal_writes_it_and_then_a_damaged_ledger_is_replaced(
    lived: Barn, ledger_url: str
) -> None:
    wanted = all_of(lived.ledger)
    for entry in list(lived.store.list("journal/")):
        lived.store.delete(entry.key)
    assert {one.code for one in steps.examine(lived)} == {"journal_behind"}
    with pytest.raises(JournalBehind):
        steps.rebuild(lived, replace=True)
    written, completed = steps.align(lived)
    assert written > 5
    assert completed == 0
    assert steps.examine(lived) == []
    steps.rebuild(lived, replace=True)
    alike(all_of(lived.ledger), wanted)


def test_what_was_kept_and_not_recorded_is_completed(lived: Barn, ledger_url: str) -> None:
    """Killed between the journal and the ledger, as far as the ledger can tell."""
    with after_a_loss(lived, ledger_url) as barn:
        steps.rebuild(barn)
        unaware = open_ledger(lived.settings.ledger)
        decision = lived.ledger.decisions()[0]
        barn.journal.said(replace(decision, why="lain lagi"), decision.at)
        assert [one.code for one in steps.examine(barn)] == ["journal_ahead"]
        assert steps.align(barn) == (0, 1)
        assert {d.why for d in barn.ledger.decisions()} == {WHY, "lain lagi"}
        assert steps.examine(barn) == []
        unaware.dispose()
