"""The board in Airflow's menu. Only who is asked for a login, and which page belongs to which address, stands here.

Every process of Airflow loads this file, and only the API server needs what it serves: the pages are wired up when the
first of them is asked for.
"""

# No "from __future__ import annotations": FastAPI reads the annotations of functions inside a function.

from functools import cache
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

COOKIE = "papan_bahasa"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'"  # Airflow shows the board in a frame
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


async def guarded(scope: "Scope", receive: "Receive", send: "Send") -> None:
    """The pages, every answer of which has the headers, be it a refusal or a failure."""

    async def headed(message: Any) -> None:
        if message["type"] == "http.response.start":
            ours = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *ours]}
        await send(message)

    await app()(scope, receive, headed)


@cache
def app() -> "FastAPI":
    """The pages, each behind Airflow's login."""
    from datetime import UTC, datetime

    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, FastAPI, HTTPException, Request
    from fastapi.responses import HTMLResponse, Response

    from rangkiang import board
    from rangkiang.ledger import AWAY

    def reader(user: BaseUser = Depends(get_user)) -> None:  # noqa: B008 - how FastAPI is told
        """Who may see the DAGs may see the board."""
        # Not requires_access_dag: it believes a dag_id in the address, and one DAG's reader would read everything.
        if not get_auth_manager().is_authorized_dag(method="GET", user=user):
            raise HTTPException(403)

    def view(request: Request, depth: int) -> board.View:
        path = request.scope["path"].removeprefix(request.scope.get("root_path", "")).lstrip("/")
        asked = request.url.remove_query_params("lang").query
        here = f"{path}?{asked}" if asked else path
        return board.View(datetime.now(UTC), _language(request), "../" * depth, here)

    def page(request: Request, depth: int, text: str | None) -> Response:
        if text is None:
            text, status = board.message(view(request, depth), "not_found", "not_found_text"), 404
        else:
            status = 200
        answer = HTMLResponse(text, status)
        if "lang" in request.query_params:
            path = request.scope.get("root_path", "") or "/"
            secure = request.url.scheme == "https"
            answer.set_cookie(
                COOKIE, _language(request), 365 * 86400, path=path, secure=secure, httponly=True, samesite="lax"
            )
        return answer

    made = FastAPI(dependencies=[Depends(reader)], docs_url=None, redoc_url=None, openapi_url=None)

    @made.get("/")
    def overview(request: Request) -> Response:
        return page(request, 0, board.overview(view(request, 0), *board.opened()))

    @made.get("/kantor/{code}")
    def office(request: Request, code: str) -> Response:
        return page(request, 1, board.office(view(request, 1), *board.opened(), code))

    @made.get("/dokumen")
    def documents(request: Request) -> Response:
        return page(
            request, 0, board.documents(view(request, 0), *board.opened(), board.Wanted.of(request.query_params))
        )

    @made.get("/dokumen/{code}/{sha256}")
    def document(request: Request, code: str, sha256: str) -> Response:
        return page(request, 2, board.document(view(request, 2), *board.opened(), code, sha256))

    @made.get("/papan.{kind}")
    def asset(kind: str) -> Response:
        name = f"papan.{kind}"
        if name not in board.ASSETS:
            raise HTTPException(404)
        return Response(board.asset(name), media_type=board.ASSETS[name])

    def away(request: Request, error: Exception) -> Response:
        depth = request.url.path.removeprefix(request.scope.get("root_path", "")).strip("/").count("/")
        here = board.View(datetime.now(UTC), _language(request), "../" * depth)
        return HTMLResponse(board.message(here, "away", "away_text"), 503)

    for kind in AWAY:
        made.add_exception_handler(kind, away)
    return made


def _language(request: Any) -> str:
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE)
    return "en" if asked == "en" else "id"


class Papan(AirflowPlugin):
    name = "rangkiang_papan"
    fastapi_apps = [{"app": guarded, "url_prefix": "/papan", "name": "Papan Sumbar"}]  # noqa: RUF012 - Airflow's form
    external_views = [  # noqa: RUF012
        {"name": "Papan", "href": "/papan/", "destination": "nav", "url_route": "papan"},
    ]
