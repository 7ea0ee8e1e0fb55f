"""The lineage of a night leads, name by name, from what is before the public to the file that an office dropped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.nights import house, night, of_offices
from helpers.openlineage import CORE, facets, validators
from rangkiang import catalogue
from rangkiang.frames import from_parquet
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.steps import Barn, keys
from samples import demo, papers
from samples.region import province

Event = dict[str, Any]
CODE = "13.73"
OFFICES = ("13.06", CODE)
"""Of one a sum is printed wrong."""


@pytest.fixture(scope="module")
def barn(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Iterator[Barn]:
    inbox = of_offices(demo.build()[0].files, OFFICES)
    with house(tmp_path_factory.mktemp("lineage"), database_url(postgres, "lineage"), inbox) as opened:
        night(opened, OFFICES)
        yield opened


def told(barn: Barn) -> list[Event]:
    lines = Path(barn.settings.lineage_url.removeprefix("file://")).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@dataclass(frozen=True)
class Made:
    """A dataset as an event tells of it, and the event."""

    said: Mapping[str, Any]
    event: Event

    @property
    def facets(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.said["facets"]
        return found

    def drawn_from(self, column: str) -> list[str]:
        return [field["name"] for field in self.facets["columnLineage"]["fields"][column]["inputFields"]]


def made(events: list[Event]) -> dict[str, Made]:
    """What was written, by name: as it was written last."""
    return {o["name"]: Made(o, e) for e in events if e["eventType"] == "COMPLETE" for o in e["outputs"]}


def test_every_facet_of_every_event_is_valid_and_all_that_we_know_is_told(barn: Barn, shared_data: Path) -> None:
    validate = validators(shared_data / "openlineage")
    seen = set()
    for event in told(barn):
        validate(CORE, event)
        for name, facet in facets(event):
            validate(facet["_schemaURL"].partition("#")[0], {name: facet})
            seen.add(name)
    assert seen == {
        "columnLineage", "dataQualityAssertions", "datasetType", "documentation", "jobType", "lifecycleStateChange",
        "outputStatistics", "ownership", "processing_engine", "rangkiang_document", "rangkiang_figures",
        "rangkiang_release", "schema", "tags", "version",
    }  # fmt: skip


def test_whatever_a_step_reads_was_dropped_by_an_office_or_written_by_a_step_before(barn: Barn) -> None:
    written: set[str] = set()
    inbox = barn.store.url.removeprefix("file://") + "/inbox/"
    for event in told(barn):
        if event["eventType"] == "COMPLETE":
            own = {one["name"] for one in event["outputs"]}
            for one in event["inputs"]:
                known = one["name"] in written or one["name"].startswith(inbox)
                assert known or one["name"] in own, (event["job"]["name"], one["name"])
            written |= own


def test_what_is_before_the_public_leads_back_to_the_files_in_the_inbox(barn: Barn) -> None:
    """By names alone: dataset, table, proof, reading, original, object."""
    found = made(told(barn))
    store = barn.store.url.removeprefix("file://") + "/"
    published = [name for name, one in found.items() if "rangkiang_release" in one.facets]
    assert len(published) == len(barn.ledger.releases())
    reached = set()
    for name in published:
        if "rekonsiliasi" in name:
            continue
        (table,) = found[name].drawn_from("value")
        assert found[name].event["job"]["name"].startswith("publish.")
        for proof in set(found[table].drawn_from("value")):
            (reading,) = set(found[proof].drawn_from("value"))
            sha256 = found[reading].facets["rangkiang_figures"]["sha256"]
            original = store + keys.original(sha256)
            assert original in {one["name"] for one in found[reading].event["inputs"]}
            document = found[original].facets["rangkiang_document"]
            assert store + document["key"].partition("#")[0] in {o["name"] for o in found[original].event["inputs"]}
            reached.add((document["office"], sha256))
    filed = {(d.office, m["sha256"]) for d in barn.ledger.deliverables() for m in d.metadata.get("documents", ())}
    assert reached == filed


def test_columns_that_are_said_to_stand_there_as_in_the_proof_do(barn: Barn) -> None:
    found, store = made(told(barn)), barn.store.url.removeprefix("file://") + "/"
    office = catalogue.office(CODE).unit_kerja
    (table,) = (n for n in found if f"/filed/{office}/" in n and "/DB1-PPWP/db1" in n and n.endswith(".parquet"))
    lineage = found[table].facets["columnLineage"]["fields"]
    filed = pd.read_parquet(Path(table))
    assert set(lineage) <= set(filed.columns)
    assert set(filed.columns) - set(lineage) == {
        "unit_kerja",
        "kode_kemendagri",
        "kode_bps",
        "area_name",
        "form",
        "file",
    }
    (proof,) = set(found[table].drawn_from("value"))
    figures = from_parquet(barn.store.get(proof.removeprefix(store)))
    figures = figures[figures["column_kind"].isin(["unit", "total"])].reset_index(drop=True)
    same = {
        column: source["field"]
        for column, said in lineage.items()
        for source in said["inputFields"]
        if source["transformations"] == [{"type": "DIRECT", "subtype": "IDENTITY"}]
    }
    assert {"value", "raw", "row", "x0", "unit_name"} <= set(same)
    for column, source in same.items():
        assert filed[column].equals(figures[source].astype(filed[column].dtype)), column


def test_versions_and_owners_are_those_of_the_store_and_the_catalogue(barn: Barn) -> None:
    found, store = made(told(barn)), barn.store.url.removeprefix("file://") + "/"
    for deliverable in barn.ledger.deliverables():
        owner = f"team:{catalogue.office(deliverable.office).unit_kerja}"
        for entry in deliverable.files:
            said = found[store + keys.filed(deliverable.folder, entry.path)].facets
            assert said["version"]["datasetVersion"] == entry.sha256
            assert [one["name"] for one in said["ownership"]["owners"]] == [owner]
    for release in barn.ledger.releases():
        (said,) = (m.facets for n, m in found.items() if n.endswith(f"/dataset/{release.slug}") and "portal" in n)
        assert said["rangkiang_release"]["digest"] == release.digest
        assert said["version"]["datasetVersion"] == str(release.version)
        assert said["lifecycleStateChange"]["lifecycleStateChange"] == "CREATE"


def test_a_proof_says_how_sure_its_figures_are_and_what_was_checked(barn: Barn) -> None:
    found, store = made(told(barn)), barn.store.url.removeprefix("file://") + "/"
    proofs = barn.ledger.readings(kind="proof")
    for proof in proofs:
        one = found[store + proof.key]
        said = one.facets["rangkiang_figures"]
        assert (said["statuses"], said["maker"]) == (dict(proof.counts), proof.maker)
        assert one.facets["version"]["datasetVersion"] == proof.digest
        form = barn.ledger.findings(proof.office, proof.sha256, "form")
        assert sum(said["findings"].values()) >= len(form)
        read = next(i for i in one.event["inputs"] if proof.sha256 in i["name"])
        asserted = read["inputFacets"]["dataQualityAssertions"]["assertions"]
        assert len(asserted) == len(barn.ledger.checks(proof.office, proof.sha256))
    assert any(p.counts["flagged"] for p in proofs)


def test_what_is_withdrawn_is_told(barn: Barn) -> None:
    """The last: it takes a file away."""
    key = next(e.key for e in barn.store.list("inbox/") if "DB1" in e.key and "sawahlunto" in e.key)
    tally = next(t for t in province() if t.office.code == CODE)
    figures = [(t.district.name, {**t.figures, "II.1.JML": 1}) for t in tally.districts]
    barn.store.put(key.replace(".pdf", " (2).pdf"), papers.db1(tally, figures))
    before = {r.slug for r in barn.ledger.releases()}
    night(barn, OFFICES)
    gone = before - {r.slug for r in barn.ledger.releases()}
    assert gone
    found = made(told(barn))
    for slug in gone:
        (one,) = (m for n, m in found.items() if n.endswith(f"/dataset/{slug}") and "portal" in n)
        assert one.facets["lifecycleStateChange"]["lifecycleStateChange"] == "DROP"
        assert one.event["job"]["name"].startswith("publish.")
