"""What people decide between two nights, at the house that is soaked; its twin is told afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from random import Random
from unittest.mock import patch

from bench.soaking.sheets import Paper
from rangkiang.errors import DecisionRefused
from rangkiang.model import CellRef, Document, Finding, Verdict
from rangkiang.steps import Barn, deciding

WHY = "sudah dicocokkan dengan lembar asli"
AUTHORS = ("siti", "rustam")


def decide(barn: Barn, chance: Random, known: Mapping[str, Paper], at: datetime) -> list[str]:
    """Some findings are decided on, and some decisions spoken of. Returns what was done, in short."""
    done = []
    seconds = count()
    with patch.object(deciding, "_now", lambda: at + timedelta(seconds=next(seconds))):
        open_ones = sorted(deciding.findings(barn), key=lambda pair: pair[0].id)
        for finding, document in chance.sample(open_ones, min(len(open_ones), chance.randint(0, 3))):
            with suppress(DecisionRefused):  # what nobody can decide on: a file that is replaced, an info
                done.append(_decide(barn, chance, finding, document, known))
        decisions = sorted(barn.ledger.decisions(), key=lambda d: d.id)
        for decision in chance.sample(decisions, min(len(decisions), chance.randint(0, 2))):
            own, other = decision.author, next(a for a in AUTHORS if a != decision.author)
            say, who = chance.choices(
                [(deciding.confirm, other), (deciding.refuse, other), (deciding.withdraw, own)], [6, 1, 1]
            )[0]
            with suppress(DecisionRefused):
                say(barn, decision.id, who, WHY)
                done.append(f"{say.__name__} {decision.id[:8]}")
    return done


def _decide(barn: Barn, chance: Random, finding: Finding, document: Document, known: Mapping[str, Paper]) -> str:
    """A misprint is put right; what else was found is accepted, put off, or a new scan is asked for."""
    author = chance.choice(AUTHORS)
    paper = known.get(document.sha256)
    wrong = [c for c in finding.cells if c.sha256 == document.sha256 and paper and _place(c) in paper.misprinted]
    if paper and wrong and chance.random() < 0.7:
        cell = wrong[0]
        value = paper.misprinted[_place(cell)]
        made = deciding.decide(barn, Verdict.CORRECT, finding.id, author, WHY, lambda c: c == cell, value)
    else:
        verdict = chance.choices([Verdict.ACCEPT, Verdict.DEFER, Verdict.RESCAN], [6, 2, 1])[0]
        made = deciding.decide(barn, verdict, finding.id, author, WHY)
    return f"{made.verdict} {finding.code} {made.id[:8]}"


def _place(cell: CellRef) -> tuple[str, str]:
    return ("" if cell.column_kind == "total" else cell.column_label, cell.row)
