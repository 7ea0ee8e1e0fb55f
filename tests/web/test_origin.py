"""Where a figure is from, on the pages and in the shell: the whole way, from the published dataset to the file."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from helpers.askers import CLERK, REVIEWER, VIEWER
from helpers.desks import BOOK, CODE, KEY, MORE, ROW, WHY, Desk, broken, papers_of_the_desk
from helpers.nights import house, night
from rangkiang import board, catalogue, lineage, steps, web
from rangkiang.cli import cli
from rangkiang.frames import from_parquet
from rangkiang.lineage.finding import writers
from rangkiang.model import Deliverable, Document, Verdict
from rangkiang.people import Person, Role
from rangkiang.steps import Barn, deciding, keys, origins, reviewing
from rangkiang.web import house as held

At = Callable[[Person], Desk]
OWN_CLERK = Person("petugas", Role.CLERK, frozenset({CODE}))


def the_document(barn: Barn, key: str = KEY) -> Document:
    return next(d for d in barn.ledger.documents(office=CODE) if d.key == key)


def the_dataset(barn: Barn) -> Deliverable:
    return next(d for d in barn.ledger.deliverables(office=CODE) if d.doctype == "DB1-PPWP")


def the_line(barn: Barn, document: Document, row: str = ROW) -> int:
    sheet = reviewing.sheet(barn, document)
    assert sheet
    return sheet.rows[row][0]


def read(desk: Desk, address: str) -> str:
    """What a page says."""
    answer = desk.browser.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.text)


def walked(desk: Desk, barn: Barn, document: Document, row: str = ROW) -> str:
    return read(desk, f"/asal/{CODE}/{document.sha256}/{the_line(barn, document, row)}")


def test_the_page_walks_from_the_published_dataset_to_the_file(at: At, barn: Barn) -> None:
    document = the_document(barn)
    page = walked(at(VIEWER), barn, document)
    filed = the_dataset(barn)
    (proof,) = barn.ledger.readings(CODE, [document.sha256], kind="proof")
    figures = from_parquet(barn.store.get(proof.key))
    value = figures.loc[the_line(barn, document), "value"]
    parts = [f'<li id="{name}">' for name in ("terbit", "susunan", "bukti", "bacaan", "dokumen", "berkas")]
    assert sorted(parts, key=page.index) == parts
    assert f'<b>{value:,}</b> <span class="st-flagged">'.replace(",", ".") in page
    published, folder, proved, reading, _, file = re.split("|".join(map(re.escape, parts)), page)[1:]
    assert "<b>v1</b>" in published
    assert filed.digest in published
    assert filed.folder in folder
    assert next(f.sha256 for f in filed.files if f.path.endswith(".csv")) in folder
    assert "II.1.JML = II.1.L + II.1.P" in proved or "II.1.L + II.1.P = II.1.JML" in proved
    assert broken(barn)[0].id in proved
    assert proof.maker in proved
    assert "vector" in reading.lower() or "pdf" in reading.lower()
    assert "sekitar?v=" in reading
    assert document.sha256 in file
    assert "inbox/13.74_kota_padang_panjang/PL.01.8/DB1-PPWP/" in file


def test_the_table_has_the_figure_on_the_line_that_the_page_names(at: At, barn: Barn) -> None:
    document = the_document(barn)
    page = walked(at(VIEWER), barn, document, "IV.02")
    line = int(re.findall(r'<td class="kanan">([\d.]+)</td><td>[0-9a-f<]', page)[0].replace(".", ""))
    filed = the_dataset(barn)
    table = barn.store.get(keys.filed(filed.folder, f"{filed.slug}.csv")).decode("utf-8-sig").splitlines()
    shown = re.findall(r'<p class="nilai"><b>([\d.]+)</b>', page)[0].replace(".", "")
    row = dict(zip(table[0].split(","), table[line].split(","), strict=False))
    assert (row["row"], row["value"], row["sha256"]) == ("IV.02", shown, document.sha256)


def test_the_runs_that_wrote_each_thing_are_those_of_the_lineage(at: At, barn: Barn) -> None:
    document = the_document(barn)
    page = walked(at(VIEWER), barn, document)
    told = Path(barn.settings.lineage_url.removeprefix("file://")).read_text("utf-8")
    found = re.findall(r"Ditulis oleh langkah <b>([\w.]+)</b>.*?<code>([0-9a-f-]{36})</code>", page)
    assert [job for job, _ in found] == [
        "publish.PL.01.8", f"file.{CODE}", f"arrange.{CODE}", f"read.{CODE}", f"collect.{CODE}",
    ]  # fmt: skip
    assert all(run in told for _, run in found)
    assert "../dags/" not in page.split('<ol class="asal">')[1]  # nothing orchestrated this night


def test_a_run_of_airflow_is_led_to_and_a_stages_only_who_may_see_it(at: At, barn: Barn) -> None:
    document = the_document(barn)
    sheet = reviewing.sheet(barn, document)
    assert sheet
    own, published = catalogue.office(CODE).dag_id, f"dataset/{the_dataset(barn).slug}"
    for dag, job, key, place in (
        (own, f"read.{CODE}", keys.reading(document.sha256, sheet.form), ""),
        ("stage__PL.01.8", "publish.PL.01.8", published, barn.settings.portal_url),
    ):
        above = lineage.Above("airflow", dag, lineage.run_id("airflow", dag, "scheduled__2026-11-25T18:00:00+00:00"))
        parent = lineage.Parent(above, known_as=(dag, "scheduled__2026-11-25T18:00:00+00:00"))
        with barn.lineage.step(job, f"airflow/{dag}", parent=parent) as step:
            step.output(key, namespace=place)
    run = "scheduled__2026-11-25T18%3A00%3A00%2B00%3A00"
    office = f'href="../../../../dags/{own}/runs/{run}"'
    stage = f'href="../../../../dags/stage__PL.01.8/runs/{run}"'
    everybodys = walked(at(VIEWER), barn, document)
    assert office in everybodys
    assert stage in everybodys
    clerks = walked(at(OWN_CLERK), barn, document)
    assert office in clerks
    assert stage not in clerks


def test_where_lineage_goes_to_a_server_the_page_names_what_to_look_for(at: At, barn: Barn) -> None:
    settings = barn.settings.model_copy(update={"lineage": "https://marquez.example"})
    told = replace(barn, settings=settings)
    document = the_document(barn)
    origin = origins.origin(told, document, the_line(barn, document))
    assert origin
    assert origin.wrote is None
    assert origin.names["proof"] == lineage.dataset_name(settings.store_url, origin.proof.key)


@pytest.fixture
def apart(tmp_path: Path, ledger_url: str) -> Iterator[Barn]:
    """A house of a test's own, after its first night: one sheet, which no other level may differ from."""
    with house(tmp_path, ledger_url, {KEY: papers_of_the_desk()[KEY]}) as opened:
        night(opened, [CODE])
        yield opened


