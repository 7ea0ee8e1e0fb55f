"""Runs on an Airflow of which parts may be killed meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import httpx

from deploy.local.client import SETTLED, Client
from rangkiang import answers
from rangkiang.model import Ruling

from .patience import AWAY, until

LONG = 900.0  # seconds, of a busy machine

Run = tuple[str, str]  # DAG and run


def started(client: Client, dag: str) -> str:
    """Ask for a run until the server answers. One that was asked for twice finds nothing left to do."""
    patience = time.monotonic() + LONG
    while True:
        try:
            return client.trigger(dag)
        except AWAY:
            if time.monotonic() > patience:
                raise
            time.sleep(1)


def ended(client: Client, runs: Iterable[Run], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Wait until all runs have ended well; whatever Airflow is asked may fail while parts of it are away."""
    wanted = set(runs)

    def over() -> bool:
        meanwhile()
        return not client.unfinished() & wanted

    until(over, LONG, AWAY)
    until(lambda: all(client.run(*run)["state"] == "success" for run in wanted) or _failed(client, wanted), LONG, AWAY)


def _failed(client: Client, runs: Iterable[Run]) -> bool:
    failed = [run for run in runs if client.run(*run)["state"] == "failed"]
    said = [
        (task["dag_id"], task["task_id"], task["map_index"], task["state"], task["try_number"])
        for run in failed
        for task in client.task_instances(*run)
        if task["state"] not in ("success", "skipped")
    ]
    assert not failed, f"failed: {said}"
    return False


def approve(coordinator: Client) -> None:
    """Say yes to all that is asked now. Airflow asks again where it lost a quick answer: do this until runs end."""
    for question in coordinator.questions():
        time.sleep(SETTLED)
        try:
            coordinator.answer(question, answers.answer(Ruling.APPROVE), **{answers.WHY: "sudah diperiksa"})
        except httpx.HTTPStatusError as refused:  # answered already, and not yet known to be
            if refused.response.status_code != httpx.codes.CONFLICT:
                raise
