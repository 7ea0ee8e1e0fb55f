"""The routes of the board: they only look. Whose office an address may name is the guard's to say."""

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from rangkiang import board
from rangkiang.web.asking import page, view

routes = APIRouter()


@routes.get("/")
def overview(request: Request) -> Response:
    return page(request, 0, board.overview(view(request, 0), *board.opened()))


@routes.get("/kantor/{code}")
def office(request: Request, code: str) -> Response:
    return page(request, 1, board.office(view(request, 1), *board.opened(), code))


@routes.get("/dokumen")
def documents(request: Request) -> Response:
    wanted = board.Wanted.of(request.query_params)
    return page(request, 0, board.documents(view(request, 0), *board.opened(), wanted))


@routes.get("/dokumen/{code}/{sha256}")
def document(request: Request, code: str, sha256: str) -> Response:
    return page(request, 2, board.document(view(request, 2), *board.opened(), code, sha256))


@routes.get("/ketepatan")
def accuracy(request: Request) -> Response:
    return page(request, 0, board.accuracy(view(request, 0), board.opened()[0]))


def _asset(name: str) -> Response:
    return Response(board.asset(name), media_type=board.ASSETS[name])


for _name in board.ASSETS:
    routes.add_api_route(f"/{_name}", partial(_asset, _name), name="asset")
