"""``rangkiang``: the same steps as the DAGs, without Airflow."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from rangkiang import __version__, approvals, catalogue, desk, upkeep, whence
from rangkiang.errors import NoSpace, RangkiangError
from rangkiang.model import Reason, Severity
from rangkiang.settings import NotShared, Settings
from rangkiang.telemetry import logs
from rangkiang.terminal import console

# pandas, camelot and Great Expectations take seconds to import: only the commands that need them pay for them.


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Read, prove, explain and publish election-result files.

    Settings come from rangkiang.toml and from RANGKIANG_… in the environment.
    """
    logs.configure(Settings().log_format)


@cli.command()
@click.argument("office", required=False)
def collect(office: str | None) -> None:
    """Take in what lies in the inbox of OFFICE (a Kemendagri code such as 13.05), or of all offices."""
    from rangkiang import steps

    with steps.open_barn() as barn:
        for code in _offices(office):
            batches = steps.collect(barn, code)
            _say(f"{catalogue.office(code).unit_kerja}: {sum(map(len, batches))} documents to read")


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the cells.")
def read(files: tuple[Path, ...], out: Path) -> None:
    """Read FILES and write cells.csv and cells.parquet: every figure with its place and its status.

    A file that cannot be used is named with its reason; the others are read all the same, and the exit status is 1.
    """
    from rangkiang.steps.single import read_files

    refused = read_files(files, out)
    for name, reason in refused:
        click.echo(f"{name}: {catalogue.explain(reason, 'id')} ({catalogue.explain(reason, 'en')})", err=True)
    whole = len(files) - len({name.partition("#hal-")[0] for name, _ in refused})
    _say(f"{whole} of {len(files)} files read whole into {out}/cells.csv and cells.parquet")
    sys.exit(1 if refused else 0)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the tables.")
@click.option("--doctype", help="Jenis dokumen, such as REKAP-DPT: what it demands is checked too.")
def tables(file: Path, out: Path | None, doctype: str | None) -> None:
    """List every table of FILE, a form or not; with --out write each as a tidy CSV, and all cells to tables.json.

    The exit status is 1 where the file cannot be used or a critical check fails.
    """
    from rangkiang.steps import tables as step
    from rangkiang.steps.scanned import tally

    kind = catalogue.doctype(doctype) if doctype else None
    if doctype and kind is None:
        raise click.BadParameter(
            f"{doctype} is not among them: see 'rangkiang catalogue doctypes'", param_hint="--doctype"
        )
    found = step.survey(file, kind)
    if isinstance(found, Reason):
        click.echo(f"{file}: {catalogue.explain(found, 'id')} ({catalogue.explain(found, 'en')})", err=True)
        sys.exit(1)
    listed = Table("table", "page", "rows", "columns", "reader", "title")
    for n, one in enumerate(found.found, 1):
        title = " ".join(one.table.title.split())[-60:]
        size = (one.table.page, len(one.tidy.records), len(one.tidy.columns))
        listed.add_row(str(n), *map(str, size), one.table.engine, Text(title))
    console().print(listed)
    for n, one in enumerate(found.found, 1):
        if said := tally(one.table):
            _say(f"table {n}: {said}")
    failed = [(n, check) for n, one in enumerate(found.found, 1) for check in one.checks if not check.success]
    for n, check in failed:
        click.echo(f"table {n}: {check.severity.value}: {check.name}: {check.detail}", err=True)
    if out:
        step.write(found, out)
        _say(f"{len(found.found)} tables written into {out}/")
    sys.exit(1 if any(check.severity is Severity.CRITICAL for _, check in failed) else 0)


