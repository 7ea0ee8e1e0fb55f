"""What a dataset's list of findings says of decisions and of other levels, document by document."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from rangkiang.harmless import unescape
from rangkiang.model import UNIT_SEPARATOR

Figure = tuple[str, str, tuple[str, ...]]
"""Row, kind of column, and unit: names a figure of one document."""

_DECIDED = frozenset({"figure_corrected", "finding_accepted"})
_LEVEL = "level_differs"
_DIGITS = 12  # of a document's digest, as the list of findings names it


def unit(parts: Iterable[str]) -> tuple[str, ...]:
    """A unit's name, however it is taken apart: a column's label, or what a table's columns say."""
    return tuple(p.removeprefix("TPS ") for part in parts if part for p in part.split(UNIT_SEPARATOR))


@dataclass(frozen=True, slots=True)
class Notes:
    """About one document: the decisions in force, each with the figures it is about; and differences between levels."""

    decisions: Mapping[str, frozenset[Figure]] = field(default_factory=dict)
    levels: frozenset[str] = frozenset()

    def of(self, figure: Figure | None) -> set[str]:
        """The decisions about a figure; those about any, where it is None."""
        return {id for id, figures in self.decisions.items() if figure is None or figure in figures}


def notes(findings: pd.DataFrame) -> Mapping[str, Notes]:
    """By the beginning of the document's digest, from a list of findings as it is filed."""
    decisions: dict[str, dict[str, frozenset[Figure]]] = defaultdict(dict)
    levels: dict[str, set[str]] = defaultdict(set)
    for finding in findings.to_dict("records"):
        if finding["code"] not in _DECIDED and finding["code"] != _LEVEL:
            continue
        cells = json.loads(unescape(finding["cells"]))
        for document in {str(finding["sha256"])[:_DIGITS], *(str(c["sha256"]) for c in cells)}:
            if finding["code"] == _LEVEL:
                levels[document].add(str(finding["id"]))
                continue
            own = (c for c in cells if c["sha256"] == document)
            figures = frozenset((str(c["row"]), str(c["kind"]), unit([str(c["column"])])) for c in own)
            decisions[document][str(finding["subject"])] = figures
    return {d: Notes(decisions[d], frozenset(levels[d])) for d in {*decisions, *levels}}


def about(found: Mapping[str, Notes], sha256: str) -> Notes:
    return found.get(sha256[:_DIGITS], Notes())
