"""Who asks, in what language, from where: what every route wants to know first, and how it answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from rangkiang import board
from rangkiang.people import Act, Person
from rangkiang.web import token

COOKIE = "papan_bahasa"
_A_YEAR = 365 * 86400


def asker() -> Person:
    """Stands for whoever asks; who serves the application says who that is."""
    raise HTTPException(401)


class Refused(HTTPException):
    """An answer that is a page; ``said`` is the key of its words."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(status)
        self.said = said


Asker = Annotated[Person, Depends(asker)]


def allowed(person: Person, act: Act, office: str = "") -> None:
    """Refuses with 403 what the person may not do."""
    if not person.may(act, office):
        raise HTTPException(403)


def needs(act: Act) -> Callable[[Person], None]:
    """A dependency of routes that belong to no single office: it refuses before a form is looked at."""

    def needed(person: Asker) -> None:
        allowed(person, act)

    return needed


def about(request: Request, *ids: str) -> None:
    """Says what a route has changed, or was asked to: of which the audit trail tells, where the address does not."""
    request.state.about = " ".join(ids)


def view(request: Request, depth: int) -> board.View:
    """How a page is to be made, for whom, that lies ``depth`` folders below the board."""
    return _view(request, depth, request.state.person)


def _view(request: Request, depth: int, person: Person | None) -> board.View:
    path = request.scope["path"].removeprefix(request.scope.get("root_path", "")).lstrip("/")
    asked = request.url.remove_query_params("lang").query
    here = f"{path}?{asked}" if asked else path
    now = datetime.now(UTC)
    return board.View(
        now,
        language(request),
        "../" * depth,
        here if request.method == "GET" else "",  # what was sent cannot be asked for again
        person,
        token.made(person.name, now) if person else "",
    )


def language(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE)
    return "en" if asked == "en" else "id"


def page(request: Request, depth: int, text: str | None) -> Response:
    """A page as an answer; None is one that there is not. A language that was asked for is remembered."""
    if text is None:
        text, status = board.message(view(request, depth), "not_found", "not_found_text"), 404
    else:
        status = 200
    answer = HTMLResponse(text, status)
    if "lang" in request.query_params:
        path = request.scope.get("root_path", "") or "/"
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, language(request), _A_YEAR, path=path, secure=secure, httponly=True, samesite="lax")
    return answer


def said(request: Request, status: int, key: str) -> Response:
    """A page that only says something, by the key of its words, for an address of any depth."""
    depth = request.url.path.removeprefix(request.scope.get("root_path", "")).strip("/").count("/")
    view = _view(request, depth, getattr(request.state, "person", None))  # nobody, where that is what is said
    return HTMLResponse(board.message(view, key, f"{key}_text"), status)
