"""The folder of a dataset: its place, its files, the same bytes every time."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable

import pytest

from rangkiang import catalogue
from rangkiang.deliver import Licence, build
from rangkiang.model import Check, Finding, Severity


def test_a_dataset_is_one_folder_of_office_stage_and_document_type(db1: Callable) -> None:
    built = db1().build()
    made = built.deliverable
    assert made.folder == "KPU Kota Padang Panjang/PL.01.8/DB1-PPWP"
    assert made.slug == "db1-ppwp-13.74-kota-padang-panjang"
    tables = {f"{made.slug}.{kind}" for kind in ("csv", "xlsx", "parquet")}
    others = {"temuan.csv", "datapackage.json", "dcat.jsonld", "narasi-angka.csv"}
    others |= {f"narasi.{kind}" for kind in ("md", "pdf", "docx", "en.md")}
    originals = {p for p in built.contents if p.startswith("asli/")}
    assert set(built.contents) == tables | others | originals
    assert len(originals) == 1


def test_every_file_is_listed_with_its_fingerprint_and_size(da1: Callable) -> None:
    built = da1().build()
    listed = {f.path: (f.sha256, f.size) for f in built.deliverable.files}
    assert listed == {p: (hashlib.sha256(d).hexdigest(), len(d)) for p, d in built.contents.items()}
    assert all(f.media_type and f.title for f in built.deliverable.files)


def test_originals_are_there_untouched_and_named_for_their_area(da1: Callable) -> None:
    case = da1()
    built = case.build()
    digests = {m.document.sha256 for m in case.members}
    originals = {p: d for p, d in built.contents.items() if p.startswith("asli/")}
    assert {hashlib.sha256(d).hexdigest() for d in originals.values()} == digests
    first = min(case.members, key=lambda m: m.document.said.area_code).document
    assert f"asli/DA1-PPWP_13.77.01_pariaman-tengah_{first.sha256[:8]}.xlsx" in originals


def test_the_order_in_which_members_and_findings_come_makes_no_difference(da1: Callable) -> None:
    case = da1()
    before = case.build()
    case.members = [dataclasses.replace(m, findings=m.findings[::-1]) for m in case.members[::-1]]
    after = case.build()
    assert before == after


def test_the_same_inputs_give_the_same_bytes_at_another_time(db1: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    case = db1(("IV.01", "JUMLAH AKHIR", 999))
    before = case.build()
    monkeypatch.setattr("time.time", lambda: 4e9)
    monkeypatch.setattr("time.localtime", lambda *_: (2099, 1, 1, 0, 0, 0, 0, 1, 0))
    assert case.build().contents == before.contents


def test_the_digest_names_what_a_deliverable_is_made_of(db1: Callable, finding: Callable) -> None:
    case = db1()
    digest = case.build().deliverable.digest
    assert case.build().deliverable.digest == digest
    changed = [
        db1(("IV.01", "JUMLAH AKHIR", 999)).build(),
        db1(name="another.pdf").build(),
        case.build(findings=[finding("13.74", "KOTA PADANG PANJANG")]),
        case.build(licence=Licence("CC-BY-4.0", "Creative Commons")),
    ]
    case.members = [dataclasses.replace(case.members[0], checks=(Check("kolom", Severity.WARNING, False),))]
    changed.append(case.build())
    assert len({digest, *(b.deliverable.digest for b in changed)}) == 1 + len(changed)


def test_a_digest_that_is_given_is_used(db1: Callable) -> None:
    assert db1().build(digest="f" * 64).deliverable.digest == "f" * 64


def test_another_stage_than_the_documents_own_is_part_of_the_name(db1: Callable) -> None:
    case = db1()
    own = case.build().deliverable.slug
    other = build("13.74", "PL.02.6", "DB1-PPWP", case.members, case.originals.__getitem__).deliverable
    assert other.slug == f"{own}-pl.02.6"
    assert other.folder.split("/")[1] == "PL.02.6"


def test_a_stage_code_from_a_path_cannot_leave_the_folder(db1: Callable) -> None:
    case = db1()
    made = build("13.74", "../..", "DB1-PPWP", case.members, case.originals.__getitem__).deliverable
    assert len(made.folder.split("/")) == 3
    assert ".." not in made.folder


def test_what_is_no_dataset_is_refused(db1: Callable, da1: Callable) -> None:
    one, many = db1(), da1()
    with pytest.raises(ValueError, match="none"):
        build("13.74", "PL.01.8", "DB1-PPWP", [], one.originals.__getitem__)
    with pytest.raises(ValueError, match="one form"):
        build("13.74", "PL.01.8", "DB1-PPWP", [*one.members, *many.members], one.originals.__getitem__)
    twice = [*one.members, *db1(name="again.pdf").members]
    with pytest.raises(ValueError, match=r"two documents .* 13\.74"):
        build("13.74", "PL.01.8", "DB1-PPWP", twice, one.originals.__getitem__)


def test_an_original_with_other_bytes_is_never_filed(db1: Callable) -> None:
    case = db1()
    with pytest.raises(ValueError, match="other bytes"):
        build("13.74", "PL.01.8", "DB1-PPWP", case.members, lambda _: b"something else")


def test_metadata_gives_totals_counts_findings_and_coverage(da1: Callable, finding: Callable) -> None:
    case = da1("13.01", leave_out=["13.01.02"])
    missing: Finding = finding("13.01", "RANAH PESISIR")
    said = case.build(findings=[missing, missing]).deliverable.metadata
    sheets = len(case.members)
    assert said["totals"]["IV.01"] == 180 * sheets
    assert said["totals"]["V.C"] == 531 * sheets
    assert said["counts"]["proved"] == 39 * 3 * sheets
    assert said["findings"] == {"document_missing": 1}
    districts, villages = said["coverage"]
    assert (districts["present"], districts["expected"]) == (14, 15)
    assert districts["missing"] == [{"code": "13.01.02", "name": "RANAH PESISIR"}]
    assert (villages["present"], villages["expected"]) == (28, catalogue.official_results()["13.01"].villages)
    assert said["rows"]["da1-ppwp-13.01-pesisir-selatan.csv"] == 39 * 3 * sheets
    assert json.loads(json.dumps(said)) == said


def test_a_printed_total_is_kept_and_said_to_be_in_doubt(db1: Callable) -> None:
    said = db1(("IV.01", "JUMLAH AKHIR", 999)).build().deliverable.metadata
    assert said["totals"]["IV.01"] == 999
    assert "IV.01" in said["totals_flagged"]
    assert "III.2" not in said["totals_flagged"]
