"""A person's verbs: decide, confirm, refuse, withdraw; and what of all that is in force."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pandas as pd

from rangkiang import catalogue
from rangkiang.decisions import BETWEEN, Record, Standing, check, dump, expected, load, same_person, weigh
from rangkiang.errors import DecisionRefused, UnknownDecision, UnknownFinding, UnknownOffice
from rangkiang.forms import form
from rangkiang.frames import from_parquet
from rangkiang.model import CellRef, Decision, Document, Finding, Opinion, Severity, State, Verdict, View
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn


@dataclass(frozen=True, slots=True)
class Standings:
    """What is in force about one document: its own decisions, and those about a file that it has taken the place of."""

    own: tuple[Record, ...] = ()
    former: tuple[Record, ...] = ()

    @property
    def digest(self) -> str:
        """Names what may change the document's proof; '' where nothing may."""
        made_of = [[r.digest for r in records] for records in (self.own, self.former)]
        return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16] if any(made_of) else ""


def decide(
    barn: Barn,
    verdict: Verdict,
    finding: str,
    by: str,
    why: str,
    cell: Callable[[CellRef], bool] | None = None,
    value: int | None = None,
) -> Decision:
    """Record what ``by`` decided about a finding (its id). The same again, while it stands, is the same decision.

    Of a correction ``cell`` tells the one cell that is meant, of those the finding binds; ``value`` is what stands
    there, None where it is empty. Raises UnknownFinding, DecisionRefused.
    """
    about = _finding(barn, finding)
    with barn.ledger.lock(f"decide/{about.office}/{about.sha256}"):
        expects = _expects(barn, about)
        meant = _meant(expects, cell) if verdict is Verdict.CORRECT else None
        made = Decision(
            about.office, about.sha256, about.code, about.subject, verdict, _line(by), _now(), _line(why),
            expects, meant, value,
        )  # fmt: skip
        check(made)
        for record in records(barn, about.office):
            alive = record.standing in (Standing.WAITING, Standing.IN_FORCE)
            if alive and replace(record.decision, at=made.at) == made:
                return record.decision
        barn.ledger.record_decisions([made])
    return made


def confirm(barn: Barn, decision: str, by: str, why: str) -> Opinion:
    """Say that a decision (its id) is right. Raises UnknownDecision, DecisionRefused."""
    return _say(barn, decision, View.CONFIRM, by, why)


def refuse(barn: Barn, decision: str, by: str, why: str) -> Opinion:
    """Say that a decision is wrong: it is not, or no longer, in force. Raises as ``confirm`` does."""
    return _say(barn, decision, View.REFUSE, by, why)


def withdraw(barn: Barn, decision: str, by: str, why: str) -> Opinion:
    """Take one's own decision back. Raises as ``confirm`` does."""
    return _say(barn, decision, View.WITHDRAW, by, why)


def records(barn: Barn, office: str | None = None) -> tuple[Record, ...]:
    """All decisions, or one office's, with what each has come to, the oldest first."""
    _known(office)
    notes = [f for f in barn.ledger.findings(office) if f.code == "decision_lapsed"]
    lapses = {str(f.params["decision"]): str(f.params["lapse"]) for f in notes}
    lapses |= dict.fromkeys(_outlived(barn, _weighed(barn, office)), "replaced")
    return _weighed(barn, office, lapses)


def standings(barn: Barn, office: str | None = None) -> Mapping[tuple[str, str], Standings]:
    """What is in force, by office and document."""
    own: dict[tuple[str, str], list[Record]] = defaultdict(list)
    former: dict[tuple[str, str], list[Record]] = defaultdict(list)
    found = [r for r in _weighed(barn, office) if r.standing is Standing.IN_FORCE]
    counting = [r for r in found if r.decision.verdict is not Verdict.DEFER]
    outlived = _outlived(barn, counting)
    for record in counting:
        decision = record.decision
        if decision.id in outlived:
            former[decision.office, outlived[decision.id]].append(record)
        else:
            own[decision.office, decision.sha256].append(record)
    return {place: Standings(tuple(own[place]), tuple(former[place])) for place in {*own, *former}}


def findings(barn: Barn, office: str | None = None) -> list[tuple[Finding, Document]]:
    """All findings, or one office's, each with its document, the documents as they lie in the inbox."""
    _known(office)
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in barn.ledger.findings(office):
        found[finding.office, finding.sha256].append(finding)
    documents = barn.ledger.documents(office=office)
    return [(finding, d) for d in documents for finding in found.get((d.office, d.sha256), ())]


