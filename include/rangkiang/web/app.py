"""Puts the application together: its routes, who asks, the headers of every answer, a ledger that is away."""

from collections.abc import Callable

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rangkiang import board
from rangkiang.ledger import AWAY
from rangkiang.people import Person
from rangkiang.web import home, looking, slips
from rangkiang.web.asking import asker, view

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'self'"  # Airflow shows the pages in a frame
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def app(person: Callable[..., Person]) -> FastAPI:
    """The application. ``person`` is a dependency, as FastAPI has them: it gives who asks, or refuses."""
    made = FastAPI(dependencies=[Depends(asker)], docs_url=None, redoc_url=None, openapi_url=None)
    made.dependency_overrides[asker] = person
    made.include_router(looking.routes)
    made.include_router(slips.routes)
    made.include_router(home.routes)
    for kind in AWAY:
        made.add_exception_handler(kind, _away)
    return made


def _away(request: Request, _error: Exception) -> Response:
    depth = request.url.path.removeprefix(request.scope.get("root_path", "")).strip("/").count("/")
    return HTMLResponse(board.message(view(request, depth), "away", "away_text"), 503)


def headed(app: ASGIApp) -> ASGIApp:
    """The application, every answer of which has the headers, or its own of that name, be it a refusal or a failure."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}  # a page that needs more, or less, says so itself
                all_of_us = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                ours = [(name, value) for name, value in all_of_us if name not in own]
                message = {**message, "headers": [*message["headers"], *ours]}
            await send(message)

        await app(scope, receive, sending)

    return answering
