"""A person's verbs: decide, confirm, refuse, withdraw; and decisions as a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from rangkiang import catalogue, people
from rangkiang.board.decided import lapses
from rangkiang.decisions import BETWEEN, Standing, check, dump, expected, load, same_person, seen, weigh
from rangkiang.errors import DecisionRefused, NotEntitled, Overtaken, UnknownDecision, UnknownFinding
from rangkiang.forms import form
from rangkiang.frames import from_parquet
from rangkiang.model import CellRef, Decision, Document, Finding, Opinion, Severity, Verdict, View
from rangkiang.people import Act
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.standings import known


def decide(
    barn: Barn,
    verdict: Verdict,
    finding: str,
    by: str,
    why: str,
    cell: Callable[[CellRef], bool] | None = None,
    value: int | None = None,
    saw: str | None = None,
) -> Decision:
    """Record what ``by`` decided about a finding (its id). The same again, while it stands, is the same decision.

    Of a correction ``cell`` tells the one cell that is meant, of those the finding binds; ``value`` is what stands
    there, None where it is empty. ``saw`` is what :func:`rangkiang.decisions.seen` gave when they looked: whatever has
    changed since, nothing is recorded. Raises UnknownFinding, NotEntitled, DecisionRefused, Overtaken.
    """
    about = the_finding(barn, finding)
    _entitled(barn, by, Act.DECIDE, about.office)
    document = _document(barn, about)
    expects = _expects(barn, about, document)
    meant = _meant(expects, cell) if verdict is Verdict.CORRECT else None
    made = Decision(
        about.office, about.sha256, about.code, about.subject, verdict, _line(by), _now(), _line(why),
        expects, meant, value,
    )  # fmt: skip
    check(made)

    def before(decisions: Sequence[Decision], opinions: Sequence[Opinion]) -> Decision | None:
        there = weigh(decisions, opinions, barn.settings.decisions.two_persons)
        alive = (r.decision for r in there if r.standing in (Standing.WAITING, Standing.IN_FORCE))
        same = next((d for d in alive if replace(d, at=made.at) == made), None)
        if same is None:
            _unchanged(saw, about, decisions, opinions)
        return same

    return barn.ledger.record_unless(document, made, before)


def confirm(barn: Barn, decision: str, by: str, why: str, saw: str | None = None) -> Opinion:
    """Say that a decision (its id) is right; ``saw`` as ``decide`` has it.

    Raises UnknownDecision, NotEntitled, DecisionRefused, Overtaken.
    """
    return _say(barn, decision, View.CONFIRM, by, why, saw)


def refuse(barn: Barn, decision: str, by: str, why: str, saw: str | None = None) -> Opinion:
    """Say that a decision is wrong: it is not, or no longer, in force. Raises as ``confirm`` does."""
    return _say(barn, decision, View.REFUSE, by, why, saw)


def withdraw(barn: Barn, decision: str, by: str, why: str) -> Opinion:
    """Take one's own decision back. Raises as ``confirm`` does."""
    return _say(barn, decision, View.WITHDRAW, by, why)


def findings(barn: Barn, office: str | None = None) -> list[tuple[Finding, Document]]:
    """All findings, or one office's, each with its document, the documents as they lie in the inbox."""
    known(office)
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in barn.ledger.findings(office):
        found[finding.office, finding.sha256].append(finding)
    documents = barn.ledger.documents(office=office)
    return [(finding, d) for d in documents for finding in found.get((d.office, d.sha256), ())]


def export_decisions(barn: Barn, office: str | None = None) -> str:
    """All decisions, or one office's, and all that was said about them, as YAML."""
    known(office)
    decisions = barn.ledger.decisions(office)
    return dump(decisions, barn.ledger.opinions(d.id for d in decisions))


def import_decisions(barn: Barn, data: bytes) -> int:
    """Add what was exported, here or elsewhere: all or nothing. Returns how many decisions and opinions were new.

    Raises DecisionsUnreadable.
    """
    return barn.ledger.record_decisions(*load(data))


