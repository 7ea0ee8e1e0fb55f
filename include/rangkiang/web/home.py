"""The routes of the tile on Airflow's home page: what draws it is one of the board's assets, what it says is here."""

from typing import Any

from fastapi import APIRouter, Request

from rangkiang import board
from rangkiang.steps import approving
from rangkiang.web import house
from rangkiang.web.asking import Asker, language

routes = APIRouter()


@routes.get("/ringkas")
def summary(request: Request, person: Asker) -> dict[str, Any]:
    """Counts of all offices, or of each that is the person's own."""
    awaiting = 0 if person.offices else approving.waiting(house.opened())
    return board.tile(*board.opened(), language(request), sorted(person.offices), awaiting)
