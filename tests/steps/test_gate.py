"""What differs from another level waits for a person; what was released before stays; deciding releases it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from helpers.nights import house, newest, night, office_night, release
from rangkiang import board, catalogue, report, steps
from rangkiang.board.lines import lines
from rangkiang.catalogue.places import villages
from rangkiang.cli import cli
from rangkiang.ledger.overview import Standing
from rangkiang.model import Finding, Verdict
from rangkiang.settings import Release, Settings
from rangkiang.steps import Barn, deciding, gate
from rangkiang.steps.digest import digests
from rangkiang.steps.standings import records
from samples import papers, tables, xlsx_sheet
from samples.arithmetic import Figures, complete
from samples.real import TPS_COLUMNS
from samples.region import province
from samples.sheet import Style, sheet
from samples.tables import Dialect

CODE, WHY, STAGE = "13.74", "sudah dicocokkan dengan berkas asli", "PL.01.8"
TALLY = next(t for t in province() if t.office.code == CODE)
FIRST, SECOND = TALLY.districts
INBOX = "inbox/13.74_kota_padang_panjang"
DB1, DA1 = papers.db1_key(TALLY.office), f"{INBOX}/{papers.da1_path(FIRST, '.xlsx')}"


def moved(votes: int) -> bytes:
    """A DB1 on which so many votes of the first kecamatan went from 02 to 01, and back in the second: it adds up."""
    columns = ((FIRST, votes), (SECOND, -votes))
    return papers.db1(TALLY, [(d.district.name, _moved(d.figures, n)) for d, n in columns])


def _moved(figures: Figures, votes: int) -> Figures:
    changed = {"IV.01": (figures["IV.01"] or 0) + votes, "IV.02": (figures["IV.02"] or 0) - votes}
    return {**figures, **changed}


@pytest.fixture(scope="module")
def agreeing() -> bytes:
    return papers.db1(TALLY)


@pytest.fixture(scope="module")
def differing() -> bytes:
    return moved(5)


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str) -> Iterator[Barn]:
    with house(tmp_path, ledger_url, {DA1: papers.da1_xlsx(FIRST)}) as opened:
        yield opened


def with_db1(barn: Barn, data: bytes) -> Barn:
    barn.store.put(DB1, data)
    night(barn, [CODE])
    return barn


def datasets(barn: Barn) -> Path:
    return barn.settings.home / "portal" / "dataset"


def live(barn: Barn, kind: str) -> dict[str, bytes]:
    """Everything of the office's dataset of that kind that the public sees; {} where it sees none."""
    return {
        str(path.relative_to(datasets(barn))): path.read_bytes()
        for path in datasets(barn).glob(f"{kind}-ppwp-{CODE}-*/**/*")
        if path.is_file()
    }


def reconciliation(barn: Barn) -> pd.DataFrame:
    (path,) = newest(barn, "rekonsiliasi-*", "rekonsiliasi-*.csv")
    return pd.read_csv(path, keep_default_na=False)


def states(barn: Barn) -> list[str]:
    """Of the rows that differ, as published."""
    table = reconciliation(barn)
    return table[table["difference"].isin(["5", "-5", "7", "-7"])]["state"].to_list()


def differences(barn: Barn) -> list[Finding]:
    return [f for f, _ in deciding.findings(barn, CODE) if f.code == "level_differs"]


def accept_all(barn: Barn) -> None:
    for found in differences(barn):
        deciding.decide(barn, Verdict.ACCEPT, found.id, "siti", WHY)


