"""A night with files of several sheets: each sheet is a document of its own, and nothing is done twice."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from helpers.mortal import Killed, Mortal
from helpers.nights import house, night, office_night
from rangkiang import catalogue, steps
from rangkiang.deliver.words import kebab
from rangkiang.model import Document, Level, State
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests
from rangkiang.steps.single import read_files
from rangkiang.steps.status import status
from samples import papers, pdf_sheet, press
from samples.region import DistrictTally, RegencyTally, province

CODE = "13.74"
KEY = "inbox/13.74_kota_padang_panjang/kiriman/semua.pdf"


@pytest.fixture(scope="module")
def tally() -> RegencyTally:
    return next(t for t in province() if t.office.code == CODE)


def stapled(*papers: bytes) -> bytes:
    """One PDF after the other, in one file."""
    out = io.BytesIO()
    writer = pypdf.PdfWriter()
    for paper in papers:
        writer.append(io.BytesIO(paper))
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def bundle(tally: RegencyTally) -> bytes:
    """A city's two DA1 and its DB1, and between them the DA1 of another regency."""
    stranger = next(t for t in province() if t.office.code == "13.06")
    first, second = tally.districts
    return stapled(da1(first), da1(stranger.districts[0]), da1(second), db1(tally))


def da1(tally: DistrictTally) -> bytes:
    return pdf_sheet.draw(papers.da1(tally), papers.style(catalogue.office(tally.district.office)))


def db1(tally: RegencyTally) -> bytes:
    return papers.db1(tally, [(d.district.name, d.figures) for d in tally.districts])


@pytest.fixture
def barn(tmp_path: Path, ledger_url: str, bundle: bytes) -> Iterator[Barn]:
    with house(tmp_path, ledger_url, {KEY: bundle}) as opened:
        yield opened


def documents(barn: Barn) -> dict[str, Document]:
    """By what stands behind the key of the bundle."""
    return {d.key.removeprefix(KEY): d for d in barn.ledger.documents(office=CODE)}


def speaking(barn: Barn, doctype: str) -> set[str]:
    """The originals that speak in a dataset of the office."""
    found = barn.ledger.deliverable(CODE, "PL.01.8", doctype)
    return {d["sha256"] for d in found.metadata["documents"]} if found else set()


def test_each_sheet_is_a_document_and_one_refused_costs_the_others_nothing(barn: Barn, bundle: bytes) -> None:
    night(barn, [CODE])
    found = documents(barn)
    whole, *sheets = found.values()
    assert (whole.key, whole.state, whole.classification) == (KEY, State.SPLIT, None)
    assert barn.store.get(f"originals/{whole.sha256[:2]}/{whole.sha256}") == bundle
    assert whole.reason is not None
    assert (whole.reason.code, set(whole.reason.params["parts"])) == ("several_sheets", {d.sha256 for d in sheets})
    assert "4 lembar" in catalogue.explain(whole.reason)
    assert [d.state for d in sheets].count(State.FILED) == 3
    (refused,) = (d for d in sheets if d.state is State.QUARANTINED)
    assert refused.reason is not None
    assert refused.reason.code == "wrong_office"
    note = barn.store.get(f"quarantine/13.74_kota_padang_panjang/{refused.sha256}.txt").decode()
    assert refused.name in note
    assert "#hal-" in refused.name
    assert len(speaking(barn, "DA1-PPWP")) == 2
    assert len(speaking(barn, "DB1-PPWP")) == 1


def test_what_is_filed_of_a_sheet_is_the_sheet(barn: Barn) -> None:
    night(barn, [CODE])
    folder = "filed/KPU Kota Padang Panjang/PL.01.8/DA1-PPWP/"
    (csv,) = (e.key for e in barn.store.list(folder) if e.key.endswith("padang-panjang.csv"))
    table = pd.read_csv(io.BytesIO(barn.store.get(csv)))
    named = {d.name: d.sha256 for d in documents(barn).values() if d.sha256 in speaking(barn, "DA1-PPWP")}
    assert dict(zip(table["file"], table["sha256"], strict=True)) == named
    originals = [e.key for e in barn.store.list(f"{folder}asli/")]
    assert len(originals) == 2
    assert all(key.endswith(".pdf") for key in originals)


