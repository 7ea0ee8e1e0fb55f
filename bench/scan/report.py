"""The tables of a run, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from bench.scan.reading import Account
from samples.press.score import EDGES, RIGHT, Outcome, Silent

SHOWN = 12  # silent errors that are printed out

_ROWS: Mapping[str, tuple[Outcome, ...]] = {
    "right": RIGHT,
    "  proved": (Outcome.PROVED,),
    "  read": (Outcome.READ,),
    "  blank": (Outcome.BLANK,),
    "flagged": (Outcome.FLAGGED, Outcome.FLAGGED_WRONG),
    "  of them right": (Outcome.FLAGGED,),
    "missing": (Outcome.MISSING,),
}


def table(levels: Mapping[str, Account]) -> Iterator[str]:
    """One column for each level."""
    yield _line("", levels)
    yield _line("number cells", [f"{a.score.cells:,}" for a in levels.values()])
    yield _line("blank cells", [f"{sum(a.score.blanks.values()):,}" for a in levels.values()])
    for name, outcomes in _ROWS.items():
        yield _line(name, [f"{a.score.share(*outcomes):.3%}" for a in levels.values()])
    yield _line("SILENT ERRORS", [str(silent(a)) for a in levels.values()])
    yield _line("  wrong value", [str(_both(a, Outcome.SILENT)) for a in levels.values()])
    yield _line("  wrong place", [str(_both(a, Outcome.STRAY)) for a in levels.values()])
    yield _line("  per 100,000", [f"{1e5 * silent(a) / max(a.score.cells, 1):.2f}" for a in levels.values()])
    yield _line("slips printed", [str(a.slips["printed"]) for a in levels.values()])
    for what in ("read", "reported", "repaired"):
        yield _line(f"  {what}", [str(a.slips[what]) for a in levels.values()])
    yield _line("documents", [str(a.documents) for a in levels.values()])
    yield _line("  refused", [str(a.refused.total()) for a in levels.values()])
    yield _line("pages", [str(a.pages) for a in levels.values()])
    yield _line("pages per CPU-second", [f"{a.pages / max(a.seconds, 1e-9):.2f}" for a in levels.values()])
    yield _line("peak MiB", [f"{a.peak:.0f}" for a in levels.values()])
    for level, a in levels.items():
        yield from _notes(level, a)


def by_form(level: str, forms: Mapping[str, Account]) -> Iterator[str]:
    """Where the trouble is: a line for each form."""
    yield f"{level:<16} {'cells':>9} {'right':>9} {'flagged':>9} {'missing':>9} {'refused':>9} {'silent':>7}"
    for form, a in forms.items():
        parts = (_ROWS["right"], _ROWS["flagged"], _ROWS["missing"])
        shares = "".join(f" {a.score.share(*outcomes):>9.2%}" for outcomes in parts)
        yield f"{form:<16} {a.score.cells:>9,}{shares} {a.refused.total():>9} {silent(a):>7}"


def reliability(level: str, account: Account) -> Iterator[str]:
    """Of the figures with a confidence in each range, how many are right."""
    yield f"{level}: confidence of number cells, and how many of them are right"
    yield f"{'from':>8} {'to':>8} {'cells':>9} {'said':>9} {'right':>9}"
    for (low, high), (cells, said, right) in zip(pairwise(EDGES), account.score.bins, strict=True):
        if cells:
            yield f"{low:>8} {high:>8} {cells:>9.0f} {said / cells:>9.5f} {right / cells:>9.5f}"


def together(accounts: Iterable[Account]) -> Account:
    """One account of many."""
    whole = Account()
    for account in accounts:
        whole.add(account)
    return whole


def silent(account: Account) -> int:
    """Silent errors: values that are wrong, and figures that stand nowhere."""
    return _both(account, Outcome.SILENT) + _both(account, Outcome.STRAY)


def as_json(account: Account) -> dict[str, Any]:
    """Everything counted; silent errors in full."""
    score = account.score
    return {
        "cells": score.cells,
        "silent": silent(account),
        "numbers": dict(score.numbers),
        "blanks": dict(score.blanks),
        "bins": [[*edges, *counts] for edges, counts in zip(pairwise(EDGES), score.bins, strict=True)],
        "errors": [asdict(one) for one in score.silent],
        "refused": dict(account.refused),
        "slips": dict(account.slips),
        "documents": account.documents,
        "pages": account.pages,
        "cpu_seconds": account.seconds,
        "peak_mib": account.peak,
        "slowest": account.slowest,
    }


def _both(account: Account, outcome: Outcome) -> int:
    return account.score.numbers[outcome] + account.score.blanks[outcome]


def _notes(level: str, account: Account) -> Iterator[str]:
    for reason, count in account.refused.most_common():
        yield f"{level}: {count} refused: {reason}"
    yield f"{level}: slowest {account.slowest[0]:.1f} CPU-s ({account.slowest[1]})"
    yield from errors(level, account)


def errors(level: str, account: Account) -> Iterator[str]:
    """The first silent errors, a line each."""
    for one in account.score.silent[:SHOWN]:
        yield f"{level}: {_told(one)}"


def so_far(account: Account) -> str:
    """Where a run has come to."""
    flagged, missing = (f"{account.score.share(*_ROWS[what]):.2%} {what}" for what in ("flagged", "missing"))
    return f"{silent(account)} silent errors, {flagged}, {missing} in {account.score.cells:,}"


def _told(one: Silent) -> str:
    page, row, kind, label, _ = one.place
    there = "nothing" if one.printed is None else repr(one.printed)
    return f"silent: {one.file} page {page} {row} {kind} {label!r}: printed {there}, {one.status} as {one.value}"


def _line(name: str, values: Mapping[str, Account] | list[str]) -> str:
    return f"{name:<22}" + "".join(f"{value:>14}" for value in values)
