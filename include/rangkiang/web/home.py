"""The routes of the tile on Airflow's home page: what draws it is one of the board's assets, what it says is here."""

from typing import Any

from fastapi import APIRouter, Request

from rangkiang import board
from rangkiang.people import Act
from rangkiang.web.asking import Asker, allowed, language

routes = APIRouter()


@routes.get("/ringkas")
def summary(request: Request, person: Asker) -> dict[str, Any]:
    """Counts of all offices, or of each that is the person's own."""
    offices = sorted(person.offices) or [""]
    for office in offices:
        allowed(person, Act.LOOK, office)
    return board.tile(*board.opened(), language(request), offices)
