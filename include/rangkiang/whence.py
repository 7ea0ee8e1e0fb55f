"""``rangkiang where``: where a figure is from, in the shell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from rangkiang import catalogue
from rangkiang.model import Reason, shown
from rangkiang.terminal import console

if TYPE_CHECKING:
    from rangkiang.review import Origin, Sheet

SHORTEST = 8  # digits by which a document may be named


@click.command()
@click.argument("office")
@click.argument("document")
@click.option("--row", required=True, help="The row code of the cell, such as IV.01.")
@click.option("--column", help="The label of its column, as it was read.")
@click.option("--page", type=int, help="Its page, where several columns have that label.")
def where(office: str, document: str, row: str, column: str | None, page: int | None) -> None:
    """Say where a figure of OFFICE's DOCUMENT is from: from the published dataset back to the file.

    DOCUMENT is a part of the file's name, or how its SHA-256 begins. Where several figures are meant they are listed,
    and the exit status is 1.
    """
    from rangkiang import steps
    from rangkiang.steps import origins, reviewing

    with steps.open_barn() as barn:
        found = [
            (one, sheet)
            for one in barn.ledger.documents(office=office)
            if document in one.name or (len(document) >= SHORTEST and one.sha256.startswith(document))
            if (sheet := reviewing.sheet(barn, one))
        ]
        meant = [(one, sheet, line) for one, sheet in found for line in _lines(sheet, row, column, page)]
        if len(meant) != 1:
            click.echo("No figure is meant." if not meant else "Several figures are meant; say which.", err=True)
            for one, sheet, line in meant:
                place = f"--column '{sheet.at(line, 'column_label')}' --page {sheet.at(line, 'page')}"
                click.echo(f"{one.sha256[:12]} {one.name} {place}", err=True)
            sys.exit(1)
        one, _, line = meant[0]
        origin = origins.origin(barn, one, line)
    if origin is None:
        raise click.ClickException("the document waits to be read anew; try again after the next run")
    table = Table("step", "what", "written by", show_lines=True)
    for step, lines, what in _told(origin):
        wrote = origin.writer(what)
        run = f"{wrote.job}\n{wrote.run_id}\n{wrote.at:%Y-%m-%d %H:%M} UTC" if wrote else ""
        orchestrated = "\n" + "\n".join(wrote.known_as) if wrote and wrote.known_as else ""
        table.add_row(step, Text("\n".join(lines)), Text(run + orchestrated))
    console().print(table)


def _lines(sheet: Sheet, row: str, column: str | None, page: int | None) -> list[int]:
    return [
        line
        for line in sheet.rows.get(row, ())
        if column in (None, sheet.at(line, "column_label")) and page in (None, sheet.at(line, "page"))
    ]


def _told(origin: Origin) -> Iterator[tuple[str, list[str], str]]:
    """Each step of the way: its name, what there is to say, and what the lineage is asked about."""
    sheet, line, document = origin.sheet, origin.line, origin.document

    def at(name: str) -> str:
        value = sheet.at(line, name)
        return "–" if value is None else str(value)

    yield "figure", [f"{at('row')} {at('row_label')}", at("column_label"), f"{at('value')}, {at('status')}"], ""
    versions = [
        f"v{one.number} {one.day} {one.digest[:12]}: "
        + (f"line {one.line}, {'–' if one.value is None else one.value}, {one.status}" if one.line else "not in it")
        for one in origin.versions
    ]
    yield "published", versions or ["never"], "released"
    filed = origin.filed
    yield "filed", [filed.folder, f"{filed.slug}.csv", filed.digest] if filed else ["in no folder"], "filed"
    proof = [f"{_mark(one.holds)} {one.said or 'the sum along the row'}" for one in origin.bindings]
    proof += [f"{f.severity.value}: {catalogue.explain(Reason(f.code, f.params))}" for f in origin.findings]
    proof += [
        f"{r.standing.value}: {r.decision.verdict.value}, {shown(r.decision.author)}: {shown(r.decision.why)}"
        for r in origin.records
    ]
    yield "proof", [*proof, origin.proof.key], "proof"
    raw, confidence = origin.read("raw"), origin.read("confidence")
    reading = [f"{origin.read('value')} “{raw}”, by {origin.read('engine')}, confidence {confidence}"]
    reading += [f"possible: {guess.value} ({guess.p:.2%})" for guess in origin.guesses]
    box = [at(name) for name in ("x0", "y0", "x1", "y1")] if sheet.pictured(line) else []
    yield "reading", [*reading, f"page {at('page')} {' '.join(box)}", origin.reading.key], "reading"
    said = document.said
    told = [f"{said.form} {shown(said.area_name)} {said.area_code}, {said.stage}", f"{document.state.value}"]
    yield "document", [document.name, *told, f"received {origin.since:%Y-%m-%d %H:%M} UTC"], ""
    whole = [f"taken out of {shown(origin.whole.key)} {origin.whole.sha256}"] if origin.whole else []
    objects = [shown(one.key) + ("" if one.present else " (no longer there)") for one in origin.objects]
    yield "file", [*objects, *whole, document.sha256, f"{document.size} bytes"], "original"


def _mark(holds: bool | None) -> str:
    return "?" if holds is None else "holds:" if holds else "fails:"
