"""What would be published next, and who said what of it: a list, and one page for each proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from rangkiang import proposals
from rangkiang.board.pages import View, render
from rangkiang.model import Approval, Ruling
from rangkiang.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that is not published, how far it has come, and the last word on it."""

    proposal: Proposal
    standing: str
    said: Approval | None


def waiting(view: View, found: Sequence[Waiting], history: Sequence[Approval]) -> str:
    """What waits, and what was said before."""
    return render(view, "persetujuan", found=found, history=history, summary=partial(proposals.summary, lang=view.lang))


def proposal(
    view: View, shown: Proposal, standing: str, history: Sequence[Approval], may: bool, wrong: str = "", told: str = ""
) -> str:
    """What one release would change; with a form where the person ``may`` answer. ``wrong`` and ``told`` are keys of
    the words: what is missing from an answer, and what came of it."""
    return render(
        view,
        "usulan",
        proposal=shown,
        standing=standing,
        history=history,
        may=may,
        wrong=wrong,
        told=told,
        summary=proposals.summary(shown, view.lang),
        explained=lambda cause, brief: proposals.said(cause, shown, view.lang, brief),
        ruling=partial(proposals.ruling, lang=view.lang),
        word=partial(proposals.say, lang=view.lang),
        Ruling=Ruling,
        kinds=("changed", "added", "withdrawn"),
    )
