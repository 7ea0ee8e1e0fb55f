"""What a list is asked for: by its address, which anybody may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from rangkiang import catalogue
from rangkiang.ledger.overview import Standing

UNKNOWN = "-"
"""Stands in an address for a stage and a document type that nobody knows."""

_DIGITS = 6  # of a page's number: more pages than that there never are


def page_number(asked: Mapping[str, str]) -> int:
    """Which page of a list an address asks for; the first, where that makes no sense."""
    page = asked.get("hal", "")
    number = page.isascii() and page.isdecimal() and len(page) <= _DIGITS
    return max(1, int(page)) if number else 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents, and which page of their list. '' is all; :data:`UNKNOWN` is what was never classified."""

    standing: Standing = Standing.RECEIVED
    office: str = ""
    stage: str = ""
    doctype: str = ""
    page: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wanted:
        """From an address. What makes no sense in it is as good as not there."""
        standing, office = asked.get("keadaan", ""), asked.get("kantor", "")
        return cls(
            Standing(standing) if standing in set(Standing) else Standing.RECEIVED,
            office if office in {o.code for o in catalogue.offices()} else "",
            stage=asked.get("tahapan", "").replace("\0", ""),
            doctype=asked.get("jenis", "").replace("\0", ""),
            page=page_number(asked),
        )

    @property
    def equal(self) -> dict[str, str]:
        """As the ledger is asked: '' is what was never classified."""
        named = {"office": self.office, "stage": self.stage, "doctype": self.doctype}
        return {name: "" if value == UNKNOWN else value for name, value in named.items() if value}

    @property
    def address(self) -> str:
        """The list's address, beside the board's."""
        named = {"kantor": self.office, "tahapan": self.stage, "jenis": self.doctype}
        asked = {"keadaan": self.standing.value, **{k: v for k, v in named.items() if v}}
        return "dokumen?" + urlencode(asked | ({"hal": str(self.page)} if self.page > 1 else {}))

    def among(self, offices: frozenset[str]) -> Wanted:
        """The same list for somebody who has only these offices; a single one need not be asked for."""
        return self if self.office or len(offices) != 1 else replace(self, office=min(offices))

    def at(self, page: int) -> Wanted:
        """The same list, another page."""
        return replace(self, page=page)

    def of_standing(self, standing: Standing) -> Wanted:
        """The same documents' other standing, from its first page."""
        return replace(self, standing=standing, page=1)
