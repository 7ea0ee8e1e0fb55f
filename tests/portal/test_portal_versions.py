"""Who cites a version gets its bytes for ever; what changed is told; what was withdrawn says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.mortal import Killed
from portal.sample_releases import ORIGINAL, STAGE, Filed, tree
from rangkiang.portal import BadRelease, DirectoryPortal, Release, Withdrawal, folder

Publish = Callable[..., Any]

LOG = b"version,day,kind,why\n1,2026-11-01,first,\n2,2026-11-02,figure,salah baca\n"


def series(filed: Filed, *narratives: bytes) -> list[Release]:
    """Releases of one dataset after each other; its files of each version stay in the store."""
    made: list[Release] = []
    for number, text in enumerate(narratives, start=1):
        release = filed.recap("13.01", narasi=text)
        prefix = f"versions/{number}/"
        filed.objects |= {
            prefix + f.path: filed.objects[release.source_prefix + f.path] for f in release.deliverable.files
        }
        earlier = made[-1].editions if made else ()
        made.append(Release(release.deliverable, prefix, number, f"2026-11-{number:02}", earlier, LOG))
    return made


@pytest.fixture
def three(filed: Filed) -> list[Release]:
    return series(filed, b"# Satu\n", b"# Dua\n", b"# Satu\n")


def home(portal: DirectoryPortal, release: Release) -> Path:
    return portal.root / "dataset" / release.deliverable.slug


def test_a_reader_of_an_old_link_gets_the_old_bytes(
    portal: DirectoryPortal, three: list[Release], publish: Publish
) -> None:
    publish(three[:1])
    first = tree(home(portal, three[0]) / "v1")
    for release in three[1:]:
        publish([release])
        assert tree(home(portal, release) / "v1") == first
        assert portal.verify([release]) == []
    assert [(home(portal, three[0]) / f"v{n}/narasi.md").read_bytes() for n in (1, 2, 3)] == [
        b"# Satu\n", b"# Dua\n", b"# Satu\n",
    ]  # fmt: skip
    said = json.loads((home(portal, three[0]) / "dataset.json").read_text("utf-8"))
    assert (said["number"], said["day"], said["files_folder"]) == (3, "2026-11-03", "v3/")
    assert [one["number"] for one in said["versions"]] == [1, 2, 3]
    old = json.loads((home(portal, three[0]) / said["versions"][0]["manifest"]).read_text("utf-8"))
    assert {file["path"] for file in old["files"]} == set(first)
    assert (home(portal, three[0]) / said["log"]).read_bytes() == LOG
    assert "Ini versi lama" in (home(portal, three[0]) / "v1.html").read_text("utf-8")
    assert "Ini versi lama" not in (home(portal, three[0]) / "v3.html").read_text("utf-8")


def test_what_did_not_change_is_neither_fetched_nor_stored_again(
    portal: DirectoryPortal, filed: Filed, three: list[Release], publish: Publish
) -> None:
    publish(three[:1])
    filed.fetched.clear()
    publish(three[1:2])
    assert filed.fetched == ["versions/2/narasi.md"]
    originals = [home(portal, three[0]) / f"v{n}" / ORIGINAL for n in (1, 2)]
    assert originals[0].samefile(originals[1])
    assert publish(three[1:2]).files.written == 0
    assert portal.plan(three[1:2], STAGE).empty


def test_the_site_made_anew_has_every_version(
    tmp_path: Path, portal: DirectoryPortal, filed: Filed, three: list[Release], publish: Publish
) -> None:
    for release in three:
        publish([release])
    anew = DirectoryPortal(tmp_path / "anew")
    anew.apply(anew.plan(three[2:], STAGE), filed.fetch)
    assert tree(anew.root) == tree(portal.root)


@pytest.mark.parametrize("path", ["v1/narasi.md", f"v2/{ORIGINAL}", "v1.json", "v2.html", "perubahan.csv"])
def test_an_old_file_that_was_altered_or_lost_is_found_and_mended(
    portal: DirectoryPortal, three: list[Release], publish: Publish, path: str
) -> None:
    publish(three[2:])
    before = tree(portal.root)
    for damage in (lambda p: p.write_bytes(b"x"), Path.unlink):
        damage(home(portal, three[2]) / path)
        assert path in {problem.path for problem in portal.verify(three[2:])}
        publish(three[2:])
        assert tree(portal.root) == before
        assert portal.verify(three[2:]) == []


def test_killed_anywhere_while_a_version_is_added_and_planned_anew(
    tmp_path: Path, filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers see the old version or the new one as the latest, and the old files at every instant."""
    two = series(filed, b"# Satu\n", b"# Dua\n")

    def start(name: str) -> DirectoryPortal:
        made = DirectoryPortal(tmp_path / name)
        made.apply(made.plan(two[:1], STAGE), filed.fetch)
        return made

    undisturbed = start("undisturbed")
    old = tree(home(undisturbed, two[0]) / "v1")
    undisturbed.apply(undisturbed.plan(two[1:], STAGE), filed.fetch)
    move, step, done = folder.move, 0, False
    while not done:
        made, left = start(f"{step}"), iter(range(step))

        def deadly(source: Path, target: Path, left: Any = left) -> None:
            if next(left, None) is None:
                raise Killed
            move(source, target)

        with monkeypatch.context() as patched:
            patched.setattr(folder, "move", deadly)
            try:
                made.apply(made.plan(two[1:], STAGE), filed.fetch)
                done = True
            except Killed:
                pass
        there = home(made, two[0])
        assert tree(there / "v1") == old
        latest = json.loads((there / "dataset.json").read_text("utf-8"))["files_folder"]
        assert (there / latest / "narasi.md").read_bytes() == (b"# Satu\n" if latest == "v1/" else b"# Dua\n")
        made.apply(made.plan(two[1:], STAGE), filed.fetch)
        assert tree(made.root) == tree(undisturbed.root), f"killed at {step}"
        step += 1
    assert step > len(two[1].deliverable.files)


