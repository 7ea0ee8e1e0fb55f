"""Makes the pages of the review desk: the queue, and one finding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from rangkiang import catalogue
from rangkiang.board.pages import View, render
from rangkiang.board.part import Part
from rangkiang.board.words import say
from rangkiang.decisions import BETWEEN, CODES, same_person
from rangkiang.ledger.queue import COUNTED, Queued
from rangkiang.model import Decision, Severity
from rangkiang.people import Act
from rangkiang.review import Bound, Looked, around

PER_PAGE = 50
REASONS = 6
"""So many ready reasons there are among the words: ``reason_1`` …"""
SHOWN = 24
"""So many cells of a finding are shown at once; the others on demand."""
_TABLES = 12  # of cells whose neighbours on a spreadsheet come along


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of what somebody sent: a key of the words, and whether the office's run was asked for."""

    said: str
    run: bool | None = None  # None: nothing that a run would bring about
    count: int = 1


def queue(
    view: View,
    part: Part,
    found: Sequence[tuple[Queued, str]],
    counts: tuple[int, int],
    last: Decision | None,
    outcome: Outcome | None = None,
    overtaken: Collection[str] = (),
    refused: str = "",
) -> str:
    """``found`` is a page of the queue, each entry with what names it as it stands; ``counts`` are all entries and
    those that wait for a second person. Of ``overtaken`` findings (ids) nothing was recorded; ``refused`` says why
    nothing was at all."""
    return render(
        view,
        "antrean",
        part=part,
        found=found,
        full=len(found) == PER_PAGE,
        total=counts[0],
        second=counts[1],
        most=COUNTED,
        last=last,
        outcome=outcome,
        overtaken=frozenset(overtaken),
        refused=refused,
        may=_may(view),
        **_constants(view),
    )


def item(
    view: View,
    part: Part,
    looked: Looked,
    neighbours: tuple[str, str],
    last: Decision | None,
    lit: int | None = None,
    outcome: Outcome | None = None,
    refused: str = "",
) -> str:
    """One finding. ``neighbours`` are the addresses of the entries before and after, or ''; ``refused`` says why
    nothing was recorded."""
    found, office = looked.item, looked.document.office

    def own(author: str) -> bool:
        return view.person is not None and same_person(author, view.person.name)

    confirmable = _may(view)(Act.CONFIRM, office)
    main = next((r for r in looked.waiting if confirmable and not own(r.decision.author)), None)
    targets = {r.decision.id: n for r in looked.waiting if (n := found.place_of(r.decision)) is not None}
    first = targets.get(main.decision.id, found.lit) if main else found.lit
    critical = found.finding.severity is Severity.CRITICAL
    return render(
        view,
        "periksa",
        part=part,
        it=looked,
        f=found.finding,
        office=catalogue.office(office),
        before=neighbours[0],
        after=neighbours[1],
        lit=first if lit is None or lit >= len(found.cells) else lit,
        targets={id: found.cells[n] for id, n in targets.items()},
        tables=_tables(view, found.cells),
        last=last,
        outcome=outcome,
        refused=refused,
        decidable=_may(view)(Act.DECIDE, office) and found.finding.code in CODES,
        acceptable=not critical,
        correctable=found.finding.code not in BETWEEN and looked.sheet is not None,
        confirmable=confirmable,
        main=main,
        shown_cells=SHOWN,
        may=_may(view),
        own=own,
        version=looked.version,
        **_constants(view),
    )


def _constants(view: View) -> Mapping[str, object]:
    return {
        "ready": [f"reason_{n}" for n in range(1, REASONS + 1)],
        "said_in_id": partial(say, lang="id"),  # what is recorded is in one language, whoever records it
        "offices": [o for o in catalogue.offices() if view.person is None or view.person.may(Act.LOOK, o.code)],
        "codes": _codes(),
        "stages": catalogue.stages(),
        "doctypes": catalogue.doctypes(),
    }


def _may(view: View) -> Callable[..., bool]:
    return view.person.may if view.person else lambda *_: False


def _tables(view: View, cells: Sequence[Bound]) -> Mapping[int, object]:
    """What stands around the cells that have no picture."""
    bare = [n for n, one in enumerate(cells) if one.sheet and one.line is not None and not one.pictured]
    return {
        n: around(one.sheet, one.line)
        for n in bare[:_TABLES]
        if (one := cells[n]).sheet and one.line is not None and _may(view)(Act.LOOK, one.sheet.office)
    }


@cache
def _codes() -> Sequence[str]:
    """The kinds of finding that may come into the queue."""
    reasons = catalogue.reasons()
    return sorted(code for code in CODES if reasons[code].severity in (Severity.ERROR, Severity.WARNING))
