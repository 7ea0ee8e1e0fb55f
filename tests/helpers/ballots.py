"""Small consistent sheets of any form, legislative ones too: the rows of ``helpers.sheets``, and votes to match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.sheets import UNIT_VALUES
from rangkiang.forms import Form, LeafRow
from rangkiang.model import FIGURE_COLUMNS

CANDIDATES = (1, 2, 4)
"""Numbers of a party's candidates: a number may be missing."""

PERSONS = (21, 22, 25)

Column = tuple[str, str, int]


def ballot(
    form: Form,
    columns: Sequence[Column],
    *,
    candidates: Sequence[int] = CANDIDATES,
    names: Mapping[str, str] | None = None,
    sha256: str = "a" * 64,
) -> pd.DataFrame:
    """Figures of a sheet whose every unit holds the same votes. ``columns``: (kind, label, times those votes).

    ``candidates`` are the numbers that every party puts up (of DPD, those from 21 on); ``names`` by row code.
    """
    leaves = [leaf for leaf in form.leaf_rows if not leaf.parent.optional or _number(leaf) in (*candidates, *PERSONS)]
    votes = _votes(form, leaves)
    lines = []
    for leaf in leaves:
        for kind, label, times in columns:
            value = votes.get(leaf.code, UNIT_VALUES.get(leaf.code, 0)) * times
            place = ["f.pdf", sha256, 1, form.model, leaf.code, label_of(leaf, names or {}), kind, label]
            lines.append([*place, value, str(value), "read", 1.0, "test", *[0.0] * 4])
    return pd.DataFrame(lines, columns=list(FIGURE_COLUMNS)).astype(dict(FIGURE_COLUMNS))


def label_of(leaf: LeafRow, names: Mapping[str, str]) -> str:
    """A candidate's row has the number and the name as printed, every other the registry's label."""
    if not leaf.parent.optional:
        return leaf.label.id
    return f"{_number(leaf)} {names.get(leaf.code, f'CALON {leaf.code}')}"


def _number(leaf: LeafRow) -> int:
    return int(leaf.code.rpartition(".")[2])


def _votes(form: Form, leaves: Sequence[LeafRow]) -> dict[str, int]:
    """Votes that add up to V.A: one for every candidate and party, what is left for the first of them."""
    counted = [leaf for leaf in leaves if leaf.code.startswith("IV.") and not leaf.code.endswith(".T")]
    votes = {leaf.code: 1 for leaf in counted}
    votes[counted[0].code] += UNIT_VALUES["V.A"] - len(counted)
    for leaf in leaves:
        if leaf.code.endswith(".T"):
            votes[leaf.code] = sum(votes[c.code] for c in counted if c.parent.party == leaf.parent.party)
    return votes
