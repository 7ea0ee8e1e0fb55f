"""What is in force about the documents: from all that was said, and from what lies in the inbox by now."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rangkiang import catalogue
from rangkiang.decisions import Record, Standing, weigh
from rangkiang.errors import UnknownOffice
from rangkiang.model import Decision, Verdict
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


def records(barn: Barn, office: str | None = None) -> tuple[Record, ...]:
    """All decisions, or one office's, with what each has come to, the oldest first."""
    known(office)
    return _weighed(barn, office, lapses(barn, office))


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


def known(office: str | None) -> None:
    """Raises UnknownOffice for one that is not in the catalogue."""
    if office is not None and office not in {o.code for o in catalogue.offices()}:
        raise UnknownOffice(office)


def _weighed(barn: Barn, office: str | None, lapsed: Mapping[str, str] | None = None) -> tuple[Record, ...]:
    decisions = barn.ledger.decisions(office)
    opinions = barn.ledger.opinions(d.id for d in decisions) if decisions else []
    return weigh(decisions, opinions, barn.settings.decisions.two_persons, lapsed)


def lapses(barn: Barn, office: str | None) -> Mapping[str, str]:
    """Decisions, by id, that have lapsed, and why: as the last run found it, and as the inbox says."""
    notes = barn.ledger.findings(office, code="decision_lapsed")
    noted = {str(f.params["decision"]): str(f.params["lapse"]) for f in notes}
    return noted | dict.fromkeys(_outlived(barn, _weighed(barn, office)), "replaced")


def _outlived(barn: Barn, found: Sequence[Record]) -> Mapping[str, str]:
    """Decisions, by id, whose document another file has taken the place of, and the digest of that one.

    A new scan that was asked for is no such file: the old one is kept out of the release for good.
    """
    about: dict[str, list[Decision]] = defaultdict(list)
    for record in found:
        if record.decision.verdict is not Verdict.RESCAN:
            about[record.decision.office].append(record.decision)
    gone = {office: barn.ledger.replaced_by(office, {d.sha256 for d in own}) for office, own in about.items()}
    return {d.id: gone[d.office][d.sha256] for own in about.values() for d in own if d.sha256 in gone[d.office]}
