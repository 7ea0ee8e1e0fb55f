"""The routes of approval: what waits, what it would change, and the answer."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response

from rangkiang import steps
from rangkiang.board import approving as pages
from rangkiang.errors import DecisionRefused, ProposalOutdated, UnknownProposal
from rangkiang.model import Approval, Ruling
from rangkiang.people import Act
from rangkiang.proposals import Proposal
from rangkiang.steps import approving
from rangkiang.steps.drafting import draft
from rangkiang.web import house
from rangkiang.web.asking import Asker, needs, page, view

Answer = Callable[[Request, Approval], bool]
"""Lets the run that waits for an answer have it, as the one who asks; False where nobody could be told."""

HISTORY = 50

routes = APIRouter(dependencies=[Depends(needs(Act.LOOK))])


def nobody(_request: Request, _said: Approval) -> bool:
    """Where no run waits, the next one finds what is approved."""
    return False


@routes.get("/persetujuan")
def waiting(request: Request) -> Response:
    barn = house.opened()
    found = [pages.Waiting(*one) for one in approving.pending(barn)]
    return page(request, 0, pages.waiting(view(request, 0), found, barn.ledger.approvals(limit=HISTORY)))


@routes.get("/persetujuan/{digest}")
def proposal(request: Request, person: Asker, digest: str, told: str = "") -> Response:
    return _page(request, _proposal(digest), person.may(Act.APPROVE), told=told if told in _TOLD else "")


@routes.post("/persetujuan/{digest}", dependencies=[Depends(needs(Act.APPROVE))])
def answer(
    request: Request, person: Asker, digest: str, ruling: Annotated[Ruling, Form()], why: Annotated[str, Form()] = ""
) -> Response:
    """Keep the answer, let the run that waits have it, and show the page anew."""
    shown = _proposal(digest)
    rule = {Ruling.APPROVE: steps.approve, Ruling.RETURN: steps.send_back}[ruling]
    try:
        said = rule(house.opened(), shown.digest, person.name, why)
    except ProposalOutdated:
        return _page(request, shown, False, wrong="outdated", status=409)
    except DecisionRefused:
        return _page(request, shown, True, wrong="why_unfit" if why.strip() else "why_missing", status=422)
    told: Answer = request.app.state.answer
    return Response(status_code=303, headers={"location": f"{digest}?told={_TOLD[told(request, said)]}"})


_TOLD = ("told_later", "told_on")


def _proposal(digest: str) -> Proposal:
    try:
        return approving.proposal(house.opened(), digest)
    except UnknownProposal:
        raise HTTPException(404) from None


def _page(request: Request, shown: Proposal, may: bool, wrong: str = "", told: str = "", status: int = 200) -> Response:
    barn = house.opened()
    drafted = draft(barn, shown.stage)
    current = drafted.digest == shown.digest and not drafted.empty
    standing = approving.standing(barn, drafted).value if current else "past"
    history = barn.ledger.approvals(shown.digest)
    text = pages.proposal(view(request, 1), shown, standing, history, may and current, wrong, told)
    made = page(request, 1, text)
    made.status_code = status
    return made
