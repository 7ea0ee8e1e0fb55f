"""The routes of pictures: a figure's cell, what stands around it, its page. All are made by us, pixel by pixel."""

from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from rangkiang.guard import Failed
from rangkiang.intake import Refused
from rangkiang.model import Document
from rangkiang.review import Sheet
from rangkiang.steps import Barn, picturing, reviewing
from rangkiang.web import house

routes = APIRouter()

_painter = ThreadPoolExecutor(1, "painter")  # a worker dies with the thread that started it, and serves one at a time
_KEPT = "private, max-age=604800, immutable"  # the address names the bytes, the reader and the figure


class Kind(StrEnum):
    CELL = "sel"
    AROUND = "sekitar"
    PAGE = "lembar"


@routes.get("/gambar/{code}/{sha256}/{line}/{picture}")
def shown(
    request: Request, code: str, sha256: str, line: Annotated[int, Path(ge=0, le=10**7)], picture: Kind
) -> Response:
    barn = house.opened()
    document = barn.ledger.document(code, sha256)
    sheet = reviewing.sheet(barn, document) if document else None
    if document is None or sheet is None or line >= len(sheet.figures):
        raise HTTPException(404)
    made = picturing.cell(barn, sheet, line) if picture is Kind.CELL else None
    made = made or _painted(barn, document, sheet, line, picture)
    same_reader = request.query_params.get("v") == reviewing.version(document)
    headers = {"Cache-Control": _KEPT} if same_reader else {}
    return Response(made, media_type=picturing.MEDIA_TYPE, headers=headers)


def _painted(barn: Barn, document: Document, sheet: Sheet, line: int, kind: Kind) -> bytes:
    box = picturing.box_of(sheet, line)
    if box is None:
        raise HTTPException(404)
    try:
        page = _painter.submit(picturing.page, barn, document, sheet.at(line, "page")).result()
    except (Refused, Failed) as error:
        raise HTTPException(404) from error
    how = {Kind.CELL: picturing.cut, Kind.AROUND: picturing.around, Kind.PAGE: picturing.lit}
    return how[kind](page, box)
