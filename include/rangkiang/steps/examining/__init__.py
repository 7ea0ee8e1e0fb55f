"""Looks whether every promise holds: what is kept, how far everything has come, what is filed, what is public."""

from __future__ import annotations

from datetime import timedelta

from rangkiang.steps.barn import Barn
from rangkiang.steps.examining import documents, filed, journalled, public, servers
from rangkiang.steps.examining.ailments import DO, Ailment, Code, ailment

DAY = timedelta(days=1)

__all__ = ["DO", "Ailment", "Code", "examine"]


def examine(barn: Barn, deep: bool = False, patience: timedelta = DAY) -> list[Ailment]:
    """All that is wrong with the house; nothing, where all is well. Changes nothing but an object of its own.

    ``deep`` reads every byte that is kept; otherwise names and sizes are compared. What a run that is under way, or the
    next one, will see to counts once it is older than ``patience``.
    """
    if barn.lost:
        return [ailment(Code.LEDGER_LOST, "ledger", "empty or half made, and the store holds the journal of a house")]
    found = [
        *servers.examine(barn),
        *documents.examine(barn, deep, patience),
        *filed.examine(barn, deep, patience),
        *public.examine(barn, deep, patience),
        *journalled.examine(barn),
    ]
    return sorted(found, key=lambda one: (one.code, one.subject))