def test_a_second_night_does_nothing(barn: Barn) -> None:
    night(barn, [CODE])
    before, etags = digests(barn), {e.key: e.etag for e in barn.store.list("")}
    assert steps.collect(barn, CODE) == []
    assert steps.settled(barn, CODE)
    night(barn, [CODE])
    assert digests(barn) == before
    assert {e.key: e.etag for e in barn.store.list("")} == etags


def test_the_coordinators_table_counts_sheets(barn: Barn) -> None:
    night(barn, [CODE])
    line = next(s for s in status(barn) if s.office.code == CODE)
    assert (line.received, line.read, line.states[State.QUARANTINED]) == (4, 3, 1)
    assert {e.doctype: e.received for e in line.expected} == {"DA1-PPWP": 2, "DB1-PPWP": 1, "TPS-PPWP": 0}


def test_the_lineage_leads_from_a_sheet_to_its_file(barn: Barn) -> None:
    steps.collect(barn, CODE)
    lines = (barn.settings.home / "lineage.jsonl").read_text().splitlines()
    (end,) = (e for e in map(json.loads, lines) if e["eventType"] == "COMPLETE")
    whole, *sheets = (f"originals/{d.sha256[:2]}/{d.sha256}" for d in documents(barn).values())
    read, written = ({found["name"].rpartition("store/")[2] for found in end[side]} for side in ("inputs", "outputs"))
    assert read == {KEY, whole}
    assert written == {whole, *sheets}


@pytest.mark.parametrize("dies_at", [1, 2, 3, 6, 10, 11, 12, 15])
def test_killed_while_it_is_taken_apart(dies_at: int, barn: Barn) -> None:
    """Killed at any write of the store or of a document, and run again: the same documents, none twice."""
    left = iter(range(dies_at - 1))
    doomed = replace(
        barn,
        store=Mortal(barn.store, ("put_if_absent",), left),  # type: ignore[arg-type]
        ledger=Mortal(barn.ledger, ("add_document", "move"), left),  # type: ignore[arg-type]
    )
    with pytest.raises(Killed):
        steps.collect(doomed, CODE)
    steps.collect(barn, CODE)
    states = sorted(d.state for d in documents(barn).values())
    assert states == [State.ACCEPTED] * 3 + [State.QUARANTINED, State.SPLIT]


def test_a_sheet_in_a_bundle_and_by_itself_is_settled_and_counted_once(barn: Barn, tally: RegencyTally) -> None:
    barn.store.put("inbox/13.74_kota_padang_panjang/db1.pdf", db1(tally))
    night(barn, [CODE])
    assert len(barn.ledger.documents(office=CODE, doctype="DB1-PPWP")) == 2
    assert {d.state for d in barn.ledger.documents(office=CODE, doctype="DB1-PPWP")} == {State.FILED}
    assert len(speaking(barn, "DB1-PPWP")) == 1


def test_a_bundle_sent_anew_outranks_what_it_was(barn: Barn, tally: RegencyTally) -> None:
    """The same name with one sheet mended: the sheet that is no longer in the inbox does not dispute it."""
    night(barn, [CODE])
    before = speaking(barn, "DB1-PPWP")
    first, second = tally.districts
    swapped = papers.db1(tally, [(first.district.name, second.figures), (second.district.name, first.figures)])
    barn.store.put(KEY, stapled(da1(first), da1(second), swapped))
    night(barn, [CODE])
    after = speaking(barn, "DB1-PPWP")
    assert len(after) == 1
    assert after != before
    assert len(speaking(barn, "DA1-PPWP")) == 2
    assert not [f for f in barn.ledger.findings(CODE) if f.code == "documents_disagree"]


