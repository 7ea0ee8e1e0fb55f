"""The audit trail as a page and as a table: who did what on the pages, or was refused it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd

from rangkiang.board import words
from rangkiang.board.pages import PER_PAGE, View, render
from rangkiang.board.wanted import page_number
from rangkiang.harmless import to_csv
from rangkiang.ledger import Ledger, Outcome

COLUMNS = ("at", "account", "role", "act", "office", "about", "outcome")


@dataclass(frozen=True, slots=True)
class Traced:
    """Which lines of the trail, and which page of them; '' is all."""

    account: str = ""
    office: str = ""
    outcome: str = ""
    page: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Traced:
        """From an address. What makes no sense in it finds nothing."""
        account, office, outcome = (asked.get(n, "").strip().replace("\0", "") for n in ("akun", "kantor", "hasil"))
        return cls(account, office, outcome, page_number(asked))

    @property
    def equal(self) -> dict[str, str]:
        """As the ledger is asked."""
        named = {"account": self.account, "office": self.office, "outcome": self.outcome}
        return {name: value for name, value in named.items() if value}

    def address(self, kind: str = "", page: int = 1) -> str:
        """The same lines' address, beside the board's: a page of them, or all as a table (``kind`` is '.csv')."""
        named = {"akun": self.account, "kantor": self.office, "hasil": self.outcome}
        asked = {k: v for k, v in named.items() if v} | ({"hal": str(page)} if page > 1 else {})
        return f"jejak-audit{kind}" + (f"?{urlencode(asked)}" if asked else "")


def trail(view: View, ledger: Ledger, traced: Traced) -> str:
    """One page of the trail, the newest first."""
    found, total = ledger.deeds(traced.equal, PER_PAGE, (traced.page - 1) * PER_PAGE)
    pages = max(1, -(-total // PER_PAGE))
    return render(view, "jejak", traced=traced, found=found, total=total, pages=pages, outcomes=tuple(Outcome))


def trail_csv(ledger: Ledger, traced: Traced) -> bytes:
    """All of these lines; times in that of western Indonesia."""
    found, _ = ledger.deeds(traced.equal)
    rows = [(words.moment(at), d.account, d.role, d.act, d.office, d.about, d.outcome.value) for at, d in found]
    return to_csv(pd.DataFrame(rows, columns=COLUMNS, dtype=object))
