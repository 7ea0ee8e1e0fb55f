"""What accounts may do on a real S3 server under the policies that `rangkiang policy` prints."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from helpers.nights import of_offices, office_night, release
from rangkiang import catalogue, steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.settings import Settings
from rangkiang.steps import access, keys, picturing
from rangkiang.store import s3
from samples import demo

AGAM, PADANG = "13.06", "13.71"
PRINCIPAL = "arn:aws:iam:::user/{}"
NIGHT = ("13", "13.06")
OWN, OTHER = catalogue.office(AGAM).slug, catalogue.office(PADANG).slug


@dataclass(frozen=True)
class Grounds:
    """A server with a bucket, a prefix of this test's own in it, and an account for everybody the policies are for."""

    endpoint: str
    bucket: str
    base: str
    accounts: dict[str, tuple[str, str]]

    def client(self, who: str = "") -> Any:
        """As an office or a role; as the bucket's owner where nobody is named."""
        own = dict(zip(("aws_access_key_id", "aws_secret_access_key"), self.accounts[who], strict=True)) if who else {}
        return boto3.session.Session().client(  # the default one keeps the keys that it was first used with
            "s3",
            endpoint_url=self.endpoint,
            config=Config(request_checksum_calculation="when_required", s3={"addressing_style": "path"}),
            **own,
        )

    def key(self, key: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{self.base}/{key}"}

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/{self.base}"

    @contextmanager
    def acting(self, who: str) -> Iterator[None]:
        """The program's own store, with the keys of that account."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), self.accounts[who], strict=True):
                patch.setenv(name, value)
            s3._client.cache_clear()  # it is kept with the keys that it was made with
            yield
        s3._client.cache_clear()


def _ceph_account(name: str) -> tuple[str, str]:
    command = ["radosgw-admin", "--conf", os.environ["RANGKIANG_TEST_CEPH"], "user", "create", "--uid", name]
    made = subprocess.run([*command, "--display-name", name], check=True, capture_output=True, text=True)
    key = json.loads(made.stdout)["keys"][0]
    return key["access_key"], key["secret_key"]


@pytest.fixture(scope="module")
def grounds(s3: tuple[str, str]) -> Iterator[Grounds]:
    if "RANGKIANG_TEST_CEPH" not in os.environ:
        pytest.skip("no Ceph to make accounts on: `make test-s3` starts one")
    url, endpoint = s3
    place = access.Place.of(url)
    accounts = {who: _ceph_account(access.account(who)) for who in (AGAM, PADANG, *access.ROLES)}
    made = Grounds(endpoint, place.bucket, place.base.rstrip("/"), accounts)
    policy = access.bucket_policy(place, accounts, PRINCIPAL)
    made.client().put_bucket_policy(Bucket=place.bucket, Policy=json.dumps(policy))
    yield made
    made.client().delete_bucket_policy(Bucket=place.bucket)


@pytest.fixture(scope="module")
def filled(grounds: Grounds) -> Grounds:
    """One object at every kind of place, put there by the bucket's owner."""
    for key in (
        f"{keys.inbox(AGAM)}PL.01.7/a.pdf", f"{keys.inbox(PADANG)}PL.01.7/b.pdf", f"inbox/{OWN}_lain/c.pdf",
        f"returned/{OWN}/daftar.json", f"returned/{OTHER}/daftar.json",
        f"quarantine/{OWN}/ff.txt", f"quarantine/{OTHER}/ff.txt",
        keys.original("ab" * 32), f"filed/{OWN}/x.csv", "released/ab/abcd", "proposals/ab.json",
    ):  # fmt: skip
        grounds.client().put_object(**grounds.key(key), Body=b"x")
    return grounds


def forbidden(call: Callable[[], object]) -> None:
    with pytest.raises(ClientError) as refused:
        call()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def listed(grounds: Grounds, who: str, prefix: str) -> list[str]:
    found = grounds.client(who).list_objects_v2(Bucket=grounds.bucket, Prefix=f"{grounds.base}/{prefix}")
    return [one["Key"].removeprefix(f"{grounds.base}/") for one in found.get("Contents", [])]


def test_an_office_hands_in_looks_after_its_inbox_and_reads_what_comes_back(filled: Grounds) -> None:
    agam, key = filled.client(AGAM), f"{keys.inbox(AGAM)}PL.01.7/baru.pdf"
    agam.put_object(**filled.key(key), Body=b"baru")
    assert agam.get_object(**filled.key(key))["Body"].read() == b"baru"
    assert key in listed(filled, AGAM, keys.inbox(AGAM))
    agam.delete_object(**filled.key(key))
    assert key not in listed(filled, AGAM, keys.inbox(AGAM))
    for folder in (f"returned/{OWN}/", f"quarantine/{OWN}/"):
        (found,) = listed(filled, AGAM, folder)
        assert agam.get_object(**filled.key(found))["Body"].read() == b"x"


@pytest.mark.parametrize(
    "key",
    [
        f"inbox/{OTHER}/PL.01.7/b.pdf", f"inbox/{OWN}_lain/c.pdf", f"returned/{OTHER}/daftar.json",
        f"quarantine/{OTHER}/ff.txt", keys.original("ab" * 32), f"filed/{OWN}/x.csv", "released/ab/abcd",
        "proposals/ab.json",
    ],
)  # fmt: skip
def test_an_office_neither_reads_nor_changes_what_is_not_its_own(filled: Grounds, key: str) -> None:
    agam, own = filled.client(AGAM), filled.key(f"{keys.inbox(AGAM)}taken.pdf")
    forbidden(lambda: agam.get_object(**filled.key(key)))
    forbidden(lambda: agam.head_object(**filled.key(key)))
    forbidden(lambda: agam.put_object(**filled.key(key), Body=b"anders"))
    forbidden(lambda: agam.delete_object(**filled.key(key)))
    forbidden(lambda: agam.copy_object(**own, CopySource=filled.key(key)))
    assert filled.client().get_object(**filled.key(key))["Body"].read() == b"x"


def test_a_link_signed_with_an_office_s_key_opens_no_more_than_the_key(filled: Grounds) -> None:
    import httpx

    agam = filled.client(AGAM)
    own, other = (
        agam.generate_presigned_url("get_object", Params=filled.key(key))
        for key in (f"returned/{OWN}/daftar.json", f"returned/{OTHER}/daftar.json")
    )
    assert (httpx.get(own).status_code, httpx.get(other).status_code) == (200, 403)


@pytest.mark.parametrize("prefix", ["", "inbox/", "inbox/13.06", keys.inbox(PADANG), "originals/", "returned/"])
def test_an_office_lists_nothing_but_its_own(filled: Grounds, prefix: str) -> None:
    forbidden(lambda: listed(filled, AGAM, prefix))


def test_an_office_changes_neither_what_came_back_nor_who_may_do_what(filled: Grounds) -> None:
    agam, bucket = filled.client(AGAM), {"Bucket": filled.bucket}
    forbidden(lambda: agam.put_object(**filled.key(f"returned/{OWN}/daftar.json"), Body=b"anders"))
    forbidden(lambda: agam.delete_object(**filled.key(f"quarantine/{OWN}/ff.txt")))
    forbidden(lambda: agam.get_bucket_policy(**bucket))
    forbidden(lambda: agam.put_bucket_policy(**bucket, Policy="{}"))
    forbidden(lambda: agam.put_bucket_acl(**bucket, ACL="public-read"))
    forbidden(lambda: agam.delete_bucket(**bucket))
    forbidden(lambda: agam.list_objects_v2(**bucket))


def test_nobody_without_a_key_sees_anything(filled: Grounds) -> None:
    import httpx

    for key in (f"inbox/{OWN}/PL.01.7/a.pdf", "released/ab/abcd", ""):
        assert httpx.get(f"{filled.endpoint}/{filled.bucket}/{filled.base}/{key}").status_code == 403


@pytest.mark.parametrize("role", [*access.ROLES])
def test_no_part_of_the_program_deletes_an_original_or_touches_an_inbox(filled: Grounds, role: str) -> None:
    client, inbox = filled.client(role), filled.key(f"inbox/{OWN}/PL.01.7/a.pdf")
    forbidden(lambda: client.delete_object(**filled.key(keys.original("ab" * 32))))
    forbidden(lambda: client.put_object(**inbox, Body=b"anders"))
    forbidden(lambda: client.delete_object(**inbox))
    forbidden(lambda: client.put_bucket_policy(Bucket=filled.bucket, Policy="{}"))
    if role != "worker":
        forbidden(lambda: client.put_object(**filled.key(keys.original("ab" * 32)), Body=b"anders"))
    if role in ("publisher", "pages"):
        forbidden(lambda: client.get_object(**inbox))


def test_who_keeps_backups_reads_everything_and_changes_nothing(filled: Grounds) -> None:
    keeper = filled.client("keeper")
    found = listed(filled, "keeper", "")
    assert len(found) >= 11
    for key in found:
        keeper.get_object(**filled.key(key))
        forbidden(lambda key=key: keeper.put_object(**filled.key(key), Body=b"anders"))
        forbidden(lambda key=key: keeper.delete_object(**filled.key(key)))


@pytest.fixture(scope="module")
def through_a_night(
    grounds: Grounds, tmp_path_factory: pytest.TempPathFactory, postgres: Server
) -> Iterator[steps.Barn]:
    """Files that the offices put into their inboxes, read with the worker's keys, published with the publisher's."""
    night = Grounds(grounds.endpoint, grounds.bucket, f"{grounds.base}/malam", grounds.accounts)
    policy = access.bucket_policy(access.Place.of(night.url), access.ROLES, PRINCIPAL)
    before = grounds.client().get_bucket_policy(Bucket=grounds.bucket)["Policy"]
    grounds.client().put_bucket_policy(Bucket=grounds.bucket, Policy=json.dumps(policy))
    for key, data in of_offices(demo.build()[0].files, NIGHT).items():
        grounds.client().put_object(**night.key(key), Body=data)
    settings = Settings(
        home=tmp_path_factory.mktemp("malam"), ledger=database_url(postgres, "malam"), store=night.url,
        s3_endpoint=night.endpoint,
    )  # fmt: skip
    with steps.open_barn(settings) as barn:
        with night.acting("worker"):
            for office in NIGHT:
                office_night(barn, office)
        with night.acting("publisher"):
            steps.gather(barn, "PL.01.8")
            steps.reconcile(barn, "PL.01.8")
            release(barn, "PL.01.8")
        with night.acting("pages"):
            yield barn
    grounds.client().put_bucket_policy(Bucket=grounds.bucket, Policy=before)


def test_a_night_needs_no_more_than_the_roles_may(through_a_night: steps.Barn) -> None:
    published = {release.slug for release in through_a_night.ledger.releases() if release.verified}
    assert {slug.split("-")[0] for slug in published} >= {"db1", "dc1", "rekonsiliasi"}
    assert through_a_night.ledger.documents(office="13.06")
    portal = Path(through_a_night.settings.home) / "portal"
    assert (portal / "index.html").exists()


def test_the_pages_show_a_document_with_their_own_keys(through_a_night: steps.Barn) -> None:
    document = next(
        d for d in through_a_night.ledger.documents(office="13.06") if d.media_type == "application/pdf" and d.said.form
    )
    shown = picturing.page(through_a_night, document, 1)
    assert shown == picturing.page(through_a_night, document, 1)
    assert through_a_night.store.stat(keys.page(document.sha256, 1)) is not None


def test_a_server_that_keeps_versions_keeps_an_original_that_is_overwritten(grounds: Grounds) -> None:
    owner, worker = grounds.client(), grounds.client("worker")
    bucket = f"{grounds.bucket}-versioned"
    owner.create_bucket(Bucket=bucket)
    owner.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    policy = access.bucket_policy(access.Place(bucket), ["worker", "keeper"], PRINCIPAL)
    owner.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    at = {"Bucket": bucket, "Key": keys.original("cd" * 32)}
    first = worker.put_object(**at, Body=b"asli")["VersionId"]
    worker.put_object(**at, Body=b"palsu")
    forbidden(lambda: worker.delete_object(**at, VersionId=first))
    keeper = grounds.client("keeper")
    found = keeper.list_object_versions(Bucket=bucket, Prefix="originals/")["Versions"]
    assert {one["VersionId"] for one in found} >= {first}
    assert keeper.get_object(**at, VersionId=first)["Body"].read() == b"asli"


def test_the_bucket_is_made_once_and_keeps_versions(grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    from deploy.compose import bucket

    monkeypatch.setenv("RANGKIANG_STORE", "s3://ember-baru/awalan")
    monkeypatch.setenv("RANGKIANG_S3_ENDPOINT", grounds.endpoint)
    for _ in range(2):
        bucket.main()
    assert grounds.client().get_bucket_versioning(Bucket="ember-baru")["Status"] == "Enabled"
