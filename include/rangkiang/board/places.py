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
    whole: bool = False  # it is about all offices at once: nothing for who has some only


PLACES = (
    Place("", "overview", Act.LOOK),
    Place("dokumen", "list_title", Act.LOOK),
    Place("periksa", "desk", Act.LOOK),
    Place("persetujuan", "approvals", Act.LOOK, whole=True),
    Place("jejak-audit", "audit", Act.AUDIT, whole=True),
)


def places(person: Person | None) -> tuple[Place, ...]:
    """Where this person may go."""
    if person is None:
        return ()
    return tuple(p for p in PLACES if (person.may(p.act) if p.whole else person.is_for(p.act)))
