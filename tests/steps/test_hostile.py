"""An inbox full of hostile files, good ones in between: every good one is filed, every bad one has its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers.nights import night_apart, office_night
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import Document, State
from rangkiang.settings import Limits, Settings
from rangkiang.steps import Barn
from rangkiang.store.keys import checked, key_of_name
from samples import hostile
from samples.hostile import FILED, OFFICE, Bad

LIMITS = Limits(seconds=4, memory_mb=512, megabytes=60)
INBOX = f"inbox/{catalogue.office(OFFICE).slug}"
FILES, NAMES = hostile.bad_files(), hostile.bad_names()
ENORMOUS = "rekaman rapat.mp4"
GOOD = {"lembar.pdf": hostile.sheet, "tabel.csv": hostile.table}
UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f\u202a-\u202e\ud800-\udfff]")


@dataclass(frozen=True)
class Night:
    """What one night has made of the inbox."""

    barn: Barn
    documents: dict[str, Document]  # by the file's key below the inbox
    peak: int  # bytes that the process which ran it held at most

    def of(self, name: str) -> Document:
        return self.documents[key_of_name(name)]


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Night]:
    home = tmp_path_factory.mktemp("hostile")
    settings = Settings(home=home, ledger=database_url(postgres, "hostile"), limits=LIMITS)
    inbox = home / "store" / INBOX
    inbox.mkdir(parents=True)
    for bad in (*FILES, *NAMES):
        (inbox / bad.name).write_bytes(bad.make())
    for name, make in GOOD.items():
        (inbox / name).write_bytes(make())
    with (inbox / ENORMOUS).open("wb") as sparse:
        sparse.truncate(3 * 2**30)
    peak = night_apart(settings, [OFFICE])
    with steps.open_barn(settings) as barn:
        documents = {d.key.removeprefix(f"{INBOX}/"): d for d in barn.ledger.documents(office=OFFICE)}
        yield Night(barn, documents, peak)


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.name)
def test_every_bad_file_comes_to_its_own_end(after: Night, bad: Bad) -> None:
    document = after.of(bad.name)
    end = document.reason.code if document.reason else document.state.value
    assert end == bad.end, document.reason
    assert document.state is (State.FILED if bad.end == FILED else State.QUARANTINED)


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 60
    assert len({bad.name for bad in (*FILES, *NAMES)}) == len(FILES) + len(NAMES)


def test_good_files_among_them_are_filed(after: Night) -> None:
    assert {after.of(name).state for name in GOOD} == {State.FILED}
    assert {release.verified for release in after.barn.ledger.releases()} == {True}


def test_the_office_is_told_why_and_what_to_do(after: Night) -> None:
    for document in after.documents.values():
        key = f"quarantine/{catalogue.office(OFFICE).slug}/{document.sha256}"
        if document.state is not State.QUARANTINED:
            assert after.barn.store.stat(f"{key}.txt") is None
            continue
        assert document.reason
        said = after.barn.store.get(f"{key}.txt").decode()
        assert said.startswith(f"{document.name}\n\n{catalogue.explain(document.reason)}")
        assert json.loads(after.barn.store.get(f"{key}.json"))["code"] == document.reason.code


def test_a_file_too_large_to_fetch_stays_where_it_is(after: Night) -> None:
    document = after.of(ENORMOUS)
    assert (document.state, document.size) == (State.QUARANTINED, 3 * 2**30)
    assert document.reason
    assert (document.reason.code, dict(document.reason.params)) == (
        "too_large",
        {"actual": "3072 MB", "limit": "60 MB"},
    )
    assert after.barn.store.stat(document.key) is not None
    assert after.barn.store.stat(f"originals/{document.sha256[:2]}/{document.sha256}") is None
    (finding,) = (f for f in after.barn.ledger.findings(OFFICE) if f.code == "not_fetched")
    assert (finding.sha256, finding.params["key"]) == (document.sha256, document.key)
    note = after.barn.store.get(f"quarantine/{catalogue.office(OFFICE).slug}/{document.sha256}.txt").decode()
    assert document.key in note


@pytest.mark.parametrize("bad", NAMES, ids=lambda bad: ascii(bad.name)[:40])
def test_a_bad_name_does_not_keep_a_good_sheet_out(after: Night, bad: Bad) -> None:
    assert after.of(bad.name).state is State.FILED


def test_names_come_out_harmless_wherever_they_are_shown(after: Night) -> None:
    barn = after.barn
    for entry in barn.store.list():
        assert checked(entry.key) == entry.key
        if entry.key.startswith(("filed/", "quarantine/", "checks/", "readings/", "proofs/", "originals/")):
            assert not UNSEEN.search(entry.key)
    written = [p for p in barn.settings.home.rglob("*") if p.suffix in {".html", ".md", ".csv", ".json", ".txt"}]
    ours = [p for p in written if "inbox" not in p.parts and "asli" not in p.parts and "originals" not in p.parts]
    assert len(ours) > 50
    for path in ours:
        text = path.read_text("utf-8")
        assert not UNSEEN.search(text.replace("\r\n", "\n")), path
        if path.suffix == ".html":
            assert "<img src=x" not in text
        if path.suffix == ".csv":
            assert not re.search(r'(?m)(?:^|,|;)"?[=@]', text), path


def test_the_next_night_has_nothing_to_do(after: Night) -> None:
    before = after.barn.ledger.snapshot()
    assert steps.collect(after.barn, OFFICE) == []
    office_night(after.barn, OFFICE)
    assert after.barn.ledger.snapshot() == before
    assert steps.settled(after.barn, OFFICE)


def test_loose_hostile_files_are_named_and_the_others_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``rangkiang read`` over a folder of them: the same ends, side by side."""
    from rangkiang.steps.single import read_files

    monkeypatch.setenv("RANGKIANG_LIMITS", LIMITS.model_dump_json())
    chosen = [bad for bad in FILES if bad.name.startswith(("bom", "terpotong", "skrip", "isi", "gabungan"))]
    for bad in (*chosen, *NAMES):
        (tmp_path / bad.name).write_bytes(bad.make())
    files = sorted(p for p in tmp_path.iterdir() if p.is_file())
    refused = read_files(files, tmp_path / "cells", Settings(workers=2))
    ends = {Path(name).name: reason.code for name, reason in refused}
    assert ends == {bad.name: bad.end for bad in chosen if bad.end != FILED}
    assert (tmp_path / "cells" / "cells.parquet").stat().st_size > 0


def test_the_task_itself_stays_small(after: Night) -> None:
    """The bombs went off elsewhere: the process of the night never held what they expand to."""
    assert after.documents
    assert after.peak < 2**30
