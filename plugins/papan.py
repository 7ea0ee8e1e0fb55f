"""The board in Airflow's menu. Only who is asked for a login stands here; the pages are ``rangkiang.web``'s.

Every process of Airflow loads this file, and only the API server needs what it serves: the pages are wired up when the
first of them is asked for.
"""

# No "from __future__ import annotations": FastAPI reads the annotations of functions inside a function.

import logging
from functools import cache
from typing import TYPE_CHECKING

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from httpx import AsyncClient, Response
    from starlette.types import Receive, Scope, Send

    from rangkiang.model import Approval

log = logging.getLogger(__name__)

OPEN = ("running", "awaiting_input")
"""States of a task whose question can be answered: Airflow keeps what is said before the task has gone to sleep."""


async def served(scope: "Scope", receive: "Receive", send: "Send") -> None:
    from rangkiang.web import headed

    await headed(app())({**scope, "airflow": scope["app"]}, receive, send)


@cache
def app() -> "FastAPI":
    """The pages, each behind Airflow's login."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, HTTPException

    from rangkiang import people, web
    from rangkiang.settings import Settings

    accounts = Settings().people

    def person(user: BaseUser = Depends(get_user)) -> people.Person:  # noqa: B008 - how FastAPI is told
        """Who may see the DAGs may see the pages, as far as the account's role goes."""
        # Not requires_access_dag: it believes a dag_id in the address, and one DAG's reader would read everything.
        if not get_auth_manager().is_authorized_dag(method="GET", user=user):
            raise HTTPException(403)
        return people.person(user.get_name(), accounts)

    return web.app(person, resume, answer)


def resume(request: "Request", office: str) -> bool:
    """Asks Airflow's public API for a run of the office's DAG, as who sent the request: False where they may not.

    One that waits already will do. What is not asked for here the DAG ``decided`` finds.
    """
    from anyio import from_thread

    return from_thread.run(_resumed, request, office)


async def _resumed(request: "Request", office: str) -> bool:
    from rangkiang import catalogue

    runs = f"dags/{catalogue.office(office).dag_id}/dagRuns"
    async with _airflow(request) as airflow:
        waiting = await airflow.get(runs, params={"state": "queued", "limit": 1})
        if waiting.is_success and waiting.json()["total_entries"]:
            return True
        return _done(await airflow.post(runs, json={"logical_date": None}))


def answer(request: "Request", said: "Approval") -> bool:
    """Answers the question that a stage's run waits with, as who sent the request; where none waits, starts the stage.

    False where they may not: then the stage's next run finds what was said.
    """
    from anyio import from_thread

    return from_thread.run(_answered, request, said)


async def _answered(request: "Request", said: "Approval") -> bool:
    from rangkiang import answers
    from rangkiang.model import Ruling

    runs = f"dags/stage__{said.stage}/dagRuns"
    told = {"chosen_options": [answers.answer(said.ruling)], "params_input": {answers.WHY: said.why}}
    async with _airflow(request) as airflow:
        asked = await airflow.get(f"{runs}/~/hitlDetails", params={"response_received": False, "task_id": answers.TASK})
        waiting = [q["task_instance"] for q in asked.json()["hitl_details"]] if asked.is_success else []
        for one in (q for q in waiting if q["state"] in OPEN):
            path = f"{runs}/{one['dag_run_id']}/taskInstances/{one['task_id']}/{one['map_index']}/hitlDetails"
            return _done(await airflow.patch(path, json=told))
        if said.ruling is Ruling.APPROVE:
            return _done(await airflow.post(runs, json={"logical_date": None}))
    return False


def _done(response: "Response") -> bool:
    """Whether Airflow did what it was asked; the log says why not."""
    if not response.is_success:
        level = logging.INFO if response.status_code == 403 else logging.WARNING  # who may not is no fault
        asked = response.request
        log.log(level, "%s %s: %s %s", asked.method, asked.url.path, response.status_code, response.text[:500])
    return response.is_success


def _airflow(request: "Request") -> "AsyncClient":
    """Airflow's public API, in this process, as who sent the request: what they may not do there is not done."""
    from httpx import ASGITransport, AsyncClient

    who = {name: request.headers[name] for name in ("authorization", "cookie") if name in request.headers}
    there = ASGITransport(request.scope["airflow"], raise_app_exceptions=False)
    return AsyncClient(transport=there, base_url="http://airflow/api/v2/", headers=who)


class Papan(AirflowPlugin):
    name = "rangkiang_papan"
    fastapi_apps = [{"app": served, "url_prefix": "/papan", "name": "Papan Sumbar"}]  # noqa: RUF012 - Airflow's form
    external_views = [  # noqa: RUF012
        {"name": "Papan", "href": "/papan/", "destination": "nav", "url_route": "papan"},
    ]
    react_apps = [  # noqa: RUF012
        {"name": "Papan di beranda", "bundle_url": "papan/beranda.js", "destination": "dashboard"},
    ]