@cli.command()
@click.option("--office", help="Kemendagri code, such as 13.05; all offices where left out.")
@click.option("--stage", help="Only this kode tahapan.")
@click.option("--doctype", help="Only this jenis dokumen.")
@click.option("--force", is_flag=True, help="Read and prove again what was done before.")
def run(office: str | None, stage: str | None, doctype: str | None, force: bool) -> None:
    """Collect, read, arrange, file and give back: an office's whole night."""
    from rangkiang import steps
    from rangkiang.mail import NotMailed

    unmailed = False
    with steps.open_barn() as barn:
        for code in _offices(office):
            for batch in steps.collect(barn, code, stage, doctype, force):
                steps.read(barn, code, batch)
                steps.arrange(barn, code, batch)
            changed = steps.file(barn, code)
            _say(f"{catalogue.office(code).unit_kerja}: {', '.join(changed) if changed else 'nothing new'}")
            try:
                steps.give_back(barn, code)
            except NotMailed as error:
                unmailed = True
                click.echo(f"{catalogue.office(code).unit_kerja}: {error}", err=True)
    sys.exit(1 if unmailed else 0)


@cli.command()
@click.argument("stages", nargs=-1)
def stage(stages: tuple[str, ...]) -> None:
    """Gather, reconcile, publish and verify STAGES (kode tahapan), or all that offices have filed something of.

    What would change waits until somebody has approved it: it is then named, and the exit status is 1.
    """
    from rangkiang import report, steps
    from rangkiang.errors import NotApproved
    from rangkiang.steps import approving

    waiting = False
    with steps.open_barn() as barn:
        due = stages or tuple(s.code for s in catalogue.stages() if steps.gather(barn, s.code))
        if not due:
            _say("nothing new: every dataset that is filed is live, waits for a decision, or was returned")
        for code in due:
            steps.reconcile(barn, code)
            try:
                applied = steps.publish(barn, code)
            except NotApproved:
                proposal = steps.propose(barn, code)
                _say(approvals.waits(proposal, approving.last_word(barn, proposal.digest)))
                waiting = True
                continue
            right = steps.verify(barn, code)
            _say(f"{code}: {right} datasets verified; {applied}")
        for line in report.held_lines(barn):
            _say(line)
    sys.exit(1 if waiting else 0)


@cli.command()
@click.argument("stages", nargs=-1)
def restore(stages: tuple[str, ...]) -> None:
    """Make the portal anew, or mend it, from what was released of STAGES (kode tahapan), or of all: every version of
    every dataset. Nothing new is released."""
    from rangkiang import steps

    with steps.open_barn() as barn:
        for code in stages or sorted({release.stage for release in barn.ledger.history()}):
            applied = steps.restore(barn, code)
            _say(f"{code}: {steps.verify(barn, code)} datasets verified; {applied}")


@cli.command()
@click.option("--late", is_flag=True, help="Only say whose last night is not done; exit status 1 where any is not.")
@click.option("--tell", is_flag=True, help="With --late: tell coordinators too, as [alerts] in the settings says.")
def status(late: bool, tell: bool) -> None:
    """Show how far each office has come.

    With --late, for cron, systemd or a probe: it needs the ledger, and nothing of the scheduler that it watches.
    """
    if late:
        sys.exit(_late(tell))
    from rangkiang import steps
    from rangkiang.report import offices_table

    with steps.open_barn() as barn:
        console().print(offices_table(barn))


def _late(tell: bool) -> int:
    from rangkiang import nights
    from rangkiang.ledger import AWAY
    from rangkiang.ledger.opening import opened

    settings = Settings()
    if tell:
        from rangkiang import alerts

        alerts.catch_up(settings)
    try:
        with opened(settings) as ledger:
            if ledger.first_night() is None:
                _say("no night has begun yet in this house: is the scheduler running?")
                return 1
            found = list(nights.late(ledger, settings))
    except AWAY as error:
        click.echo(f"the ledger does not answer ({type(error).__name__}): nobody knows what is done", err=True)
        return 1
    for one in found:
        last = f"last done in the night of {one.done}" if one.done else "never done"
        _say(f"late: {nights.named(one.subject, 'en')}: due {one.due:%Y-%m-%d %H:%M} WIB, {last}")
    return 1 if found else 0


