"""From a finding to a decision, and from the decision to what is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers.misprint import CODE, KEY, NAME, RIGHT, ROW, db1
from helpers.nights import house, newest, night, office_night
from rangkiang import steps
from rangkiang.cli import cli
from rangkiang.errors import (
    DecisionRefused,
    DecisionsUnreadable,
    NotEntitled,
    UnknownDecision,
    UnknownFinding,
    UnknownOffice,
)
from rangkiang.model import Decision, Finding, State, Verdict
from rangkiang.settings import Account, Decisions
from rangkiang.steps import Barn, deciding
from rangkiang.steps.digest import digests
from rangkiang.steps.standings import records

WHY = "sudah dicocokkan dengan berkas asli"


@pytest.fixture(scope="module")
def misprinted() -> bytes:
    return db1(10)


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str, misprinted: bytes) -> Iterator[Barn]:
    with house(tmp_path, ledger_url, {KEY: misprinted}) as opened:
        night(opened, [CODE])
        yield opened


def finding(barn: Barn, code: str = "identity_broken") -> Finding:
    return next(f for f, _ in deciding.findings(barn, CODE) if f.code == code)


def correct(barn: Barn, by: str = "siti", value: int | None = RIGHT) -> Decision:
    about = finding(barn).id
    return deciding.decide(barn, Verdict.CORRECT, about, by, WHY, lambda c: c.row == ROW, value)


def published(barn: Barn) -> pd.DataFrame:
    (path,) = newest(barn, "db1-*", "db1-ppwp-*.csv")
    return pd.read_csv(path)


def here(barn: Barn) -> tuple[int, str]:
    table = published(barn)
    line = table[(table["row"] == ROW) & (table["unit_name"] == NAME)].iloc[0]
    return int(line["value"]), str(line["status"])


def codes(barn: Barn) -> list[str]:
    """What the published list of findings holds."""
    (path,) = newest(barn, "db1-*", "temuan.csv")
    return sorted(pd.read_csv(path)["code"])


def standing(barn: Barn, decision: Decision) -> str:
    return next(r.standing.value for r in records(barn, CODE) if r.decision.id == decision.id)


def pending(barn: Barn) -> int:
    return sum(map(len, steps.collect(barn, CODE)))


def bytes_of(barn: Barn) -> tuple[str, dict[str, bytes]]:
    """What is filed and what the public sees as the latest."""
    files = (path for path in newest(barn, "*", "**/*") if path.is_file())
    site = barn.settings.home / "portal" / "dataset"
    named = ((path, path.relative_to(site).parts) for path in files)
    return digests(barn)["filed"], {"/".join((slug, *rest)): path.read_bytes() for path, (slug, _, *rest) in named}


def test_a_correction_proves_the_sheet_once_a_second_person_has_confirmed_it(barn: Barn) -> None:
    assert here(barn) == (RIGHT + 10, "flagged")
    before = bytes_of(barn)
    decision = correct(barn)
    assert standing(barn, decision) == "waiting"
    assert pending(barn) == 0
    deciding.confirm(barn, decision.id, "budi", WHY)
    assert (standing(barn, decision), pending(barn)) == ("in force", 1)
    night(barn, [CODE])
    assert here(barn) == (RIGHT, "proved")
    assert set(published(barn)["status"]) == {"proved"}
    assert codes(barn) == ["figure_corrected"]
    assert bytes_of(barn) != before


def test_what_was_done_is_done_once_and_undone_without_a_trace_in_the_data(barn: Barn) -> None:
    before = bytes_of(barn)
    decision = correct(barn)
    deciding.confirm(barn, decision.id, "budi", WHY)
    night(barn, [CODE])
    once, known = bytes_of(barn), barn.ledger.snapshot()
    night(barn, [CODE])
    (batch,) = steps.collect(barn, CODE, force=True)
    steps.arrange(barn, CODE, batch)
    steps.file(barn, CODE)
    assert pending(barn) == 0
    assert (bytes_of(barn), barn.ledger.snapshot()) == (once, known)
    deciding.withdraw(barn, decision.id, "siti", "salah lihat")
    assert (standing(barn, decision), pending(barn)) == ("withdrawn", 1)
    night(barn, [CODE])
    assert bytes_of(barn) == before
    assert pending(barn) == 0


def test_only_somebody_else_confirms_or_refuses_and_only_the_author_withdraws(barn: Barn) -> None:
    decision = correct(barn)
    with pytest.raises(DecisionRefused, match="somebody else has to confirm"):
        deciding.confirm(barn, decision.id, "Siti ", WHY)
    with pytest.raises(DecisionRefused, match="only siti"):
        deciding.withdraw(barn, decision.id, "budi", WHY)
    deciding.refuse(barn, decision.id, "budi", "angka 7 jelas")
    assert standing(barn, decision) == "refused"
    deciding.withdraw(barn, decision.id, "siti", WHY)
    with pytest.raises(DecisionRefused, match="withdrawn already"):
        deciding.confirm(barn, decision.id, "budi", WHY)
    assert len(barn.ledger.opinions([decision.id])) == 2


def test_one_person_is_enough_where_the_house_says_so(barn: Barn) -> None:
    alone = replace(barn, settings=barn.settings.model_copy(update={"decisions": Decisions(two_persons=False)}))
    decision = correct(alone)
    assert (standing(alone, decision), pending(alone)) == ("in force", 1)
    assert pending(barn) == 0


def test_only_who_is_entitled_has_a_say_where_the_settings_name_people(barn: Barn) -> None:
    people = {
        "siti": Account(role="clerk", offices=(CODE,)),
        "lain": Account(role="clerk", offices=("13.05",)),
        "rina": Account(role="reviewer"),
        "tono": Account(role="engineer"),
    }
    named = replace(barn, settings=barn.settings.model_copy(update={"people": people}))
    for by in ("lain", "tono", "nobody", "SITI"):
        with pytest.raises(NotEntitled, match=f"{by} may not decide about documents of {CODE}"):
            correct(named, by)
    decision = correct(named, " siti ")
    for by in ("lain", "tono", "nobody"):
        with pytest.raises(NotEntitled, match="may not confirm"):
            deciding.confirm(named, decision.id, by, WHY)
    with pytest.raises(NotEntitled, match="siti may not confirm"):
        deciding.refuse(named, decision.id, "siti", WHY)
    deciding.confirm(named, decision.id, "rina", WHY)
    assert standing(named, decision) == "in force"
    deciding.withdraw(named, decision.id, "siti", WHY)
    assert standing(named, decision) == "withdrawn"
    assert correct(barn, "whoever has the shell").author == "whoever has the shell"


def test_what_is_accepted_is_published_as_printed_with_its_finding(barn: Barn) -> None:
    for found, _ in deciding.findings(barn, CODE):
        deciding.decide(barn, Verdict.ACCEPT, found.id, "siti", WHY)
    before = codes(barn)
    night(barn, [CODE])
    assert here(barn) == (RIGHT + 10, "decided")
    assert set(published(barn)["status"]) == {"proved", "decided"}
    assert codes(barn) == sorted([*before, *["finding_accepted"] * len(before)])


def test_a_document_waits_for_the_scan_that_was_asked_for(barn: Barn) -> None:
    before = bytes_of(barn)
    decision = deciding.decide(barn, Verdict.RESCAN, finding(barn).id, "siti", "halaman 2 tertutup")
    night(barn, [CODE])
    (document,) = barn.ledger.documents(office=CODE)
    assert document.state is State.HELD
    assert document.reason is not None
    assert (document.reason.code, document.reason.params["why"]) == ("rescan_asked", "halaman 2 tertutup")
    assert finding(barn, "rescan_asked").params["decision"] == decision.id
    assert not newest(barn, "db1-*")
    deciding.withdraw(barn, decision.id, "siti", "sudah jelas")
    night(barn, [CODE])
    assert bytes_of(barn) == before
    assert barn.ledger.documents(office=CODE)[0].reason is None


def test_the_new_scan_speaks_once_it_has_come(barn: Barn) -> None:
    decision = deciding.decide(barn, Verdict.RESCAN, finding(barn).id, "siti", "halaman 2 tertutup")
    night(barn, [CODE])
    barn.store.put(KEY, db1(0))
    night(barn, [CODE])
    assert here(barn) == (RIGHT, "proved")
    assert codes(barn) == []
    old = barn.ledger.document(CODE, decision.sha256)
    assert old is not None
    assert old.state is State.HELD


def test_a_deferral_takes_the_place_of_what_was_decided_and_does_nothing_else(barn: Barn) -> None:
    before = bytes_of(barn)
    decision = correct(barn)
    deciding.confirm(barn, decision.id, "budi", WHY)
    night(barn, [CODE])
    deciding.decide(barn, Verdict.DEFER, decision.finding, "ani", "tunggu pleno")
    assert standing(barn, decision) == "superseded"
    night(barn, [CODE])
    assert bytes_of(barn) == before


def test_another_file_under_the_same_name_makes_the_decision_lapse(barn: Barn) -> None:
    decision = correct(barn)
    deciding.confirm(barn, decision.id, "budi", WHY)
    night(barn, [CODE])
    barn.store.put(KEY, db1(20))
    night(barn, [CODE])
    assert here(barn) == (RIGHT + 20, "flagged")
    assert "decision_lapsed" in codes(barn)
    notice = finding(barn, "decision_lapsed")
    assert (notice.params["decision"], notice.params["lapse"]) == (decision.id, "replaced")
    assert notice.sha256 != decision.sha256
    assert standing(barn, decision) == "lapsed"
    with pytest.raises(DecisionRefused, match="another file has taken the place"):
        deciding.decide(barn, Verdict.ACCEPT, decision.finding, "ani", WHY)
    deciding.withdraw(barn, decision.id, "siti", "sudah diganti")
    night(barn, [CODE])
    assert "decision_lapsed" not in codes(barn)


def test_the_same_decision_twice_is_one_even_at_once(barn: Barn) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: correct(barn), range(6)))
    assert len({d.id for d in made}) == 1
    assert barn.ledger.decisions(CODE) == [made[0]]
    with ThreadPoolExecutor(4) as pool:
        others = list(pool.map(lambda n: correct(barn, f"orang {n}", RIGHT + n), range(4)))
        said = list(pool.map(lambda _: deciding.confirm(barn, made[0].id, "budi", WHY), range(4)))
    assert len(barn.ledger.decisions(CODE)) == 1 + len(others) == 5
    assert barn.ledger.opinions([made[0].id]) == [said[0]]


def test_a_kill_while_a_decision_is_applied_leaves_nothing_half_done(
    barn: Barn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the findings and the proof, and the decision taken back before the next run."""
    before = bytes_of(barn)
    decision = correct(barn)
    deciding.confirm(barn, decision.id, "budi", WHY)
    (batch,) = steps.collect(barn, CODE)
    with monkeypatch.context() as patch:
        patch.setattr(type(barn.ledger), "replace_checks", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            steps.arrange(barn, CODE, batch)
    deciding.withdraw(barn, decision.id, "siti", "salah lihat")
    assert pending(barn) == 1
    night(barn, [CODE])
    assert bytes_of(barn) == before
    assert [f.code for f, _ in deciding.findings(barn, CODE)].count("identity_broken") == 1


def test_what_is_exported_comes_to_the_same_in_another_ledger(barn: Barn, tmp_path: Path, database: str) -> None:
    decision = correct(barn)
    deciding.confirm(barn, decision.id, "budi", WHY)
    deciding.decide(barn, Verdict.DEFER, finding(barn, "total_broken").id, "ani", "tunggu pleno")
    file = deciding.export_decisions(barn, CODE)
    night(barn, [CODE])
    with house(tmp_path / "other", database, {KEY: barn.store.get(KEY)}) as other:
        office_night(other, CODE)
        assert deciding.import_decisions(other, file.encode()) == 3
        assert deciding.import_decisions(other, file.encode()) == 0
        assert records(other, CODE) == records(barn, CODE)
        assert deciding.export_decisions(other) == file
        night(other, [CODE])
        assert bytes_of(other) == bytes_of(barn)
        with pytest.raises(DecisionsUnreadable, match="was changed after it was exported"):
            deciding.import_decisions(other, file.replace("author: budi", "author: siti").encode())


def test_what_cannot_be_decided_says_so(barn: Barn) -> None:
    with pytest.raises(UnknownFinding, match="rangkiang findings"):
        deciding.decide(barn, Verdict.ACCEPT, "0" * 16, "siti", WHY)
    with pytest.raises(UnknownDecision, match="rangkiang decisions list"):
        deciding.confirm(barn, "0" * 16, "siti", WHY)
    with pytest.raises(UnknownOffice):
        records(barn, "13.99")
    with pytest.raises(DecisionRefused, match="the reason is missing"):
        deciding.decide(barn, Verdict.ACCEPT, finding(barn).id, "siti", " ")
    with pytest.raises(DecisionRefused, match=r"several of the finding's cells fit; name one of these: row II\.1\.JML"):
        deciding.decide(barn, Verdict.CORRECT, finding(barn).id, "siti", WHY, value=3)
    assert barn.ledger.decisions() == []


def test_the_shell_leads_from_a_finding_to_a_decision_in_force(barn: Barn, tmp_path: Path) -> None:
    def run(*words: str, status: int = 0) -> str:
        environment = {"RANGKIANG_HOME": str(barn.settings.home), "RANGKIANG_LEDGER": barn.settings.ledger}
        done = CliRunner().invoke(cli, words, env=environment)
        assert done.exit_code == status, done.output
        return done.output

    listed = run("findings", CODE)
    (about,) = re.findall(r"([0-9a-f]{16}) .*identity_broken", listed)
    said = ("--by", "siti", "--why", WHY)
    run("decide", "accept", about, *said, "--value", "7", status=2)
    run("decide", "correct", about, *said, "--row", ROW, "--value", "1.234", status=2)
    made = run("decide", "correct", about, *said, "--row", ROW, "--value", str(RIGHT))
    id, _, standing = made.strip().partition(": ")
    assert standing == "waiting"
    assert run("confirm", id, "--by", "budi", "--why", WHY) == f"{id}: in force\n"
    assert re.search(f"{id} .*correct .*siti .*in force", run("decisions", "list"))
    file = tmp_path / "putusan.yaml"
    run("decisions", "export", "--out", str(file))
    assert run("decisions", "import", str(file)) == "0 decisions and opinions were new\n"
    assert run("withdraw", id, "--by", "siti", "--why", WHY) == f"{id}: withdrawn\n"


def test_offices_are_named_whose_figures_do_not_know_yet_what_was_decided(barn: Barn) -> None:
    assert steps.decided(barn) == {}
    decision = correct(barn)
    assert steps.decided(barn) == {}  # nothing is in force yet
    deciding.confirm(barn, decision.id, "budi", WHY)
    named = steps.decided(barn)
    assert list(named) == [CODE]
    assert steps.decided(barn) == named
    deciding.refuse(barn, decision.id, "budi", WHY)
    assert steps.decided(barn) == {}
    deciding.confirm(barn, decision.id, "budi", WHY)
    office_night(barn, CODE)
    assert steps.decided(barn) == {}
    deciding.withdraw(barn, decision.id, "siti", WHY)
    assert list(steps.decided(barn)) == [CODE]
    assert steps.decided(barn) != named
