"""What happens between two nights: offices hand in, correct, take back; people decide. All of it from a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bench.soaking.sheets import Paper, papers_of, useless
from rangkiang import catalogue
from rangkiang.model import Ruling

Change = tuple[str, bytes | None]  # a key of the inbox, and the bytes that lie there by now; None: nothing does


@dataclass
class Town:
    """The offices, what each may hand in, and what lies in their inboxes."""

    seed: int
    offices: Sequence[str]
    scans: bool = True
    inbox: dict[str, bytes] = field(default_factory=dict)
    known: dict[str, Paper] = field(default_factory=dict)  # every paper that was ever handed in, by digest
    _editions: dict[str, list[list[Paper]]] = field(default_factory=dict)
    _useless: dict[str, list[Paper]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        regencies = [office for office in self.offices if "." in office]
        for n, office in enumerate(regencies):
            self._editions[office] = papers_of(office, self.scans and n == 0)
            self._useless[office] = useless(office)

    def random(self, *about: object) -> Random:
        """Chance of its own for everything that is left to it, so that one thing more shifts no other."""
        return Random("/".join(map(str, (self.seed, *about))))  # noqa: S311 - a seed is what is wanted here

    def day(self, night: int) -> list[Change]:
        """What the offices do before a night, and how the inboxes change by it."""
        chance = self.random("day", night)
        changes: dict[str, bytes | None] = {}
        for _ in range(8 if night == 0 else chance.randint(0, 5)):
            changes |= self._deed(chance)
        for key, data in changes.items():
            if data is None:
                self.inbox.pop(key, None)
            else:
                self.inbox[key] = data
        return list(changes.items())

    def ruling(self, night: int, stage: str) -> Ruling | None:
        """What the coordinator says of what the stage proposes that night; None: nothing."""
        return self.random("ruling", stage, night).choices([Ruling.APPROVE, Ruling.RETURN, None], [8, 1, 1])[0]

    def _deed(self, chance: Random) -> Mapping[str, bytes | None]:
        office = chance.choice(list(self._editions))
        deed = chance.choices(
            [self._hands_in, self._takes_back, self._sends_twice, self._mistakes_the_office, self._sends_rubbish],
            [12, 2, 2, 1, 2],
        )[0]
        return deed(office, chance)

    def _hands_in(self, office: str, chance: Random) -> Mapping[str, bytes | None]:
        """A new file, or another edition of one that lies there; the right one more often than not."""
        editions = chance.choice(self._editions[office])
        return self._laid(office, chance.choices(editions, [3, *[1] * (len(editions) - 1)])[0])

    def _takes_back(self, office: str, chance: Random) -> Mapping[str, bytes | None]:
        lying = self._lying(office)
        return {chance.choice(lying): None} if lying else {}

    def _sends_twice(self, office: str, chance: Random) -> Mapping[str, bytes | None]:
        lying = self._lying(office)
        if not lying:
            return {}
        key = chance.choice(lying)
        return {f"{_box(office)}salinan {chance.randint(1, 3)}/{key.rpartition('/')[2]}": self.inbox[key]}

    def _mistakes_the_office(self, office: str, chance: Random) -> Mapping[str, bytes | None]:
        other = chance.choice([o for o in self._editions if o != office] or [office])
        return self._laid(office, chance.choice(self._editions[other])[0])

    def _sends_rubbish(self, office: str, chance: Random) -> Mapping[str, bytes | None]:
        return self._laid(office, chance.choice(self._useless[office]))

    def _laid(self, office: str, paper: Paper) -> Mapping[str, bytes | None]:
        self.known[paper.sha256] = paper
        return {_box(office) + paper.path: paper.data}

    def _lying(self, office: str) -> list[str]:
        return sorted(key for key in self.inbox if key.startswith(_box(office)))


def _box(office: str) -> str:
    return f"inbox/{catalogue.office(office).slug}/"
