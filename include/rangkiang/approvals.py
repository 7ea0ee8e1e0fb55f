"""Saying yes or no to a release in the shell: ``rangkiang approvals``, ``approval show``, ``approve``, ``return``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from rangkiang.desk import by, why
from rangkiang.terminal import console

if TYPE_CHECKING:
    from rangkiang.model import Approval
    from rangkiang.proposals import Proposal

SHORT = 12  # digits of a digest that are shown, and enough to name it


@click.command()
@click.option("--limit", default=20, show_default=True, help="How many of the last words to list.")
def approvals(limit: int) -> None:
    """List what waits for approval or was returned, and the last that was said of any release."""
    from rangkiang import proposals, steps
    from rangkiang.steps import approving

    with steps.open_barn() as barn:
        waiting = Table("stage", "proposal", "standing", "what would change", "by", "why")
        for proposal, standing, said in approving.pending(barn):
            texts = (said.author, said.why) if said else ("", "")
            summary = proposals.summary(proposal, "en")
            waiting.add_row(proposal.stage, proposal.digest[:SHORT], standing.value, summary, *map(Text, texts))
        console().print(waiting)
        history = Table("stage", "proposal", "said", "by", "at (UTC)", "why", title="What was said")
        for one in barn.ledger.approvals(limit=limit):
            told = (one.author, f"{one.at:%Y-%m-%d %H:%M}", one.why)
            history.add_row(one.stage, one.proposal[:SHORT], one.ruling.value, *map(Text, told))
        console().print(history)


@click.group()
def approval() -> None:
    """Look at what a release would change."""


@approval.command()
@click.argument("digest")
@click.option("--cells", default=50, show_default=True, help="How many changed figures to list.")
def show(digest: str, cells: int) -> None:
    """Show what the release DIGEST (or how it begins) would change, as it was proposed."""
    from rangkiang import steps
    from rangkiang.steps import approving

    with steps.open_barn() as barn:
        proposal = approving.proposal(barn, digest)
    console().print(_datasets(proposal))
    if proposal.cell_count:
        console().print(_cells(proposal, cells))


def _datasets(proposal: Proposal) -> Table:
    from rangkiang import proposals

    title = f"{proposal.stage}, release {proposal.number}: {proposals.summary(proposal, 'en')}"
    table = Table("dataset", "change", "files", "figures", "documents", "reasons", title=title)
    for dataset in proposal.datasets:
        why = "\n".join(proposals.said(cause, proposal, "en") for cause in dataset.causes)
        counts = (dataset.file_count, dataset.cell_count if dataset.compared else "", dataset.document_count)
        table.add_row(dataset.slug, dataset.kind, *map(str, counts), Text(why))
    return table


def _cells(proposal: Proposal, most: int) -> Table:
    from rangkiang import proposals

    found = [(dataset, cell) for dataset in proposal.datasets for cell in dataset.cells][:most]
    caption = f"{len(found):,} of {proposal.cell_count:,}"
    table = Table("dataset", "area", "unit", "row", "from", "to", "reasons", title="Figures", caption=caption)
    for dataset, cell in found:
        before, after = (
            f"{value or '–'} ({proposals.say(f'status_{status}', 'en')})"
            for value, status in ((cell.was, cell.was_status), (cell.now, cell.now_status))
        )
        why = "\n".join(proposals.said(cause, proposal, "en") for cause in cell.causes)
        table.add_row(dataset.slug, *map(Text, (cell.area, cell.place, cell.row, before, after, why)))
    return table


def _ruling(name: str, done: str, help: str) -> click.Command:
    @click.command(name=name, help=help)
    @click.argument("digest")
    @by
    @why
    def command(digest: str, by: str, why: str) -> None:
        from rangkiang import steps

        with steps.open_barn() as barn:
            rule = {"approve": steps.approve, "return": steps.send_back}[name]
            said = rule(barn, digest, by, why)
        click.echo(f"{said.proposal[:SHORT]}: {done}; `rangkiang stage {said.stage}` publishes what is approved")

    return command


approve = _ruling("approve", "approved", "Say that the release DIGEST may be published, exactly as it was shown.")
return_ = _ruling("return", "returned", "Say that the release DIGEST is not to be published as it is.")

COMMANDS = (approvals, approval, approve, return_)


def waits(proposal: Proposal, said: Approval | None) -> str:
    """What somebody has to do so that a stage goes on; ``said`` is the last word on it."""
    from rangkiang import proposals

    short = proposal.digest[:SHORT]
    how = f"{said.author} returned it: {said.why}" if said else "it waits for approval"
    return (
        f"{proposal.stage}: not published, {how} ({proposals.summary(proposal, 'en')}). See "
        f"`rangkiang approval show {short}`; then `rangkiang approve {short} --by … --why …`, or `rangkiang return`."
    )
