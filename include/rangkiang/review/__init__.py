"""What a person needs to see to decide about a finding: its cells, what binds them, and what would make it hold."""

from rangkiang.review.around import Around, around
from rangkiang.review.item import Bound, Candidate, Item, Side, Trial, item, trial
from rangkiang.review.looked import Looked
from rangkiang.review.sheet import Sheet

__all__ = ["Around", "Bound", "Candidate", "Item", "Looked", "Sheet", "Side", "Trial", "around", "item", "trial"]
