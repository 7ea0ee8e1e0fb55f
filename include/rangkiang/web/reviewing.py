"""The routes of the review desk: what waits, one finding, and what people decide about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from rangkiang.board import Outcome, Part, desk, words
from rangkiang.decisions import CODES, MOST, Standing, seen
from rangkiang.errors import DecisionRefused, Overtaken, UnknownDecision, UnknownFinding
from rangkiang.model import Decision, Verdict, View
from rangkiang.people import Act, Person
from rangkiang.review import Looked
from rangkiang.steps import Barn, deciding, reviewing
from rangkiang.web import house
from rangkiang.web.asking import Asker, allowed, language, page, view

routes = APIRouter()

Resume = Callable[[Request, str], bool]
"""Asks for the run of an office (its code), on behalf of who sent the request; False where that must wait."""

Place = tuple[object, ...]
"""Of a cell: all of it but the value."""

_UNDO = timedelta(hours=12)  # a working day: what is older is undone on its finding's own page
_OPINIONS = {View.CONFIRM: deciding.confirm, View.REFUSE: deciding.refuse}
_SAID = ("accept", "correct", "waits", "rescan", "defer", "confirm", "refuse", "withdraw")


def never(_request: Request, _office: str) -> bool:
    """Nobody to ask: the nightly run brings it about."""
    return False


async def _form(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_form)]


class _Unclear(Exception):
    """A form that says no decision; the key of the words that say why."""


@routes.get("/periksa")
def queue(request: Request, person: Asker) -> Response:
    return page(request, 0, _queue(request, person))


@routes.post("/periksa")
def decide_several(request: Request, person: Asker, sent: Sent) -> Response:
    barn = house.opened()
    try:
        why, chosen = _why(sent), [str(one).partition(".") for one in sent.getlist("pilih")]
        if not chosen:
            raise _Unclear("no_choice")
        found = {id: deciding.the_finding(barn, id) for id, _, _ in chosen}
    except (_Unclear, UnknownFinding) as unclear:
        said = "gone" if isinstance(unclear, UnknownFinding) else str(unclear)
        return HTMLResponse(_queue(request, person, said=_words(request, said)), 400)
    if len({finding.code for finding in found.values()}) > 1:
        return HTMLResponse(_queue(request, person, said=_words(request, "mixed_kinds")), 400)
    for finding in found.values():
        allowed(person, Act.DECIDE, finding.office)
    request.state.about = " ".join(["accept", *found])
    overtaken, offices = [], set()
    for id, _, saw in chosen:
        try:
            deciding.decide(barn, Verdict.ACCEPT, id, person.name, why, saw=saw)
            offices.add(found[id].office)
        except DecisionRefused:
            overtaken.append(id)
    asked = [_resume(request)(request, office) for office in sorted(offices)]
    outcome = Outcome("accept", all(asked), len(chosen) - len(overtaken)) if asked else None
    if overtaken:
        return HTMLResponse(_queue(request, person, outcome, overtaken), 409)
    return _onward(request, Part.of(request.query_params).address, outcome)


@routes.get("/periksa/{code}/{id}")
def item(request: Request, person: Asker, code: str, id: str) -> Response:
    looked = _looked(code, id)
    return page(request, 2, None if looked is None else _item(request, person, looked))


@routes.post("/periksa/{code}/{id}")
def decide(request: Request, person: Asker, code: str, id: str, sent: Sent) -> Response:
    barn, looked = house.opened(), _looked(code, id)
    if looked is None:
        raise HTTPException(404)
    try:
        done = _recorded(barn, person, looked, sent)
    except _Unclear as unclear:
        return HTMLResponse(_item(request, person, looked, said=_words(request, str(unclear))), 400)
    except Overtaken:
        now = _looked(code, id) or looked
        return HTMLResponse(_item(request, person, now, said=_words(request, "overtaken")), 409)
    except (DecisionRefused, UnknownDecision) as refused:
        said = _words(request, "impossible", why=getattr(refused, "why", str(refused)))
        return HTMLResponse(_item(request, person, looked, said=said), 422)
    request.state.about = f"{done.said} {id}"
    run = _resume(request)(request, code) if done.effect else None
    outcome, part = Outcome(done.said, run), Part.of(request.query_params)
    if done.said == "withdraw":
        return _onward(request, part.page(code, id), outcome)
    following = _neighbour(barn, person, part, forward=True)
    return _onward(request, following or part.at(None).address, outcome)


@dataclass(frozen=True, slots=True)
class _Done:
    said: str
    effect: bool  # is there something that a run would bring about?


def _recorded(barn: Barn, person: Person, looked: Looked, sent: FormData) -> _Done:
    """Do what a form says. Raises _Unclear, DecisionRefused, UnknownDecision, and HTTPException where the person may
    not."""
    office, id = looked.document.office, looked.item.finding.id
    if opinion := str(sent.get("pendapat", "")):
        said, _, decision = opinion.partition(":")
        if said not in set(View) or decision not in {r.decision.id for r in looked.records}:
            raise _Unclear("unclear")
        allowed(person, Act.DECIDE if said == View.WITHDRAW else Act.CONFIRM, office)
        before = next(r for r in looked.records if r.decision.id == decision)
        if said == View.WITHDRAW:  # one's own: nobody else's word is passed over
            deciding.withdraw(barn, decision, person.name, _why(sent))
        else:
            _OPINIONS[View(said)](barn, decision, person.name, _why(sent), _seen(sent))
        counted = before.standing is Standing.IN_FORCE and before.decision.verdict is not Verdict.DEFER
        return _Done(said, said == View.CONFIRM or counted)
    allowed(person, Act.DECIDE, office)
    verdict, place, value = _verdict(looked, sent)
    made = deciding.decide(barn, verdict, id, person.name, _why(sent), lambda c: c.place == place, value, _seen(sent))
    if verdict is Verdict.CORRECT and barn.settings.decisions.two_persons:
        return _Done("waits", False)
    return _Done(made.verdict.value, verdict is not Verdict.DEFER)


def _verdict(looked: Looked, sent: FormData) -> tuple[Verdict, Place | None, int | None]:
    corrected = str(sent.get("betulkan", ""))
    if not corrected:
        verdict = str(sent.get("putusan", ""))
        if verdict not in {Verdict.ACCEPT, Verdict.RESCAN, Verdict.DEFER}:
            raise _Unclear("unclear")
        return Verdict(verdict), None, None
    n, offered, value = corrected.partition(":")
    text = (value if offered else str(sent.get(f"nilai-{n}", ""))).strip()
    if not _is_count(n) or int(n) >= len(looked.item.cells):
        raise _Unclear("unclear")
    if text != "-" and not _is_count(text):
        raise _Unclear("no_value")
    return Verdict.CORRECT, looked.item.cells[int(n)].cell.place, None if text == "-" else int(text)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))


def _seen(sent: FormData) -> str:
    """What the page showed to who sends the form."""
    if not (saw := str(sent.get("dilihat", ""))):
        raise _Unclear("unclear")
    return saw


def _why(sent: FormData) -> str:
    own, ready = (" ".join(str(sent.get(name, "")).split()) for name in ("alasan_lain", "alasan"))
    if not (own or ready):
        raise _Unclear("no_reason")
    return own or ready


def _looked(code: str, id: str) -> Looked | None:
    try:
        looked = reviewing.look(house.opened(), id)
    except UnknownFinding:
        return None
    return looked if looked.document.office == code else None


def _queue(
    request: Request, person: Person, outcome: Outcome | None = None, overtaken: list[str] | None = None, said: str = ""
) -> str:
    barn, part = house.opened(), Part.of(request.query_params)
    two_persons, asked = barn.settings.decisions.two_persons, part.asked(person)
    waiting = barn.ledger.waiting(asked, two_persons, CODES, desk.PER_PAGE, part.place)
    found = waiting.entries
    decisions = barn.ledger.decisions(sha256s={q.document.sha256 for q in found}) if found else []
    opinions = barn.ledger.opinions(d.id for d in decisions) if decisions else []
    named = [(one, seen(one.finding, decisions, opinions)) for one in found]
    counts, last = (waiting.total, waiting.second), _last(barn, person, request)
    outcome = outcome or _outcome(request)
    return desk.queue(view(request, 0), part, named, counts, last, outcome, overtaken or (), said)


def _item(request: Request, person: Person, looked: Looked, said: str = "") -> str:
    barn, part = house.opened(), Part.of(request.query_params)
    neighbours = (_neighbour(barn, person, part, forward=False), _neighbour(barn, person, part, forward=True))
    lit = request.query_params.get("sel", "")
    return desk.item(
        view(request, 2), part, looked, neighbours, _last(barn, person, request), int(lit) if _is_count(lit) else None,
        _outcome(request) if not said else None, said,
    )  # fmt: skip


def _neighbour(barn: Barn, person: Person, part: Part, *, forward: bool) -> str:
    """The address of the entry after the one at the part's place, or before it; '' where there is none. Without a
    place: of the first."""
    if part.place is None and not forward:
        return ""
    place = {"after" if forward else "before": part.place}
    found = barn.ledger.queue(part.asked(person), barn.settings.decisions.two_persons, CODES, 1, **place)
    return part.at(found[0].place).item(found[0].finding) if found else ""


def _last(barn: Barn, person: Person, request: Request) -> Decision | None:
    return barn.ledger.last_of(person.name, view(request, 0).now - _UNDO)


def _outcome(request: Request) -> Outcome | None:
    """What the address says has become of the last form."""
    asked = request.query_params
    said, count = asked.get("sudah", ""), asked.get("banyak", "1")
    run = {"1": True, "0": False}.get(asked.get("jalan", ""))
    return Outcome(said, run, int(count) if _is_count(count) else 1) if said in _SAID else None


def _onward(request: Request, address: str, outcome: Outcome | None) -> Response:
    told: dict[str, str | int] = {}
    if outcome:
        told = {"sudah": outcome.said, "banyak": outcome.count}
        told |= {} if outcome.run is None else {"jalan": int(outcome.run)}
    joined = f"{address}{'&' if '?' in address else '?'}{urlencode(told)}" if told else address
    return RedirectResponse(f"{request.scope.get('root_path', '')}/{joined}", 303)


def _words(request: Request, key: str, **values: object) -> str:
    return words.say(key, language(request), **values)


def _resume(request: Request) -> Resume:
    resume: Resume = request.app.state.resume
    return resume
