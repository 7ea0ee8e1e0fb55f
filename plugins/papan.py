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
    from starlette.types import Receive, Scope, Send

    from rangkiang.model import Approval

log = logging.getLogger(__name__)


async def served(scope: "Scope", receive: "Receive", send: "Send") -> None:
    from rangkiang.web import headed

    await headed(app())(scope, receive, send)


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

    return web.app(person, answer)


def answer(request: "Request", said: "Approval") -> bool:
    """Answer the question that a stage's run waits with, as the one who asks; where none waits, start the stage.

    By Airflow's own API, with the caller's token: what the caller may not do there is not done.
    """
    import httpx
    from airflow.configuration import conf

    from rangkiang import answers
    from rangkiang.model import Ruling

    dag, here = f"stage__{said.stage}", conf.get("api", "base_url", fallback="").rstrip("/")
    if not here:
        log.warning("Airflow has no [api] base_url, so that nobody could tell it what %s said of %s", said.author, dag)
        return False
    base, own = f"{here}/api/v2/dags/{dag}/dagRuns", {"Authorization": f"Bearer {_token(request)}"}
    with httpx.Client(headers=own, timeout=10, trust_env=False) as airflow:
        try:
            asked = airflow.get(f"{base}/~/hitlDetails", params={"response_received": False, "task_id": answers.TASK})
            waiting = [q["task_instance"] for q in asked.raise_for_status().json()["hitl_details"]]
            for one in (q for q in waiting if q["state"] == "awaiting_input"):
                path = f"{base}/{one['dag_run_id']}/taskInstances/{one['task_id']}/{one['map_index']}/hitlDetails"
                told = {"chosen_options": [answers.answer(said.ruling)], "params_input": {answers.WHY: said.why}}
                airflow.patch(path, json=told).raise_for_status()
                return True
            if said.ruling is Ruling.APPROVE:
                airflow.post(base, json={"logical_date": None}).raise_for_status()
                return True
        except httpx.HTTPError as error:
            log.warning("Airflow was not told of what %s said of %s: %s", said.author, dag, error)
    return False


def _token(request: "Request") -> str:
    """The caller's own, as the login has left it."""
    from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN

    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else request.cookies.get(COOKIE_NAME_JWT_TOKEN, "")


class Papan(AirflowPlugin):
    name = "rangkiang_papan"
    fastapi_apps = [{"app": served, "url_prefix": "/papan", "name": "Papan Sumbar"}]  # noqa: RUF012 - Airflow's form
    external_views = [  # noqa: RUF012
        {"name": "Papan", "href": "/papan/", "destination": "nav", "url_route": "papan"},
    ]
