"""The routes of the board: they only look."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from rangkiang import board
from rangkiang.people import Act
from rangkiang.web.asking import Asker, allowed, page, view

routes = APIRouter()


@routes.get("/")
def overview(request: Request, person: Asker) -> Response:
    allowed(person, Act.LOOK)
    return page(request, 0, board.overview(view(request, 0), *board.opened()))


@routes.get("/kantor/{code}")
def office(request: Request, person: Asker, code: str) -> Response:
    allowed(person, Act.LOOK, code)
    return page(request, 1, board.office(view(request, 1), *board.opened(), code))


@routes.get("/dokumen")
def documents(request: Request, person: Asker) -> Response:
    wanted = board.Wanted.of(request.query_params)
    allowed(person, Act.LOOK, wanted.office)
    return page(request, 0, board.documents(view(request, 0), *board.opened(), wanted))


@routes.get("/dokumen/{code}/{sha256}")
def document(request: Request, person: Asker, code: str, sha256: str) -> Response:
    allowed(person, Act.LOOK, code)
    return page(request, 2, board.document(view(request, 2), *board.opened(), code, sha256))


@routes.get("/ketepatan")
def accuracy(request: Request, person: Asker) -> Response:
    allowed(person, Act.LOOK)
    return page(request, 0, board.accuracy(view(request, 0), board.opened()[0]))


@routes.get("/{name}.{kind}")
def asset(name: str, kind: str) -> Response:
    name = f"{name}.{kind}"
    if name not in board.ASSETS:
        raise HTTPException(404)
    return Response(board.asset(name), media_type=board.ASSETS[name])
