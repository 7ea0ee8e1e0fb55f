"""The board in Airflow's menu. Only who is asked for a login stands here; the pages are ``rangkiang.web``'s.

Every process of Airflow loads this file, and only the API server needs what it serves: the pages are wired up when the
first of them is asked for.
"""

# No "from __future__ import annotations": FastAPI reads the annotations of functions inside a function.

from functools import cache
from typing import TYPE_CHECKING

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.types import Receive, Scope, Send


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

    return web.app(person, resume)


def resume(request: "Request", office: str) -> bool:
    """Asks Airflow's public API for a run of the office's DAG, as who sent the request: False where they may not.

    One that waits already will do. What is not asked for here the DAG ``decided`` finds.
    """
    from anyio import from_thread

    return from_thread.run(_asked, request, office)


async def _asked(request: "Request", office: str) -> bool:
    import httpx

    from rangkiang import catalogue

    who = {name: request.headers[name] for name in ("authorization", "cookie") if name in request.headers}
    there = httpx.ASGITransport(request.scope["airflow"], raise_app_exceptions=False)
    runs = f"/api/v2/dags/{catalogue.office(office).dag_id}/dagRuns"
    async with httpx.AsyncClient(transport=there, base_url="http://airflow", headers=who) as airflow:
        waiting = await airflow.get(runs, params={"state": "queued", "limit": 1})
        if waiting.is_success and waiting.json()["total_entries"]:
            return True
        return (await airflow.post(runs, json={"logical_date": None})).is_success


class Papan(AirflowPlugin):
    name = "rangkiang_papan"
    fastapi_apps = [{"app": served, "url_prefix": "/papan", "name": "Papan Sumbar"}]  # noqa: RUF012 - Airflow's form
    external_views = [  # noqa: RUF012
        {"name": "Papan", "href": "/papan/", "destination": "nav", "url_route": "papan"},
    ]
