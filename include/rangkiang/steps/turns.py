"""Which versions of a dataset were before the public, and from when on: counted from the releases of its stage.

Each time that a dataset is released with another content than the release before had, it is a new version, also where
it had that content once already, and where it had been withdrawn: a number is a day on which something changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rangkiang.ledger import Publication


@dataclass(frozen=True, slots=True)
class Turn:
    """A release of the stage in which a dataset came, became another, or went."""

    release: int  # its number among the stage's releases
    day: str  # ISO date, Asia/Jakarta
    number: int  # of the version that began; of the last one, where the dataset went
    digest: str  # of that version; '' where the dataset went


def turns(history: Iterable[Publication]) -> Mapping[str, Sequence[Turn]]:
    """The turns of each dataset of a stage, by slug, from all of its releases, the oldest first."""
    found: dict[str, list[Turn]] = defaultdict(list)
    before: Mapping[str, str] = {}
    for release in history:
        for slug in sorted({*before, *release.datasets}):
            digest = release.datasets.get(slug, "")
            if digest != before.get(slug, ""):
                number = (found[slug][-1].number if found[slug] else 0) + bool(digest)
                found[slug].append(Turn(release.number, release.day, number, digest))
        before = release.datasets
    return found
