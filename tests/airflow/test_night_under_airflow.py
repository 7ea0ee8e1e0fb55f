"""The DAGs, really run: PostgreSQL, scheduler, API server and all. A scheduler that is killed costs only time."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.client import SETTLED, Client
from deploy.local.processes import holders
from deploy.local.up import Airflow, AlreadyRunning, running
from helpers.nights import OFFICES, house, night, of_offices
from helpers.patience import PATIENCE, until
from helpers.runs import Run, approve, ended
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.settings import Approval, Settings
from rangkiang.steps.digest import digests
from rangkiang.store import open_store
from samples import demo, papers
from samples.region import province

STAGES = ("stage__PL.01.7", "stage__PL.01.8")

OFFICE_DAGS = [catalogue.office(office).dag_id for office in OFFICES]


@pytest.fixture(scope="module")
def inbox() -> dict[str, bytes]:
    return of_offices(demo.build()[0].files)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, inbox: dict[str, bytes]) -> Settings:
    settings = Settings(
        home=tmp_path_factory.mktemp("airflow"),
        approval=Approval(hours=0.03),
    )
    store = open_store(settings.store_url)
    for key, data in inbox.items():
        store.put(key, data)
    return settings


@pytest.fixture(scope="module")
def airflow(settings: Settings) -> Iterator[Airflow]:
    with running(settings) as started:
        until(lambda: {*OFFICE_DAGS, *STAGES} <= {dag["dag_id"] for dag in started.client.dags()})
        yield started
    marks = started.home.folder / "marks"
    assert [path.name for path in marks.iterdir() if holders(path)] == []


@pytest.fixture(scope="module")
def first(airflow: Airflow) -> list[Run]:
    """The first runs of the offices, in whose middle the scheduler is killed: while tasks read or prove."""
    runs = start(airflow, OFFICE_DAGS)
    until(
        lambda: any(t["task_id"].endswith(("read", "arrange")) for t in airflow.client.task_instances(state="running"))
    )
    pid = airflow.children["scheduler"].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert set(airflow.client.wait(runs, PATIENCE).values()) == {"success"}
    assert airflow.children["scheduler"].pid != pid
    return runs


@pytest.fixture(scope="module")
def published(airflow: Airflow, settings: Settings, first: list[Run]) -> list[Run]:
    """The stages, run by hand after the offices: they wait for no office, and for somebody's approval."""
    runs = start(airflow, STAGES)
    until(lambda: {q["task_instance"]["dag_id"] for q in airflow.client.questions()} == set(STAGES))
    assert not Path(settings.portal_url.removeprefix("file://"), "index.html").exists()
    for name in ("admin", "pemeriksa"):
        with logged_in(airflow, name) as other, pytest.raises(httpx.HTTPStatusError, match="403"):
            other.answer(airflow.client.questions()[0], "Setujui", alasan="boleh")
    with logged_in(airflow, "koordinator") as coordinator:
        ended(airflow.client, runs, lambda: approve(coordinator))
    return runs


def start(airflow: Airflow, dags: list[str] | tuple[str, ...]) -> list[Run]:
    return [(dag, airflow.client.trigger(dag)) for dag in dags]


def logged_in(airflow: Airflow, name: str) -> Client:
    return Client(airflow.url, name, airflow.home.logins()[name])


def states(airflow: Airflow, run: Run) -> Counter[tuple[str, str]]:
    return Counter((task["task_id"], task["state"]) for task in airflow.client.task_instances(*run))


def test_a_killed_scheduler_comes_back_and_the_night_goes_on(airflow: Airflow, first: list[Run]) -> None:
    assert airflow.children["scheduler"].restarts == 1
    for run in first:
        done = states(airflow, run)
        assert done["file", "success"] == done["collect", "success"] == 1
        assert done["batch.read", "success"] == done["batch.arrange", "success"] >= 1
        assert done["alarm", "skipped"] == 1


