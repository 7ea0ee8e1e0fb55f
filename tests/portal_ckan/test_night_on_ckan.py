"""A whole night of the province and its 19 offices with a real CKAN as the portal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from helpers.nights import night
from portal_ckan.faulty import FaultProxy, any_write
from portal_ckan.houses import settings
from portal_ckan.served import Served
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.portal.ckan import names
from rangkiang.steps import Barn
from samples import demo

STAGES = ("PL.01.7", "PL.01.8")
OFFICES = tuple(office.code for office in catalogue.offices())


@pytest.fixture(scope="module")
def province(
    served: Served, way: FaultProxy, tmp_path_factory: pytest.TempPathFactory, postgres: Server
) -> Iterator[Barn]:
    """Everything that the demo's offices handed in is before the public."""
    home = tmp_path_factory.mktemp("province")
    with steps.open_barn(settings(home, database_url(postgres, "on_ckan"), served, way)) as barn, served.emptied():
        for key, data in demo.build()[0].files.items():
            barn.store.put(key, data)
        night(barn, OFFICES, STAGES)  # verified, or it raises
        yield barn


def test_all_offices_datasets_are_there_with_the_official_votes(served: Served, province: Barn) -> None:
    released = province.ledger.releases()
    assert all(release.verified for release in released)
    assert {release.office for release in released} == set(OFFICES)
    query = {"fq": '+extras_source_part:"dataset"', "rows": "1000"}
    shown = requests.get(f"{served.url}/api/3/action/package_search", params=query, timeout=60).json()["result"]
    assert {one["name"] for one in shown["results"]} == {names.dataset(release.slug) for release in released}
    recap = next(one for one in shown["results"] if one["name"].startswith("dc1-ppwp"))
    extras = {extra["key"]: extra["value"] for extra in recap["extras"]}
    assert (extras["identifier"], extras["temporal_start"]) == (recap["name"], "2019-04-17")
    table = next(r["datastore_id"] for r in recap["resources"] if "datastore_id" in r)
    for row, votes in catalogue.official_results()["13"].votes.items():
        found = served.call("datastore_search", resource_id=table, filters={"row": row, "column_kind": "total"})
        assert votes in {record["value"] for record in found["records"]}


def test_the_same_again_writes_nothing(way: FaultProxy, province: Barn) -> None:
    way.calm()
    for stage in STAGES:
        assert steps.publish(province, stage).datasets.written == 0
    assert way.seen
    assert [seen for seen in way.seen if any_write(seen)] == []
