"""A whole night on the sample inbox: the right figures end before the public, and every fault where it belongs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from deploy.local.faults import faults_table
from helpers.nights import house, newest, night
from helpers.openlineage import CORE, facets, validators
from rangkiang import catalogue, report
from rangkiang.ledger import open_ledger
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import Level, State
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests
from samples.faults import Fault

ALL = [o.code for o in catalogue.offices()]


@pytest.fixture(scope="module")
def barn(
    tmp_path_factory: pytest.TempPathFactory, postgres: Server, made: tuple[dict[str, bytes], list[Fault]]
) -> Iterator[Barn]:
    """The house after one night of all 20 offices."""
    home = tmp_path_factory.mktemp("night")
    (home / "faults.json").write_text(json.dumps([asdict(f) for f in made[1]]))
    with house(home, database_url(postgres, "night"), made[0]) as opened:
        night(opened, ALL)
        yield opened


def test_the_provinces_votes_are_the_official_ones(barn: Barn) -> None:
    _, equal = report.totals_table(barn)
    assert equal
    filed = report.totals(barn)
    assert len(filed) == 19
    assert sum(v["IV.01"] for v in filed.values()) == 407_761
    assert sum(v["IV.02"] for v in filed.values()) == 2_488_733
    dc1 = report.totals(barn, "DC1-PPWP")["13"]
    assert (dc1["IV.01"], dc1["IV.02"], dc1["V.A"], dc1["V.C"]) == (407_761, 2_488_733, 2_896_494, 2_936_719)


def test_the_published_table_holds_the_same_votes(barn: Barn) -> None:
    """Read from the public site's own CSV, not from what the ledger remembers."""
    total = 0
    for office in catalogue.offices():
        if office.level is Level.KABKOTA:
            (path,) = newest(barn, f"db1-ppwp-{office.code}-*", "db1-ppwp-*.csv")
            table = pd.read_csv(path)
            units = table[(table["row"] == "IV.02") & (table["column_kind"] == "unit")]
            assert units["value"].sum() == catalogue.official_results()[office.code].votes["IV.02"]
            total += int(units["value"].sum())
    assert total == 2_488_733


def test_every_seeded_fault_meets_its_end(barn: Barn) -> None:
    table, foreseen = faults_table(barn, barn.settings.home / "faults.json")
    assert table is not None
    assert table.row_count == 13
    assert foreseen


def test_everything_is_filed_under_unit_kerja_kode_tahapan_jenis_dokumen(barn: Barn) -> None:
    agam = {e.key for e in barn.store.list("filed/KPU Kabupaten Agam/")}
    slug = "db1-ppwp-13.06-agam"
    folder = "filed/KPU Kabupaten Agam/PL.01.8/DB1-PPWP/"
    names = {k.removeprefix(folder) for k in agam if k.startswith(folder) and "/asli/" not in k}
    assert names == {
        f"{slug}.csv", f"{slug}.xlsx", f"{slug}.parquet",
        "datapackage.json", "narasi.md", "temuan.csv", "MANIFEST.json",
    }  # fmt: skip
    (original,) = (k for k in agam if k.startswith(f"{folder}asli/"))
    assert barn.store.get(original) == barn.store.get(next(k for k in _inbox(barn) if "AGAM - DB1" in k))
    offices = {e.key.split("/")[1] for e in barn.store.list("filed/")}
    assert offices == {o.unit_kerja for o in catalogue.offices()}
    stages = {tuple(e.key.split("/")[2:4]) for e in barn.store.list("filed/")}
    assert stages == {
        ("PL.01.7", "TPS-PPWP"), ("PL.01.8", "DA1-PPWP"), ("PL.01.8", "DB1-PPWP"), ("PL.01.8", "DC1-PPWP"),
        ("PL.01.8", "REKONSILIASI"),
    }  # fmt: skip


def _inbox(barn: Barn) -> list[str]:
    return [e.key for e in barn.store.list("inbox/")]


def test_a_document_that_fails_its_gate_is_nowhere_in_the_release_and_the_others_are(barn: Barn) -> None:
    (held,) = barn.ledger.documents(states=[State.HELD])
    assert (held.office, held.said.doctype) == ("13.02", "TPS-PPWP")
    published = {d["sha256"] for r in barn.ledger.deliverables() for d in r.metadata.get("documents", ())}
    assert held.sha256 not in published
    assert {d.sha256 for d in barn.ledger.documents(states=[State.FILED])} == published
    assert not newest(barn, "tps-ppwp-13.02-*")
    assert len(list((barn.settings.home / "portal" / "dataset").glob("tps-ppwp-*"))) == 17


def test_a_printed_error_is_published_as_printed_and_flagged(barn: Barn) -> None:
    (path,) = newest(barn, "db1-ppwp-13.06-*", "db1-ppwp-*.csv")
    table = pd.read_csv(path)
    cell = table[(table["row"] == "II.1.JML") & (table["unit_name"] == "MALALAK")].iloc[0]
    parts = table[table["row"].isin(["II.1.L", "II.1.P"]) & (table["unit_name"] == "MALALAK")]["value"].sum()
    assert (cell["status"], cell["value"] - parts) == ("flagged", 10)
    assert set(table[table["row"].isin(["IV.01", "IV.02", "V.A"])]["status"]) == {"proved"}


def test_quarantined_files_keep_their_bytes_and_a_note_in_both_languages(barn: Barn) -> None:
    for document in barn.ledger.documents(states=[State.QUARANTINED]):
        slug = catalogue.office(document.office).slug
        note = json.loads(barn.store.get(f"quarantine/{slug}/{document.sha256}.json"))
        assert note["reason"]["id"] in barn.store.get(f"quarantine/{slug}/{document.sha256}.txt").decode()
        assert set(note["reason"]) == set(note["do"]) == {"id", "en"}
        assert barn.store.get(f"originals/{document.sha256[:2]}/{document.sha256}") == barn.store.get(document.key)


def test_data_docs_show_what_was_checked(barn: Barn) -> None:
    index = (barn.settings.home / "data-docs" / "13.02_solok" / "index.html").read_text()
    assert "tps_contoh_sintetis_solok.csv" in index


def test_every_step_left_its_events_valid_by_the_specification(barn: Barn, shared_data: Path) -> None:
    events = [json.loads(line) for line in (barn.settings.home / "lineage.jsonl").read_text().splitlines()]
    validate = validators(shared_data / "openlineage")
    for event in events:
        validate(CORE, event)
        for name, facet in facets(event):
            validate(facet["_schemaURL"].partition("#")[0], {name: facet})
    ended = {e["job"]["name"].partition(".")[0] for e in events if e["eventType"] == "COMPLETE"}
    assert ended == {"collect", "read", "arrange", "file", "reconcile", "publish", "verify"}


def test_a_second_night_changes_nothing(barn: Barn) -> None:
    before = digests(barn)
    seen = _etags(barn)
    night(barn, ALL)
    assert digests(barn) == before
    assert _etags(barn) == seen


def _etags(barn: Barn) -> dict[str, str]:
    """An object that is written again has another etag, even if its bytes are the same."""
    return {e.key: e.etag for e in barn.store.list("")}


def test_two_houses_come_to_the_same_bytes(
    barn: Barn, tmp_path: Path, ledger_url: str, inbox: dict[str, bytes]
) -> None:
    with house(tmp_path, ledger_url, inbox) as other:
        night(other, reversed(ALL))
        assert digests(other) == digests(barn)
    assert open_ledger(ledger_url).snapshot()
