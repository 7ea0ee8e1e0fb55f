"""Before a release: what it would change is shown, and only what was approved is published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers.misprint import CODE, FIRST, INBOX, KEY, NAME, RIGHT, ROW, SECOND, db1
from helpers.nights import house, newest, night, office_night, release
from helpers.openlineage import CORE, facets, validators
from rangkiang import proposals, steps
from rangkiang.cli import cli
from rangkiang.errors import DecisionRefused, NotApproved, NotEntitled, ProposalOutdated, UnknownProposal
from rangkiang.model import Finding, Ruling, Verdict
from rangkiang.proposals import DatasetChange
from rangkiang.settings import Account, Approval, Release
from rangkiang.steps import Barn, approving, deciding
from rangkiang.steps.approving import Standing
from rangkiang.steps.digest import digests
from rangkiang.steps.drafting import draft
from samples import papers
from samples.region import DistrictTally

STAGE, WHY = "PL.01.8", "sudah dicocokkan dengan berkas asli"


@pytest.fixture(scope="module")
def misprinted() -> bytes:
    return db1(10)


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str, misprinted: bytes) -> Iterator[Barn]:
    with house(tmp_path, ledger_url, {KEY: misprinted}) as opened:
        office_night(opened, CODE)
        steps.reconcile(opened, STAGE)
        yield opened


@pytest.fixture
def live(barn: Barn) -> Barn:
    """The misprinted sheet is before the public."""
    release(barn, STAGE)
    return barn


def broken(barn: Barn) -> Finding:
    return next(f for f, _ in deciding.findings(barn, CODE) if f.code == "identity_broken")


def correct(barn: Barn) -> str:
    """One cell corrected, confirmed, proved and filed; the decision's id."""
    made = deciding.decide(barn, Verdict.CORRECT, broken(barn).id, "siti", WHY, lambda c: c.row == ROW, RIGHT)
    deciding.confirm(barn, made.id, "budi", "benar")
    again(barn)
    return made.id


def again(barn: Barn) -> None:
    office_night(barn, CODE)
    steps.reconcile(barn, STAGE)


def public(barn: Barn) -> str:
    return digests(barn)["portal"]


def figure(barn: Barn) -> int:
    (path,) = newest(barn, "db1-*", "db1-ppwp-*.csv")
    table = pd.read_csv(path)
    return int(table.loc[(table["row"] == ROW) & (table["unit_name"] == NAME), "value"].iloc[0])


def test_nothing_is_published_before_somebody_approves_it(barn: Barn) -> None:
    proposal = steps.propose(barn, STAGE)
    assert [(d.kind, d.doctype, [c.code for c in d.causes]) for d in proposal.datasets] == [
        ("added", "DB1-PPWP", ["first"])
    ]
    assert not proposal.cell_count
    before = public(barn)
    with pytest.raises(NotApproved, match=f"rangkiang approval show {proposal.digest[:12]}"):
        steps.publish(barn, STAGE)
    assert public(barn) == before
    assert barn.ledger.releases() == []
    steps.approve(barn, proposal.digest, "ketua", WHY)
    steps.publish(barn, STAGE)
    assert steps.verify(barn, STAGE) == 1
    assert figure(barn) == RIGHT + 10
    assert approving.standing(barn, draft(barn, STAGE)) is Standing.NONE
    steps.publish(barn, STAGE)  # nothing to change: nobody is asked
    assert not steps.propose(barn, STAGE).datasets


def test_where_nobody_need_approve_it_is_published_at_once(barn: Barn) -> None:
    off = barn.settings.model_copy(update={"approval": Approval(required=False)})
    steps.publish(replace(barn, settings=off), STAGE)
    assert figure(barn) == RIGHT + 10


