"""What is known about every document, in PostgreSQL: the truth for state, as the store is the truth for bytes."""

from rangkiang.ledger.ledger import Ledger, open_ledger
from rangkiang.ledger.records import Arrival, Reading, Release

__all__ = ["Arrival", "Ledger", "Reading", "Release", "open_ledger"]
