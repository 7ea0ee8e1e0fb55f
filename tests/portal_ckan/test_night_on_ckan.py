"""Whole nights with a real CKAN as the portal: the province's and its 19 offices', and one in which a cell changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from helpers.misprint import CODE, KEY, NAME, RIGHT, ROW, db1
from helpers.nights import night
from portal_ckan.faulty import FaultProxy, any_write
from portal_ckan.served import Served
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import Verdict
from rangkiang.portal.ckan import names
from rangkiang.settings import Ckan, Settings
from rangkiang.steps import Barn, deciding
from samples import demo

STAGES = ("PL.01.7", "PL.01.8")
OFFICES = tuple(office.code for office in catalogue.offices())


@pytest.fixture(scope="module")
def way(served: Served) -> Iterator[FaultProxy]:
    """The way to the portal, which remembers what was asked."""
    with FaultProxy(served.url) as proxy:
        yield proxy
        proxy.shutdown()


def settings(home: Path, ledger: str, served: Served, way: FaultProxy) -> Settings:
    ckan = Ckan(token_file=served.token_file)
    return Settings(home=home, ledger=ledger, portal=f"ckan+{way.url}", ckan=ckan)


def cleaned(served: Served, barn: Barn) -> None:
    slugs = [names.dataset(release.slug) for release in barn.ledger.releases()]
    offices, stages = map(names.organisation, OFFICES), map(names.group, STAGES)
    served.purge([*slugs, *(f"{slug}-arsip" for slug in slugs)], offices, stages)


@pytest.fixture(scope="module")
def province(
    served: Served, way: FaultProxy, tmp_path_factory: pytest.TempPathFactory, postgres: Server
) -> Iterator[Barn]:
    """Everything that the demo's offices handed in is before the public."""
    home = tmp_path_factory.mktemp("province")
    with steps.open_barn(settings(home, database_url(postgres, "on_ckan"), served, way)) as barn:
        for key, data in demo.build()[0].files.items():
            barn.store.put(key, data)
        night(barn, OFFICES, STAGES)  # verified, or it raises
        yield barn
        cleaned(served, barn)


@pytest.fixture
def office(served: Served, way: FaultProxy, tmp_path: Path, ledger_url: str) -> Iterator[Barn]:
    """One office's sheet is before the public, with a sum that is not one."""
    with steps.open_barn(settings(tmp_path, ledger_url, served, way)) as barn:
        barn.store.put(KEY, db1(10))
        night(barn, [CODE], ["PL.01.8"])
        yield barn
        cleaned(served, barn)


def test_all_offices_datasets_are_there_with_the_official_votes(served: Served, province: Barn) -> None:
    released = province.ledger.releases()
    assert all(release.verified for release in released)
    assert {release.office for release in released} == set(OFFICES)
    query = {"fq": '+extras_source_part:"dataset"', "rows": "1000"}
    shown = requests.get(f"{served.url}/api/3/action/package_search", params=query, timeout=60).json()["result"]
    assert {one["name"] for one in shown["results"]} == {names.dataset(release.slug) for release in released}
    recap = next(one for one in shown["results"] if one["name"].startswith("dc1-ppwp"))
    table = next(r["datastore_id"] for r in recap["resources"] if "datastore_id" in r)
    for row, votes in catalogue.official_results()["13"].votes.items():
        found = served.call("datastore_search", resource_id=table, filters={"row": row, "column_kind": "total"})
        assert votes in {record["value"] for record in found["records"]}


def test_the_same_again_writes_nothing(way: FaultProxy, province: Barn) -> None:
    way.calm()
    for stage in STAGES:
        assert steps.publish(province, stage).datasets.written == 0
    assert way.seen
    assert [seen for seen in way.seen if any_write(*seen.split(" ", 1))] == []


def test_one_cell_is_one_version_of_one_dataset(served: Served, way: FaultProxy, office: Barn) -> None:
    (slug,) = (one.slug for one in office.ledger.releases() if one.slug.startswith("db1-"))
    before = served.call("package_show", id=names.dataset(slug))
    broken = next(f for f, _ in deciding.findings(office, CODE) if f.code == "identity_broken")
    made = deciding.decide(office, Verdict.CORRECT, broken.id, "siti", "salah baca", lambda c: c.row == ROW, RIGHT)
    deciding.confirm(office, made.id, "budi", "benar")
    way.calm()
    night(office, [CODE], ["PL.01.8"])
    turned = [seen for seen in way.seen if any_write(*seen.split(" ", 1))]
    assert turned[-1].endswith("package_revise")
    after = served.call("package_show", id=names.dataset(slug))
    old, new = ({r["source_path"]: r for r in one["resources"]} for one in (before, after))
    assert (before["version"], after["version"]) == ("1", "2")
    assert old[original(old)]["url"] == new[original(new)]["url"]  # the original did not change
    tables = [
        served.call("datastore_search", resource_id=r[f"{slug}.csv"]["datastore_id"], filters={"row": ROW})
        for r in (old, new)
    ]
    assert [next(x["value"] for x in t["records"] if x["unit_name"] == NAME) for t in tables] == [RIGHT + 10, RIGHT]
    log = requests.get(new["perubahan.csv"]["url"], timeout=60).text
    assert len([line for line in log.splitlines() if line.startswith("2,") and ",figure," in line]) == 1


def original(links: dict[str, dict[str, str]]) -> str:
    return next(path for path in links if path.startswith("asli/"))
