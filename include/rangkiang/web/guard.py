"""What every request passes before its route: who asks, whose office it is about, whether the form is one of ours."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rangkiang.people import CHANGES, Act
from rangkiang.web import token
from rangkiang.web.asking import Asker, Refused, allowed

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

MOST = 256 * 1024
"""Bytes of a form: some thousands of findings, decided at once."""


async def guarded(request: Request, person: Asker) -> None:
    """A dependency of all routes, so that no route has to remember. Raises HTTPException with 401 or 403.

    The office that an address names, in its path (``{code}``) or as ``?kantor=``, is one that the person may look at,
    and who is there to look only sends no form; what exactly they may do is the route's to ask.
    """
    request.state.person = person
    for office in (request.path_params.get("code"), *request.query_params.getlist("kantor")):
        if office:
            request.state.office = office
            allowed(person, Act.LOOK, office)
    if request.method not in SAFE:
        if not any(person.is_for(act) for act in CHANGES):
            raise HTTPException(403)
        await _ours(request, person.name)


async def _ours(request: Request, account: str) -> None:
    """Refuses what another site's page, or a page of yesterday, has sent."""
    if not _same_origin(request):
        raise Refused(403, "foreign_form")
    sent = (await request.form()).get("token")
    if not (isinstance(sent, str) and token.is_right(sent, account, datetime.now(UTC))):
        raise Refused(403, "stale_form")


def _same_origin(request: Request) -> bool:
    """By all that the browser says about it; one that says nothing is none of today's."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        return False
    # Not the scheme, which a server before this one may have taken off.
    ours = origin is None or origin.partition("://")[2] == request.headers.get("host")
    return ours and site in (None, "same-origin")


class Measured:
    """The application, to which nobody can send more than :data:`MOST`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MOST:
                raise HTTPException(413)
            return message

        await self._app(scope, counting, send)
