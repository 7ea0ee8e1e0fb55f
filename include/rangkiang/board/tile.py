"""What the tile on Airflow's home page says: a few counts, each of which leads to its list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rangkiang import catalogue
from rangkiang.board import words
from rangkiang.board.lines import cells
from rangkiang.board.wanted import Wanted
from rangkiang.ledger import Ledger
from rangkiang.ledger.overview import Standing

COUNTED = (
    Standing.RECEIVED, Standing.REVIEW, Standing.SECOND, Standing.HELD, Standing.QUARANTINED, Standing.LIVE,
)  # fmt: skip


def tile(
    ledger: Ledger, two_persons: bool, lang: str, offices: Sequence[str] = (), awaiting: int = 0
) -> dict[str, Any]:
    """Counts of each of ``offices`` (codes), with addresses from the board, as JSON has them.

    Where none is named they are of all offices together, and so are the releases ``awaiting`` approval.
    """
    groups = [_group(ledger, two_persons, lang, office) for office in offices or ("",)]
    if not offices:
        label = words.say("awaiting", lang)
        groups[0]["counts"].append({"key": "awaiting", "label": label, "n": awaiting, "href": "persetujuan"})
    return {"lang": lang, "title": words.say("board", lang), "groups": groups}


def _group(ledger: Ledger, two_persons: bool, lang: str, office: str) -> dict[str, Any]:
    found = cells(ledger, two_persons, office)
    name = catalogue.office(office).unit_kerja if office else words.say("all_offices", lang)
    counts = [(standing, sum(cell.count(standing) for cell in found)) for standing in COUNTED]
    return {
        "name": name,
        "href": f"kantor/{office}" if office else "./",
        "counts": [
            {"key": s.value, "label": words.say(s, lang), "n": n, "href": Wanted(s, office).address} for s, n in counts
        ],
    }