def test_a_stage_is_told_of_deliveries_and_waits_for_the_other_offices(airflow: Airflow, first: list[Run]) -> None:
    ended = {"state": ["success", "failed"], "run_type": "asset_triggered"}
    until(lambda: airflow.client.runs(STAGES[1], **ended))
    told = airflow.client.runs(STAGES[1], **ended)[0]
    assert told["state"] == "success"
    assert states(airflow, (STAGES[1], told["dag_run_id"]))["reconcile", "skipped"] == 1


def test_a_stage_that_is_run_by_hand_waits_for_nobody(
    airflow: Airflow, settings: Settings, published: list[Run]
) -> None:
    assert [states(airflow, run)["verify", "success"] for run in published] == [1, 1]
    assert Path(settings.portal_url.removeprefix("file://"), "index.html").is_file()


def test_the_question_shows_what_changes_and_the_answer_is_kept_in_the_ledger_and_in_lineage(
    airflow: Airflow, settings: Settings, published: list[Run]
) -> None:
    dag, run = published[1]
    asked = airflow.client.ask("GET", f"dags/{dag}/dagRuns/{run}/taskInstances/ask/-1/hitlDetails")
    with steps.open_barn(settings) as barn:
        said = next(one for one in barn.ledger.approvals() if dag == f"stage__{one.stage}")
        assert said.proposal in asked["body"]
        assert f"{airflow.url}/papan/persetujuan/{said.proposal}" in asked["body"]
        assert "pertama kali diterbitkan" in asked["body"]
        assert (said.author, said.why) == ("koordinator", "sudah diperiksa")
    lines = Path(settings.lineage_url.removeprefix("file://")).read_text("utf-8").splitlines()
    told = [e["run"]["facets"]["tags"] for e in map(json.loads, lines) if "tags" in e["run"]["facets"]]
    assert said.proposal in {tag["value"] for facet in told for tag in facet["tags"]}


def test_a_night_with_a_killed_scheduler_ends_in_the_bytes_of_one_without_airflow(
    settings: Settings, published: list[Run], inbox: dict[str, bytes], tmp_path: Path, postgres: Server
) -> None:
    with house(tmp_path, database_url(postgres, "without_airflow"), inbox) as undisturbed:
        night(undisturbed)
        wanted = digests(undisturbed)
    with steps.open_barn(settings) as barn:
        assert digests(barn) == wanted


def test_a_night_with_nothing_new_is_one_task_for_each_office(airflow: Airflow, published: list[Run]) -> None:
    for run, state in airflow.client.wait(start(airflow, OFFICE_DAGS), PATIENCE).items():
        assert state == "success"
        assert [task for (task, outcome) in states(airflow, run) if outcome != "skipped"] == ["collect"]


def test_who_may_what_is_kept_by_airflow_too(airflow: Airflow) -> None:
    own, other = catalogue.office("13.06").dag_id, catalogue.office("13.04").dag_id
    every = {dag["dag_id"] for dag in airflow.client.dags()}
    for name, refused in {"koordinator": STAGES[0], "pemeriksa": STAGES[0], "pengamat": own}.items():
        with logged_in(airflow, name) as looking:
            assert {dag["dag_id"] for dag in looking.dags()} == every
            with pytest.raises(httpx.HTTPStatusError, match="403"):
                looking.trigger(refused)
    with logged_in(airflow, "petugas-agam") as clerk:
        assert {dag["dag_id"] for dag in clerk.dags()} == {own}
        assert {run["dag_id"] for run in clerk.runs()} <= {own}
        assert airflow.client.wait([(own, clerk.trigger(own))], PATIENCE)
        assert {task["dag_id"] for task in clerk.task_instances()} <= {own}
        for method, path, body in (
            ("GET", f"dags/{other}", None),
            ("GET", f"dags/{other}/dagRuns", None),
            ("POST", f"dags/{other}/dagRuns", {"logical_date": None}),
            ("PATCH", f"dags/{own}", {"is_paused": True}),
            ("POST", f"dags/{STAGES[0]}/dagRuns", {"logical_date": None}),
        ):
            with pytest.raises(httpx.HTTPStatusError, match="403"):
                clerk.ask(method, path, body)


