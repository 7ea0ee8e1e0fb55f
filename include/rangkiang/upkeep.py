"""Looking after the house in the shell: ``rangkiang doctor``, ``rebuild``, ``journal``, ``sweep``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from rich.table import Table
from rich.text import Text

from rangkiang.terminal import console


@click.command()
@click.option("--deep", is_flag=True, help="Read every byte that is kept, and not names and sizes alone.")
@click.option("--json", "as_json", is_flag=True, help="For machines: a list of code, subject, said, do.")
def doctor(deep: bool, as_json: bool) -> None:
    """See whether every promise holds: originals, what was made of them, folders, versions, the portal, the journal.

    What does not is listed with what to do about it; the exit status is 1 then.
    """
    from rangkiang import steps

    with steps.open_barn(lost=True) as barn:
        found = steps.examine(barn, deep)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif found:
        listed = Table("code", "what", "said", "to do")
        for one in found:
            listed.add_row(one.code.value, *map(Text, (one.subject, one.said, one.do)))
        console().print(listed)
    else:
        click.echo("all is well")
    sys.exit(1 if found else 0)


@click.command()
@click.option(
    "--replace", is_flag=True, help="Also where the ledger is not empty: what can be derived is derived anew."
)
def rebuild(replace: bool) -> None:
    """Make the ledger again from the store alone. Killed, it is run again; until it has ended nothing else goes on."""
    from rangkiang import steps

    with steps.open_barn(lost=True) as barn:
        made = steps.rebuild(barn, replace)
    click.echo(f"{made.documents} documents, {made.datasets} datasets, {made.facts} entries of the journal put back")
    for what in made.failed:
        click.echo(f"{what}: not all could be made; the next run says why", err=True)
    sys.exit(1 if made.failed else 0)


@click.command()
def journal() -> None:
    """Write into the journal what only the ledger knows, and the other way round: once after an upgrade from a version
    that kept no journal, and where ``rangkiang doctor`` says so."""
    from rangkiang import steps

    with steps.open_barn() as barn:
        written, completed = steps.align(barn)
    click.echo(f"{written} entries written into the journal, {completed} into the ledger")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
def sweep(dry_run: bool) -> None:
    """Clear away what can be made again and has outlived ``[retention]``: superseded readings and proofs, pictures of
    pages, proposals nobody spoke of. Originals, filed folders, versions and the journal are never touched."""
    from rangkiang import steps

    with steps.open_barn() as barn:
        gone = steps.sweep(barn, dry_run)
    for key in gone if dry_run else ():
        click.echo(key)
    click.echo(f"{len(gone)} objects {'would go' if dry_run else 'cleared away'}")


COMMANDS = (doctor, rebuild, journal, sweep)
