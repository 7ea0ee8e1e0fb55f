"""The journal: does it know all that only the ledger knows, and the ledger all that people were told is kept?"""

from __future__ import annotations

from collections.abc import Iterator

from rangkiang.steps.barn import Barn
from rangkiang.steps.examining.ailments import Ailment, Code, ailment
from rangkiang.steps.journalling import apart


def examine(barn: Barn) -> Iterator[Ailment]:
    """Ailments of the journal."""
    found = apart(barn)
    for what in found.behind:
        yield ailment(Code.JOURNAL_BEHIND, what, "the journal lacks what only the ledger knows of it")
    for what in found.ahead:
        yield ailment(Code.JOURNAL_AHEAD, what, "kept in the journal, and not in the ledger")
