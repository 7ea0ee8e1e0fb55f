"""The routes that say where a figure is from. They only look."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from rangkiang import board
from rangkiang.board.wanted import page_number
from rangkiang.steps import origins, reviewing
from rangkiang.web import house
from rangkiang.web.asking import page, view

routes = APIRouter()


@routes.get("/asal/{code}/{sha256}")
def figures(request: Request, code: str, sha256: str) -> Response:
    barn = house.opened()
    document = barn.ledger.document(code, sha256)
    sheet = reviewing.sheet(barn, document) if document else None
    if document is None or sheet is None:
        return page(request, 2, None)
    return page(request, 2, board.figures(view(request, 2), document, sheet, page_number(request.query_params)))


@routes.get("/asal/{code}/{sha256}/{line}")
def figure(request: Request, code: str, sha256: str, line: Annotated[int, Path(ge=0, le=10**7)]) -> Response:
    barn = house.opened()
    document = barn.ledger.document(code, sha256)
    found = origins.origin(barn, document, line) if document else None
    return page(request, 3, None if found is None else board.origin(view(request, 3), found))