def test_a_correction_shows_who_decided_and_what_the_version_before_had(
    apart: Barn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figure as it is, as it was read, as it was published before, and by whose decision it changed."""
    barn = apart
    monkeypatch.setattr(board, "opened", lambda: (barn.ledger, True))
    monkeypatch.setattr(held, "opened", lambda: barn)
    finding = broken(barn)[0]
    document = the_document(barn)
    one = reviewing.look(barn, finding.id).item.cells
    cell = next(b for b in one if b.cell.row == ROW)
    assert cell.line is not None
    assert cell.value is not None
    made = deciding.decide(barn, Verdict.CORRECT, finding.id, "siti", WHY, lambda c: c == cell.cell, cell.value - MORE)
    deciding.confirm(barn, made.id, "rina", "benar")
    night(barn, [CODE])
    with TestClient(web.headed(web.app(lambda: REVIEWER)), base_url="https://papan.example") as client:
        page = read(Desk(client, barn, REVIEWER), f"/asal/{CODE}/{document.sha256}/{cell.line}")
    published, rest = page.split('<li id="susunan">')
    rows = re.findall(r"<b>v(\d+)</b>.*?<td class=\"kanan\">([\d.]+)</td>", published)
    assert [(int(n), int(v.replace(".", ""))) for n, v in rows] == [(2, cell.value - MORE), (1, cell.value)]
    proved, reading = rest.split('<li id="bukti">')[1].split('<li id="bacaan">')
    assert WHY in proved
    assert "siti" in proved
    assert "rina" in proved
    assert f"<dd>{cell.value:,}".replace(",", ".") in reading


def test_a_books_figure_is_shown_among_its_neighbours(at: At, barn: Barn) -> None:
    document = the_document(barn, BOOK)
    page = walked(at(VIEWER), barn, document)
    assert '<td class="kanan disorot">' in page
    assert "/sekitar?" not in page


def test_one_gets_there_from_the_document_and_from_the_desk(at: At, barn: Barn) -> None:
    desk, document = at(REVIEWER), the_document(barn)
    assert f'href="../../asal/{CODE}/{document.sha256}"' in read(desk, f"/dokumen/{CODE}/{document.sha256}")
    links = re.findall(rf'href="\.\./\.\./(asal/{CODE}/{document.sha256}/\d+)"', desk.page(broken(barn)[0]))
    assert links
    grid = read(desk, f"/asal/{CODE}/{document.sha256}")
    chosen = re.findall(rf'href="\.\./\.\./(asal/{CODE}/{document.sha256}/\d+)"', grid)
    sheet = reviewing.sheet(barn, document)
    assert sheet
    assert len(chosen) == len(sheet.figures)
    assert set(links) <= set(chosen)
    assert "dokumen/" in read(desk, f"/{links[0]}")


def test_what_there_is_not_is_404_and_anothers_office_403(at: At, barn: Barn) -> None:
    document = the_document(barn)
    desk = at(VIEWER)
    for what in ("c" * 64, f"{'c' * 64}/0", f"{document.sha256}/9999999"):
        assert desk.browser.get(f"/asal/{CODE}/{what}").status_code == 404
    assert desk.browser.get(f"/asal/{CODE}/{document.sha256}/-1").status_code == 422
    assert at(CLERK).browser.get(f"/asal/{CODE}/{document.sha256}/0").status_code == 403
    assert read(at(OWN_CLERK), f"/asal/{CODE}/{document.sha256}/0")


def test_hostile_names_are_shown_and_do_nothing(at: At, barn: Barn) -> None:
    document = the_document(barn)
    page = at(VIEWER).browser.get(f"/asal/{CODE}/{document.sha256}/0").text
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_the_shell_says_the_same(barn: Barn, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def opened() -> Any:
        yield barn

    monkeypatch.setattr(steps, "open_barn", opened)
    document = the_document(barn)
    sheet = reviewing.sheet(barn, document)
    assert sheet
    label = sheet.at(the_line(barn, document), "column_label")
    ask = ["where", CODE, document.sha256[:12], "--row", ROW]
    several = CliRunner().invoke(cli, ask)
    assert several.exit_code == 1
    assert several.output.count(document.sha256[:12]) == len(sheet.rows[ROW])
    said = CliRunner().invoke(cli, [*ask, "--column", label])
    assert said.exit_code == 0
    for word in ("v1 ", "db1-ppwp-13.74", "fails: ", document.sha256, f"arrange.{CODE}", "publish.PL.01.8"):
        assert word in said.output, word
    assert CliRunner().invoke(cli, ["where", CODE, "nothing", "--row", ROW]).exit_code == 1


def test_the_last_who_wrote_counts_and_a_line_that_was_never_finished_does_not(tmp_path: Path) -> None:
    url = (tmp_path / "events.jsonl").as_uri()
    assert writers(url, [("s3://barn", "a")]) == {}
    told = lineage.open_lineage(url, "rangkiang", store="s3://barn")
    for n in ("1", "2"):
        with told.step("read.13.05", n) as step:
            step.output("a")
    with told.step("arrange.13.05", "3") as step:
        step.input("a")
    with suppress(KeyError), told.step("read.13.05", "4") as step:
        step.output("a")
        raise KeyError
    with (tmp_path / "events.jsonl").open("a") as torn:
        torn.write('{"eventType": "COMPLETE", "outputs": [{"namespace": "s3://barn", "name": "a"}')
    found = writers(url, [("s3://barn", "a"), ("s3://other", "a"), ("s3://barn", "b")])
    assert found is not None
    assert list(found) == [("s3://barn", "a")]
    assert found["s3://barn", "a"].run_id == lineage.run_id("rangkiang", "read.13.05", "2")
    assert found["s3://barn", "a"].at <= datetime.now(UTC)
