"""What a person needs to see to decide about a finding: its cells, what binds them, and what would make it hold."""

from rangkiang.review.around import Around, around
from rangkiang.review.item import Bound, Candidate, Item, Side, Trial, item, trial
from rangkiang.review.looked import Looked
from rangkiang.review.origin import Binding, Origin, Shown
from rangkiang.review.sheet import Sheet

__all__ = [
    "Around",
    "Binding",
    "Bound",
    "Candidate",
    "Item",
    "Looked",
    "Origin",
    "Sheet",
    "Shown",
    "Side",
    "Trial",
    "around",
    "item",
    "trial",
]