def test_a_bundle_that_disagrees_with_a_file_speaks_for_nobody_until_one_is_gone(
    barn: Barn, tally: RegencyTally
) -> None:
    first, second = tally.districts
    swapped = papers.db1(tally, [(first.district.name, second.figures), (second.district.name, first.figures)])
    other = "inbox/13.74_kota_padang_panjang/lain.pdf"
    barn.store.put(other, swapped)
    office_night(barn, CODE)
    assert speaking(barn, "DB1-PPWP") == set()
    barn.store.delete(KEY)
    office_night(barn, CODE)
    (speaks,) = speaking(barn, "DB1-PPWP")
    assert barn.store.get(f"originals/{speaks[:2]}/{speaks}") == swapped


def two_dapils(model: str) -> list[press.sheet.Sheet]:
    """The sheets of two electoral districts of one area."""
    found: dict[str, press.sheet.Sheet] = {}
    for seed in range(200):
        one = press.compose(seed, model, 0)
        other = found.setdefault(one.places[0][1], one)
        if other.area.dapil != one.area.dapil:
            return [other, one]
    raise AssertionError("no area twice")


def drawn(*chosen: press.sheet.Sheet) -> bytes:
    """Sheets of the press in one file."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for one in chosen:
        leaves = press.sheet.pages(one)
        for number, leaf in enumerate(leaves, 1):
            press.page.draw(canvas, one, leaf, number, len(leaves), random.Random(number))  # noqa: S311
    canvas.save()
    return out.getvalue()


def test_two_electoral_districts_of_a_regency_are_two_documents_and_no_rivals(tmp_path: Path, ledger_url: str) -> None:
    sheets = two_dapils("DB1-DPRD-KABKOTA")
    office = catalogue.find_area(Level.KABKOTA, sheets[0].places[0][1])
    assert office is not None
    key = f"inbox/{catalogue.office(office.code).slug}/dua dapil.pdf"
    with house(tmp_path, ledger_url, {key: drawn(*sheets)}) as barn:
        night(barn, [office.code])
        found = [d for d in barn.ledger.documents(office=office.code) if d.state is not State.SPLIT]
        assert [d.reason for d in found] == [None, None]
        assert {d.said.dapil for d in found} == {one.area.dapil for one in sheets}
        assert {(d.said.form, d.said.area_code) for d in found} == {("DB1-DPRD-KABKOTA", office.code)}
        assert not [f for f in barn.ledger.findings(office.code) if f.code == "documents_disagree"]
        assert {d.state for d in found} == {State.FILED}
        (made,) = barn.ledger.deliverables(office=office.code)
        originals = " ".join(entry.path for entry in made.files if entry.path.startswith("asli/"))
        assert all(kebab(one.area.dapil) in originals for one in sheets)


@pytest.mark.parametrize("model", ["DAA1-DPR", "C1-DPRD-PROV", "DA1-DPD", "DC1-DPR"])
def test_loose_sheets_of_every_level_are_read(model: str, tmp_path: Path) -> None:
    one = press.compose(3, model, 0)
    (tmp_path / "x.pdf").write_bytes(drawn(one))
    assert read_files([tmp_path / "x.pdf"], tmp_path / "out") == []
    cells = pd.read_parquet(tmp_path / "out/cells.parquet")
    assert set(cells["form"]) == {model}
    assert set(cells["status"]) <= {"proved", "read", "blank"}


def test_loose_files_of_several_sheets_are_read_sheet_by_sheet(tmp_path: Path, bundle: bytes) -> None:
    (tmp_path / "semua.pdf").write_bytes(bundle)
    (tmp_path / "rusak.pdf").write_bytes(bundle[:2000])
    refused = read_files([tmp_path / "semua.pdf", tmp_path / "rusak.pdf"], tmp_path / "out")
    assert [(Path(name).name, reason.code) for name, reason in refused] == [("rusak.pdf", "broken_file")]
    cells = pd.read_parquet(tmp_path / "out/cells.parquet")
    sheets = cells.groupby("file", sort=False)["form"].first()
    assert list(sheets) == ["DA1-PPWP"] * 3 + ["DB1-PPWP"]
    assert all(name.startswith("semua.pdf#hal-") for name in sheets.index)
    assert set(cells["status"]) == {"proved"} or set(cells["status"]) == {"proved", "read"}
    assert cells.groupby("file")["sha256"].nunique().max() == 1
