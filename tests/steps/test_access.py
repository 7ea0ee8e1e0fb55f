"""The S3 policies as they are printed; what a server makes of them: tests/services/test_access.py."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from rangkiang import catalogue
from rangkiang.cli import cli
from rangkiang.steps import access
from rangkiang.store import open_store

PRINCIPAL = "arn:aws:iam:::user/{}"


def test_every_office_s_policy_is_for_its_own_place_only() -> None:
    place = access.Place.of("s3://rangkiang")
    for office in catalogue.offices():
        said = json.dumps(access.own_policy(place, [office.code]))
        assert [other.slug for other in catalogue.offices() if f"/{other.slug}/" in said] == [office.slug]


def test_the_whole_bucket_s_policy_fits_into_what_a_server_takes() -> None:
    whole = access.bucket_policy(access.Place.of("s3://rangkiang"), access.everybody(), PRINCIPAL)
    assert len(json.dumps(whole, separators=(",", ":"))) < 20 * 1024  # AWS's limit
    named = {statement["Principal"]["AWS"][0] for statement in whole["Statement"]}
    assert named == {PRINCIPAL.format(access.account(who)) for who in access.everybody()}


def test_a_directory_has_no_policies() -> None:
    with pytest.raises(ValueError, match="no bucket"):
        access.Place.of("file:///var/store")


def test_the_store_of_the_settings_is_what_the_policy_is_about() -> None:
    store = open_store("s3://ember/awalan/")
    place = access.Place.of(store.url)
    assert place.objects(["inbox/"]) == ["arn:aws:s3:::ember/awalan/inbox/*"]


def printed(*arguments: str, store: str = "s3://ember") -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["policy", *arguments], env={"RANGKIANG_STORE": store})
    return done.exit_code, done.output


def test_an_office_s_policy_is_printed_as_a_server_takes_it() -> None:
    status, text = printed("13.06")
    assert status == 0
    slug = catalogue.office("13.06").slug
    resources = [r for s in json.loads(text)["Statement"] for r in s["Resource"]]
    assert resources == [
        f"arn:aws:s3:::ember/inbox/{slug}/*", f"arn:aws:s3:::ember/returned/{slug}/*",
        f"arn:aws:s3:::ember/quarantine/{slug}/*", "arn:aws:s3:::ember",
    ]  # fmt: skip


def test_what_cannot_be_printed_is_said() -> None:
    for arguments, store, word in (
        (["13.99"], "s3://ember", "13.99"),
        ([], "s3://ember", "name an office"),
        (["worker"], "file:///var/store", "no bucket"),
    ):
        status, text = printed(*arguments, store=store)
        assert (status != 0, word in text) == (True, True)


def test_the_bucket_s_policy_names_an_account_for_everybody() -> None:
    status, text = printed("--bucket", PRINCIPAL)
    assert status == 0
    assert text.count('"AWS"') == len(json.loads(text)["Statement"])
    assert '"arn:aws:iam:::user/worker"' in text
