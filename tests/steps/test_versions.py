"""Versions of a dataset: counted, dated, explained, and to be had for ever, whatever becomes of the site."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers.misprint import CODE, KEY, NAME, RIGHT, ROW, db1
from helpers.nights import house, newest, night, office_night, release
from rangkiang import steps
from rangkiang.cli import cli
from rangkiang.model import Verdict
from rangkiang.steps import Barn, deciding
from rangkiang.steps.digest import digests
from rangkiang.steps.releasing import published

STAGE, WHY = "PL.01.8", "sudah dicocokkan dengan berkas asli"


@pytest.fixture(scope="module")
def sheets() -> dict[int, bytes]:
    """The misprinted sheet, and others whose misprint is another, by how much."""
    return {votes: db1(votes) for votes in (10, 20)}


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str, sheets: dict[int, bytes]) -> Iterator[Barn]:
    """The misprinted sheet is before the public."""
    with house(tmp_path, ledger_url, {KEY: sheets[10]}) as opened:
        night(opened, [CODE], [STAGE])
        yield opened


def correct(barn: Barn) -> str:
    broken = next(f for f, _ in deciding.findings(barn, CODE) if f.code == "identity_broken")
    made = deciding.decide(barn, Verdict.CORRECT, broken.id, "siti", WHY, lambda c: c.row == ROW, RIGHT)
    deciding.confirm(barn, made.id, "budi", "benar")
    night(barn, [CODE], [STAGE])
    return made.id


def home(barn: Barn) -> Path:
    (said,) = (barn.settings.home / "portal" / "dataset").glob("db1-*")
    return said


def log(barn: Barn) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((home(barn) / "perubahan.csv").read_text("utf-8"))))


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_one_cell_corrected_is_one_version_and_one_line_that_says_why_and_by_whom(barn: Barn) -> None:
    old = tree(home(barn) / "v1")
    (first,) = log(barn)
    assert (first["version"], first["kind"], first["why"]) == ("1", "first", "pertama kali diterbitkan")
    decision = correct(barn)
    figures = [line for line in log(barn) if line["kind"] == "figure"]
    assert [(f["version"], f["place"], f["row"], f["was"], f["now"]) for f in figures] == [
        ("2", NAME, ROW, str(RIGHT + 10), str(RIGHT))
    ]
    assert (figures[0]["was_status"], figures[0]["now_status"]) == ("flagged", "proved")
    assert (figures[0]["decision"], figures[0]["why"]) == (decision, f"bacaan dibetulkan: {WHY}")
    assert figures[0]["decided_by"] == "siti; dibenarkan oleh budi"
    assert {line["kind"] for line in log(barn)} == {"first", "figure", "status"}, "what the sum had cast doubt on"
    now = datetime.now(UTC) + timedelta(hours=7)
    assert {line["day"] for line in log(barn)} <= {f"{now:%Y-%m-%d}", f"{now - timedelta(days=1):%Y-%m-%d}"}
    assert tree(home(barn) / "v1") == old
    assert sorted(path.name for path in home(barn).glob("v*/")) == ["v1", "v2"]


def test_published_again_nothing_is_written_and_no_version_begins(barn: Barn) -> None:
    correct(barn)
    before = digests(barn)
    done = steps.publish(barn, STAGE)
    assert (done.datasets.written, done.files.written, done.files.removed) == (0, 0, 0)
    steps.verify(barn, STAGE)
    assert digests(barn) == before


def test_a_site_made_anew_from_store_and_ledger_is_the_same_to_the_byte(barn: Barn, sheets: dict[int, bytes]) -> None:
    decision = correct(barn)
    deciding.withdraw(barn, decision, "siti", "salah lihat")
    night(barn, [CODE], [STAGE])
    barn.store.put(KEY, sheets[20])
    night(barn, [CODE], [STAGE])
    site = barn.settings.home / "portal"
    before = tree(site)
    versions = json.loads((home(barn) / "dataset.json").read_text("utf-8"))["versions"]
    assert [one["number"] for one in versions] == [1, 2, 3, 4]
    assert versions[0]["digest"] == versions[2]["digest"], "what it was once already is a version of its own"
    assert tree(home(barn) / "v1") == tree(home(barn) / "v3")
    assert [line["kind"] for line in log(barn) if line["version"] == "4"].count("figure") == 1
    assert {line["why"] for line in log(barn) if line["version"] == "4"} == {
        f"berkas diganti: {Path(KEY).name} menggantikan {Path(KEY).name}"
    }
    barn.store.put(KEY, sheets[10])
    office_night(barn, CODE)  # what comes next waits for an approval
    shutil.rmtree(site)
    environment = {"RANGKIANG_HOME": str(barn.settings.home), "RANGKIANG_LEDGER": barn.settings.ledger}
    done = CliRunner().invoke(cli, ["restore"], env=environment)
    assert done.exit_code == 0, done.output
    assert f"{STAGE}: 1 datasets verified" in done.output
    assert tree(site) == before


def test_a_number_means_the_same_bytes_even_if_the_run_dies_as_soon_as_they_may_be_out(
    barn: Barn, sheets: dict[int, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(barn.portal), "apply", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            correct(barn)
    barn.store.put(KEY, sheets[20])  # before it was run again
    office_night(barn, CODE)
    assert steps.gather(barn, STAGE) == [CODE]
    steps.reconcile(barn, STAGE)
    release(barn, STAGE)
    tables = [pd.read_csv(next((home(barn) / f"v{n}").glob("db1-*.csv"))) for n in (1, 2, 3)]
    figures = [int(t.loc[(t["row"] == ROW) & (t["unit_name"] == NAME), "value"].iloc[0]) for t in tables]
    assert figures == [RIGHT + 10, RIGHT, RIGHT + 20]


def test_what_is_owed_to_the_portal_after_a_kill_is_brought_without_a_second_approval(
    barn: Barn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(barn.portal), "apply", lambda *_: (_ for _ in ()).throw(ConnectionError))
        with pytest.raises(ConnectionError):
            correct(barn)
    assert steps.gather(barn, STAGE) == [CODE]
    assert not steps.propose(barn, STAGE).datasets
    steps.publish(barn, STAGE)
    assert steps.verify(barn, STAGE) == 1
    assert [path.parent.name for path in newest(barn, "db1-*", "temuan.csv")] == ["v2"]


def test_a_withdrawn_dataset_says_why_and_comes_back_with_all_its_versions(barn: Barn) -> None:
    old = tree(home(barn) / "v1")
    broken = next(f for f, _ in deciding.findings(barn, CODE) if f.code == "identity_broken")
    made = deciding.decide(barn, Verdict.RESCAN, broken.id, "siti", "halaman 2 tertutup")
    night(barn, [CODE], [STAGE])
    assert newest(barn, "db1-*") == []
    page = (home(barn) / "index.html").read_text("utf-8")
    assert "Dataset ini ditarik pada" in page
    assert "halaman 2 tertutup" in page
    assert not (home(barn) / "v1").exists()
    before = digests(barn)
    shutil.rmtree(barn.settings.home / "portal")
    steps.publish(barn, STAGE)
    steps.verify(barn, STAGE)
    assert digests(barn)["portal"] == before["portal"]
    deciding.withdraw(barn, made.id, "siti", "sudah jelas")
    night(barn, [CODE], [STAGE])
    assert tree(home(barn) / "v1") == tree(home(barn) / "v2") == old
    assert [(line["version"], line["kind"]) for line in log(barn)] == [
        ("1", "first"),
        ("1", "withdrawn"),
        ("2", "again"),
    ]


def test_the_store_keeps_each_file_once_however_often_it_was_released(barn: Barn) -> None:
    def kept() -> set[str]:
        return {entry.key for entry in barn.store.list("released/")}

    first = kept()
    decision = correct(barn)
    second = kept()
    assert first < second
    deciding.withdraw(barn, decision, "siti", "salah lihat")
    night(barn, [CODE], [STAGE])
    assert kept() == second
    entries = [entry for release in published(barn, STAGE).releases for entry in release.deliverable.files]
    assert {entry.sha256 for entry in entries if entry.path.startswith("asli/")}.isdisjoint(
        key.rpartition("/")[2] for key in second
    ), "originals are kept as they came already"


def test_a_house_that_did_not_keep_versions_yet_keeps_the_one_before_the_public_when_it_is_filed_anew(
    barn: Barn,
) -> None:
    old = tree(home(barn) / "v1")
    for entry in [*barn.store.list("versions/"), *barn.store.list("released/")]:
        barn.store.delete(entry.key)
    correct(barn)
    shutil.rmtree(barn.settings.home / "portal")
    steps.restore(barn, STAGE)
    assert steps.verify(barn, STAGE) == 1
    assert tree(home(barn) / "v1") == old
    assert [(line["version"], line["kind"]) for line in log(barn)][:2] == [("1", "first"), ("2", "figure")]
