"""Names of the document sheets: by area, unlike each other and the fixed sheets, as a spreadsheet allows."""

from __future__ import annotations

import re

from rangkiang.deliver.dataset import Dataset

LONGEST = 31
FIXED = ("Sampul", "Data", "Kamus data", "Temuan", "Asal-usul", "History")  # Excel keeps 'History' to itself


def sheet_names(made: Dataset, limit: int) -> list[str]:
    """One name for each of the first ``limit`` members."""
    taken = {name.lower() for name in FIXED}
    found = []
    for member in made.members[:limit]:
        said = member.document.said
        name = re.sub(r"[\[\]:*?/\\]+", " ", said.area_name).strip("' ")[:LONGEST].strip()
        if not name or name.lower() in taken:
            name = f"{name[: LONGEST - len(said.area_code) - 1]} {said.area_code}".strip()
        taken.add(name.lower())
        found.append(name)
    return found
