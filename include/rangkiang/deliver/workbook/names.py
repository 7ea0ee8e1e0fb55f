"""Names of the document sheets: by area, unlike each other and the fixed sheets, as a spreadsheet allows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count

from rangkiang.deliver.dataset import Dataset
from rangkiang.model import Classification

LONGEST = 31
FIXED = ("Sampul", "Data", "Kamus data", "Temuan", "Asal-usul", "History")  # Excel keeps 'History' to itself


def sheet_names(made: Dataset, limit: int) -> list[str]:
    """One name for each of the first ``limit`` members."""
    taken = {name.lower() for name in FIXED}
    areas = Counter(m.document.said.area_code for m in made.members)
    found = []
    for member in made.members[:limit]:
        choices = _choices(member.document.said, areas[member.document.said.area_code] > 1)
        name = next(choice for choice in choices if choice and choice.lower() not in taken)
        taken.add(name.lower())
        found.append(name)
    return found


def _choices(said: Classification, shared: bool) -> Iterator[str]:
    """The area, or its electoral district where the area has several sheets; then with what tells them apart."""
    name = said.dapil if shared and said.dapil else said.area_name
    yield _fit(name, "")
    yield _fit(name, said.area_code)
    yield from (_fit(name, f"{said.area_code} {n}") for n in count(2))


def _fit(name: str, behind: str) -> str:
    plain = re.sub(r"[\x00-\x1f\[\]:*?/\\]+", " ", name).strip("' ")
    room = LONGEST - len(behind) - bool(behind)
    return f"{plain[:room].strip()} {behind}".strip("' ")