@cli.command()
def observe() -> None:
    """Send all numbers to the collector of the settings (`metrics`); the exit status is 1 where they do not arrive."""
    from rangkiang import steps
    from rangkiang.errors import NoCollector

    with steps.open_barn() as barn:
        if not barn.settings.metrics:
            raise NoCollector
        sys.exit(0 if steps.observe(barn) else 1)


@cli.command()
def digest() -> None:
    """Print one digest each of what is filed, of the portal and of the ledger: equal digests are equal end states."""
    from rangkiang import steps
    from rangkiang.steps.digest import digests

    with steps.open_barn() as barn:
        for what, value in digests(barn).items():
            click.echo(f"{value}  {what}")


@cli.command()
@click.argument("who", nargs=-1)
@click.option(
    "--bucket", "principal", help="One policy for the bucket; 'arn:aws:iam:::user/{}' with {} for the account."
)
def policy(who: tuple[str, ...], principal: str | None) -> None:
    """Print the S3 policy of WHO: offices by their codes, or worker, publisher, pages, keeper. See docs/production.md.

    It is to be attached to one account, which may then do what all of WHO need. With --bucket it is the bucket's, for
    an account each: an office's is called like its inbox; WHO are then all, where none is named.
    """
    from rangkiang.settings import Settings
    from rangkiang.steps import access

    if unknown := [one for one in who if one not in access.everybody()]:
        raise click.BadParameter(f"neither office nor role: {', '.join(unknown)}", param_hint="WHO")
    if not who and not principal:
        raise click.BadParameter("name an office or a role, or ask for the bucket's policy", param_hint="WHO")
    try:
        place = access.Place.of(Settings().store_url)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if principal:
        made = access.bucket_policy(place, who or access.everybody(), principal)
    else:
        made = access.own_policy(place, who)
    click.echo(json.dumps(made, indent=1))


@cli.command(name="catalogue")
@click.argument("what", type=click.Choice(["offices", "districts", "stages", "doctypes", "reasons", "forms"]))
def show_catalogue(what: str) -> None:
    """List what the catalogue holds."""
    from rangkiang.forms import forms

    rows: dict[str, tuple[list[str], Iterable[tuple[str, ...]]]] = {
        "offices": (
            ["code", "BPS", "KPU", "unit kerja", "inbox"],
            ((o.code, o.bps, o.kpu_id, o.unit_kerja, o.slug) for o in catalogue.offices()),
        ),
        "districts": (
            ["code", "BPS", "KPU", "name"],
            ((d.code, d.bps, d.kpu_id, d.name) for d in catalogue.districts()),
        ),
        "stages": (["code", "name", "certainty"], ((s.code, s.name.id, s.certainty) for s in catalogue.stages())),
        "doctypes": (["code", "stage", "name"], ((d.code, d.stage, d.name.id) for d in catalogue.doctypes())),
        "reasons": (["code", "kind", "text"], ((r.code, r.kind, r.text.id) for r in catalogue.reasons().values())),
        "forms": (["model", "area", "unit", "name"], ((f.model, f.area, f.unit, f.name.id) for f in forms().values())),
    }
    header, lines = rows[what]
    table = Table(*header)
    for line in lines:
        table.add_row(*line)
    console().print(table)


for command in (*desk.COMMANDS, *approvals.COMMANDS, *upkeep.COMMANDS, whence.where):
    cli.add_command(command)


def _offices(office: str | None) -> list[str]:
    return [office] if office else [o.code for o in catalogue.offices()]


def _say(text: str) -> None:
    click.echo(text)


def main() -> None:
    """Entry point: an error made on purpose is one sentence, not a traceback."""
    try:
        cli()
    except (RangkiangError, NoSpace, NotShared) as error:
        click.echo(f"rangkiang: {error}", err=True)
        sys.exit(2)
