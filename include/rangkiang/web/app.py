"""Puts the application together: its routes, who asks, the headers of every answer, a ledger that is away."""

from collections.abc import Callable

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rangkiang.errors import NotEntitled
from rangkiang.ledger import AWAY
from rangkiang.people import Person
from rangkiang.web import approving, audit, home, looking, origin, pictures, reviewing, slips
from rangkiang.web.asking import Refused, asker, said
from rangkiang.web.audit import Audited
from rangkiang.web.guard import Measured, guarded

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'self'"  # Airflow shows the pages in a frame
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}

_SAID = {401: "login", 403: "forbidden", 404: "not_found", 405: "no_such_act", 413: "too_large"}


def app(
    person: Callable[..., Person],
    resume: reviewing.Resume = reviewing.never,
    answer: approving.Answer = approving.nobody,
) -> FastAPI:
    """The application. ``person`` is a dependency, as FastAPI has them: it gives who asks, or refuses.

    ``resume`` asks for an office's run once something has been decided; ``answer`` lets a run know that waits for
    somebody's word on a release.
    """
    made = FastAPI(dependencies=[Depends(guarded)], docs_url=None, redoc_url=None, openapi_url=None)
    made.dependency_overrides[asker] = person
    made.state.resume, made.state.answer = resume, answer
    for one in (looking, origin, reviewing, pictures, approving, slips, home, audit):
        made.include_router(one.routes)
    made.add_middleware(Measured)
    made.add_middleware(Audited)
    for kind in AWAY:
        made.add_exception_handler(kind, _away)
    made.add_exception_handler(HTTPException, _refused)
    made.add_exception_handler(NotEntitled, _not_entitled)
    made.add_exception_handler(RequestValidationError, _misunderstood)
    return made


def _away(request: Request, _error: Exception) -> Response:
    return said(request, 503, "away")


def _not_entitled(request: Request, _error: Exception) -> Response:
    return said(request, 403, "forbidden")


def _misunderstood(request: Request, _error: Exception) -> Response:
    return said(request, 422, "misunderstood")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for these
    key = error.said if isinstance(error, Refused) else _SAID.get(error.status_code, "misunderstood")
    return said(request, error.status_code, key)


def headed(app: ASGIApp) -> ASGIApp:
    """The application, every answer of which has the headers, be it a refusal or a failure. What an answer says itself
    about one of them stands."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                ours = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                more = [header for header in ours if header[0] not in own]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await app(scope, receive, sending)

    return answering
