"""The narrative: official Indonesian, or English, in which every number is computed from the data by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.licence import Licence
from rangkiang.deliver.narrative.charts import charts
from rangkiang.deliver.narrative.coverage import coverage_lines
from rangkiang.deliver.narrative.kinds import kinds
from rangkiang.deliver.narrative.paragraphs import content, opening
from rangkiang.deliver.narrative.quality import quality
from rangkiang.deliver.narrative.regional import by_region
from rangkiang.deliver.narrative.teller import Teller
from rangkiang.deliver.prose.bars import Bars
from rangkiang.deliver.prose.blocks import chart, without_charts
from rangkiang.model import FileEntry
from rangkiang.templates import markdown


@dataclass(frozen=True, slots=True)
class Narrative:
    """A text with places for its charts, and where each of its numbers comes from."""

    title: str
    source: str
    charts: Mapping[str, Bars]
    numbers: pd.DataFrame

    @property
    def text(self) -> str:
        """For readers of Markdown."""
        return without_charts(self.source)


def narrative(
    made: Dataset, files: Sequence[FileEntry], licence: Licence, notice: str, version: str = "", lang: str = "id"
) -> Narrative:
    """What is in the dataset, how it was made, what was found and decided, how to use it, and its limits.

    ``files`` are the files it tells of, ``version`` the one it may be cited by.
    """
    teller = Teller(lang)
    # In the order of the narrative: so are its numbers listed.
    context = {
        "notice": notice,
        "version": version,
        "licence": licence.title,
        **opening(made, teller),
        "coverage": list(coverage_lines(made, teller)),
        **content(made, teller),
        "regions": by_region(made, teller),
        **quality(made, teller),
        **kinds(made, files, teller),
    }
    drawn = charts(context, teller)
    source = render(f"narasi.{lang}.md.j2", {**context, "chart": lambda name: chart(name) if name in drawn else ""})
    return Narrative(made.title.get(lang), source, drawn, teller.table())


def render(template: str, context: Mapping[str, object]) -> str:
    """A template of this room as Markdown."""
    return markdown("rangkiang.deliver", template, **context)
