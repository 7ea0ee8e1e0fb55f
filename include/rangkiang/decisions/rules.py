"""What is in force: from what people said, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from rangkiang.decisions.records import Record, Standing, same_person
from rangkiang.model import Decision, Opinion, Verdict, View


def weigh(
    decisions: Iterable[Decision],
    opinions: Iterable[Opinion],
    two_persons: bool = True,
    lapses: Mapping[str, str] | None = None,
) -> tuple[Record, ...]:
    """Every decision with what it has come to, in the order in which they came into force, or were made.

    With ``two_persons`` a correction waits until somebody else than its author has confirmed it. ``lapses`` are
    decisions, by id, that no longer apply, and why.
    """
    said: dict[str, list[Opinion]] = defaultdict(list)
    for opinion in sorted(opinions, key=lambda o: (o.at, o.id)):
        said[opinion.decision].append(opinion)
    alone = (_alone(d, said[d.id], two_persons and d.verdict is Verdict.CORRECT) for d in decisions)
    records = sorted(alone, key=lambda r: (r.since, r.decision.id))
    older = _superseded([r for r in records if r.standing is Standing.IN_FORCE])
    return tuple(_lapsed(_passed(record, older), lapses or {}) for record in records)


def _alone(decision: Decision, said: Sequence[Opinion], needs_second: bool) -> Record:
    """What a decision has come to, other decisions left aside.

    Its author may withdraw it. Of what others say the last counts: who refuses it stops it, in force or not, and who
    confirms it after that puts it into force.
    """
    record = Record(decision, tuple(said), Standing.IN_FORCE, decision.at)
    by_author = [o for o in said if same_person(o.author, decision.author)]
    by_others = [o for o in said if o not in by_author]
    refusals = [n for n, o in enumerate(by_others) if o.view is View.REFUSE]
    confirmed = next((o for o in by_others[refusals[-1] + 1 if refusals else 0 :] if o.view is View.CONFIRM), None)
    if any(o.view is View.WITHDRAW for o in by_author):
        return replace(record, standing=Standing.WITHDRAWN)
    if confirmed and (needs_second or refusals):
        return replace(record, since=max(confirmed.at, decision.at), confirmed=confirmed)
    if refusals:
        return replace(record, standing=Standing.REFUSED)
    return replace(record, standing=Standing.WAITING) if needs_second else record


def _superseded(in_force: Sequence[Record]) -> set[str]:
    """Ids of those that a newer one takes the place of; given the oldest first.

    The newest verdict about a finding counts. Corrections of several cells under one finding stand side by side; of
    one cell the newest counts, whatever finding it was made under.
    """
    newer: dict[str, set[bool]] = defaultdict(set)
    cells: set[tuple[object, ...]] = set()
    older: set[str] = set()
    for record in reversed(in_force):
        decision = record.decision
        corrects = decision.verdict is Verdict.CORRECT
        place = (decision.office, *decision.cell.place) if decision.cell else ()
        if newer[decision.finding] - ({True} if corrects else set()) or (corrects and place in cells):
            older.add(decision.id)
        elif corrects:
            cells.add(place)
        newer[decision.finding].add(corrects)
    return older


def _passed(record: Record, older: Collection[str]) -> Record:
    return replace(record, standing=Standing.SUPERSEDED) if record.decision.id in older else record


def _lapsed(record: Record, lapses: Mapping[str, str]) -> Record:
    why = lapses.get(record.decision.id, "")
    alive = record.standing in (Standing.WAITING, Standing.IN_FORCE)
    return replace(record, standing=Standing.LAPSED, lapse=why) if why and alive else record
