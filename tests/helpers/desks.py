"""A desk with something on it: a city's DB1, of which one sum is printed wrong in both columns, and a DA1 as a book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from starlette.testclient import TestClient

from helpers.askers import OURS
from rangkiang.model import Finding
from rangkiang.people import Person
from rangkiang.steps import Barn, deciding
from rangkiang.web import token
from samples import papers
from samples.region import province

CODE, ROW, MORE = "13.74", "II.1.JML", 10
HOSTILE = '"><script>alert(1)</script>\u202e.pdf'
KEY = f"inbox/13.74_kota_padang_panjang/PL.01.8/DB1-PPWP/{HOSTILE}"
BOOK = "inbox/13.74_kota_padang_panjang/PL.01.8/DA1-PPWP/buku.xlsx"
WHY = "sudah dicocokkan dengan lembar asli"


def papers_of_the_desk() -> dict[str, bytes]:
    """Files by their key in the inbox."""
    tally = next(t for t in province() if t.office.code == CODE)
    units = [(d.district.name, _more(d.figures)) for d in tally.districts]
    first = tally.districts[0]
    village = first.villages[0]
    wrong = replace(first, villages=(replace(village, figures=_more(village.figures)), *first.villages[1:]))
    return {KEY: papers.db1(tally, units), BOOK: papers.da1_xlsx(wrong)}


def _more(figures: Mapping[str, int | None]) -> dict[str, int | None]:
    return {**figures, ROW: (figures[ROW] or 0) + MORE}


def broken(barn: Barn, code: str = "identity_broken", media: str = "application/pdf") -> list[Finding]:
    """What was found about the DB1, or about the book."""
    return [f for f, d in deciding.findings(barn, CODE) if f.code == code and d.media_type == media]


@dataclass
class Desk:
    """A person's browser at the desk, and the offices whose runs have been asked for."""

    browser: TestClient
    barn: Barn
    person: Person
    runs: list[str] = field(default_factory=list)

    def page(self, finding: Finding) -> str:
        answer = self.browser.get(f"/periksa/{finding.office}/{finding.id}")
        assert answer.status_code == 200
        return answer.text

    def seen(self, finding: Finding) -> str:
        """What the page's form says was seen."""
        found = re.search(r'name="dilihat" value="(\w+)"', self.page(finding))
        assert found
        return found[1]

    def send(self, finding: Finding, seen: str | None = None, why: str = WHY, **form: str) -> tuple[int, str]:
        """Send the finding's form; its status, and its page or where it leads."""
        told = {"dilihat": self.seen(finding) if seen is None else seen, "alasan_lain": why, **form}
        return self.post(f"/periksa/{finding.office}/{finding.id}", told)

    def post(self, address: str, form: Mapping[str, str | list[str]]) -> tuple[int, str]:
        sent = {"token": token.made(self.person.name, datetime.now(UTC)), **form}
        answer = self.browser.post(address, data=sent, headers=OURS)
        return answer.status_code, answer.headers.get("location", answer.text)