def _entitled(barn: Barn, by: str, act: Act, office: str) -> None:
    """Refuses a name that has no say in it, where the settings say who has; else whoever has this shell is trusted."""
    accounts = barn.settings.people
    if accounts and not people.person(_line(by), accounts).may(act, office):
        raise NotEntitled(_line(by), f"{act} about documents of {office}")


def the_finding(barn: Barn, id: str) -> Finding:
    """A finding that there is, or that there was until a decision did away with it. Raises UnknownFinding."""
    for finding in barn.ledger.findings(id=id):
        return finding
    for decision in barn.ledger.decisions():
        if decision.finding == id:
            severity = catalogue.reasons()[decision.code].severity or Severity.ERROR
            return Finding(
                decision.office, decision.sha256, decision.code, severity, decision.subject, {}, decision.expects
            )
    raise UnknownFinding(id)


def _document(barn: Barn, finding: Finding) -> Document:
    document = barn.ledger.document(finding.office, finding.sha256)
    if document is None or barn.ledger.is_replaced(finding.office, finding.sha256):
        raise DecisionRefused("another file has taken the place of this document: decide about that one")
    return document


def _expects(barn: Barn, finding: Finding, document: Document) -> tuple[CellRef, ...]:
    """The figures that a finding binds, as the reader of today reads them."""
    if finding.code in BETWEEN or not finding.cells:
        return finding.cells
    return expected(_reading(barn, document), finding.cells)


def _reading(barn: Barn, document: Document) -> pd.DataFrame:
    key = keys.reading(document.sha256, form(document.said.form))
    if barn.store.stat(key) is None:
        raise DecisionRefused("this document waits to be read anew: decide after the office's next run")
    return from_parquet(barn.store.get(key))


def _meant(cells: Collection[CellRef], chosen: Callable[[CellRef], bool] | None) -> CellRef:
    found = [cell for cell in cells if chosen is None or chosen(cell)]
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"row {c.row}, column {c.column_label}, page {c.page}, nth {c.nth}" for c in found or cells)
    if not cells:
        raise DecisionRefused("this finding binds no figure that could be corrected")
    raise DecisionRefused(f"{'several' if found else 'none'} of the finding's cells fit; name one of these: {listed}")


def _say(barn: Barn, id: str, view: View, by: str, why: str, saw: str | None = None) -> Opinion:
    found = barn.ledger.decisions(ids=[id])
    if not found:
        raise UnknownDecision(id)
    (decision,) = found
    _entitled(barn, by, Act.DECIDE if view is View.WITHDRAW else Act.CONFIRM, decision.office)
    said = Opinion(id, view, _line(by), _now(), _line(why))
    check(said)
    own = same_person(by, decision.author)
    if own and view is not View.WITHDRAW:
        raise DecisionRefused(f"{by} made this decision, so somebody else has to {view}; {by} may withdraw it")
    if not own and view is View.WITHDRAW:
        raise DecisionRefused(f"only {decision.author}, who made this decision, may withdraw it; {by} may refuse it")
    document = barn.ledger.document(decision.office, decision.sha256)
    if document is None:
        raise DecisionRefused("its document is not in this ledger: collect it first")
    about = the_finding(barn, decision.finding)

    def before(decisions: Sequence[Decision], opinions: Sequence[Opinion]) -> Opinion | None:
        lapsed = lapses(barn.ledger, document, decisions)
        there = weigh(decisions, opinions, barn.settings.decisions.two_persons, lapsed)
        (record,) = (r for r in there if r.decision.id == id)
        over = (Standing.SUPERSEDED, Standing.LAPSED) if view is View.CONFIRM else ()
        if record.opinions and replace(record.opinions[-1], at=said.at) == said:
            return record.opinions[-1]
        if record.standing in (Standing.WITHDRAWN, *over):
            raise DecisionRefused(f"this decision is {record.standing} already: decide anew")
        _unchanged(saw, about, decisions, opinions)
        return None

    return barn.ledger.record_unless(document, said, before)


def _unchanged(saw: str | None, about: Finding, decisions: Sequence[Decision], opinions: Sequence[Opinion]) -> None:
    if saw is not None and saw != seen(about, decisions, opinions):
        raise Overtaken


def _line(text: str) -> str:
    return " ".join(text.split())


def _now() -> datetime:
    return datetime.now(UTC)
