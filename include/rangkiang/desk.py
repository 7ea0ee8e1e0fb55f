"""A person's desk in the shell: ``rangkiang findings``, ``decide``, ``confirm``, ``refuse``, ``withdraw``, …"""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from rangkiang import catalogue
from rangkiang.model import CellRef, Reason, Verdict
from rangkiang.terminal import console

BLANK = "blank"

by = click.option("--by", required=True, metavar="NAME", help="Who says so: the name of the account.")
why = click.option("--why", required=True, metavar="TEXT", help="The reason, in a few words.")


@click.command()
@click.argument("office", required=False)
def findings(office: str | None) -> None:
    """List what was found about the documents of OFFICE (a Kemendagri code such as 13.05), or of all offices."""
    from rangkiang import steps
    from rangkiang.steps import deciding

    with steps.open_barn() as barn:
        listed = Table("id", "severity", "code", "document", "sentence")
        for finding, document in deciding.findings(barn, office):
            said = catalogue.explain(Reason(finding.code, finding.params))
            listed.add_row(finding.id, finding.severity.value, finding.code, Text(document.name), Text(said))
        console().print(listed)


@click.command()
@click.argument("verdict", type=click.Choice([v.value for v in Verdict]))
@click.argument("finding")
@by
@why
@click.option("--row", help="Of a correction: the row code of the cell, such as IV.01.")
@click.option("--column", help="The label of its column, as it was read.")
@click.option("--page", type=int, help="Its page, where several columns have that label.")
@click.option("--nth", type=int, help="How many columns of that label stand before it on the page.")
@click.option("--value", help=f"What stands there: a whole number, or '{BLANK}' for an empty cell.")
def decide(
    verdict: str,
    finding: str,
    by: str,
    why: str,
    row: str | None,
    column: str | None,
    page: int | None,
    nth: int | None,
    value: str | None,
) -> None:
    """Decide about FINDING (its id): accept it as printed, correct the reading, ask for a new scan, or defer.

    A correction waits until somebody else has confirmed it.
    """
    from rangkiang import steps
    from rangkiang.steps import deciding
    from rangkiang.steps.standings import records

    named = {"row": row, "column_label": column, "page": page, "nth": nth}
    correction = verdict == Verdict.CORRECT.value
    if correction != (value is not None) or (not correction and any(v is not None for v in named.values())):
        raise click.UsageError("--value belongs to 'correct', and so do --row, --column, --page and --nth.")

    def meant(cell: CellRef) -> bool:
        return all(getattr(cell, name) == given for name, given in named.items() if given is not None)

    with steps.open_barn() as barn:
        made = deciding.decide(barn, Verdict(verdict), finding, by, why, meant, _number(value))
        (record,) = (r for r in records(barn, made.office) if r.decision.id == made.id)
    click.echo(f"{made.id}: {record.standing}")


def _opinion(name: str, help: str) -> click.Command:
    @click.command(name=name, help=help)
    @click.argument("decision")
    @by
    @why
    def command(decision: str, by: str, why: str) -> None:
        from rangkiang import steps
        from rangkiang.steps import deciding
        from rangkiang.steps.standings import records

        with steps.open_barn() as barn:
            say = {"confirm": deciding.confirm, "refuse": deciding.refuse, "withdraw": deciding.withdraw}[name]
            say(barn, decision, by, why)
            (record,) = (r for r in records(barn) if r.decision.id == decision)
        click.echo(f"{decision}: {record.standing}")

    return command


confirm = _opinion(
    "confirm", "Say that DECISION (its id), made by somebody else, is right: a correction comes into force."
)
refuse = _opinion("refuse", "Say that DECISION, made by somebody else, is wrong: it has no effect, or no longer.")
withdraw = _opinion("withdraw", "Take DECISION, one's own, back.")


@click.group()
def decisions() -> None:
    """List, export and import what was decided."""


@decisions.command(name="list")
@click.argument("office", required=False)
def listed(office: str | None) -> None:
    """List the decisions about the documents of OFFICE, or of all offices, with what each has come to."""
    from rangkiang import steps
    from rangkiang.steps.standings import records

    with steps.open_barn() as barn:
        table = Table("id", "finding", "code", "verdict", "by", "at (UTC)", "standing", "why")
        for record in records(barn, office):
            made = record.decision
            texts = (made.author, f"{made.at:%Y-%m-%d %H:%M}", record.standing.value, made.why)
            table.add_row(made.id, made.finding, made.code, made.verdict.value, *map(Text, texts))
        console().print(table)


@decisions.command(name="export")
@click.argument("office", required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
def export(office: str | None, out: Path) -> None:
    """Write the decisions about the documents of OFFICE, or all, and what was said about them, as YAML."""
    from rangkiang import steps
    from rangkiang.steps import deciding

    with steps.open_barn() as barn:
        out.write_text(deciding.export_decisions(barn, office), "utf-8")


@decisions.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Add the decisions of FILE, which was exported here or elsewhere; what is known already stays as it is."""
    from rangkiang import steps
    from rangkiang.decisions import LIMIT
    from rangkiang.steps import deciding

    with file.open("rb") as opened:
        data = opened.read(LIMIT + 1)  # no more: a larger file is refused
    with steps.open_barn() as barn:
        click.echo(f"{deciding.import_decisions(barn, data)} decisions and opinions were new")


COMMANDS = (findings, decide, confirm, refuse, withdraw, decisions)


def _number(value: str | None) -> int | None:
    if value is None or value == BLANK:
        return None
    if not (value.isascii() and value.isdecimal()):
        raise click.BadParameter(f"give a whole number without points, or '{BLANK}'", param_hint="--value")
    return int(value)
