"""What nobody could find out again, kept in the store before the ledger is told: a ledger is made again from it."""

from rangkiang.journal.facts import dump, key, load
from rangkiang.journal.journal import Journal, Page

__all__ = ["Journal", "Page", "dump", "key", "load"]
