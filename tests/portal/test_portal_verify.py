"""Verify reads everything back, and what it finds is mended by publishing again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.sample_releases import ORIGINAL, STAGE, Filed, tree
from rangkiang.portal import DirectoryPortal, Release

Publish = Callable[..., Any]


def test_what_was_published_is_right(portal: DirectoryPortal, releases: list[Release], publish: Publish) -> None:
    publish(releases)
    assert portal.verify(releases) == []


def test_nothing_published_is_a_problem(portal: DirectoryPortal, releases: list[Release]) -> None:
    assert {problem.slug for problem in portal.verify(releases)} == {r.deliverable.slug for r in releases}


def _flip(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:5] + bytes([data[5] ^ 1]) + data[6:])


@pytest.mark.parametrize("path", [f"v1/{ORIGINAL}", "v1/temuan.csv", "v1/narasi.md", "index.html"])
def test_a_flipped_byte_is_found_and_mended(
    portal: DirectoryPortal, releases: list[Release], publish: Publish, path: str
) -> None:
    publish(releases)
    before = tree(portal.root)
    _flip(portal.root / "dataset" / releases[0].deliverable.slug / path)
    problems = portal.verify(releases)
    assert [(p.slug, p.path) for p in problems] == [(releases[0].deliverable.slug, path)]
    assert problems[0].expected != problems[0].found
    assert path in str(problems[0])
    publish(releases)
    assert portal.verify(releases) == []
    assert tree(portal.root) == before


def test_a_table_that_is_no_text_any_more_is_found_and_mended(
    portal: DirectoryPortal, releases: list[Release], publish: Publish
) -> None:
    publish(releases)
    (portal.root / "dataset" / releases[0].deliverable.slug / "v1" / "temuan.csv").write_bytes(b'\xff"\x00\n"' * 9)
    assert portal.verify(releases)
    publish(releases)
    assert portal.verify(releases) == []


def test_missing_stray_and_cut_files_are_found(
    portal: DirectoryPortal, releases: list[Release], publish: Publish
) -> None:
    publish(releases)
    folder = portal.root / "dataset" / releases[0].deliverable.slug
    (folder / "v1" / "narasi.md").unlink()
    (folder / "v1" / "tambahan.csv").write_text("a\n")
    (folder / "v1" / "temuan.csv").write_bytes(b"")
    found = {p.path: p.found for p in portal.verify(releases)}
    assert found["v1/narasi.md"] == "nothing"
    assert found["v1/tambahan.csv"] == "a file"
    assert found["v1/temuan.csv"].startswith("0 bytes")


def test_a_table_with_other_lines_than_its_metadata_says_is_found(
    portal: DirectoryPortal, filed: Filed, publish: Publish
) -> None:
    release = filed.recap("13.01")
    wrong = {**release.deliverable.metadata, "rows": {"temuan.csv": 3}}
    release = replace(release, deliverable=replace(release.deliverable, metadata=wrong))
    publish([release])
    assert [(p.path, p.expected, p.found) for p in portal.verify([release])] == [("v1/temuan.csv", "3 rows", "2 rows")]


def test_an_older_version_is_found(portal: DirectoryPortal, filed: Filed, publish: Publish) -> None:
    publish([filed.recap("13.01")])
    newer = filed.recap("13.01", narasi=b"# Baru\n")
    assert {p.path for p in portal.verify([newer])} == {"", "v1/narasi.md"}
    assert not portal.plan([newer], STAGE).empty


def test_a_lost_index_is_found(portal: DirectoryPortal, releases: list[Release], publish: Publish) -> None:
    publish(releases)
    for content in (None, "{", '{"datasets": []}'):
        index = portal.root / "datasets.json"
        index.unlink() if content is None else index.write_text(content)
        assert len(portal.verify(releases)) == len(releases)
