"""``make demo`` and ``make demo-real``: put an inbox into the object store, let Airflow take it from there, and tell.

What the province is asked before a release is shown, and approved. What is told is read back from Airflow's own record,
from the ledger and from the portal. Exits 0 only when every run succeeded, the totals are the official ones, and every
seeded fault met the end that was foreseen for it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.table import Table

from deploy.local.client import SETTLED, Client, Unavailable
from deploy.local.environment import people
from deploy.local.faults import faults_table
from deploy.local.up import Airflow, AlreadyRunning, NotStarted, end_on_signals, running
from rangkiang import answers, catalogue, report, steps
from rangkiang.ledger.embedded import EmbeddedError
from rangkiang.model import Ruling
from rangkiang.people import Act, who_may
from rangkiang.settings import Settings
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests
from rangkiang.store import open_store

PATIENCE = 1800.0  # seconds that all runs of one demo may take

console = Console(width=None if sys.stdout.isatty() else 170)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "samples", type=Path, help="folder with inbox/<office>/… and, where faults are seeded, faults.json"
    )
    arguments = parser.parse_args()
    end_on_signals()
    settings = Settings()
    fill_inbox(settings, arguments.samples)
    try:
        with running(settings) as airflow, steps.open_barn(settings) as barn:
            right = _demo(barn, airflow, arguments.samples)
    except (AlreadyRunning, NotStarted, EmbeddedError, Unavailable) as error:
        sys.exit(str(error))
    sys.exit(0 if right else 1)


def fill_inbox(settings: Settings, samples: Path) -> None:
    """Drop the sample files into the object store, as the offices would; those that are there are left alone."""
    store = open_store(settings.store_url, settings.s3_endpoint)
    paths = sorted(p for p in (samples / "inbox").rglob("*") if p.is_file())
    new = sum(store.put_if_absent(p.relative_to(samples).as_posix(), p.read_bytes()) for p in paths)
    console.print(f"Inbox: {len(paths)} files of {len(catalogue.offices())} offices, {new} of them new, in {store.url}")


def _demo(barn: Barn, airflow: Airflow, samples: Path) -> bool:
    console.print(f"Airflow runs at {airflow.url}")
    before, started = digests(barn), time.monotonic()
    earlier = {run["dag_run_id"] for run in airflow.client.runs() if run["dag_id"].startswith("stage__")}
    states = run_offices(airflow.client) | run_stages(barn, airflow, earlier)
    seconds = time.monotonic() - started
    after = digests(barn)
    console.print(report.offices_table(barn))
    totals, equal = report.totals_table(barn)
    console.print(totals)
    console.print(report.findings_table(barn))
    for line in report.held_lines(barn):
        console.print(line, markup=False, highlight=False)
    faults, foreseen = faults_table(barn, samples / "faults.json")
    if faults:
        console.print(faults)
    console.print(_record(airflow.client, states))
    _say_what_was_new(before, after, seconds)
    _say_where_to_look(barn, airflow)
    return equal and foreseen and all(state == "success" for state in states.values())


def run_offices(client: Client, every: float = 1.0) -> dict[tuple[str, str], str]:
    """Trigger every office's DAG and wait, asking ``every`` so many seconds; states by (DAG id, run id)."""
    wanted = {o.dag_id for o in catalogue.offices()}
    patience = time.monotonic() + 120
    while missing := wanted - {dag["dag_id"] for dag in client.dags()}:
        if time.monotonic() > patience:
            raise Unavailable(f"Airflow does not know these DAGs: {sorted(missing)}; errors: {client.import_errors()}")
        time.sleep(1)
    return client.wait([(dag_id, client.trigger(dag_id)) for dag_id in sorted(wanted)], PATIENCE, every)


def run_stages(barn: Barn, airflow: Airflow, earlier: Set[str]) -> dict[tuple[str, str], str]:
    """Wait until the stages that the offices' deliveries have set off are through; ``earlier`` runs do not count.

    What they ask the province is shown, and answered.
    """
    client, answered = airflow.client, set[str]()
    patience = time.monotonic() + PATIENCE
    with _approver(barn, airflow) as approver:
        while True:
            runs = [r for r in client.runs() if r["dag_id"].startswith("stage__") and r["dag_run_id"] not in earlier]
            busy = [r for r in runs if r["state"] not in ("success", "failed")]
            waiting = [s.code for s in catalogue.stages() if steps.gather(barn, s.code, deadline=False)]
            if not busy and (not waiting or any(r["state"] == "failed" for r in runs)):
                return {(r["dag_id"], r["dag_run_id"]): r["state"] for r in runs}
            if time.monotonic() > patience:
                raise Unavailable(f"These stages do not get through: {waiting}")
            _approve(client, approver, answered)
            time.sleep(2)


@contextmanager
def _approver(barn: Barn, airflow: Airflow) -> Iterator[Client]:
    """Logged in as one who may approve."""
    named = [n for n in who_may(Act.APPROVE, people(barn.settings)) if n in airflow.home.logins()]
    with Client(airflow.url, named[0], airflow.home.logins()[named[0]]) as client:
        yield client


def _approve(client: Client, approver: Client, answered: set[str]) -> None:
    """Say yes to what waits for approval, as one would who has looked at it; ``answered`` are ids of tasks."""
    for question in client.questions():
        asked = question["task_instance"]
        if asked["id"] not in answered:
            console.print(Panel(Markdown(question["body"]), title=f"The province is asked: {question['subject']}"))
            time.sleep(SETTLED)
            said = approver.answer(question, answers.answer(Ruling.APPROVE), **{answers.WHY: "demo"})
            answered.add(asked["id"])
            console.print(f"{asked['dag_id']}: approved by {said['responded_by']['name']}")


def _record(client: Client, states: dict[tuple[str, str], str]) -> Table:
    """Airflow's own record of the runs and of their tasks."""
    table = Table("DAGs", "runs", "tasks", title="Airflow's own record")
    for family in ("regency", "province", "stage"):
        runs = {key: state for key, state in states.items() if key[0].startswith(family)}
        tasks = Counter(t["state"] for key in runs for t in client.task_instances(*key))
        table.add_row(family, _counted(Counter(runs.values())), _counted(tasks))
    return table


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{n} {state}" for state, n in sorted(counts.items()))


def _say_what_was_new(before: dict[str, str], after: dict[str, str], seconds: float) -> None:
    changed = [part for part in after if before.get(part) != after[part]]
    if changed:
        console.print(f"The runs took {seconds:.0f} s. New or changed: {', '.join(changed)}.")
    else:
        console.print(
            f"The runs took {seconds:.0f} s. Nothing was new, so nothing was done twice: every digest is as before."
        )


def _front_door(portal: str) -> str:
    """What a person opens to see the portal at that URL."""
    return f"{portal}/index.html" if portal.startswith("file:") else portal.removeprefix("ckan+")


def _say_where_to_look(barn: Barn, airflow: Airflow) -> None:
    settings = barn.settings
    console.print(
        f"\nThe public site    {_front_door(settings.portal_url)}"
        f"\nFiled folders      {settings.store_url}/filed/"
        f"\nReturned files     {settings.store_url}/returned/"
        f"\nLineage            {settings.lineage_url}"
        f"\nAirflow            make up   (user admin, password {airflow.home.logins_file})"
        f"\nThis table again   .venv/bin/rangkiang status",
        soft_wrap=True,
    )


if __name__ == "__main__":
    main()