def test_datasets_that_differ_are_filed_and_wait_and_everybody_says_so(barn: Barn, differing: bytes) -> None:
    with_db1(barn, differing)
    assert (live(barn, "db1"), live(barn, "da1")) == ({}, {})
    assert {d.doctype for d in barn.ledger.deliverables(STAGE, CODE)} == {"DB1-PPWP", "DA1-PPWP"}
    assert [(h.doctype, h.differences, h.live) for h in gate.held(barn)] == [
        ("DA1-PPWP", 2, False), ("DB1-PPWP", 2, False),
    ]  # fmt: skip
    assert states(barn) == ["printed_error", "printed_error"]
    assert steps.gather(barn, STAGE) == [], "what only waits for a decision sets nothing off"
    assert steps.settled(barn, CODE)
    said = "DB1-PPWP KPU Kota Padang Panjang: 2 selisih antartingkat belum diputuskan; belum terbit"
    root = barn.settings.home / "portal"
    slug = catalogue.office(CODE).slug
    (own,) = datasets(barn).glob("rekonsiliasi-*/index.html")
    for page in (root / "index.html", root / "kantor" / slug / "index.html", own):
        assert said in page.read_text("utf-8"), page
    assert "berbeda seperti tercetak" in own.read_text("utf-8")
    assert any("2 differences between levels are not decided" in line for line in report.held_lines(barn))


def test_the_board_shows_what_waits_for_a_decision(barn: Barn, differing: bytes) -> None:
    with_db1(barn, differing)
    (line,) = lines(barn.ledger, True, CODE)
    assert {s: line.count(s) for s in (Standing.FILED, Standing.LIVE, Standing.GATED)} == {
        Standing.FILED: 2, Standing.LIVE: 0, Standing.GATED: 2,
    }  # fmt: skip
    assert barn.ledger.listed(Standing.GATED, True, {"office": CODE}, 50, 0)[1] == 2
    view = board.View(barn.ledger.listed(Standing.FILED, True, {}, 1, 0)[0][0].since)
    said = "2 berkas tersusun ditahan: selisih antartingkat belum diputuskan"
    assert said in (board.office(view, barn.ledger, True, CODE) or "")
    document = differences(barn)[0].sha256
    assert "dan menunggu keputusan" in (board.document(view, barn.ledger, True, CODE, document) or "")


def test_what_was_released_before_stays_as_it_was_until_the_levels_agree(
    barn: Barn, agreeing: bytes, differing: bytes
) -> None:
    with_db1(barn, agreeing)
    before = {kind: live(barn, kind) for kind in ("db1", "da1")}
    assert all(before.values())
    with_db1(barn, differing)
    assert {kind: live(barn, kind) for kind in before} == before
    assert all(h.live for h in gate.held(barn))
    assert states(barn) == ["printed_error", "printed_error"]
    (damaged,) = newest(barn, "db1-*", "db1-*.csv")
    damaged.write_text("x")
    (gone,) = newest(barn, "da1-*", "asli/*")
    gone.unlink()
    steps.publish(barn, STAGE)
    steps.verify(barn, STAGE)
    assert {kind: live(barn, kind) for kind in before} == before, "what is held is mended like the rest"
    with_db1(barn, moved(0))
    assert gate.held(barn) == []
    assert live(barn, "da1") == before["da1"]
    assert live(barn, "db1")


def test_accepting_releases_it_as_printed_and_running_again_changes_nothing(barn: Barn, differing: bytes) -> None:
    with_db1(barn, differing)
    accept_all(barn)
    night(barn, [CODE])
    for kind in ("db1", "da1"):
        (path,) = newest(barn, f"{kind}-*", f"{kind}-ppwp-*.csv")
        table = pd.read_csv(path)
        assert table.loc[table["status"] == "decided", "row"].to_list() == ["IV.01", "IV.02"]
        assert "finding_accepted" in (path.parent / "temuan.csv").read_text("utf-8")
    table = reconciliation(barn)
    explained = table[table["state"] == "explained"]
    assert set(zip(explained["decided_by"], explained["why"], strict=True)) == {("siti", WHY)}
    assert set(explained["decision"]) == {r.decision.id for r in records(barn, CODE)}
    assert [e["decided_by"] for e in barn.ledger.reconciliation(STAGE) if e["state"] == "explained"] == ["siti"] * 2
    once = digests(barn)
    night(barn, [CODE])
    steps.reconcile(barn, STAGE)
    steps.publish(barn, STAGE)
    steps.verify(barn, STAGE)
    assert digests(barn) == once