def test_the_figure_that_a_decision_corrected_is_shown_as_it_was_and_as_it_would_be(live: Barn) -> None:
    decision = correct(live)
    proposal = steps.propose(live, STAGE)
    (dataset,) = proposal.datasets
    assert (dataset.kind, dataset.compared) == ("changed", True)
    assert [(d.kind, d.causes[0].code) for d in dataset.documents] == [("changed", "decision")]
    changed = {(c.place, c.row): c for c in dataset.cells}
    cell = changed[NAME, ROW]
    assert (cell.was, cell.now) == (str(RIGHT + 10), str(RIGHT))
    assert (cell.was_status, cell.now_status) == ("flagged", "proved")
    others = [c for c in dataset.cells if c is not cell]
    assert others
    assert all(c.was == c.now and (c.was_status, c.now_status) == ("flagged", "proved") for c in others)
    assert {c.code for each in dataset.cells for c in each.causes} == {"decision"}
    assert list(proposal.decisions) == [decision]
    said = proposals.said(cell.causes[0], proposal)
    assert f"keputusan {decision}" in said
    assert "oleh siti" in said
    assert "dibenarkan oleh budi" in said
    assert dataset.cell_count == len(dataset.cells) == proposal.cell_count
    written = {f.path.rpartition(".")[2]: f.kind for f in dataset.files}
    kinds = ("csv", "xlsx", "parquet", "md", "pdf", "docx", "json", "jsonld")
    assert written == dict.fromkeys(kinds, "changed")


def test_a_decision_taken_back_is_a_reason_too_and_the_old_approval_does_not_serve_again(live: Barn) -> None:
    first = steps.propose(live, STAGE)
    decision = correct(live)
    there = steps.propose(live, STAGE)
    release(live, STAGE)
    deciding.withdraw(live, decision, "siti", "salah lihat")
    again(live)
    back = steps.propose(live, STAGE)
    assert {c.code for d in back.datasets for c in d.causes} == {"lifted"}
    release(live, STAGE)
    assert figure(live) == RIGHT + 10
    correct(live)
    assert len({p.digest for p in (first, there, back, steps.propose(live, STAGE))}) == 4
    with pytest.raises(NotApproved):
        steps.publish(live, STAGE)


def test_what_was_returned_stays_unpublished_until_it_changes_or_is_approved_after_all(live: Barn) -> None:
    correct(live)
    proposal = steps.propose(live, STAGE)
    before = public(live)
    steps.send_back(live, proposal.digest, "ketua", "tunggu pleno")
    assert steps.gather(live, STAGE) == []
    assert steps.file(live, CODE) == []
    assert steps.settled(live, CODE)
    with pytest.raises(NotApproved):
        steps.publish(live, STAGE)
    assert public(live) == before
    steps.approve(live, proposal.digest, "ketua", "pleno sudah selesai")
    assert steps.gather(live, STAGE) == [CODE]
    steps.publish(live, STAGE)
    assert figure(live) == RIGHT


def test_what_was_returned_is_proposed_anew_once_it_has_changed(live: Barn) -> None:
    correct(live)
    steps.send_back(live, steps.propose(live, STAGE).digest, "ketua", "tunggu pleno")
    live.store.put(KEY, db1(20))
    office_night(live, CODE)
    assert steps.gather(live, STAGE) == [CODE]
    steps.reconcile(live, STAGE)
    (dataset,) = steps.propose(live, STAGE).datasets
    assert {c.code for cell in dataset.cells for c in cell.causes} == {"replaced"}
    assert (NAME, ROW, str(RIGHT + 10), str(RIGHT + 20)) in {(c.place, c.row, c.was, c.now) for c in dataset.cells}


def test_what_changes_after_its_approval_is_not_published(live: Barn) -> None:
    correct(live)
    proposal = steps.propose(live, STAGE)
    steps.approve(live, proposal.digest, "ketua", WHY)
    live.store.put(KEY, db1(20))
    again(live)
    before = public(live)
    with pytest.raises(NotApproved):
        steps.publish(live, STAGE)
    assert public(live) == before
    with pytest.raises(ProposalOutdated):
        steps.approve(live, proposal.digest, "ketua", WHY)
    assert steps.verify(live, STAGE) == 1  # what is live is what was approved
    release(live, STAGE)
    assert figure(live) == RIGHT + 20


