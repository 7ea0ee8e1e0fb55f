"""Which part of the queue the review desk shows, and where in it: by its address, which anybody may write."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from rangkiang import catalogue
from rangkiang.decisions import CODES
from rangkiang.ledger.queue import Asked, Place
from rangkiang.model import Finding
from rangkiang.people import Person

_WHO = {"kedua": True, "pertama": False}
_LONGEST = 4000  # characters of a place
_LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class Part:
    """'' is all. ``place`` is that of the last entry before the page, or of the entry that is looked at."""

    office: str = ""
    stage: str = ""
    doctype: str = ""
    code: str = ""
    who: str = ""  # 'kedua': what waits for a second person; 'pertama': the rest
    place: Place | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Part:
        """From an address. What makes no sense in it is as good as not there."""
        office, code, who = asked.get("kantor", ""), asked.get("temuan", ""), asked.get("siapa", "")
        return cls(
            office if office in {o.code for o in catalogue.offices()} else "",
            stage=asked.get("tahapan", "").replace("\0", ""),
            doctype=asked.get("jenis", "").replace("\0", ""),
            code=code if code in CODES else "",
            who=who if who in _WHO else "",
            place=_place(asked.get("tempat", "")),
        )

    def asked(self, person: Person) -> Asked:
        """As the ledger is asked: a clerk sees what is of their own offices."""
        offices = (self.office,) if self.office else tuple(sorted(person.offices))
        return Asked(offices, self.stage, self.doctype, self.code, _WHO.get(self.who))

    def at(self, place: Place | None) -> Part:
        """The same part, another place in it."""
        return replace(self, place=place)

    def but(self, **other: str) -> Part:
        """Another part, from its beginning."""
        return replace(self, place=None, **other)

    @property
    def address(self) -> str:
        """That of the list."""
        return "?".join(filter(None, ("periksa", self._query)))

    def item(self, finding: Finding) -> str:
        """The address of one finding's page."""
        return self.page(finding.office, finding.id)

    def page(self, office: str, finding: str) -> str:
        """The same by the office's code and the finding's id."""
        return "?".join(filter(None, (f"periksa/{office}/{finding}", self._query)))

    @property
    def _query(self) -> str:
        named = {"kantor": self.office, "tahapan": self.stage, "jenis": self.doctype}
        named |= {"temuan": self.code, "siapa": self.who, "tempat": _written(self.place)}
        return urlencode({name: value for name, value in named.items() if value})


def _written(place: Place | None) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode() if place else ""


def _place(text: str) -> Place | None:
    try:
        found = json.loads(base64.urlsafe_b64decode(text[:_LONGEST].encode()))
    except ValueError:
        return None
    if not isinstance(found, list) or len(found) != 8:
        return None
    numbers, names = found[:4], found[4:]
    whole = all(type(n) is int and abs(n) < _LARGEST for n in numbers)
    plain = all(isinstance(name, str) and name.isprintable() for name in names)
    return tuple(found) if whole and plain else None
