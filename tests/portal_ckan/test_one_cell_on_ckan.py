"""One cell is corrected, and a real CKAN shows just that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from helpers.misprint import CODE, KEY, NAME, RIGHT, ROW, db1
from helpers.nights import night
from portal_ckan.faulty import FaultProxy, any_write
from portal_ckan.houses import settings
from portal_ckan.served import Served
from rangkiang import steps
from rangkiang.model import Verdict
from rangkiang.portal.ckan import names
from rangkiang.steps import Barn, deciding


@pytest.fixture
def office(served: Served, way: FaultProxy, tmp_path: Path, ledger_url: str) -> Iterator[Barn]:
    """One office's sheet is before the public, with a sum that is not one."""
    with steps.open_barn(settings(tmp_path, ledger_url, served, way)) as barn, served.emptied():
        barn.store.put(KEY, db1(10))
        night(barn, [CODE], ["PL.01.8"])
        yield barn


def test_one_cell_is_one_version_of_one_dataset(served: Served, way: FaultProxy, office: Barn) -> None:
    (slug,) = (one.slug for one in office.ledger.releases() if one.slug.startswith("db1-"))
    before = served.call("package_show", id=names.dataset(slug))
    broken = next(f for f, _ in deciding.findings(office, CODE) if f.code == "identity_broken")
    made = deciding.decide(office, Verdict.CORRECT, broken.id, "siti", "salah baca", lambda c: c.row == ROW, RIGHT)
    deciding.confirm(office, made.id, "budi", "benar")
    way.calm()
    night(office, [CODE], ["PL.01.8"])
    turned = [seen for seen in way.seen if any_write(seen)]
    assert "package_revise" in turned[-1]
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


def test_catalogues_of_data_find_what_dcat_asks_for(served: Served, office: Barn) -> None:
    (slug,) = (one.slug for one in office.ledger.releases() if one.slug.startswith("db1-"))
    name = names.dataset(slug)
    graph = requests.get(f"{served.url}/dataset/{name}.jsonld", timeout=60).json()["@graph"]
    found = {kind: [one for one in graph if one["@type"] == kind] for kind in ("dcat:Dataset", "dcat:Distribution")}
    ((dataset,), files) = found.values()
    links = served.call("package_show", id=name)["resources"]
    assert dataset["dct:identifier"] == slug
    assert len(dataset["dct:language"]) == 2
    assert {one["dcat:accessURL"]["@id"] for one in files} == {link["url"] for link in links}


def original(links: dict[str, dict[str, str]]) -> str:
    return next(path for path in links if path.startswith("asli/"))
