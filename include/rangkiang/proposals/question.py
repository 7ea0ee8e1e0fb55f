"""A proposal as a question to whoever approves: one line, and a text in Markdown that shows the changes themselves."""

from __future__ import annotations

from collections.abc import Sequence

from rangkiang import catalogue
from rangkiang.proposals.records import Cause, Proposal
from rangkiang.proposals.words import said, say
from rangkiang.templates import markdown

SHOWN = 20
"""Figures, and datasets of each kind, that the question shows; the page that it leads to shows more."""
REASONS = 5
"""Reasons that it gives of each."""


def summary(proposal: Proposal, lang: str = "id") -> str:
    """How much would change, in half a line."""
    return say(
        "summary",
        lang,
        added=len(proposal.of("added")),
        changed=len(proposal.of("changed")),
        withdrawn=len(proposal.of("withdrawn")),
        files=proposal.file_count,
        cells=proposal.cell_count,
    )


def question(proposal: Proposal, page: str = "") -> tuple[str, str]:
    """Subject and body, in Indonesian. ``page`` is the address where all of it can be seen."""
    stage = catalogue.stage(proposal.stage)
    cells = [(dataset, cell) for dataset in proposal.datasets for cell in dataset.cells][:SHOWN]
    body = markdown(
        "rangkiang.proposals",
        "pertanyaan.md.j2",
        proposal=proposal,
        stage=stage.name.id if stage else "",
        summary=summary(proposal),
        cells=cells,
        more=proposal.cell_count - len(cells),
        shown=SHOWN,
        page=page,
        said=lambda causes, brief=False: _said(proposal, causes, brief),
        say=say,
    )
    return say("subject", stage=proposal.stage, summary=summary(proposal)), body


def _said(proposal: Proposal, causes: Sequence[Cause], brief: bool) -> str:
    told = [said(cause, proposal, brief=brief) for cause in causes[:REASONS]]
    more = len(causes) - len(told)
    return "; ".join([*told, *([say("more_causes", n=more)] if more else [])])