def test_a_dataset_that_goes_is_shown_with_the_reason(live: Barn) -> None:
    about = broken(live)
    made = deciding.decide(live, Verdict.RESCAN, about.id, "siti", "halaman 2 tertutup")
    again(live)
    proposal = steps.propose(live, STAGE)
    (dataset,) = proposal.datasets
    assert (dataset.kind, {f.kind for f in dataset.files}) == ("withdrawn", {"withdrawn"})
    assert [dict(c.params) for c in dataset.causes] == [{"decision": made.id}]
    assert "diminta dipindai ulang, oleh siti" in proposals.said(dataset.causes[0], proposal)
    with pytest.raises(NotApproved):
        steps.publish(live, STAGE)
    assert figure(live) == RIGHT + 10
    release(live, STAGE)
    assert not newest(live, "db1-*")
    deciding.withdraw(live, made.id, "siti", "sudah jelas")
    again(live)
    assert [[c.code for c in d.causes] for d in steps.propose(live, STAGE).datasets] == [["again"]]


def test_a_document_that_comes_into_a_dataset_brings_its_figures(live: Barn) -> None:
    settings = live.settings.model_copy(update={"release": Release(differences="flag")})  # the DB1 is misprinted
    live = replace(live, settings=settings)

    def propose(district: DistrictTally) -> DatasetChange:
        live.store.put(f"{INBOX}/{papers.da1_path(district, '.xlsx')}", papers.da1_xlsx(district))
        office_night(live, CODE)
        steps.reconcile(live, STAGE)
        return next(d for d in steps.propose(live, STAGE).datasets if d.doctype == "DA1-PPWP")

    assert propose(FIRST).kind == "added"
    release(live, STAGE)
    da1 = propose(SECOND)
    assert da1.kind == "changed"
    assert [(d.kind, d.area) for d in da1.documents] == [("added", NAME)]
    assert {c.code for cell in da1.cells for c in cell.causes} == {"arrived"}
    assert {c.was for c in da1.cells} == {""}


def test_a_stage_that_waits_is_asked_for_again_at_the_deadline_only(barn: Barn) -> None:
    assert (CODE, STAGE) in approving.due(barn)
    proposal = steps.propose(barn, STAGE)
    assert steps.file(barn, CODE) == []
    assert steps.settled(barn, CODE)
    assert steps.gather(barn, STAGE, deadline=True) == [CODE]
    steps.approve(barn, proposal.digest, "ketua", WHY)
    assert steps.file(barn, CODE) == [STAGE]


def test_an_answer_that_leaves_it_open_or_comes_too_late_publishes_nothing(live: Barn) -> None:
    correct(live)
    asked = steps.ask(live, STAGE, "https://papan.example/persetujuan/")
    assert asked
    assert f"https://papan.example/persetujuan/{asked['digest']}" in asked["body"]
    steps.hear(live, asked["digest"], None, "ketua", "")  # put off, or not answered in time
    assert not steps.may_publish(live, STAGE)
    assert steps.gather(live, STAGE, deadline=False) == []
    assert steps.ask(live, STAGE) is not None  # at the next deadline
    live.store.put(KEY, db1(20))
    again(live)
    steps.hear(live, asked["digest"], Ruling.APPROVE, "ketua", "terlambat")
    assert not steps.may_publish(live, STAGE)
    assert [one.author for one in live.ledger.approvals(asked["digest"])] == []
    now = steps.ask(live, STAGE)
    assert now
    steps.hear(live, now["digest"], Ruling.APPROVE, "ketua", "")
    assert steps.may_publish(live, STAGE)
    assert steps.ask(live, STAGE) is None  # somebody has spoken


def test_only_whom_the_settings_name_may_approve(barn: Barn) -> None:
    people = {"rina": Account(role="coordinator"), "budi": Account(role="reviewer")}
    named = replace(barn, settings=barn.settings.model_copy(update={"people": people}))
    proposal = steps.propose(named, STAGE)
    for name in ("budi", "ketua"):
        with pytest.raises(NotEntitled, match=name):
            steps.approve(named, proposal.digest, name, WHY)
    with pytest.raises(NotApproved):
        steps.publish(named, STAGE)
    steps.approve(named, proposal.digest, "rina", WHY)
    steps.publish(named, STAGE)
    assert figure(named) == RIGHT + 10


def test_what_is_said_twice_is_kept_once_and_needs_a_reason(barn: Barn) -> None:
    proposal = steps.propose(barn, STAGE)
    first = steps.approve(barn, proposal.digest[:12], " ketua ", WHY)
    assert steps.approve(barn, proposal.digest, "ketua", WHY) == first
    assert barn.ledger.approvals() == [first]
    with pytest.raises(DecisionRefused, match="the reason is missing"):
        steps.approve(barn, proposal.digest, "ketua", " ")
    for unknown in ("0" * 64, "", "../proposals/x"):
        with pytest.raises(UnknownProposal):
            steps.approve(barn, unknown, "ketua", WHY)