def export_decisions(barn: Barn, office: str | None = None) -> str:
    """All decisions, or one office's, and all that was said about them, as YAML."""
    _known(office)
    decisions = barn.ledger.decisions(office)
    return dump(decisions, barn.ledger.opinions(d.id for d in decisions))


def import_decisions(barn: Barn, data: bytes) -> int:
    """Add what was exported, here or elsewhere: all or nothing. Returns how many decisions and opinions were new.

    Raises DecisionsUnreadable.
    """
    return barn.ledger.record_decisions(*load(data))


def _finding(barn: Barn, id: str) -> Finding:
    """A finding that there is, or that there was until a decision did away with it."""
    for finding in barn.ledger.findings(id=id):
        return finding
    for decision in barn.ledger.decisions():
        if decision.finding == id:
            severity = catalogue.reasons()[decision.code].severity or Severity.ERROR
            return Finding(
                decision.office, decision.sha256, decision.code, severity, decision.subject, {}, decision.expects
            )
    raise UnknownFinding(id)


def _expects(barn: Barn, finding: Finding) -> tuple[CellRef, ...]:
    """The figures that a finding binds, as the reader of today reads them."""
    document = barn.ledger.document(finding.office, finding.sha256)
    if document is None or (finding.office, finding.sha256) in _replaced(barn, {finding.office}):
        raise DecisionRefused("another file has taken the place of this document: decide about that one")
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


def _say(barn: Barn, id: str, view: View, by: str, why: str) -> Opinion:
    found = barn.ledger.decisions(ids=[id])
    if not found:
        raise UnknownDecision(id)
    (decision,) = found
    said = Opinion(id, view, _line(by), _now(), _line(why))
    check(said)
    own = same_person(by, decision.author)
    if own and view is not View.WITHDRAW:
        raise DecisionRefused(f"{by} made this decision, so somebody else has to {view}; {by} may withdraw it")
    if not own and view is View.WITHDRAW:
        raise DecisionRefused(f"only {decision.author}, who made this decision, may withdraw it; {by} may refuse it")
    with barn.ledger.lock(f"decide/{decision.office}/{decision.sha256}"):
        (record,) = (r for r in records(barn, decision.office) if r.decision.id == id)
        for before in record.opinions[-1:]:
            if replace(before, at=said.at) == said:
                return before
        over = (Standing.SUPERSEDED, Standing.LAPSED) if view is View.CONFIRM else ()
        if record.standing in (Standing.WITHDRAWN, *over):
            raise DecisionRefused(f"this decision is {record.standing} already: decide anew")
        barn.ledger.record_decisions([], [said])
    return said


def _weighed(barn: Barn, office: str | None, lapses: Mapping[str, str] | None = None) -> tuple[Record, ...]:
    decisions = barn.ledger.decisions(office)
    opinions = barn.ledger.opinions(d.id for d in decisions) if decisions else []
    return weigh(decisions, opinions, barn.settings.decisions.two_persons, lapses)


def _outlived(barn: Barn, found: Sequence[Record]) -> Mapping[str, str]:
    """Decisions, by id, whose document another file has taken the place of, and the digest of that one.

    A new scan that was asked for is no such file: the old one is kept out of the release for good.
    """
    replaced = _replaced(barn, {r.decision.office for r in found})
    places = {r.decision.id: (r.decision.office, r.decision.sha256) for r in found}
    asked = {r.decision.id for r in found if r.decision.verdict is Verdict.RESCAN}
    return {id: replaced[place] for id, place in places.items() if place in replaced and id not in asked}


def _replaced(barn: Barn, offices: Iterable[str]) -> Mapping[tuple[str, str], str]:
    """Documents, by office and digest, under whose key another file lies by now, and the digest of that one."""
    replaced = {}
    for office in offices:
        present = {a.key: a.sha256 for a in barn.ledger.arrivals(office).values() if a.present}
        documents = barn.ledger.documents(office=office)
        for bundle in documents:
            if bundle.state is State.SPLIT and bundle.sha256 in present.values() and bundle.reason:
                parts = bundle.reason.params["parts"]
                present |= {d.key: d.sha256 for d in documents if d.sha256 in parts}
        there = set(present.values())
        for document in documents:
            now = present.get(document.key)
            if now and document.sha256 not in there:
                replaced[office, document.sha256] = now
    return replaced


def _known(office: str | None) -> None:
    if office is not None and office not in {o.code for o in catalogue.offices()}:
        raise UnknownOffice(office)


def _line(text: str) -> str:
    return " ".join(text.split())


def _now() -> datetime:
    return datetime.now(UTC)
