"""Writes down who did what, or was refused it, before they are told; and the page that shows it."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rangkiang import board
from rangkiang.board.trail import Traced, trail, trail_csv
from rangkiang.ledger import Deed, Outcome
from rangkiang.people import Act, Person
from rangkiang.web import house
from rangkiang.web.asking import Asker, allowed, page, view
from rangkiang.web.guard import SAFE

routes = APIRouter()
log = logging.getLogger(__name__)

_REFUSALS = frozenset({401, 403})


@routes.get("/jejak-audit")
def audit(request: Request, person: Asker) -> Response:
    allowed(person, Act.AUDIT)
    return page(request, 0, trail(view(request, 0), board.opened()[0], Traced.of(request.query_params)))


@routes.get("/jejak-audit.csv")
def audit_csv(request: Request, person: Asker) -> Response:
    allowed(person, Act.AUDIT)
    table = trail_csv(board.opened()[0], Traced.of(request.query_params))
    named = {"Content-Disposition": 'attachment; filename="jejak-audit.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=named)


class Audited:
    """The application, of which every attempt to change something, and every refusal, is kept.

    What is changed and acknowledged has its line: the line is written before the answer is given. Who is not logged in
    is not kept, else anybody could fill a table from which nothing is deleted; the log of this process tells of them.
    Nor is what the server failed at: nothing was acknowledged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                await _write_down(scope, message["status"])
            await send(message)

        await self._app(scope, receive, sending)


async def _write_down(scope: Scope, status: int) -> None:
    changes = scope["method"] not in SAFE
    if status >= 500 or not (changes or status in _REFUSALS):
        return
    person: Person | None = scope.get("state", {}).get("person")
    if person is not None:
        await run_in_threadpool(_record, _deed(scope, person, status))
    elif status in _REFUSALS:
        log.warning("refused to somebody unknown: %s %.200r", scope["method"], scope["path"])


def _deed(scope: Scope, person: Person, status: int) -> Deed:
    state, values = scope["state"], scope.get("path_params", {})
    outcome = Outcome.STALE if status == 409 else Outcome.REFUSED if status >= 400 else Outcome.DONE
    about = state.get("about") or " ".join(str(value) for name, value in values.items() if name != "code")
    act = getattr(scope.get("route"), "name", "")
    return Deed(person.name, person.role.value, act, state.get("office", ""), about, outcome)


def _record(deed: Deed) -> None:
    house.opened().ledger.record_deed(deed)  # and not the board's: it tells the journal