def test_taking_the_decision_back_shuts_the_gate_and_leaves_what_was_released(barn: Barn, differing: bytes) -> None:
    with_db1(barn, differing)
    accept_all(barn)
    night(barn, [CODE])
    before = {kind: live(barn, kind) for kind in ("db1", "da1")}
    one = records(barn, CODE)[0].decision
    deciding.withdraw(barn, one.id, "siti", "salah lihat")
    night(barn, [CODE])
    assert {kind: live(barn, kind) for kind in before} == before
    assert sorted(states(barn)) == ["explained", "printed_error"]
    assert [(h.differences, h.live) for h in gate.held(barn)] == [(1, True), (1, True)]


def test_another_document_on_either_side_makes_the_decision_lapse_and_holds_again(barn: Barn, differing: bytes) -> None:
    with_db1(barn, differing)
    accept_all(barn)
    night(barn, [CODE])
    village, *others = FIRST.villages
    lower = replace(village, figures=_moved(village.figures, -2))
    barn.store.put(DA1, papers.da1_xlsx(replace(FIRST, villages=[lower, *others])))
    night(barn, [CODE])
    assert states(barn) == ["printed_error", "printed_error"]
    assert {r.standing.value for r in records(barn, CODE)} == {"lapsed"}
    lapses = [f for f, _ in deciding.findings(barn, CODE) if f.code == "decision_lapsed"]
    assert {f.params["lapse"] for f in lapses} == {"reads"}
    assert len(gate.held(barn)) == 2


def test_the_house_may_say_that_differences_are_published_flagged(barn: Barn, differing: bytes) -> None:
    with_db1(barn, differing)
    flagging = replace(barn, settings=barn.settings.model_copy(update={"release": Release(differences="flag")}))
    night(flagging, [CODE])
    for kind in ("db1", "da1"):
        (path,) = newest(barn, f"{kind}-*", f"{kind}-ppwp-*.csv")
        table = pd.read_csv(path)
        assert table.loc[table["status"] == "flagged", "row"].to_list() == ["IV.01", "IV.02"]
    assert gate.held(flagging) == []
    assert "Ditahan" not in (barn.settings.home / "portal" / "index.html").read_text("utf-8")


def test_the_setting_comes_from_the_environment_and_knows_two_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().release.differences == "hold"
    monkeypatch.setenv("RANGKIANG_RELEASE__DIFFERENCES", "flag")
    assert Settings().release.differences == "flag"
    monkeypatch.setenv("RANGKIANG_RELEASE__DIFFERENCES", "hide")
    with pytest.raises(ValidationError):
        Settings()