def test_a_withdrawn_dataset_leaves_a_page_that_says_when_and_why_and_no_file(
    portal: DirectoryPortal, filed: Filed, three: list[Release], publish: Publish
) -> None:
    publish(three[1:2])
    live = tree(portal.root)
    gone = Withdrawal(three[1].deliverable, "2026-11-05", three[1].editions, LOG + b"2,2026-11-05,withdrawn,pindai\n")
    assert {p.path for p in portal.verify([], [gone])} >= {"v1/narasi.md"}
    plan = portal.plan([], STAGE, [gone])
    assert [c.kind for c in plan.changes] == ["withdraw"]
    assert portal.apply(plan, filed.fetch).datasets.removed == 1
    there = home(portal, three[1])
    pages = {f"{name}{end}" for name in ("index", "v1", "v2") for end in (".html", ".en.html")}
    assert set(tree(there)) == pages | {"dataset.json", "perubahan.csv"}
    for page in ("index.html", "v1.html"):
        text = (there / page).read_text("utf-8")
        assert "ditarik pada 2026-11-05" in text
        assert "pindai" in text
    assert three[1].deliverable.slug not in (portal.root / "datasets.json").read_text("utf-8")
    assert portal.verify([], [gone]) == []
    assert portal.plan([], STAGE, [gone]).empty
    anew = DirectoryPortal(portal.root.with_name("anew"))
    anew.apply(anew.plan([], STAGE, [gone]), filed.fetch)
    assert tree(anew.root / "dataset") == tree(portal.root / "dataset")
    publish(three[1:2])
    assert tree(portal.root) == live, "published again, every version is back"


def test_killed_while_a_dataset_is_withdrawn(
    tmp_path: Path, filed: Filed, three: list[Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Withdrawal(three[2].deliverable, "2026-11-05", three[2].editions, LOG)
    move, step, ends = folder.move, 0, set()
    while None not in ends:
        portal, left = DirectoryPortal(tmp_path / f"{step}"), iter(range(step))
        portal.apply(portal.plan(three[2:], STAGE), filed.fetch)

        def deadly(source: Path, target: Path, left: Any = left) -> None:
            if next(left, None) is None:
                raise Killed
            move(source, target)

        plan = portal.plan([], STAGE, [gone])
        with monkeypatch.context() as patched:
            patched.setattr(folder, "move", deadly)
            try:
                portal.apply(plan, filed.fetch)
                ends.add(None)
            except Killed:
                pass
        portal.apply(plan, filed.fetch)
        assert portal.verify([], [gone]) == []
        assert portal.plan([], STAGE, [gone]).empty
        step += 1
    assert step > 4


def test_a_path_of_an_old_version_must_stay_in_its_place_too(portal: DirectoryPortal, three: list[Release]) -> None:
    old = three[1].earlier[0]
    files = (replace(old.deliverable.files[0], path="../../x"),)
    bad = replace(old, deliverable=replace(old.deliverable, files=files))
    with pytest.raises(BadRelease):
        portal.plan([replace(three[1], earlier=(bad,))])
