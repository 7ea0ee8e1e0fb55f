"""Plan and apply: only what changed is written, and a kill at any instant is mended by applying again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.mortal import Killed
from portal.sample_releases import STAGE, Filed, tree
from rangkiang.portal import (
    BadRelease,
    Change,
    DirectoryPortal,
    Fetch,
    Overtaken,
    Plan,
    Release,
    SourceDiffers,
    folder,
    open_portal,
)

Publish = Callable[..., Any]


def kinds(plan: Plan) -> dict[str, str]:
    return {change.slug: change.kind for change in plan.changes}


def test_publishes_every_file_and_then_nothing(
    portal: DirectoryPortal, filed: Filed, releases: list[Release], publish: Publish
) -> None:
    first = publish(releases)
    assert first.datasets.written == 4
    for release in releases:
        for entry in release.deliverable.files:
            there = portal.root / "dataset" / release.deliverable.slug / "v1" / entry.path
            assert there.read_bytes() == filed.objects[release.source_prefix + entry.path]
    before, fetched = tree(portal.root), len(filed.fetched)
    assert portal.plan(releases, STAGE).empty
    again = publish(releases)
    assert (again.datasets.written, again.files.written, again.files.removed) == (0, 0, 0)
    assert again.files.unchanged == first.files.written
    assert (tree(portal.root), len(filed.fetched)) == (before, fetched)


def test_a_changed_file_is_the_only_one_fetched_and_the_manifest_is_written_last(
    portal: DirectoryPortal, filed: Filed, releases: list[Release], publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(releases)
    filed.fetched.clear()
    releases[0] = filed.recap("13.01", narasi=b"# Baru\n")
    plan = portal.plan(releases, STAGE)
    assert [(c.slug, [e.path for e in c.write]) for c in plan.of("change")] == [
        (releases[0].deliverable.slug, ["v1/narasi.md"])
    ]
    moved: list[str] = []
    original = folder.move

    def move(source: Path, target: Path) -> None:
        moved.append(target.relative_to(portal.root).as_posix())
        original(source, target)

    monkeypatch.setattr(folder, "move", move)
    portal.apply(plan, filed.fetch)
    assert [key.rpartition("/")[2] for key in filed.fetched] == ["narasi.md"]
    home = f"dataset/{releases[0].deliverable.slug}"
    own = [f"{home}/{name}" for name in ("v1/narasi.md", "v1.json", "v1.html", "index.html", "dataset.json")]
    assert moved == [*own, "datasets.json", "kantor/13.01_pesisir_selatan/index.html"]


def test_files_that_are_no_longer_released_go(portal: DirectoryPortal, filed: Filed, publish: Publish) -> None:
    release = filed.recap("13.01")
    publish([release])
    fewer = replace(release.deliverable, files=release.deliverable.files[1:], digest="2")
    publish([replace(release, deliverable=fewer)])
    gone = portal.root / "dataset" / fewer.slug / "v1" / release.deliverable.files[0].path
    assert not gone.exists()
    assert not gone.parent.exists()  # the folder 'asli' held nothing else


@pytest.mark.parametrize("where", ["fetch", "move", "vanish"])
def test_killed_anywhere_and_applied_again_ends_in_the_same_bytes(
    tmp_path: Path, filed: Filed, releases: list[Release], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """From an earlier state to a later one that adds, changes and withdraws; killed at each step in turn."""
    earlier = dict(filed.objects)
    later = [filed.recap("13.71", narasi=b"# Baru\n"), *releases[2:], filed.recap("13.02")]

    def start(root: Path) -> tuple[DirectoryPortal, Plan]:
        made = DirectoryPortal(root)
        made.apply(made.plan(releases, STAGE), earlier.__getitem__)
        return made, made.plan(later, STAGE)

    undisturbed, plan = start(tmp_path / "undisturbed")
    undisturbed.apply(plan, filed.fetch)
    assert sorted(kinds(plan).values()) == ["add", "change", "same", "same", "withdraw"]
    goal = tree(undisturbed.root)
    step = 0
    while True:
        made, plan = start(tmp_path / f"{where}{step}")
        with monkeypatch.context() as patched:
            try:
                made.apply(plan, _deadly(patched, where, step, filed.fetch))
            except Killed:
                pass
            else:
                break
        made.apply(plan, filed.fetch)
        assert tree(made.root) == goal, f"killed at {where} {step}"
        assert made.plan(later, STAGE).empty
        step += 1
    assert step >= {"fetch": 7, "move": 15, "vanish": 1}[where]


def _deadly(patched: pytest.MonkeyPatch, where: str, step: int, fetch: Fetch) -> Fetch:
    """A fetch that dies when it is used for the ``step``-th time; or a live one, and a file operation that dies."""
    used = 0

    def count() -> None:
        nonlocal used
        used += 1
        if used > step:
            raise Killed

    def deadly_fetch(key: str) -> bytes:
        count()
        return fetch(key)

    def deadly_move(source: Path, target: Path) -> None:
        count()
        move(source, target)

    def deadly_vanish(path: Path) -> None:
        path.rename(path.with_name(folder.HALF + path.name))  # the first half of it
        count()

    move = folder.move
    if where == "move":
        patched.setattr(folder, "move", deadly_move)
    if where == "vanish":
        patched.setattr(folder, "vanish", deadly_vanish)
    return deadly_fetch if where == "fetch" else fetch


def test_a_new_plan_after_a_kill_ends_in_the_same_bytes_too(
    tmp_path: Path, filed: Filed, releases: list[Release]
) -> None:
    undisturbed, killed = DirectoryPortal(tmp_path / "a"), DirectoryPortal(tmp_path / "b")
    undisturbed.apply(undisturbed.plan(releases, STAGE), filed.fetch)
    used: list[str] = []

    def fetch(key: str) -> bytes:
        used.append(key)
        if len(used) == 9:
            raise Killed
        return filed.fetch(key)

    with pytest.raises(Killed):
        killed.apply(killed.plan(releases, STAGE), fetch)
    killed.apply(killed.plan(releases, STAGE), filed.fetch)
    assert tree(killed.root) == tree(undisturbed.root)


def test_half_a_dataset_that_is_never_released_again_does_not_stay(
    portal: DirectoryPortal, filed: Filed, publish: Publish
) -> None:
    publish([filed.reconciliation()])
    half = portal.root / "dataset" / "db1-ppwp-13.06-agam" / "v1" / "asli.pdf"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"%PDF")
    publish([filed.reconciliation()])
    assert not half.parent.parent.exists()


def test_only_the_datasets_of_the_own_stage_are_withdrawn(
    portal: DirectoryPortal, filed: Filed, releases: list[Release], publish: Publish
) -> None:
    publish(releases)
    assert portal.plan([], "PL.01.7").empty
    assert portal.plan([]).empty
    assert set(kinds(portal.plan(releases[1:], STAGE)).values()) == {"same", "withdraw"}
    publish(releases[1:])
    slug = releases[0].deliverable.slug
    assert not (portal.root / "dataset" / slug).exists()
    assert not any(slug.encode() in data for data in tree(portal.root).values())


def test_withdraw_takes_off_what_is_named_and_passes_over_the_rest(
    portal: DirectoryPortal, filed: Filed, releases: list[Release], publish: Publish
) -> None:
    publish(releases)
    slug = releases[0].deliverable.slug
    assert portal.withdraw([slug, "tidak-ada", "../../luar"]).datasets.removed == 1
    assert not any(slug.encode() in data for data in tree(portal.root).values())
    assert portal.withdraw([slug]).datasets.removed == 0
    publish(releases)
    assert (portal.root / "dataset" / slug / "dataset.json").is_file()


def test_a_source_with_other_bytes_changes_nothing(
    portal: DirectoryPortal, filed: Filed, releases: list[Release], publish: Publish
) -> None:
    publish(releases)
    before = tree(portal.root)
    newer = filed.recap("13.01", narasi=b"# Baru\n", temuan=b"id\n")
    filed.objects[newer.source_prefix + "temuan.csv"] = b"id\nfiled anew\n"
    with pytest.raises(SourceDiffers, match=r"temuan\.csv"):
        publish([newer, *releases[1:]])
    del filed.objects[newer.source_prefix + "temuan.csv"]
    with pytest.raises(SourceDiffers):
        publish([newer, *releases[1:]])
    left = {path: data for path, data in tree(portal.root).items() if folder.HALF not in path}
    assert left == before


def test_a_plan_that_was_overtaken_is_refused(portal: DirectoryPortal, filed: Filed, publish: Publish) -> None:
    publish([filed.recap("13.01")])
    older = filed.recap("13.01", narasi=b"# Dua\n")
    plan = portal.plan([older], STAGE)
    publish([filed.recap("13.01", narasi=b"# Tiga\n")])
    before = tree(portal.root)
    with pytest.raises(Overtaken):
        portal.apply(plan, filed.fetch)
    assert tree(portal.root) == before


@pytest.mark.parametrize(
    ("slug", "paths"),
    [
        ("../luar", ["a.csv"]),
        ("a..b", ["a.csv"]),
        (".half-a", ["a.csv"]),
        ("", ["a.csv"]),
        ("ok", ["../a.csv"]),
        ("ok", ["/etc/a.csv"]),
        ("ok", ["a\\b.csv"]),
        ("ok", ["a", "a/b.csv"]),
        ("ok", ["a.csv", "a.csv"]),
    ],
)
def test_names_that_leave_their_place_are_refused(
    portal: DirectoryPortal, filed: Filed, slug: str, paths: Sequence[str]
) -> None:
    release = filed.recap("13.01")
    files = tuple(replace(release.deliverable.files[0], path=path) for path in paths)
    with pytest.raises(BadRelease):
        portal.plan([replace(release, deliverable=replace(release.deliverable, slug=slug, files=files))])


def test_two_releases_of_one_name_are_refused(portal: DirectoryPortal, filed: Filed) -> None:
    with pytest.raises(BadRelease, match="two releases"):
        portal.plan([filed.recap("13.01"), filed.recap("13.01")])


def test_a_lost_overview_is_seen_and_made_again(
    portal: DirectoryPortal, filed: Filed, releases: list[Release], publish: Publish
) -> None:
    publish(releases)
    before = tree(portal.root)
    (portal.root / "index.html").write_text("diubah orang")
    (portal.root / "kantor" / "13.01_pesisir_selatan" / "index.html").unlink()
    plan = portal.plan(releases, STAGE)
    assert plan.stale
    assert not plan.empty
    assert portal.apply(plan, filed.fetch).files.written == 2
    assert tree(portal.root) == before


def test_links_planted_in_the_site_are_replaced_and_never_followed(
    portal: DirectoryPortal, filed: Filed, publish: Publish, tmp_path: Path
) -> None:
    release = filed.recap("13.01")
    publish([release])
    before = tree(portal.root)
    outside = tmp_path / "luar"
    files = portal.root / "dataset" / release.deliverable.slug / "v1"
    files.rename(outside)
    files.symlink_to(outside)
    assert not portal.plan([release], STAGE).empty
    publish([release])
    assert tree(portal.root) == before
    assert not files.is_symlink()


def test_stages_that_publish_at_the_same_time_all_stand_in_the_index(tmp_path: Path) -> None:
    root = tmp_path / "situs"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(root), stage], cwd=Path(__file__).parents[2])
        for stage in ("PL.01.7", "PL.01.8", "PL.01.9")
    ]
    assert [w.wait(timeout=60) for w in writers] == [0, 0, 0]
    index = (root / "datasets.json").read_text()
    assert all(f"PL.01.{n}" in index for n in (7, 8, 9))
    assert open_portal(root.as_uri()).plan([]).empty


WRITER = """
import sys
sys.path[:0] = ["include", "tests"]
from pathlib import Path
from portal.sample_releases import Filed
from dataclasses import replace
from rangkiang.portal import open_portal
root, stage = Path(sys.argv[1]), sys.argv[2]
filed, portal = Filed(), open_portal(root.as_uri())
for version in range(1, 6):
    release = filed.recap("13.01", narasi=f"# {version}".encode())
    made = replace(release.deliverable, stage=stage, slug=f"satu-{stage.lower()}")
    portal.apply(portal.plan([replace(release, deliverable=made)], stage), filed.fetch)
"""


def test_only_directories_are_known(tmp_path: Path) -> None:
    for url in ("https://data.example.org", "file://server/dir", str(tmp_path)):
        with pytest.raises(ValueError, match="No portal"):
            open_portal(url)


def test_a_change_without_release_is_a_withdrawal_only() -> None:
    assert Plan((Change("same", "a"),)).empty
    assert not Plan((Change("withdraw", "a"),)).empty