def test_a_kill_while_publishing_leaves_what_was_released_whole(
    barn: Barn, agreeing: bytes, differing: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when half of an old file was damaged and nothing of the new ones out; then a file comes that differs."""
    with_db1(barn, agreeing)
    before = live(barn, "db1")
    changed = _moved(SECOND.figures, 3)
    right = papers.db1(TALLY, [(FIRST.district.name, FIRST.figures), (SECOND.district.name, changed)])
    (table,) = newest(barn, "db1-*", "db1-ppwp-*.csv")

    def half(*_: object) -> None:
        table.write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(barn.portal), "apply", half)
        with pytest.raises(KeyboardInterrupt):
            with_db1(barn, right)
    with_db1(barn, differing)
    assert [h.live for h in gate.held(barn)] == [True, True]
    assert {path: live(barn, "db1")[path] for path in before if "/v1/" in path} == {
        path: data for path, data in before.items() if "/v1/" in path
    }
    (latest,) = newest(barn, "db1-*", "db1-ppwp-*.csv")
    released = pd.read_csv(latest).query(f"row == 'IV.01' and unit_name == '{SECOND.district.name}'")["value"]
    assert (latest.parent.name, *released) == ("v2", changed["IV.01"]), "what was recorded as released is brought out"


def test_what_was_returned_does_not_keep_a_new_file_from_being_compared(barn: Barn, agreeing: bytes) -> None:
    barn.store.put(DB1, agreeing)
    office_night(barn, CODE)
    steps.reconcile(barn, STAGE)
    steps.send_back(barn, steps.propose(barn, STAGE).digest, "ketua", "tunggu pleno")
    assert steps.gather(barn, STAGE) == []
    barn.store.put(DB1, moved(7))
    office_night(barn, CODE)
    assert steps.gather(barn, STAGE) == [CODE]


def test_what_is_filed_after_the_comparison_waits_for_the_next(barn: Barn, agreeing: bytes, differing: bytes) -> None:
    with_db1(barn, agreeing)
    before = live(barn, "db1")
    barn.store.put(DB1, differing)
    steps.reconcile(barn, STAGE)
    office_night(barn, CODE)
    release(barn, STAGE)
    assert live(barn, "db1") == before
    assert steps.gather(barn, STAGE) == [CODE]


def test_polling_places_hold_a_village_and_are_held_by_it_across_stages(tmp_path: Path, ledger_url: str) -> None:
    """A table of PL.01.7 against a DAA1 of PL.01.8: one vote more on the village's sheet."""
    village = villages(FIRST.district.code)[0]
    base = {"I.A.1.L": 100, "I.A.1.P": 110, "IV.01": 60, "IV.02": 110}
    columns = [("TPS 1", complete("DAA1-PPWP", {**base, "IV.01": 61})), ("TPS 2", complete("DAA1-PPWP", base))]
    places = [village.name, FIRST.district.name, TALLY.office.name, "SUMATERA BARAT"]
    daa1 = xlsx_sheet.write(sheet("DAA1-PPWP", places, columns, "PPS", "Data contoh"), Style())
    where = [TALLY.office.name, FIRST.district.name, village.name]
    rows = [[*where, str(n), "100", "110", "60", "110", "170", "0", "170"] for n in (1, 2)]
    table = tables.to_csv([TPS_COLUMNS, *rows], Dialect())
    inbox = {f"{INBOX}/PL.01.8/DAA1-PPWP/DAA1 {village.name}.xlsx": daa1, f"{INBOX}/PL.01.7/TPS-PPWP/tps.csv": table}
    with house(tmp_path, ledger_url, inbox) as barn:
        night(barn, [CODE])
        assert {(h.stage, h.doctype) for h in gate.held(barn)} == {("PL.01.7", "TPS-PPWP"), (STAGE, "DAA1-PPWP")}
        assert {f.subject.partition(" ")[0] for f in differences(barn)} == {"IV.01", "V.A"}
        compared = reconciliation(barn)
        assert set(compared["lower_form"]) == {"TPS-PPWP"}
        accept_all(barn)
        for _ in range(2):  # the upper sheet's stage releases it, then that of the polling places
            night(barn, [CODE])
        assert gate.held(barn) == []
        assert {path.name.partition(f"-{CODE}")[0] for path in datasets(barn).iterdir()} >= {"daa1-ppwp", "tps-ppwp"}


def test_the_shell_says_what_is_held_and_how_to_decide(barn: Barn, differing: bytes) -> None:
    with_db1(barn, differing)
    environment = {"RANGKIANG_HOME": str(barn.settings.home), "RANGKIANG_LEDGER": barn.settings.ledger}
    done = CliRunner().invoke(cli, ["stage"], env=environment)
    assert done.exit_code == 0, done.output
    assert "held: DB1-PPWP of KPU Kota Padang Panjang: 2 differences between levels are not decided" in done.output
    assert "rangkiang decide accept" in done.output
