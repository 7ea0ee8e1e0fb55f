"""What is known about every document, in PostgreSQL: the truth for state, as the store is the truth for bytes."""

from sqlalchemy.exc import InterfaceError, OperationalError

from rangkiang.ledger.ahead import Ahead
from rangkiang.ledger.ledger import Ledger, open_ledger
from rangkiang.ledger.records import (
    Arrival,
    Compared,
    Deed,
    Filed,
    Mailed,
    Outcome,
    Publication,
    Reading,
    Release,
    Said,
)

AWAY = (OperationalError, InterfaceError)
"""What is raised while PostgreSQL is away: trying again later helps."""

__all__ = [
    "AWAY",
    "Ahead",
    "Arrival",
    "Compared",
    "Deed",
    "Filed",
    "Ledger",
    "Mailed",
    "Outcome",
    "Publication",
    "Reading",
    "Release",
    "Said",
    "open_ledger",
]
