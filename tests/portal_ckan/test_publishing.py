"""What a reader finds on a real CKAN, from the first version to the withdrawal, and what is mended there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from portal.sample_releases import STAGE
from portal_ckan.faulty import FaultProxy, any_write, bad_gateway
from portal_ckan.filed import ROW, Office
from portal_ckan.served import Served
from rangkiang.portal import Away, BadRelease, CkanPortal, Overtaken, Refused, Release, Unfinished
from rangkiang.portal.ckan import names
from rangkiang.settings import Ckan

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def clean(served: Served) -> Iterator[None]:
    """Leaves nothing behind that another test would find."""
    yield
    slugs = [names.dataset(o.slug) for o in (Office(), Office("13.71"))]
    served.purge([*slugs, *(f"{slug}-arsip" for slug in slugs)], ["kpu-13-06", "kpu-13-71"], ["tahapan-pl-01-8"])


@pytest.fixture
def house(served: Served) -> Ckan:
    return Ckan(token_file=served.token_file, pause=0.05, contact="Layanan data", email="data@kpu.example.id")


@pytest.fixture
def portal(served: Served, house: Ckan) -> CkanPortal:
    return CkanPortal(served.url, house)


def publish(portal: CkanPortal, office: Office, *, doubted: bool = False) -> Any:
    plan = portal.plan([office.latest], STAGE, doubted=[office.slug] if doubted else ())
    return portal.apply(plan, office.fetch)


def front(served: Served, office: Office) -> dict[str, Any]:
    """What anybody sees of the dataset."""
    answer = requests.get(
        f"{served.url}/api/3/action/package_show", params={"id": names.dataset(office.slug)}, timeout=60
    )
    found: dict[str, Any] = answer.json().get("result", {})
    return found


def link(served: Served, office: Office, path: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in front(served, office)["resources"] if r["source_path"] == path)
    return found


def test_the_public_finds_files_table_and_descriptions(served: Served, portal: CkanPortal, office: Office) -> None:
    applied = publish(portal, office)
    assert (applied.datasets.written, applied.files.written) == (1, 7)
    assert portal.verify([office.latest]) == []
    shown = front(served, office)
    assert shown["title"].endswith("Agam")
    assert (shown["state"], shown["organization"]["title"], shown["version"]) == ("active", "KPU Kabupaten Agam", "1")
    assert [g["title"] for g in shown["groups"]] == ["PL.01.8 Rekapitulasi dan penetapan hasil"]
    assert (shown["maintainer"], shown["maintainer_email"]) == ("Layanan data", "data@kpu.example.id")
    extras = {extra["key"]: extra["value"] for extra in shown["extras"]}
    assert (extras["kode_kemendagri"], extras["kode_bps"]) == ("13.06", "1307")
    assert (extras["cakupan"], extras["tanggal_rilis"]) == ("14 dari 15 kecamatan", "2026-11-26")
    assert extras["title_en"]
    for entry in office.latest.deliverable.files:
        address = f"{served.url}/dataset/{shown['name']}/resource/{link(served, office, entry.path)['id']}/download"
        assert requests.get(address, timeout=60).content == office.content(office.latest, entry.path)
    table = served.call("datastore_search", resource_id=link(served, office, office.path)["datastore_id"], limit=100)
    value = next(field for field in table["fields"] if field["id"] == "value")
    assert value == {"id": "value", "type": "int8", "info": {"label": "Value", "notes": "Arti value"}}
    assert table["total"] == office.latest.deliverable.metadata["rows"][office.path]


def test_publishing_again_writes_nothing(proxy: FaultProxy, house: Ckan, office: Office) -> None:
    portal = CkanPortal(proxy.url, house)
    publish(portal, office)
    proxy.calm()
    plan = portal.plan([office.latest], STAGE)
    assert plan.empty
    assert str(portal.apply(plan, office.fetch)).startswith("datasets: 0 written, 1 unchanged")
    assert proxy.seen
    assert [seen for seen in proxy.seen if any_write(seen)] == []


def test_a_new_version_leaves_the_old_links_alone(served: Served, portal: CkanPortal, office: Office) -> None:
    publish(portal, office)
    before = link(served, office, office.path)
    applied = publish(portal, office.correct(4711) and office)
    assert (applied.files.written, applied.files.unchanged) == (2, 6)  # the table and the change log
    assert portal.verify([office.latest]) == []
    after = link(served, office, office.path)
    assert after["id"] == before["id"]
    first, second = office.releases
    assert requests.get(before["url"], timeout=60).content == office.content(first, office.path)
    assert requests.get(after["url"], timeout=60).content == office.content(second, office.path)
    assert requests.get(link(served, office, "perubahan.csv")["url"], timeout=60).content == second.log
    values = {
        one["datastore_id"]: served.call("datastore_search", resource_id=one["datastore_id"], filters={"row": ROW})
        for one in (before, after)
    }
    assert [v["records"][0]["value"] for v in values.values()][1] == 4711
    assert len(values) == 2
    assert front(served, office)["version"] == "2"


def test_earlier_versions_come_back_to_an_empty_portal(served: Served, portal: CkanPortal, office: Office) -> None:
    office.correct(4711)
    publish(portal, office)
    archive = served.call("package_show", id=names.archive(office.slug))
    kept = {(r["source_path"], r["source_version"]): r["url"] for r in archive["resources"]}
    for release in office.releases:
        found = requests.get(kept[office.path, release.number], timeout=60).content
        assert found == office.content(release, office.path)


def test_withdrawn_is_gone_and_comes_back_under_the_same_addresses(
    served: Served, portal: CkanPortal, office: Office
) -> None:
    publish(portal, office)
    before = served.everything()
    gone = portal.apply(portal.plan([], STAGE), office.fetch)
    assert (gone.datasets.removed, front(served, office)) == (1, {})
    assert portal.plan([], STAGE).empty
    assert [p.found.split()[0] for p in portal.verify([office.latest])] == ["deleted"]
    served.call("organization_purge", id="kpu-13-06")
    publish(portal, office)
    assert portal.verify([office.latest]) == []
    assert served.everything() == before


def test_what_was_begun_and_is_no_longer_wanted_leaves_no_draft(
    served: Served, proxy: FaultProxy, house: Ckan, portal: CkanPortal, office: Office
) -> None:
    proxy.arm(bad_gateway, 4, times=100)
    with pytest.raises(Away):
        publish(CkanPortal(proxy.url, house), office)
    assert served.call("package_show", id=names.dataset(office.slug))["state"] == "draft"
    assert front(served, office) == {}
    portal.apply(portal.plan([], STAGE), office.fetch)
    assert served.call("package_show", id=names.dataset(office.slug))["state"] == "deleted"
    publish(portal, office)
    assert portal.verify([office.latest]) == []


def test_another_stage_is_nobodys_to_withdraw(served: Served, portal: CkanPortal, office: Office) -> None:
    publish(portal, office)
    assert portal.plan([], "PL.01.9").empty
    assert portal.plan([]).empty


@pytest.mark.parametrize("doubted", [False, True])
def test_a_file_that_somebody_replaced_is_found_and_mended(
    served: Served, portal: CkanPortal, office: Office, doubted: bool
) -> None:
    publish(portal, office)
    archive = served.call("package_show", id=names.archive(office.slug))
    resource = next(r for r in archive["resources"] if r["source_path"] == office.path)
    content = office.content(office.latest, office.path)
    _upload(served, resource["id"], b"X" * len(content))
    assert [p.path for p in portal.verify([office.latest])][-1] == office.path
    publish(portal, office, doubted=doubted)
    assert portal.verify([office.latest]) == []
    assert requests.get(resource["url"], timeout=60).content == content


def test_a_table_that_somebody_altered_is_found_and_mended(served: Served, portal: CkanPortal, office: Office) -> None:
    publish(portal, office)
    table = link(served, office, office.path)["datastore_id"]
    record = served.call("datastore_search", resource_id=table, limit=1)["records"][0]
    altered = {**record, "value": record["value"] + 1}
    served.call("datastore_upsert", resource_id=table, force=True, records=[altered])
    (problem,) = portal.verify([office.latest])
    assert "sum of value" in problem.expected
    assert portal.plan([office.latest], STAGE).empty  # CKAN does not say so itself
    publish(portal, office, doubted=True)
    assert portal.verify([office.latest]) == []


def test_what_people_add_beside_ours_stays(served: Served, portal: CkanPortal, office: Office) -> None:
    publish(portal, office)
    shown = front(served, office)
    tags, extras = [*shown["tags"], {"name": "unggulan"}], [*shown["extras"], {"key": "catatan", "value": "humas"}]
    served.call("package_patch", id=shown["id"], title="Judul lain", tags=tags, extras=extras)
    assert [(p.path, p.found) for p in portal.verify([office.latest])] == [("dataset:title", "Judul lain")]
    publish(portal, office)
    mended = front(served, office)
    assert mended["title"] == shown["title"]
    assert "unggulan" in {tag["name"] for tag in mended["tags"]}
    assert {"key": "catatan", "value": "humas"} in mended["extras"]


def test_who_comes_second_is_told_and_harms_nothing(served: Served, portal: CkanPortal, office: Office) -> None:
    publish(portal, office)
    late = portal.plan([office.correct(1)], STAGE)
    publish(portal, office)
    served.call("package_patch", id=names.dataset(office.slug), url="https://example.org/")
    changed = front(served, office)
    office.correct(2)
    newer = portal.plan([office.latest], STAGE)
    portal.apply(newer, office.fetch)
    with pytest.raises(Overtaken):
        portal.apply(late, office.fetch)
    assert front(served, office)["version"] == "3"
    assert changed["version"] == "2"
    assert portal.verify([office.latest]) == []


def test_a_name_that_is_somebody_elses_keeps_nobody_else_waiting(
    served: Served, portal: CkanPortal, office: Office
) -> None:
    served.call("organization_create", name="kpu-13-06")
    served.call("package_create", name=names.dataset(office.slug), owner_org="kpu-13-06", title="Milik orang lain")
    other = Office("13.71")

    def fetch(key: str) -> bytes:
        return (office if "Agam" in key else other).fetch(key)

    with pytest.raises(Refused, match="not ours"):
        portal.apply(portal.plan([office.latest, other.latest]), fetch)
    assert portal.verify([other.latest]) == []
    assert front(served, office)["title"] == "Milik orang lain"


def test_slugs_that_are_one_name_are_refused(portal: CkanPortal, office: Office) -> None:
    def named(slug: str) -> Release:
        return replace(office.latest, deliverable=replace(office.latest.deliverable, slug=slug))

    with pytest.raises(BadRelease, match="another release has its name"):
        portal.plan([named("a.b"), named("a-b")])


def test_files_are_sent_in_requests_no_larger_than_set(proxy: FaultProxy, house: Ckan, office: Office) -> None:
    portal = CkanPortal(proxy.url, house.model_copy(update={"megabytes": 0.0005}))
    publish(portal, office)
    assert len([seen for seen in proxy.seen if "package_revise" in seen]) > 4
    assert portal.verify([office.latest]) == []


def test_an_account_that_only_edits_its_organisation_is_enough(
    served: Served, house: Ckan, office: Office, tmp_path: Path
) -> None:
    served.call("organization_create", name="kpu-13-06", title="KPU Kabupaten Agam", extras=_office_codes())
    served.call(
        "group_create",
        name="tahapan-pl-01-8",
        title="PL.01.8 Rekapitulasi dan penetapan hasil",
        description="Recapitulation and determination of results",
        extras=[{"key": "kode_tahapan", "value": "PL.01.8"}],
    )
    name = f"penerbit{served.call('organization_show', id='kpu-13-06')['id'][:8]}"
    served.call("user_create", name=name, email=f"{name}@example.org", password=uuid.uuid4().hex)
    served.call("organization_member_create", id="kpu-13-06", username=name, role="admin")
    served.call("group_member_create", id="tahapan-pl-01-8", username=name, role="member")
    token = tmp_path / "token"
    token.write_text(served.call("api_token_create", user=name, name="uji")["token"])
    portal = CkanPortal(served.url, house.model_copy(update={"token_file": token}))
    publish(portal, office)
    assert portal.verify([office.latest]) == []
    portal.withdraw([office.slug])
    assert front(served, office) == {}
    publish(portal, office)
    assert portal.verify([office.latest]) == []


def test_a_portal_that_is_away_is_not_asked_for_every_dataset(portal: CkanPortal, house: Ckan, office: Office) -> None:
    plan = portal.plan([office.latest, *(Office(code).latest for code in ("13.71", "13.01", "13.02"))])
    gone = CkanPortal("http://127.0.0.1:9", house.model_copy(update={"tries": 2, "give_up": 2}))
    with pytest.raises(Unfinished, match="2 datasets were not tried"):
        gone.apply(plan, office.fetch)
    with pytest.raises(Away):
        gone.verify([office.latest])


def _upload(served: Served, resource: str, data: bytes) -> None:
    answer = requests.post(
        f"{served.url}/api/3/action/resource_patch",
        data={"id": resource},
        files={"upload": ("x.csv", data)},
        headers={"Authorization": served.token_file.read_text().strip()},
        timeout=60,
    )
    answer.raise_for_status()


def _office_codes() -> list[dict[str, str]]:
    return [{"key": "kode_kemendagri", "value": "13.06"}, {"key": "kode_bps", "value": "1307"}]
