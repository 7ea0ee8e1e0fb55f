"""The route of slips: the page that goes back to an office with its document."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from rangkiang import board, catalogue
from rangkiang.slips import POLICY
from rangkiang.slips.folder import find
from rangkiang.web import house
from rangkiang.web.asking import view

routes = APIRouter()


@routes.get("/surat/{code}/{sha256}")
def letter(request: Request, code: str, sha256: str) -> Response:
    """As it stands in the office's folder, under a policy of its own: its style and pictures are in it."""
    found = find(house.opened().store, code, sha256) if code in {o.code for o in catalogue.offices()} else None
    if found is None:
        return HTMLResponse(board.message(view(request, 2), "no_slip", "no_slip_text"), 404)
    return HTMLResponse(found, headers={"Content-Security-Policy": POLICY})
