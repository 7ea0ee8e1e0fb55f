"""The board in Airflow's menu. Only who is asked for a login stands here; the pages are ``rangkiang.web``'s.

Every process of Airflow loads this file, and only the API server needs what it serves: the pages are wired up when the
first of them is asked for.
"""

# No "from __future__ import annotations": FastAPI reads the annotations of functions inside a function.

from functools import cache
from typing import TYPE_CHECKING

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send


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

    return web.app(person)


class Papan(AirflowPlugin):
    name = "rangkiang_papan"
    fastapi_apps = [{"app": served, "url_prefix": "/papan", "name": "Papan Sumbar"}]  # noqa: RUF012 - Airflow's form
    external_views = [  # noqa: RUF012
        {"name": "Papan", "href": "/papan/", "destination": "nav", "url_route": "papan"},
    ]
    react_apps = [  # noqa: RUF012
        {"name": "Papan di beranda", "bundle_url": "papan/beranda.js", "destination": "dashboard"},
    ]