def test_the_pages_ask_for_airflows_login(airflow: Airflow) -> None:
    passwords = airflow.home.logins()
    with httpx.Client(base_url=airflow.url, trust_env=False, timeout=60) as nobody:
        assert nobody.get("/papan/").status_code == 401
        login = {"username": "petugas-agam", "password": passwords["petugas-agam"]}
        token = nobody.post("/auth/token", json=login).raise_for_status().json()["access_token"]
        clerk = {"Authorization": f"Bearer {token}"}
        assert "petugas kantor" in nobody.get("/papan/", headers=clerk).text
        assert nobody.get("/papan/kantor/13.06", headers=clerk).status_code == 200
        assert nobody.get("/papan/kantor/13.04", headers=clerk).status_code == 403
        assert nobody.get("/papan/jejak-audit", headers=clerk).status_code == 403


def test_a_second_airflow_on_the_same_home_is_refused(airflow: Airflow, settings: Settings) -> None:
    with pytest.raises(AlreadyRunning, match=str(os.getpid())), running(settings):
        pass


def test_what_nobody_answers_is_not_published_and_the_board_lets_the_next_run_go_on(
    airflow: Airflow, settings: Settings, published: list[Run], inbox: dict[str, bytes]
) -> None:
    """One of two files of a sheet comes with another figure, so that neither speaks any more. Nobody answers in time;
    asked again, the coordinator approves on the board."""
    code, row, stage = "13.75", "II.1.JML", STAGES[1]
    tally = next(t for t in province() if t.office.code == code)
    figures = [(t.district.name, dict(t.figures)) for t in tally.districts]
    figures[0][1][row] = (figures[0][1][row] or 0) + 10
    key = next(k for k in sorted(inbox) if catalogue.office(code).slug in k and "DB1" in k)
    open_store(settings.store_url).put(key, papers.db1(tally, figures))
    (dataset,) = Path(settings.portal_url.removeprefix("file://"), "dataset").glob(f"db1-ppwp-{code}-*")
    (ended,) = airflow.client.wait(start(airflow, [catalogue.office(code).dag_id]), PATIENCE).values()
    (unanswered,) = start(airflow, [stage])
    assert (ended, airflow.client.wait([unanswered], PATIENCE)[unanswered]) == ("success", "success")
    assert states(airflow, unanswered)["record", "success"] == states(airflow, unanswered)["publish", "skipped"] == 1
    assert dataset.is_dir()

    (asked,) = start(airflow, [stage])
    until(lambda: airflow.client.questions(*asked))
    time.sleep(SETTLED)
    assert "dua berkas untuk wilayah yang sama tidak sepakat" in airflow.client.questions(*asked)[0]["body"]
    with steps.open_barn(settings) as barn:
        digest = steps.propose(barn, stage.removeprefix("stage__")).digest
    approve_on_the_board(airflow, digest)
    assert airflow.client.wait([asked], PATIENCE)[asked] == "success"
    assert states(airflow, asked)["verify", "success"] == 1
    assert not list(dataset.glob("v1/*"))  # only the page that says why is left
    assert "ditarik" in (dataset / "index.html").read_text("utf-8")


def approve_on_the_board(airflow: Airflow, digest: str) -> None:
    login = {"username": "koordinator", "password": airflow.home.logins()["koordinator"]}
    with httpx.Client(base_url=airflow.url, trust_env=False, timeout=60, headers={"Origin": airflow.url}) as browser:
        token = browser.post("/auth/token", json=login).json()["access_token"]
        browser.cookies.set("_token", token)
        page = browser.get(f"/papan/persetujuan/{digest}").raise_for_status().text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        form = {**hidden, "ruling": "approve", "why": "berkasnya memang diganti"}
        answer = browser.post(f"/papan/persetujuan/{digest}", data=form, follow_redirects=True).raise_for_status()
        assert "melanjutkan sendiri" in answer.text
