"""What a person needs to see to decide about a finding: its cells, what they must add up to, and what would make it so."""

from rangkiang.review.around import Around, around
from rangkiang.review.item import Bound, Candidate, Item, Side, Trial, item, trial
from rangkiang.review.sheet import Sheet

__all__ = ["Around", "Bound", "Candidate", "Item", "Sheet", "Side", "Trial", "around", "item", "trial"]
