"""A small client of Airflow's public API: what the demo and the tests ask of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import httpx

SETTLED = 3.0
"""Seconds between a question and an answer. Airflow 3.3 loses an answer that comes before the scheduler, which looks
every two seconds, has seen the asking task go to sleep, and asks again after a while."""

_PAGE = 100  # the most that Airflow gives at once
Json = dict[str, Any]


class Unavailable(Exception):
    """Airflow did not answer, or not in time."""


class Client:
    """Logged in as one user. The token is renewed when it has run out."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._login = {"username": user, "password": password}
        self._http = httpx.Client(base_url=url, timeout=120, trust_env=False)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, method: str, path: str, body: Json | None = None, **query: Any) -> Json:
        """One call below ``/api/v2``.

        Raises httpx.HTTPStatusError with the server's words, httpx.TransportError, or Unavailable where the server
        answers that it cannot, as it does while its database is away.
        """
        answer = self._send(method, path, body, query)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            given = self._http.post("/auth/token", json=self._login)
            if not given.is_server_error:
                token = given.raise_for_status().json()["access_token"]
                self._http.headers["Authorization"] = f"Bearer {token}"
            answer = self._send(method, path, body, query)
        if answer.is_server_error:
            raise Unavailable(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        if answer.is_error:
            raise httpx.HTTPStatusError(
                f"{method} {path}: {answer.status_code} {answer.text[:500]}", request=answer.request, response=answer
            )
        result: Json = answer.json() if answer.content else {}
        return result

    def _send(self, method: str, path: str, body: Json | None, query: Mapping[str, Any]) -> httpx.Response:
        return self._http.request(method, f"/api/v2/{path}", json=body, params=dict(query))

    def all(self, path: str, name: str, **query: Any) -> Iterator[Json]:
        """Every item of a listing, page after page; ``name`` is the listing's key in the answer."""
        offset = 0
        while True:
            page = self.ask("GET", path, limit=_PAGE, offset=offset, **query)
            yield from page[name]
            offset += len(page[name])
            if not page[name] or offset >= page["total_entries"]:
                return

    def health(self) -> dict[str, str | None]:
        """State by part: metadatabase, scheduler, dag_processor, triggerer. Raises httpx.TransportError."""
        return {part: (said or {}).get("status") for part, said in self.ask("GET", "monitor/health").items()}

    def dags(self) -> list[Json]:
        return list(self.all("dags", "dags", order_by="dag_id"))

    def import_errors(self) -> list[Json]:
        return list(self.all("importErrors", "import_errors"))

    def trigger(self, dag_id: str, conf: Json | None = None) -> str:
        """Start a run now, with ``conf`` as its params; returns the run's id."""
        run: Json = self.ask("POST", f"dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf or {}})
        return str(run["dag_run_id"])

    def run(self, dag_id: str, run_id: str) -> Json:
        return self.ask("GET", f"dags/{dag_id}/dagRuns/{run_id}")

    def runs(self, dag_id: str = "~", **query: Any) -> list[Json]:
        """Runs of one DAG, or of all, oldest first."""
        return list(self.all(f"dags/{dag_id}/dagRuns", "dag_runs", order_by="id", **query))

    def task_instances(self, dag_id: str = "~", run_id: str = "~", **query: Any) -> list[Json]:
        """Task instances, those of mapped tasks one by one."""
        return list(self.all(f"dags/{dag_id}/dagRuns/{run_id}/taskInstances", "task_instances", **query))

    def questions(self, dag_id: str = "~", run_id: str = "~") -> list[Json]:
        """What people are asked by runs that wait for their answer."""
        open_ones = self.all(f"dags/{dag_id}/dagRuns/{run_id}/hitlDetails", "hitl_details", response_received=False)
        return [one for one in open_ones if one["task_instance"]["state"] == "awaiting_input"]

    def answer(self, question: Json, option: str, **fields: str) -> Json:
        """Answer a question as the user who is logged in."""
        asked = question["task_instance"]
        run = f"dags/{asked['dag_id']}/dagRuns/{asked['dag_run_id']}"
        path = f"{run}/taskInstances/{asked['task_id']}/{asked['map_index']}/hitlDetails"
        return self.ask("PATCH", path, {"chosen_options": [option], "params_input": fields})

    def wait(self, runs: Iterable[tuple[str, str]], seconds: float, every: float = 1.0) -> dict[tuple[str, str], str]:
        """Wait until all runs (DAG id, run id) have ended; their states. Raises Unavailable after ``seconds``."""
        wanted = set(runs)
        still, states = wanted, dict[tuple[str, str], str]()
        patience = time.monotonic() + seconds
        while len(states) < len(wanted):
            if time.monotonic() > patience:
                raise Unavailable(f"After {seconds:.0f} s not ended: {', '.join(sorted(dag for dag, _ in still))}.")
            with suppress(httpx.TransportError, Unavailable):  # the server or its database may be being started again
                still = self.unfinished() & wanted
                states |= {key: self.run(*key)["state"] for key in wanted - still - states.keys()}
            time.sleep(every if still else 0)
        return states

    def unfinished(self) -> set[tuple[str, str]]:
        """The runs (DAG id, run id) of all DAGs that are queued or running."""
        return {(run["dag_id"], run["dag_run_id"]) for run in self.runs(state=["queued", "running"])}
