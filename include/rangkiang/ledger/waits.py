"""What waits for somebody, in SQL: files sent back that still lie in the inbox, findings nobody decided about.

Nothing here is kept; it is told from what the other parts of the ledger hold. What people decided is weighed as
``rangkiang.decisions.weigh`` does it, for all documents at once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Exists,
    FromClause,
    Integer,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union,
)

from rangkiang.ledger import tables as t
from rangkiang.model import Severity, State, Verdict, View

OPEN = (Severity.ERROR.value, Severity.WARNING.value)
"""Severities of findings that a person has to look at."""

WAITING = "waiting"
"""Standing of a correction that nobody but its author has looked at."""

_DOCUMENT = ("office", "sha256")
ABOUT = (*_DOCUMENT, "code", "subject")
"""What names a finding."""
_SHEET = r"#hal-\d+-\d+$"  # what a sheet's key has after the key of its file


def lies() -> ColumnElement[bool]:
    """Whether a document's bytes lie in the inbox still, by themselves or as a sheet of a file that does."""
    return or_(_lies_whole(t.documents), lies_in_part(t.documents))


def replaced(many: bool = False) -> ColumnElement[bool]:
    """Whether another file lies under the document's key by now: nobody can decide about it any more.

    Of ``many`` documents the server had better find all that are; of a few, look each up: the answer is the same.
    """
    if not many:
        return and_(_another(t.documents), ~lies())
    d, each = t.documents.c, t.documents.alias("each")
    # Few documents are gone, and two indexes tell which: only these are looked at more closely, so it is said first.
    away = select(each.c.office, each.c.sha256).where(~_lies_whole(each)).cte().prefix_with("MATERIALIZED")
    gone = t.documents.alias("gone")
    same = and_(gone.c.office == away.c.office, gone.c.sha256 == away.c.sha256)
    found = select(gone.c.office, gone.c.sha256).join(away, same).where(_another(gone), ~lies_in_part(gone))
    return func.row(d.office, d.sha256).in_(found)


def _lies_whole(documents: FromClause) -> ColumnElement[bool]:
    d, here = documents.c, t.arrivals.alias("here")
    return exists().where(here.c.office == d.office, here.c.sha256 == d.sha256, here.c.present)


def lies_in_part(documents: FromClause) -> ColumnElement[bool]:
    """Whether a file lies in the inbox that a document was taken out of."""
    d, file, there = documents.c, t.documents.alias("file"), t.arrivals.alias("there")
    sheets = (
        select(file.c.office, func.jsonb_array_elements_text(file.c.reason["params"]["parts"]))
        .join(there, and_(there.c.office == file.c.office, there.c.sha256 == file.c.sha256, there.c.present))
        .where(file.c.state == State.SPLIT.value)
    )
    return func.row(d.office, d.sha256).in_(sheets)


def _another(documents: FromClause) -> ColumnElement[bool]:
    d, now = documents.c, t.arrivals.alias("now")
    key = func.regexp_replace(d.key, _SHEET, "")
    return exists().where(now.c.office == d.office, now.c.key == key, now.c.present, now.c.sha256 != d.sha256)


def stopped() -> ColumnElement[bool]:
    """Whether a document keeps waiting for its office: sent back and still there, or held back and not replaced."""
    state = t.documents.c.state
    back = and_(state == State.QUARANTINED.value, lies())
    held = and_(state == State.HELD.value, ~replaced())
    return and_(state.in_([State.QUARANTINED.value, State.HELD.value]), or_(back, held))


def returned() -> ColumnElement[bool]:
    """Whether its office has to do something about a document: it is stopped, or held by what is found about it."""
    d, f = t.documents.c, t.findings.c
    critical = exists().where(f.office == d.office, f.sha256 == d.sha256, f.severity == Severity.CRITICAL.value)
    # Of files that disagree, the one that came first may be filed already.
    settled = d.state.in_([State.ARRANGED.value, State.FILED.value])
    return or_(stopped(), and_(settled, critical, ~replaced()))


def known() -> ColumnElement[bool]:
    """All that counts as received: not what was taken apart, nor what was sent back and is gone."""
    state = t.documents.c.state
    return and_(state != State.SPLIT.value, or_(state != State.QUARANTINED.value, lies()))


def in_review(two_persons: bool) -> CTE:
    """Documents that wait for a person's decision, each once, and whether it is the second person's."""
    said = weighed(two_persons)
    settled = closed(said)
    findings = t.findings.c
    found = select(findings.office, findings.sha256, literal(False).label("second"))
    flagged = select(t.readings.c.office, t.readings.c.sha256, literal(False)).where(
        flagged_proof(),
        # Its figures are flagged until the next run, whatever was decided since the last.
        ~there(settled, t.readings.c, _DOCUMENT),
    )
    second = select(said.c.office, said.c.sha256, true()).where(said.c.standing == WAITING)
    open_ones = findings.severity.in_(OPEN), ~there(settled, findings, ABOUT)
    each = union(found.where(*open_ones), flagged, second).subquery()
    once = select(each.c.office, each.c.sha256, func.bool_or(each.c.second).label("second"))
    return once.group_by(each.c.office, each.c.sha256).cte("review")


def flagged_proof() -> ColumnElement[bool]:
    """Whether a reading is a proof that left figures flagged."""
    readings = t.readings.c
    return and_(readings.kind == "proof", readings.counts["flagged"].astext.cast(Integer) > 0)


def weighed(two_persons: bool) -> CTE:
    """Every decision that has not lapsed, with its standing and since when."""
    d, o, note = t.decisions.c, t.opinions.c, t.findings.alias("note")
    own = _folded(o.author) == _folded(d.author)
    withdrawn = func.coalesce(func.bool_or(and_(own, o.view == View.WITHDRAW.value)), False)
    refused = func.max(o.at).filter(~own, o.view == View.REFUSE.value)
    confirmed = func.max(o.at).filter(~own, o.view == View.CONFIRM.value)
    needs = and_(literal(two_persons), d.verdict == Verdict.CORRECT.value)
    standing = case(
        (withdrawn, "withdrawn"),
        (and_(refused.is_not(None), or_(confirmed.is_(None), confirmed < refused)), "refused"),
        (and_(needs, confirmed.is_(None)), WAITING),
        else_="in force",
    )
    lapsed = exists().where(
        note.c.office == d.office, note.c.code == "decision_lapsed", note.c.params["decision"].astext == d.id
    )
    query = (
        select(
            *(d[name] for name in (*ABOUT, "id", "verdict")),
            standing.label("standing"),
            func.coalesce(confirmed, d.at).label("since"),
        )
        .outerjoin(t.opinions, o.decision == d.id)
        .where(~lapsed)
        .group_by(d.id)
    )
    return query.cte("weighed")


def closed(weighed: CTE) -> CTE:
    """Findings on which somebody's word is in force, the newest of which is not to leave them open."""
    about = [weighed.c[name] for name in ABOUT]
    newest = (
        select(*about, weighed.c.verdict)
        .where(weighed.c.standing == "in force")
        .distinct(*about)
        .order_by(*about, weighed.c.since.desc(), weighed.c.id.desc())
        .subquery()
    )
    query: Select[Any] = select(*(newest.c[name] for name in ABOUT)).where(newest.c.verdict != Verdict.DEFER.value)
    return query.cte("closed")


def there(among: CTE, of: Any, names: tuple[str, ...]) -> Exists:
    """Whether a row has these columns of another."""
    return exists().where(*(among.c[name] == of[name] for name in names))


def _folded(author: ColumnElement[str]) -> ColumnElement[str]:
    return func.lower(func.normalize(author, literal_column("NFKC")))
