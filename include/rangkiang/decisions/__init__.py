"""What arithmetic cannot settle goes to a person: what was decided, what of it is in force, and what that does."""

from rangkiang.decisions.applying import Applied, apply
from rangkiang.decisions.exchange import LIMIT, dump, load
from rangkiang.decisions.notes import between, lapsed
from rangkiang.decisions.overlay import accept, expected
from rangkiang.decisions.records import BETWEEN, CODES, MOST, NOTES, Record, Standing, check, same_person
from rangkiang.decisions.rules import weigh
from rangkiang.decisions.seen import seen

__all__ = [
    "BETWEEN",
    "CODES",
    "LIMIT",
    "MOST",
    "NOTES",
    "Applied",
    "Record",
    "Standing",
    "accept",
    "apply",
    "between",
    "check",
    "dump",
    "expected",
    "lapsed",
    "load",
    "same_person",
    "seen",
    "weigh",
]