def test_the_proposal_is_kept_as_it_was_shown(barn: Barn) -> None:
    proposal = steps.propose(barn, STAGE)
    release(barn, STAGE)
    correct(barn)
    assert approving.proposal(barn, proposal.digest) == proposal
    assert proposals.load(proposals.dump(proposal)) == proposal


def test_the_question_shows_the_changes_and_no_markup_of_others(live: Barn) -> None:
    decision = correct(live)
    subject, body = proposals.question(steps.propose(live, STAGE), "https://papan.example/x")
    told = "0 set data baru, 1 berubah, 0 ditarik; 11 berkas, 5 angka berubah"
    assert subject == f"Persetujuan terbit tahapan PL.01.8: {told}"
    assert re.search(rf"\| {RIGHT + 10} \(bertanda\) \| {RIGHT} \(terbukti\) \| keputusan {decision} \|", body)
    assert f"keputusan {decision}: bacaan dibetulkan, oleh siti" in body
    assert "[Lihat semua perubahan di Papan](https://papan.example/x)" in body
    cause = proposals.Cause("replaced", {"was": "a.pdf", "now": "<script>|x](http://y)"})
    proposal = steps.propose(live, STAGE)
    (dataset,) = proposal.datasets
    _, body = proposals.question(replace(proposal, datasets=(replace(dataset, causes=(cause,)),)))
    assert r"\<script\>\|x\](http://y)" in body


def test_lineage_tells_who_approved_what_was_published(barn: Barn, shared_data: Path) -> None:
    release(barn, STAGE)
    lines = (barn.settings.home / "lineage.jsonl").read_text("utf-8").splitlines()
    event = [e for e in map(json.loads, lines) if e["job"]["name"] == f"publish.{STAGE}"][-1]
    validate = validators(shared_data / "openlineage")
    validate(CORE, event)
    for name, facet in facets(event):
        validate(facet["_schemaURL"].partition("#")[0], {name: facet})
    told = {tag["key"]: tag["value"] for tag in event["run"]["facets"]["tags"]["tags"]}
    (said,) = barn.ledger.approvals()
    assert told["approval_proposal"] == said.proposal
    assert (told["approval_by"], told["approval_why"]) == ("ketua", "sudah diperiksa")


def test_a_kill_between_publishing_and_recording_it_needs_no_second_approval(
    barn: Barn, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = steps.propose(barn, STAGE)
    steps.approve(barn, proposal.digest, "ketua", WHY)
    with monkeypatch.context() as patch:
        patch.setattr(type(barn.ledger), "record_publication", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            steps.publish(barn, STAGE)
    assert steps.propose(barn, STAGE) == proposal
    night(barn, [CODE])
    assert figure(barn) == RIGHT + 10
    assert [a.ruling.value for a in barn.ledger.approvals()][:1] == ["approve"]
    assert barn.ledger.publications()[STAGE].number == 1


def test_the_shell_says_what_waits_and_takes_the_answer(barn: Barn) -> None:
    def run(*words: str, status: int = 0) -> str:
        environment = {"RANGKIANG_HOME": str(barn.settings.home), "RANGKIANG_LEDGER": barn.settings.ledger}
        done = CliRunner().invoke(cli, words, env=environment)
        assert done.exit_code == status, done.output
        return done.output

    waits = run("stage", status=1)
    (digest,) = re.findall(r"rangkiang approve ([0-9a-f]{12})", waits)
    assert re.search(f"PL.01.8 .*{digest} .*waiting", run("approvals"))
    assert "db1-ppwp-13.74" in run("approval", "show", digest)
    run("return", digest, "--by", "rina", "--why", "tunggu pleno")
    assert "nothing new" in run("stage")
    assert "returned" in run("stage", STAGE, status=1)
    assert run("approve", digest, "--by", "rina", "--why", "sudah selesai").startswith(f"{digest}: approved")
    assert "1 datasets verified" in run("stage")
    assert "rina" in run("approvals")
