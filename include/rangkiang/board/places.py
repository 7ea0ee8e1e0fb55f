"""Where the pages lead: what stands in the head of every page, for those who may go there."""

from __future__ import annotations

from dataclasses import dataclass

from rangkiang.people import Act, Person


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the others lead to."""

    address: str  # from the board
    name: str  # the key of its words
    act: Act  # whoever is there for this goes there


PLACES = (
    Place("", "overview", Act.LOOK),
    Place("dokumen", "list_title", Act.LOOK),
    Place("periksa", "desk", Act.LOOK),
    Place("jejak-audit", "audit", Act.AUDIT),
)


def places(person: Person | None) -> tuple[Place, ...]:
    """Where this person may go."""
    return tuple(place for place in PLACES if person and person.is_for(place.act))
